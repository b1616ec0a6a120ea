"""Values with only what matters to the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.document import Parsed
from monitor.core.model import Evidence, Feed, Identified, Item, Match
from monitor.core.secret import Secret

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def item(guid: str | None = "a", **facts: Any) -> Item:
    """An item with a guid, and an address and title made from it."""
    plain = Item(guid=guid, url=f"https://news.example/{guid}", title=f"Title {guid}", content=f"Content {guid}")
    return replace(plain, **facts)


def feed(name: str = "news", **facts: Any) -> Feed:
    """A feed that is polled every quarter of an hour."""
    url = f"https://news.example/{name}/feed"
    return replace(Feed(name, Secret(url), url, timedelta(minutes=15), "de"), **facts)


def parsed(*items: Item, **facts: Any) -> Parsed:
    """An RSS document that lists these items."""
    return replace(Parsed("rss20", items), **facts)


def match(rule: str = "ceasefire", **facts: Any) -> Match:
    """A match with one span of evidence in the title."""
    span = Evidence("Title", None, "title", "Title", 0, 5, "exact")
    return replace(Match(rule, "info", (span,)), **facts)


def texts(known: Identified) -> tuple[str, str]:
    """The title and content of an identified item."""
    return known.item.title, known.item.content
