"""Has a feed the article or only a teaser of it? And what the article's page adds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.core.document import Page
from monitor.core.ids import FeedId, ItemId
from monitor.core.model import Item, Key, StoredItem

# Teasers are a sentence or a few in one paragraph; the shortest whole articles have several. Between them a page too many is
# fetched rather than one too few: that costs a request, the other way a match.
WHOLE_LETTERS = 1500
WHOLE_PARAGRAPHS = 3
# A text that says itself that it goes on.
_GOES_ON = re.compile(r"(…|\.\.\.|\[\s*(…|\.\.\.)\s*\])\s*$")

TRIES = 5
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A page to be read now, for an item with what was found of it so far.

    ``attempts`` were made before; ``silence`` is the reason why nobody is told of what the page brings, or None. ``rules``
    matched some revision, of those in ``told`` somebody was alerted. ``home`` and ``feed_title``: the feed of the item.
    """

    item: StoredItem
    attempts: int
    silence: str | None
    rules: frozenset[str]
    told: frozenset[str]
    url_key: Key | None
    home: FeedId
    feed_title: str


@dataclass(frozen=True, slots=True)
class PageState:
    """What became of an item's page, for people."""

    item: ItemId
    attempts: int
    next_try: datetime | None
    error: str | None


def is_teaser(item: Item) -> bool:
    """Say whether an item's texts are less than an article."""
    text = max(item.content, item.summary, key=len)
    if _GOES_ON.search(text):
        return True
    letters = sum(sign.isalpha() for sign in text)
    return letters < WHOLE_LETTERS or len([line for line in text.split("\n") if line.strip()]) < WHOLE_PARAGRAPHS


def has_page(item: Item) -> bool:
    """Say whether an item leads to a page of its article: Google's links lead to a page that only a browser gets past."""
    return item.url is not None and urlsplit(item.url).hostname != "news.google.com"


def with_page(item: Item, page: Page) -> Item:
    """Return an item with the text of its page. The feed's teaser stays as its summary: pages do not always repeat it.

    A page that says less than the feed adds nothing.
    """
    feed_text = max(item.content, item.summary, key=len)
    if len(page.text) <= len(feed_text):
        return item
    summary = item.summary or item.content or page.summary
    return replace(item, content=page.text, summary=summary, language=item.language or page.language)


def next_try(now: datetime, interval: timedelta, attempts: int) -> datetime | None:
    """Return when a page that could not be read is tried again, after so many attempts; None: never."""
    if attempts >= TRIES:
        return None
    pause: timedelta = min(interval, FIRST_PAUSE) * (4 ** max(attempts - 1, 0))
    return now + min(pause, LONGEST_PAUSE)
