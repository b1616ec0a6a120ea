"""The address of a search, its window, and its edition."""

from datetime import timedelta

import pytest
from builders import NOON

from monitor.core.searches import Ask, Search, address, engine_of, next_ask, region_of, window

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = 24 * HOUR
GOOGLE = Search("google_news", '"Waffenruhe" Ukraine', "de", "DE")
BING = Search("bing_news", "Sanktionen & Öl", "de", "AT")


def test_the_three_locale_fields_of_google_agree():
    assert address(GOOGLE, Ask(HOUR)) == ("https://news.google.com/rss/search?q=%22Waffenruhe%22+Ukraine+when%3A1h&hl=de&gl=DE&ceid=DE:de")
    assert address(Search("google_news", "oil", "en", "GB")).endswith("?q=oil&hl=en-GB&gl=GB&ceid=GB:en")


@pytest.mark.parametrize(("span", "number"), [(HOUR, 4), (2 * HOUR, 7), (26 * HOUR, 8), (10 * 24 * HOUR, 9)])
def test_bing_has_four_windows(span, number):
    edition = "mkt=de-AT&setlang=de&cc=AT"
    assert address(BING, Ask(span)).endswith(f"?q=Sanktionen+%26+%C3%96l&format=rss&{edition}&qft=interval%3D%22{number}%22")


def test_no_window_is_asked_for_where_the_query_has_dates_of_its_own():
    assert "when" not in address(Search("google_news", "Öl after:2026-01-01", "de", "DE"), Ask(HOUR)).replace("after", "")


@pytest.mark.parametrize(
    ("ask", "listed", "following"),
    [
        (Ask(), 100, Ask(30 * DAY)),
        (Ask(26 * HOUR), 100, Ask(DAY)),
        (Ask(DAY), 100, Ask(6 * HOUR)),
        (Ask(DAY), 99, None),
        (Ask(HOUR), 100, None),
    ],
)
def test_where_a_hundred_hits_hide_others_google_is_asked_for_a_narrower_window(ask, listed, following):
    assert next_ask(GOOGLE, ask, listed, listed) == following


@pytest.mark.parametrize(
    ("ask", "listed", "fresh", "following"),
    [
        (Ask(HOUR), 10, 10, Ask(HOUR, 11)),
        (Ask(HOUR, 11), 12, 1, Ask(HOUR, 21)),
        (Ask(HOUR, 11), 10, 0, None),
        (Ask(HOUR), 9, 9, None),
        (Ask(HOUR, 91), 10, 10, None),
        (Ask(None, 11), 3, 3, Ask(DAY)),
        (Ask(), 9, 9, None),
    ],
)
def test_bing_is_asked_page_by_page_until_one_brings_nothing_new(ask, listed, fresh, following):
    assert next_ask(BING, ask, listed, fresh) == following


def test_a_page_of_bing_begins_with_a_hit():
    assert address(BING, Ask(HOUR, 11)).endswith("&first=11")


def test_a_query_with_dates_of_its_own_is_not_narrowed():
    assert next_ask(Search("google_news", "Öl when:1d", "de", "DE"), Ask(), 100, 100) is None


@pytest.mark.parametrize(
    ("language", "region"), [("de", "DE"), ("de-AT", "AT"), ("en", "US"), ("fr", "FR"), ("zh-Hans-CN", "CN"), ("uk", "UA")]
)
def test_a_language_has_a_region(language, region):
    assert region_of(language) == region


@pytest.mark.parametrize(
    ("interval", "away", "expected"),
    [
        (5 * MINUTE, 5 * MINUTE, HOUR),
        (15 * MINUTE, 16 * MINUTE, HOUR),
        (HOUR, HOUR, 4 * HOUR),
        (15 * MINUTE, 3 * HOUR, 3 * HOUR + 30 * MINUTE),
    ],
)
def test_a_window_holds_several_polls_and_the_time_that_we_were_away(interval, away, expected):
    now = NOON + 5 * HOUR + 59 * MINUTE

    assert window(interval, now - away, now) == expected


def test_a_few_times_a_day_a_whole_day_is_asked_for():
    assert window(15 * MINUTE, NOON - 10 * MINUTE, NOON + MINUTE) == 24 * HOUR


def test_a_first_poll_and_one_after_months_take_all_there_is():
    assert window(15 * MINUTE, None, NOON) is None
    assert window(15 * MINUTE, NOON - timedelta(days=60), NOON) is None


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("https://news.google.com/rss/search?q=x", "google_news"),
        ("https://www.bing.com/news/search?q=x&format=rss", "bing_news"),
        ("https://www.bing.com/search?q=x", None),
        ("https://news.example/rss", None),
    ],
)
def test_an_engine_is_known_by_its_address(url, engine):
    assert engine_of(url) == engine
