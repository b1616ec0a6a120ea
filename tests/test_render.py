"""What a person reads."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone

import pytest
from builders import NOON

from monitor import resources
from monitor.core.diff import Revision
from monitor.core.health import TROUBLES
from monitor.core.model import Evidence
from monitor.core.sample import sample_alert, sample_source_alert
from monitor.errors import TemplateError
from monitor.render import Renderer

BERLIN = timezone(timedelta(hours=1))


def renderer(*directories, language="de"):
    return Renderer([*directories, resources.templates()], language=language, timezone=BERLIN)


def alert(language="de", **texts):
    plain = sample_alert(NOON, language)
    return replace(plain, item=replace(plain.item, item=replace(plain.item.item, **texts)))


GERMAN = """Hinweis · probe
Probemeldung: so sieht ein Alarm aus
Probefeed · 24.11.2026 12:58 · Feed Monitor

Dies ist eine »Probe«. Käme sie aus einem Feed, stünde hier der Satz mit dem gesuchten Wort.

Treffer: Probe
https://news.example/sample"""

ENGLISH = """Note · sample
Sample: this is what an alert looks like
Sample feed · 2026-11-24 12:58 · Feed Monitor

This is a »sample«. If it came from a feed, the sentence with the wanted word would stand here.

Found: sample
https://news.example/sample"""


@pytest.mark.parametrize(("language", "text"), [("de", GERMAN), ("en", ENGLISH), ("fr", ENGLISH)])
def test_an_alert_reads_as_a_person_would_write_it(language, text):
    assert renderer(language=language)(alert(language)).text == text


@pytest.mark.parametrize(("language", "line"), [("de", "Der Bote (über Probefeed) · 24."), ("en", "Der Bote (via Sample feed) · 2026")])
def test_an_alert_of_a_search_says_who_published_the_article(language, line):
    message = renderer(language=language)(alert(language, publisher="Der Bote"))

    assert line in message.text
    assert line in message.html


@pytest.mark.parametrize(("language", "line"), [("de", "Kommentar zu: Öl & Gas"), ("en", "Comment on: Öl & Gas")])
def test_an_alert_of_a_comment_names_the_article(language, line):
    message = renderer(language=language)(replace(alert(language), article="Öl & Gas"))

    assert f"Feed Monitor\n{line}\n\n" in message.text
    assert line.replace("&", "&amp;") in message.html


def test_feed_text_is_escaped_in_html_and_itself_in_text():
    message = renderer()(alert(title="<script>alert(1)</script> & {{ 7 * 7 }}"))

    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html
    assert "<script>alert(1)</script> & {{ 7 * 7 }}" in message.text


def test_a_hit_is_bold_in_html():
    assert "<b>Probe</b>" in renderer()(alert()).html


def test_an_item_without_a_title_or_an_address_has_a_message():
    message = renderer()(alert(title="", url=None, authors=(), published=None, content="", summary=""))

    assert message.title
    assert "None" not in message.text + message.html


def test_an_entry_that_has_only_the_date_of_its_last_change_shows_that():
    text = renderer()(alert(published=None, updated=NOON)).text

    assert "24.11.2026 13:00" in text


def test_an_inflected_hit_names_its_term():
    one = Evidence("Sanktion", None, "content", "Sanktionen", 0, 10, "inflected")
    text = renderer()(replace(alert(content="Sanktionen"), evidence=(one,))).text

    assert "Treffer: Sanktionen (Sanktion)" in text


def test_a_template_of_ones_own_replaces_the_shipped_one_and_html_is_made_from_it(tmp_path):
    (tmp_path / "own.txt.j2").write_text("{% block title %}Eigen{% endblock %}{% block body %}{{ item.title }} <&>{% endblock %}")

    message = renderer(tmp_path)(replace(alert(title="T"), template="own"))

    assert (message.title, message.text, message.html) == ("Eigen", "T <&>", "T &lt;&amp;&gt;")


@pytest.mark.parametrize("form", ["txt", "html"])
def test_no_half_of_a_shipped_template_stands_beside_ones_own(tmp_path, form):
    (tmp_path / f"alert.{form}.j2").write_text("{% block title %}Eigen{% endblock %}{% block body %}Nur {{ item.title }}{% endblock %}")

    message = renderer(tmp_path)(alert(title="dies"))

    assert (message.title, message.text, message.html) == ("Eigen", "Nur dies", "Nur dies")


