"""Search feeds: the address of a query at Google News or Bing News, its time window, and what one must know of their terms."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import quote_plus, urlsplit

Engine = Literal["google_news", "bing_news"]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# Four polls fit into a window, so that one that fails, or an article that is listed late, loses nothing.
POLLS_PER_WINDOW = 4
# Engines list some articles hours after their date: at the first poll of each of these spans a whole day is asked for.
LOOK_BACK_EVERY = 6 * HOUR
# Older news than that are not asked for by date: no window at all shows more of them.
LONGEST_WINDOW = timedelta(days=30)

# An answer of so many is full: there may be more that it does not list. (Google's cap, and a page of Bing's.)
MOST: dict[Engine, int] = {"google_news": 100, "bing_news": 10}
# Google has no pages: what the best hundred hide is looked for in ever narrower windows. It knows none under an hour.
_NARROWER = (LONGEST_WINDOW, 7 * DAY, DAY, 6 * HOUR, HOUR)
# Bing's pages begin with the first, eleventh, twenty-first … hit.
PAGE = 10
MOST_PAGES = 10

# The main edition of a language that is not called like it.
_REGIONS = {
    "ar": "EG",
    "bn": "BD",
    "cs": "CZ",
    "da": "DK",
    "el": "GR",
    "en": "US",
    "et": "EE",
    "fa": "IR",
    "he": "IL",
    "hi": "IN",
    "ja": "JP",
    "ko": "KR",
    "nb": "NO",
    "sl": "SI",
    "sr": "RS",
    "sv": "SE",
    "uk": "UA",
    "vi": "VN",
    "zh": "CN",
}
_BASES: dict[Engine, str] = {"google_news": "https://news.google.com/rss/search", "bing_news": "https://www.bing.com/news/search"}
# searxng's bing_news engine names the spans so.
_BING_WINDOWS = ((HOUR, 4), (DAY, 7), (7 * DAY, 8), (LONGEST_WINDOW, 9))
_OWN_WINDOW = re.compile(r"(?:^|\s)(?:when|after|before):", re.IGNORECASE)

TERMS: dict[Engine, str] = {
    "google_news": "Google's terms: this feed is for a personal feed reader and for personal, non-commercial use, any other is prohibited",
    "bing_news": "Microsoft's terms: this feed is for your personal, non-commercial use, any other needs their written permission",
}


@dataclass(frozen=True, slots=True)
class Search:
    """What a search feed looks for, and in which edition. ``base`` is where the engine answers, if not at its own address."""

    engine: Engine
    query: str
    language: str
    region: str
    base: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to an engine: how far back (None: as far as it goes), and from which hit on."""

    window: timedelta | None = None
    first: int = 1


def region_of(language: str) -> str:
    """Return the region whose edition a language means if none is given: "DE" for "de", "AT" for "de-AT", "US" for "en"."""
    primary, *rest = re.split(r"[-_]", language)
    named = next((part for part in rest if len(part) == 2), "")
    return (named or _REGIONS.get(primary.lower(), primary)).upper()


def address(search: Search, ask: Ask = Ask()) -> str:
    """Return the address of a search for what is not older than the window; without one for all that the engine has.

    A query with dates of its own gets no window. Source: FIELD-NOTES 1.2 and 1.3; the locale fields must agree.
    """
    base = search.base or _BASES[search.engine]
    primary = re.split(r"[-_]", search.language)[0].lower()
    window = None if _OWN_WINDOW.search(search.query) else ask.window
    if search.engine == "google_news":
        query = search.query if window is None else f"{search.query} when:{_google_span(window)}"
        # Editions in English are told apart by region: "en-US"; the others go by the language alone.
        locale = f"{primary}-{search.region}" if primary == "en" else primary
        return f"{base}?q={quote_plus(query)}&hl={locale}&gl={search.region}&ceid={search.region}:{primary}"
    edition = f"mkt={primary}-{search.region}&setlang={primary}&cc={search.region}"
    number = None if window is None else next((number for span, number in _BING_WINDOWS if window <= span), None)
    within = "" if number is None else f"&qft=interval%3D%22{number}%22"
    page = f"&first={ask.first}" if ask.first > 1 else ""
    return f"{base}?q={quote_plus(search.query)}&format=rss&{edition}{within}{page}"


def next_ask(search: Search, ask: Ask, listed: int, fresh: int) -> Ask | None:
    """Return what to ask after an answer that listed so many, ``fresh`` of them not listed before it; None: there is nothing more.

    Google: a narrower window, for it has no pages. Bing: the next page; past its end it repeats the last one. Who asks for all
    that there is asks for the last day too, where the best of all time leave no room for it. Source: FIELD-NOTES 1.2 and 1.3.
    """
    is_full = listed >= MOST[search.engine]
    if search.engine == "bing_news":
        if is_full and fresh and ask.first < PAGE * (MOST_PAGES - 1):
            return replace(ask, first=ask.first + PAGE)
        return Ask(DAY) if ask.window is None and (is_full or ask.first > 1) else None
    if not is_full or _OWN_WINDOW.search(search.query):
        return None
    narrower = next((span for span in _NARROWER if ask.window is None or span < ask.window), None)
    return None if narrower is None else Ask(narrower)


def window(interval: timedelta, last_ok: datetime | None, now: datetime) -> timedelta | None:
    """Return how far back a poll looks; None: as far as the engine does.

    An engine lists a hundred items at most (Bing a dozen), the best and not the newest: a long window hides news behind old
    hits, a short one what came while we were away. So the window is short while polls succeed, covers the time since the last
    one that did, and is a day wide a few times a day. ``last_ok`` None: the feed was never polled, all of it is the baseline.
    """
    if last_ok is None:
        return None
    away = max(now - last_ok, timedelta())
    wanted = max(POLLS_PER_WINDOW * interval, away + 2 * interval, HOUR)
    if _span_number(now) != _span_number(last_ok):
        wanted = max(wanted, DAY)
    return wanted if wanted <= LONGEST_WINDOW else None


def engine_of(url: str) -> Engine | None:
    """Return which engine's news search an address is, or None: people also write such addresses by hand."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if host == "news.google.com" and parts.path.startswith("/rss"):
        return "google_news"
    return "bing_news" if host == "bing.com" and parts.path == "/news/search" else None


def _google_span(window: timedelta) -> str:
    hours = math.ceil(window / HOUR)
    return f"{hours}h" if hours <= 48 else f"{math.ceil(hours / 24)}d"


def _span_number(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // LOOK_BACK_EVERY
