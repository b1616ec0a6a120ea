"""A right config is read, a wrong one is told with all that is wrong and where."""

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import resources
from monitor.config import load
from monitor.config.lines import find_lines
from monitor.config.values import duration, shown_address, size_bytes
from monitor.errors import ConfigError

FEED = '[[feeds]]\nname = "news"\nurl = "https://news.example/feed"\n'
RULE = '[[rules]]\nname = "r"\nkeywords = ["Wort"]\n'


@pytest.fixture
def read(tmp_path):
    def read_text(text, **environ):
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return load(path, environ)

    return read_text


def problems(read, text, **environ):
    with pytest.raises(ConfigError) as caught:
        read(text, **environ)
    return [problem.partition("config.toml:")[2] for problem in caught.value.problems]


def test_the_example_is_right_with_no_variable_set(read):
    config = read(resources.example_config())

    assert config.warnings == ()
    assert [feed.name for feed in config.feeds] == ["boltwise"]


def test_the_example_shows_the_defaults(read):
    shown, empty = read(resources.example_config()), read(FEED + RULE)

    for name in ("interval", "max_interval", "concurrency", "per_host", "timeout", "max_body_bytes", "retention", "language", "templates"):
        assert getattr(shown, name) == getattr(empty, name), name
    for name in ("mode", "fields", "kinds", "severity", "template", "receivers", "feeds", "tags"):
        assert getattr(shown.rules[0], name) == getattr(empty.rules[0], name), name


SETTINGS = """
database timezone language interval max_interval concurrency per_host timeout max_body allow_private_networks retention templates receivers
alert_first_poll listen password public_url name url tags full_text comments comments_for strip enabled headers google_news region bing_news
type label aliases acronyms prefixes weak_aliases context exclude file id keywords entities all none query mode except min_count weights
min_score fields feeds kinds severity template must_match must_not_match urls min_severity digest quiet_hours max_per_hour group
"""