def test_what_an_item_lacks_is_empty_in_a_template_of_ones_own(tmp_path):
    (tmp_path / "alert.txt.j2").write_text("<{{ item.url }}|{{ item.published | when }}|{{ story }}>")

    assert renderer(tmp_path)(alert(url=None, published=None)).text == "<||>"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ nonsense }}", "nonsense"),
        ("{% if %}", r"own.txt.j2:1"),
        ("{% include 'gone' %}", "gone"),
        ("{{ ''.__class__.__mro__ }}", "own"),
    ],
)
def test_a_template_that_is_wrong_is_told(tmp_path, text, problem):
    (tmp_path / "own.txt.j2").write_text(text)

    with pytest.raises(TemplateError, match=problem):
        renderer(tmp_path)(replace(alert(), template="own"))
    assert len(renderer(tmp_path).check(["own"])) == 1


def test_the_shipped_templates_are_right():
    assert renderer().check(["alert", "source"]) == ()
    assert renderer(language="en").check(["alert", "source"]) == ()
    assert Renderer([], language="de", timezone=UTC).check(["alert"]) != ()


GERMAN_SOURCE = """Quelle · sample
Feed antwortet nicht mehr
Sample feed
https://news.example/feed

Seit: 24.11.2026 06:00
the server answered 500"""

ENGLISH_SOURCE = """Source · sample
the feed is gone (410)
Sample feed
https://news.example/feed

Since: 2026-11-24 06:00
410

It is not polled any more: write a new address into the config, or remove it there."""


def source(**facts):
    return replace(sample_source_alert(NOON), **facts)


def test_a_source_alert_reads_as_a_person_would_write_it():
    assert renderer()(source()).text == GERMAN_SOURCE
    assert renderer(language="en")(source(trouble="gone", detail="410")).text == ENGLISH_SOURCE


@pytest.mark.parametrize("language", ["de", "en", "fr"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_every_trouble_has_its_words_for_its_beginning_and_its_end(language, trouble):
    began, over = (renderer(language=language)(source(trouble=trouble, ended=ended)) for ended in (None, NOON))

    assert began.title.startswith("sample: ")
    assert began.title != over.title
    assert (began.severity, over.severity) == ("warning", "warning")
    assert "the server answered 500" in began.text
    assert "the server answered 500" not in over.text


def test_what_a_source_says_is_escaped_in_html_and_itself_in_text():
    message = renderer()(source(detail="<b>&amp;{{ 7 * 7 }}", feed_title="<i>"))

    assert "&lt;b&gt;&amp;amp;{{ 7 * 7 }}" in message.html
    assert "<i>" not in message.html
    assert "<b>&amp;{{ 7 * 7 }}" in message.text


def test_a_source_template_of_ones_own_is_used_and_checked(tmp_path):
    (tmp_path / "source.txt.j2").write_text("{% block body %}{{ says }} {{ item.title }}{% endblock %}")

    (problem,) = renderer(tmp_path).check(["source"])

    assert "item" in problem


def test_the_id_of_a_listed_entity_is_told():
    one = Evidence("sanctions:EU.27", "sanctions:EU.27", "content", "Ivan Petrov", 0, 11, "label", "EU.27")

    assert "Ivan Petrov [EU.27]" in renderer()(replace(alert(content="Ivan Petrov"), evidence=(one,))).text


def test_an_update_shows_what_changed():
    before = Revision(1, NOON, "Probemeldung: so sieht ein Alarm nie aus", alert().item.item.summary, alert().item.item.content)

    message = renderer()(replace(alert(), revision=2, before=before))

    assert "Geändert: Probemeldung: so sieht ein Alarm [−nie−] aus" in message.text
    assert "<del>nie</del> aus" in message.html


def test_what_changed_is_escaped():
    message = renderer()(replace(alert(title="<b>x</b>"), revision=2, before=Revision(1, NOON, "<i>y</i>", "", "")))

    assert "<del>&lt;i&gt;y&lt;/i&gt;</del>" in message.html


def test_an_item_that_came_late_says_so():
    plain = alert()

    assert "· verspätet um 5 h ·" in renderer()(replace(plain, item=replace(plain.item, late=timedelta(hours=5)))).text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{% if diff %}{{ difff }}{% endif %}", "own.txt.j2: 'difff' is undefined"),
        (
            "{% for one in matches %}{% if late %}{{ lately }}{% endif %}{{ loop.index }}{% endfor %}",
            "own.txt.j2: 'lately' is undefined",
        ),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "own.txt.j2: maximum recursion depth exceeded"),
    ],
)
def test_a_mistake_in_a_part_that_the_sample_does_not_show_is_found_as_well(tmp_path, text, problem):
    (tmp_path / "own.txt.j2").write_text(text)

    (found,) = renderer(tmp_path).check(["own"])

    assert found.startswith(problem)


def test_names_that_a_template_makes_itself_are_known(tmp_path):
    (tmp_path / "own.html.j2").write_text("{% set a = 1 %}{% for b in range(a) %}{{ b }}{% endfor %}{{ item.title }}{{ dict(x=a).x }}")

    assert renderer(tmp_path).check(["own"]) == ()
