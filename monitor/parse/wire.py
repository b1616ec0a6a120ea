"""A parsed document as JSON values, and back: one value for its head, one for each item, so that no piece is large."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from monitor.core.model import Enclosure, Item, Parsed


def to_wire(parsed: Parsed) -> Iterable[object]:
    """Yield the values: first the head, then the items."""
    yield [parsed.format, parsed.title, parsed.language, parsed.is_partial, list(parsed.notes), parsed.is_well_formed, parsed.hub]
    for item in parsed.items:
        yield [
            *(item.guid, item.url, item.title, item.summary, item.content),
            *(item.authors, item.categories, _number(item.published), _number(item.updated), item.language),
            *(item.comments_feed, item.comments_count, item.in_reply_to),
            [[one.url, one.type, one.length] for one in item.enclosures],
        ]


def from_wire(values: Sequence[Any]) -> Parsed:
    """Return the document of the values of ``to_wire``."""
    form, title, language, is_partial, notes, is_well_formed, hub = values[0]
    items = tuple(_item(*value) for value in values[1:])
    return Parsed(form, items, title, language, is_partial, tuple(notes), is_well_formed, hub=hub)


def _item(*value: Any) -> Item:
    guid, url, title, summary, content, authors, categories, published, updated, language, feed, count, reply, enclosures = value
    return Item(
        *(guid, url, title, summary, content, tuple(authors), tuple(categories), _moment(published), _moment(updated), language),
        *(feed, count, reply, tuple(Enclosure(*one) for one in enclosures)),
    )


def _number(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
