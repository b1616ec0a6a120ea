"""What search feeds list, made comparable; and the same article told from another."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, item

from monitor.core.ids import ItemId
from monitor.core.twins import Twin, is_same, plain_item, told_by, unwrapped, with_known_names, without_publisher

HOUR = timedelta(hours=1)


def twin(**facts):
    plain = {"item": ItemId(1), "feed": "bote", "title_key": "waffenruhe hält", "guid": "g1", "url": "https://www.bote.example/1"}
    plain |= {"publisher": "", "publisher_url": None, "feed_title": "Brunnhafener Bote", "at": NOON, "is_search": False}
    plain |= {"told": frozenset({"ceasefire"})}
    return Twin(**(plain | facts))


@pytest.mark.parametrize(
    ("title", "publisher", "cut"),
    [
        ("Öl - teuer - Der Bote", "Der Bote", "Öl - teuer"),
        ("Der Bote - Der Bote - Der Bote", "Der Bote", "Der Bote - Der Bote"),
        ("Öl – Der Bote", "Der Bote", "Öl – Der Bote"),
        ("Öl - der bote", "Der Bote", "Öl - der bote"),
        (" - Der Bote", "Der Bote", " - Der Bote"),
        ("Öl - teuer", "", "Öl - teuer"),
    ],
)
def test_the_publisher_is_cut_off_from_the_right_exactly_and_once(title, publisher, cut):
    assert without_publisher(title, publisher) == cut


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("http://www.bing.com/news/apiclick.aspx?tid=1&url=https%3a%2f%2fx.example%2fa%3fb%3dc&c=2", "https://x.example/a?b=c"),
        ("http://www.bing.com/news/apiclick.aspx?tid=1&url=javascript%3aalert(1)", None),
        ("http://www.bing.com/news/apiclick.aspx?tid=1", None),
        ("https://x.example/a?url=https%3a%2f%2fy.example", None),
        (None, None),
    ],
)
def test_bing_wraps_the_address_and_only_web_addresses_come_out(link, target):
    assert unwrapped(link) == target


def test_what_google_says_below_a_title_is_no_text():
    seen = plain_item(item(title="Öl - Bote", publisher="Bote", summary="Öl Bote Gas Blatt"), "google_news")

    assert (seen.title, seen.summary, seen.content) == ("Öl", "", "")


@pytest.mark.parametrize(
    ("facts", "same"),
    [
        ({"publisher": "Der Bote", "publisher_url": "https://bote.example"}, True),
        ({"publisher": "brunnhafener BOTE"}, True),
        ({"publisher": "Anderes Blatt", "publisher_url": "https://blatt.example"}, False),
        ({"publisher_url": "https://bote.example", "published": NOON + 25 * HOUR}, False),
        ({"publisher_url": "https://bote.example", "title": "Waffenruhe hält nicht"}, False),
        ({"publisher_url": "https://obote.example"}, False),
    ],
)
def test_an_article_is_the_same_by_title_publisher_and_day(facts, same):
    seen = item("x", url="https://news.google.com/rss/articles/x", published=NOON + 3 * HOUR)
    seen = plain_item(seen, "google_news")
    assert is_same(replace(seen, **({"title": "Waffenruhe hält!"} | facts)), twin(), NOON) is same


def test_two_engines_are_no_common_publisher():
    seen = item(url="https://news.google.com/rss/articles/x", title="Waffenruhe hält", published=NOON)

    assert not is_same(seen, twin(url="https://news.google.com/rss/articles/y", feed_title="", is_search=True), NOON)


def test_the_same_address_is_the_same_article_whatever_its_title_and_date():
    seen = item(url="http://bote.example/1?utm_source=bing", title="Ganz anders", published=NOON + 90 * HOUR)

    assert set(told_by(seen, "", [twin()], NOON)) == {"ceasefire"}


def test_an_item_with_another_token_keeps_its_name_and_is_listed_once():
    listed = [item(f"new{n}", title="Waffenruhe hält", publisher="Bote", publisher_url="https://bote.example") for n in (1, 2)]

    (found,) = with_known_names(listed, [twin()], NOON)

    assert (found.guid, found.url) == ("g1", "https://www.bote.example/1")


def test_two_articles_of_one_title_at_addresses_of_their_own_are_two():
    listed = [item(None, url=f"https://bote.example/wetter-{n}", title="Das Wetter", publisher="Bote", published=NOON) for n in (1, 2)]
    stored = twin(title_key="das wetter", guid=None, url="https://www.bote.example/wetter-1", publisher="Bote")

    assert [one.url for one in with_known_names(listed, [stored], NOON)] == [stored.url, "https://bote.example/wetter-2"]
    assert not is_same(listed[1], stored, NOON)
