"""Feeds are found, added and exchanged, over real HTTP."""

import json

import pytest
from servers import site

from monitor.config import load
from monitor.config.opml import read
from monitor.core import searches

HTML = "text/html; charset=utf-8"
XML = "application/rss+xml"


def rss(title):
    item = f"<item><guid>{title}</guid><title>x</title><pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate></item>"
    return f'<rss version="2.0"><channel><title>{title}</title>{item}</channel></rss>'.encode(), XML


def page(*links):
    declared = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    return f"<html><head>{declared}</head><body></body></html>".encode(), HTML


@pytest.fixture
def web(home):
    home.config.write_text(home.config.read_text().replace("[monitor]", "[monitor]\nallow_private_networks = true"))
    with site() as pages:
        yield pages


def names(home):
    return [feed.name for feed in load(home.config, {}).feeds]


def test_the_feed_of_a_page_is_found_and_added(home, web):
    web.pages = {"/": page("/a.xml", "/comments/feed/"), "/a.xml": rss("Die Zeitung"), "/comments/feed/": rss("Kommentare")}

    home("feeds", "add", web.base + "/", "--name", "zeitung")

    assert names(home) == ["news", "zeitung"]
    assert load(home.config, {}).feeds[1].shown_url == web.base + "/a.xml"


@pytest.mark.parametrize("path", ["/", "/a.xml"])
def test_a_feed_of_a_bare_ip_address_is_named_for_its_title(home, web, path):
    web.pages = {"/": page("/a.xml"), "/a.xml": rss("Süddeutsche Größe")}

    home("feeds", "add", web.base + path)

    assert names(home) == ["news", "sueddeutsche-groesse"]


def test_a_feed_that_is_there_already_or_gets_no_right_name_is_told_without_a_line_that_no_file_has(home, web):
    web.pages = {"/a.xml": rss("Politik"), "/b.xml": rss("Sport")}
    home("feeds", "add", web.base + "/a.xml")

    twice = home("feeds", "add", web.base + "/a.xml", code=2)
    wrong = home("feeds", "add", web.base + "/b.xml", "--name", "Größe", code=2)

    assert twice.stderr.splitlines()[-1] == f"{web.base}/a.xml: this address is there already, as politik"
    assert wrong.stderr.splitlines()[-1] == '"Größe" is no name for a feed; use letters, digits, - and _, 100 at most'


def test_a_feed_that_nobody_has_polled_yet_is_listed_as_new(home, publish):
    publish()
    home("feeds", "add", "https://zeitung.example/feed", "--force")

    rows = json.loads(home("feeds", "list", "--format", "json").stdout)
    table = home("feeds").stdout.splitlines()

    assert [(row["name"], row["url"], row["last_poll"]) for row in rows][1] == ("zeitung", "https://zeitung.example/feed", None)
    assert table[2].split()[:2] == ["zeitung", "new"]


def test_several_feeds_of_a_page_are_listed_and_added_only_with_all(home, web):
    web.pages = {"/": page("/a.xml", "/b.xml"), "/a.xml": rss("Politik"), "/b.xml": rss("Sport")}
    before = home.config.read_text()

    result = home("feeds", "add", web.base + "/", code=1)
    assert ("Politik" in result.stdout, "--all" in result.stderr, home.config.read_text()) == (True, True, before)

    home("feeds", "add", web.base + "/", "--all")
    assert names(home) == ["news", "politik", "sport"]


def test_a_page_without_a_feed_is_an_error(home, web):
    web.pages = {"/": page()}

    assert "neither a feed nor a page with one" in home("feeds", "add", web.base + "/", code=1).stderr


def test_discover_lists_what_was_visited_and_tells_what_is_none(home, web):
    web.pages = {"/": page("/a.xml", "/gone.xml"), "/a.xml": rss("Politik")}

    result = home("feeds", "discover", web.base + "/", "--format", "json")

    assert json.loads(result.stdout) == [
        {
            "url": web.base + "/a.xml",
            "title": "Politik",
            "format": "rss20",
            "items": 1,
            "latest": "2026-11-24T10:00:00Z",
            "lists": "articles",
        }
    ]
    assert "/gone.xml" in result.stderr


def test_the_usual_places_are_tried_one_by_one_and_no_more_than_needed(home, web):
    web.pages = {"/blog": page(), "/rss": rss("Blog")}

    assert web.base + "/rss" in home("feeds", "discover", web.base + "/blog").stdout
    assert [path for path, _ in web.seen] == ["/blog", "/blog/feed/", "/feed/", "/rss"]


def test_a_plain_link_is_followed_before_anything_is_guessed(home, web):
    web.pages = {"/": (b'<a href="/export.rss">RSS</a>', HTML), "/export.rss": rss("Blog"), "/feed/": rss("Other")}

    assert [path for path, _ in (home("feeds", "discover", web.base + "/"), web.seen)[1]] == ["/", "/export.rss"]