@pytest.mark.parametrize("setting", SETTINGS.split())
def test_the_example_has_every_setting(setting):
    assert re.search(rf"(^|# ?){setting} = ", resources.example_config(), re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[monitor]\nintervall = '1m'", '2: monitor.intervall: is not a known setting; did you mean "interval"?'),
        ("[monitor]\ntimeout = 30", "2: monitor.timeout: must be a text"),
        ("[monitor]\ntimeout = 'soon'", '2: monitor.timeout: "soon" is no duration'),
        ("[monitor]\nconcurrency = 0", "2: monitor.concurrency: must be a whole number"),
        ("[monitor]\ntimezone = 'Mars'", "2: monitor.timezone"),
        ("[monitor]\ndatabase = 'postgresql://x/y'", "2: monitor.database: PostgreSQL is not available yet"),
        ("[monitor]\nreceivers = ['nobody']", "2: monitor.receivers[0]: there is no receiver"),
        ("[web]\nlisten = '127.0.0.1:1'", "2: web.listen: not available yet"),
        (FEED + FEED, "5: feeds[1].name: this name stands twice, the first time on line 2"),
        (FEED + "interval = '10s'", "4: feeds[0].interval: under a minute only for private"),
        (FEED + "full_text = true", "4: feeds[0].full_text: not available yet"),
        (FEED + "comments = 'all'", "4: feeds[0].comments: not available yet"),
        (FEED + "strip = ['x']", "4: feeds[0].strip: not available yet"),
        ("[[feeds]]\nname = 'g'\ngoogle_news = 'x'", "3: feeds[0].google_news: search feeds are not available yet"),
        ("[[feeds]]\nname = 'a b'\nurl = 'https://x.example'", '2: feeds[0].name: "a b" is no name'),
        ("[[feeds]]\nname = 'a'\nurl = 'ftp://x'", "3: feeds[0].url: must begin with https"),
        ("[[feeds]]\nname = 'a'\nurl = 'https://${HOST}/'", "3: feeds[0].url: the environment variable HOST is not set"),
        ("[[rules]]\nname = 'r'", "1: rules[0]: asks for nothing"),
        ("[[rules]]\nname = 'r'\nkeywords = ['a*']", "3: rules[0].keywords[0]: wildcards (* and ?) are not available yet"),
        ("[[rules]]\nname = 'r'\nkeywords = ['a AND b']", "3: rules[0].keywords[0]: the operator AND is not available yet"),
        ("[[rules]]\nname = 'r'\nkeywords = [\n'a',\n'---']", "5: rules[0].keywords[1]: has no letter"),
        ("[[rules]]\nname = 'r'\nquery = 'x'", "3: rules[0].query: queries are not available yet"),
        (RULE + "mode = 'family'", '4: rules[0].mode: "family" is not available yet'),
        (RULE + "entities = ['who']", '4: rules[0].entities[0]: there is no entity "who"'),
        (RULE + "feeds = ['newz']\n" + FEED, '4: rules[0].feeds[0]: there is no feed "newz"; did you mean "news"?'),
        (RULE + "min_count = 2", "4: rules[0].min_count: not available yet"),
        ("[entities.x]\nlabel = 'X'\nprefixes = ['Y']", "3: entities.x.prefixes: not available yet"),
        ("[receivers.desk]\nurls = ['file:none']", "2: receivers.desk.urls[0]: the file"),
        ("[receivers.desk]\nurls = ['json://x']\ngroup = 'story'", "3: receivers.desk.group: not available yet"),
        ("[[entity_lists]]\nname = 'x'", "1: entity_lists: lists of entities are not available yet"),
        ("[monitor\n", "1: not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(read, text, problem):
    first, *_ = problems(read, text)

    assert first.startswith(problem)


def test_all_problems_are_told_at_once_in_the_order_of_the_file(read):
    found = problems(read, "[monitor]\nnonsense = 1\ntimeout = 1\n" + FEED + "nonsense = 1\n" + RULE + "nonsense = 1\n")

    assert [one.partition(":")[0] for one in found] == ["2", "3", "7", "11"]


@pytest.mark.parametrize("term", ["US-Hilfen", "G7", "C++", "AT&T", "Saint-Denis", "O'Neill", "3,5 Prozent", "Dow Jones", "und so weiter"])
def test_ordinary_words_are_terms(read, term):
    assert read(f'[[rules]]\nname = "r"\nkeywords = ["{term}"]').rules[0].keywords == (term,)


def test_variables_are_replaced_and_never_shown(read):
    text = '[[feeds]]\nname = "a"\nurl = "https://u:${PASSWORD}@news.example/${PLACE:-feed}?token=abc&page=1"\n'

    (feed,) = read(text, PASSWORD="geheim").feeds

    assert feed.address.reveal() == "https://u:geheim@news.example/feed?token=abc&page=1"
    assert "geheim" not in repr(feed)
    assert "abc" not in repr(feed)
    assert feed.shown_url == "https://***@news.example/***?token=***&page=1"


def test_a_receivers_address_may_stand_in_a_file(read, tmp_path):
    (tmp_path / "slack.secret").write_text("json://geheim.example/\n")

    receiver = read('[receivers.desk]\nurls = ["file:slack.secret"]').receivers[0]

    assert receiver.urls[0][1].reveal() == "json://geheim.example/"
    assert "geheim" not in repr(receiver)


def test_without_receivers_alerts_go_to_the_console(read):
    config = read(FEED + RULE)

    assert (config.default_receivers, config.rules[0].receivers) == (("console",), ("console",))


def test_the_template_of_the_kill_harness_is_read(shared, read):
    text = (shared / "harness" / "monitor.toml").read_text("utf-8")
    for name, value in {"db": "m.db", "feeds_toml": FEED, "keyword": "KEY", "sink_urls_json": '["json://127.0.0.1:1/"]'}.items():
        text = text.replace("{" + name + "}", value)

    assert read(text).alert_first_poll


@pytest.mark.parametrize(("text", "seconds"), [("15m", 900), ("0.3s", 0.3), ("1h 30m", 5400), ("7d", 604800), ("250ms", 0.25)])
def test_durations_are_read(text, seconds):
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", "m", "1 year", "-5m", "1h foo"])
def test_other_texts_are_no_durations(text):
    assert duration(text) is None


def test_sizes_are_read():
    assert [size_bytes(text) for text in ("10MB", "500kB", "1KiB", "x")] == [10_000_000, 500_000, 1024, None]


def test_an_ordinary_query_is_shown():
    assert shown_address("https://x.example/?s=a&paged=2", "https://x.example/?s=a&paged=2") == "https://x.example/?s=a&paged=2"


VALUES = st.recursive(
    st.booleans() | st.integers(0, 9) | st.just('a "#[{') | st.just("x\ny"), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["[t]", "[[a]]", "[t.u]", "# c"]), st.dictionaries(st.sampled_from("klm"), VALUES, max_size=3)),
        max_size=5,
    )
)
def test_every_key_is_found_on_its_line(tables):
    import json

    rows, wanted, seen = [], [], set()
    for header, pairs in tables:
        if header in ("[t]", "[t.u]"):
            if header in seen or (header == "[t]" and "[t.u]" in seen):
                continue
            seen.add(header)
        rows.append(header)
        for key, value in pairs.items() if header != "# c" else ():
            rows.append(f"{key} = {json.dumps(value)}")
            wanted.append((f".{key}", len(rows)))

    found = find_lines("f", "\n".join(rows)).by_path

    lines = sorted((path[path.rfind(".") :], line) for path, line in found.items() if re.search(r"\.[klm]$", path))
    assert lines == sorted(wanted)
