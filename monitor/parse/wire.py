"""A parsed document as JSON values, and back: one value for its head, one for each item, so that no piece is large."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.document import Page, Parsed
from monitor.core.health import Hints
from monitor.core.model import Enclosure, Item


def to_wire(parsed: Parsed) -> Iterable[object]:
    """Yield the values: first the head, then the items."""
    yield [
        *(parsed.format, parsed.title, parsed.language, parsed.is_partial, list(parsed.notes)),
        *(parsed.older, parsed.is_wordpress, _hints(parsed.hints)),
        *(parsed.is_well_formed, parsed.hub),
    ]
    for item in parsed.items:
        yield [
            *(item.guid, item.url, item.title, item.summary, item.content),
            *(item.authors, item.categories, _number(item.published), _number(item.updated), item.language),
            *(item.comments_feed, item.comments_count, item.in_reply_to),
            [[one.url, one.type, one.length] for one in item.enclosures],
            *(item.publisher, item.publisher_url),
        ]


def from_wire(values: Sequence[Any]) -> Parsed:
    """Return the document of the values of ``to_wire``."""
    form, title, language, is_partial, notes, older, is_wordpress, hints, is_well_formed, hub = values[0]
    items = tuple(_item(*value) for value in values[1:])
    head = (title, language, is_partial, tuple(notes), older, is_wordpress, _read_hints(*hints))
    return Parsed(form, items, *head, is_well_formed=is_well_formed, hub=hub)


def page_to_wire(page: Page) -> object:
    """Return a page as one value."""
    return [page.text, page.title, page.summary, page.language, page.comments_feed]


def page_from_wire(value: Sequence[Any]) -> Page:
    """Return the page of the value of ``page_to_wire``."""
    return Page(*value)


def _item(*value: Any) -> Item:
    guid, url, title, summary, content, authors, categories, published, updated, language, feed, count, reply, *rest = value
    enclosures, publisher, publisher_url = rest
    return Item(
        *(guid, url, title, summary, content, tuple(authors), tuple(categories), _moment(published), _moment(updated), language),
        *(feed, count, reply, tuple(Enclosure(*one) for one in enclosures), publisher, publisher_url),
    )


def _hints(hints: Hints) -> list[object]:
    return [hints.every.total_seconds() if hints.every else None, list(hints.skip_hours), list(hints.skip_days)]


def _read_hints(every_s: float | None, hours: Sequence[int], days: Sequence[int]) -> Hints:
    return Hints(None if every_s is None else timedelta(seconds=every_s), tuple(hours), tuple(days))


def _number(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