def test_a_page_cannot_send_us_into_a_private_network(home, web):
    home.config.write_text(home.config.read_text().replace("allow_private_networks = true", ""))

    assert "allow_private_networks" in home("feeds", "discover", web.base + "/", code=1).stderr


OPML = """<opml version="2.0"><body><outline text="Politik"><outline text="Ausland">
<outline title="Die Zeitung" xmlUrl="https://zeitung.example/feed"/><outline title="Zu Hause" xmlUrl="https://news.example/feed"/>
<outline title="Falsch" xmlUrl="ftp://x.example/"/></outline></outline></body></opml>"""


@pytest.fixture
def opml(home):
    file = home.path / "list.opml"
    file.write_text(OPML)
    return str(file)


def test_a_list_is_imported_and_what_is_left_out_is_named(home, opml):
    result = home("feeds", "import", opml)

    feed = load(home.config, {}).feeds[-1]
    assert (names(home), feed.tags) == (["news", "die-zeitung"], ("Politik", "Ausland"))
    assert "Zu Hause: is there already, as news" in result.stderr
    assert "Falsch: the address must begin with" in result.stderr
    assert "1 added, 1 there already, 1 not taken" in result.stderr


def test_a_dry_run_changes_nothing(home, opml):
    before = home.config.read_text()

    rows = json.loads(home("feeds", "import", opml, "--dry-run", "--format", "json").stdout)

    assert [row["outcome"] for row in rows] == ["added", "known", "invalid"]
    assert home.config.read_text() == before


def test_a_list_that_cannot_be_read_changes_nothing(home, opml):
    before = home.config.read_text()
    (home.path / "list.opml").write_text(OPML[:-20])

    assert "nothing was taken" in home("feeds", "import", opml, code=1).stderr
    assert home.config.read_text() == before


def test_a_list_that_is_not_there_is_an_error(home):
    assert "absent.opml" in home("feeds", "import", str(home.path / "absent.opml"), code=1).stderr


def test_what_is_exported_is_imported_alike(home, opml):
    home("feeds", "import", opml)

    exported = read(home("feeds", "export").stdout.encode())

    assert [(one.title, one.url, one.tags) for one in exported] == [
        ("news", "https://news.example/feed", ()),
        ("die-zeitung", "https://zeitung.example/feed", ("Politik", "Ausland")),
    ]


def test_an_export_shows_no_secret(home):
    home.config.write_text(home.config.read_text().replace("news.example/feed", "news.example/feed?token=s3cret"))

    result = home("feeds", "export")

    assert ("s3cret" in result.stdout, "token=***" in result.stdout, "news" in result.stderr) == (False, True, True)


ENGINES = [("--google-news", "google_news"), ("--bing-news", "bing_news")]


@pytest.mark.parametrize(("option", "engine"), ENGINES)
def test_a_search_is_visited_and_added_with_its_terms(home, web, monkeypatch, option, engine):
    monkeypatch.setitem(searches._BASES, engine, f"{web.base}/search")
    web.any["/search"] = rss("Treffer")

    result = home("feeds", "add", option, "Waffenruhe Kiew", "--region", "AT")

    assert "Treffer: 1 items" in result.stderr
    assert result.stderr.count("non-commercial") == 1
    assert load(home.config, {}).feeds[1].search == searches.Search(engine, "Waffenruhe Kiew", "de", "AT")
    assert ["Waffenruhe+Kiew" in path for path, _ in web.seen] == [True]


@pytest.mark.parametrize(("option", "engine"), ENGINES)
def test_a_search_that_cannot_be_visited_is_not_added(home, web, monkeypatch, option, engine):
    monkeypatch.setitem(searches._BASES, engine, f"{web.base}/search")

    assert "404" in home("feeds", "add", option, "Waffenruhe", code=1).stderr
    assert names(home) == ["news"]


def test_an_engines_address_written_by_hand_has_terms_too(home):
    result = home("feeds", "add", "https://news.google.com/rss/search?q=Waffenruhe", "--force")

    assert result.stderr.count("non-commercial") == 1
    assert "feeds[1].url: " in home("check").stderr


def test_a_feed_that_was_removed_is_not_taken_for_one_that_is_switched_off(home, publish):
    publish("a")
    text = home.config.read_text("utf-8")
    home.config.write_text(text.replace("[[rules]]", "enabled = false\n[[rules]]"), encoding="utf-8")
    home("poll", "--no-deliver")
    assert " off " in home("feeds").stdout

    home("feeds", "remove", "news")

    assert " removed " in home("feeds").stdout
    assert "not in the config any more" in home("feeds").stdout
