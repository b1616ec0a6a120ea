"""Which keys a row has in json and csv, in which order: what scripts rely on.

The keys of matches and items are those of the contract. A key with a dot goes one level down in json.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

Getter = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Column:
    """A value of a row under its key. ``is_optional``: json leaves it out where there is none."""

    key: str
    value: Getter
    is_optional: bool = False


Shape = tuple[Column, ...]


def _shape(names: Iterable[str], elsewhere: Mapping[str, str | Getter] | None = None) -> Shape:
    """Return columns read from the attribute of their name, or from where ``elsewhere`` says."""
    found = [(name, (elsewhere or {}).get(name, name)) for name in names]
    return tuple(Column(name, attrgetter(source) if isinstance(source, str) else source) for name, source in found)


def _under(prefix: str, shape: Shape) -> Shape:
    inner = attrgetter(prefix)

    def through(value: Getter) -> Getter:
        return lambda row: value(inner(row))

    return tuple(Column(f"{prefix}.{column.key}", through(column.value)) for column in shape)


def _latency_s(row: Any) -> int | None:
    return None if row.latency is None else round(row.latency.total_seconds())


_PUBLISHED = {
    name: f"item.{name}"
    for name in ("guid", "title", "url", "authors", "published", "updated", "comments_feed", "language")
}  # fmt: skip
_ITEM = ("id", "feed", "kind", "guid", "title", "url", "authors", "published", "updated", "first_seen")


def _late_s(row: Any) -> int | None:
    return None if row.late is None else round(row.late.total_seconds())


# Only what is out of the ordinary: of an item that came late, of a feed that changed its guids, brought a flood or has a gap.
_LATE = (Column("late_s", _late_s, is_optional=True),)
_ODD = tuple(
    Column(name, attrgetter(name), is_optional=True)
    for name in ("overlap", "repair_page", "repair_ended", "last_migration", "last_flood", "comment_feeds_failing")
)

ITEM = _shape((*_ITEM, "revision", "parent", "story", "comments_feed", "language"), _PUBLISHED) + _LATE
MATCH = (
    *_shape(("id", "rule", "severity", "matched_at", "revision")),
    *_under("item", _shape((*_ITEM, "story", "parent"), _PUBLISHED)),
    *_shape(("evidence", "alert")),
    Column("alert_reason", attrgetter("alert_reason"), is_optional=True),
)
FEED = (
    _shape(
        (
            *("name", "url", "title", "enabled", "last_poll", "last_ok", "last_new", "next_poll"),
            *("status", "error", "failures", "items", "gaps", "last_gap", "latency_s", "comment_feeds"),
            *("validators", "moved_to", "gone", "waits_until", "troubles"),
        ),
        {"enabled": "is_enabled", "latency_s": _latency_s},
    )
    + _ODD
)
FOUND = _shape(("url", "title", "format", "items", "latest", "lists"))
CANDIDATE = _shape(("outcome", "name", "url", "title", "tags", "reason"), {"url": "shown_url"})
COMMENT_FEED = _shape(
    (
        *("name", "feed", "item", "article", "url", "last_poll", "next_poll", "heard"),
        *("comments", "failures", "error", "ended", "end_reason", "gaps"),
    )
)
DELIVERY = _shape(
    (
        *("id", "state", "receiver", "label", "rule", "item", "title", "created"),
        *("attempts", "next_try", "settled", "last_outcome", "detail", "feed", "trouble"),
    )
)
RECEIPT = _shape(
    ("receiver", "label", "outcome", "detail"),
    {
        "receiver": lambda pair: pair[0].receiver,
        "label": lambda pair: pair[0].label,
        "outcome": lambda pair: pair[1].outcome,
        "detail": lambda pair: pair[1].detail,
    },
)
TERM_WORD = _shape(("word", "items", "by", "analysis", "source"))
_OF_ENTITY = ("name", "type", "label", "aliases", "acronyms", "weak_aliases", "id")
ENTITY = _shape((*_OF_ENTITY, "list", "matches", "also_seen"), {name: f"entity.{name}" for name in _OF_ENTITY} | {"list": "entity.source"})
