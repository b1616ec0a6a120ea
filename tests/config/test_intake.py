"""What comes from elsewhere gets a name, is added once, and means no more than it says."""

import time

import pytest

from monitor.config import load
from monitor.config.edit import adopt
from monitor.config.intake import choose, free_name, outlines_of, title_to_name_by
from monitor.config.opml import Outline

CONFIG = """\
# my feeds
[monitor]
interval = "15m"  # often enough

[[feeds]]
name = "a"
url = "https://a.example/feed?key=${KEY}"  # the first
tags = ["x"]

# ---- rules ----
[[rules]]
name = "r"
keywords = ["x"]
"""
ENVIRON = {"KEY": "s3cret", "PASSWORD": "hidden"}


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(CONFIG, encoding="utf-8")
    return file


def chosen(path, *outlines):
    return choose(outlines, load(path, ENVIRON))


def test_a_name_is_made_from_the_title_or_else_the_host(path):
    titles = ["Süddeutsche & Co. – Politik", "Süddeutsche Co Politik", "日本", ""]
    outlines = [Outline(f"https://www.host{number}.example/", title) for number, title in enumerate(titles)]

    assert [one.name for one in chosen(path, *outlines)] == ["sueddeutsche-co-politik", "sueddeutsche-co-politik-2", "host2", "host3"]


def test_what_is_there_already_is_known_by_its_address(path):
    (one,) = chosen(path, Outline("https://A.example:443/feed?key=s3cret", "Another title"))

    assert (one.outcome, one.name) == ("known", "a")
    assert "s3cret" not in one.shown_url


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "javascript:alert(1)", "https://", "https://x.example/a b", "https://x.example/?k=***", "x"]
)
def test_what_is_no_address_is_named(path, url):
    (one,) = chosen(path, Outline(url, "X"))

    assert (one.outcome, bool(one.reason)) == ("invalid", True)


@pytest.mark.parametrize("url", ["feed://x.example/a", "feed:https://x.example/a", "FEED://https://x.example/a"])
def test_addresses_for_browsers_are_understood(path, url):
    assert chosen(path, Outline(url))[0].url == "https://x.example/a"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/f", "http://[::1]/f", "http://169.254.169.254/", "http://localhost/f"])
def test_private_addresses_are_named_unless_the_config_allows_them(path, url):
    assert "private" in chosen(path, Outline(url, "X"))[0].reason

    path.write_text(CONFIG.replace("[monitor]", "[monitor]\nallow_private_networks = true"))
    assert chosen(path, Outline(url, "X"))[0].outcome == "added"


def test_a_stranger_gets_no_variable_of_ours(path):
    outlines = [Outline("https://evil.example/?x=${PASSWORD}", "${PASSWORD}", ("${PASSWORD}",))]

    adopt(path, outlines, load(path, ENVIRON), ENVIRON)

    feed = load(path, ENVIRON).feeds[-1]
    assert "hidden" not in feed.address.reveal() + feed.name + "".join(feed.tags)


def test_many_feeds_are_added_at_once_and_all_else_stays(path):
    outlines = [Outline(f"https://h{number}.example/feed", f"Feed {number}", ("News", 'a "b" \\')) for number in range(1000)]

    started = time.process_time()
    adopt(path, outlines, load(path, ENVIRON), ENVIRON)
    took = time.process_time() - started

    after = path.read_text("utf-8")
    assert [row for row in CONFIG.splitlines() if row not in after.splitlines()] == []
    assert after.index("# ---- rules") > after.index("feed-999")
    feeds = load(path, ENVIRON).feeds
    assert (len(feeds), feeds[-1].name, feeds[-1].tags) == (1001, "feed-999", ("News", 'a "b" \\'))
    assert took < 5


def test_adding_twice_adds_nothing(path):
    outlines = [Outline(f"https://h{number}.example/feed", f"Feed {number}") for number in range(3)]
    adopt(path, outlines, load(path, ENVIRON), ENVIRON)
    before = path.read_bytes()

    again = adopt(path, outlines, load(path, ENVIRON), ENVIRON)

    assert ([one.outcome for one in again], path.read_bytes()) == (["known"] * 3, before)


def test_a_secret_is_not_exported(path):
    outlines, hidden = outlines_of(load(path, ENVIRON))

    assert ("s3cret" in str(outlines), hidden) == (False, ("a",))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.it-boltwise.de/feed", "it-boltwise"),
        ("https://news.orf.at/rss", "news-orf"),
        ("https://rss.zeitung.example/alle", "zeitung"),
        ("https://feeds.bbci.co.uk/news/rss.xml", "bbci"),
        ("https://www.Größe.example/feed", "groesse"),
        ("https://xn--bcher-kva.example/feed", "buecher"),
        ("https://rss.example/feed", "rss"),
        ("https://com.example/feed", "com"),
        ("http://127.0.0.1:8765/feed.xml", "sueddeutsche-groesse-aepfel"),
        ("http://[::1]:8765/feed.xml", "sueddeutsche-groesse-aepfel"),
        ("http://localhost/feed.xml", "sueddeutsche-groesse-aepfel"),
        ("http://nas/feed.xml", "sueddeutsche-groesse-aepfel"),
    ],
)
def test_one_feed_is_named_for_its_site_or_where_that_has_no_name_for_its_title(url, name):
    assert free_name(title_to_name_by("Süddeutsche Größe – ÄPFEL", url), url, ()) == name


@pytest.mark.parametrize("title", ["", "新华网", "!?"])
def test_a_feed_without_any_name_is_feed(title):
    assert free_name(title, "http://127.0.0.1/feed.xml", ("feed",)) == "feed-2"
