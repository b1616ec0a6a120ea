"""A query tried on what is stored: how many alerts it would have brought, from where, and what another rule makes of the same items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.model import Match, StoredItem
from monitor.core.verdict import Subject
from monitor.work.ports import Rules

NEWEST = 5
# Over a shorter time nothing can be said of a day.
SHORTEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that a rule matches; ``found`` are the words that show why, each once."""

    id: int
    feed: str
    first_seen: datetime
    title: str
    url: str | None
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the matches a feed brought, and of how many of its items."""

    feed: str
    matches: int
    items: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it.

    ``alerts`` are the matches without those of feeds' first polls, which nobody is told of; ``days`` are those that the
    items cover. ``alerts_per_day`` is None if that is less than one. ``gained`` and ``lost`` are None if there was nothing to compare with.
    """

    items: int
    matches: int
    alerts: int
    days: float
    alerts_per_day: float | None
    feeds: tuple[Share, ...]
    newest: tuple[Hit, ...]
    gained: tuple[Hit, ...] | None = None
    lost: tuple[Hit, ...] | None = None


def back_test(
    archive: Iterable[tuple[StoredItem, Subject]],
    rules: Rules,
    query: str,
    against: str | None,
    baselines: Mapping[str, datetime],
    span: tuple[datetime | None, datetime],
) -> Trial:
    """Match stored items, which come oldest first, with the rule ``query`` and, if given, with the rule ``against``.

    ``baselines`` are the moments of the feeds' first polls; ``span`` is from when to when items were looked at.
    """
    items: Counter[str] = Counter()
    hits: list[Hit] = []
    gained: list[Hit] = []
    lost: list[Hit] = []
    for item, looked_at in archive:
        items[item.feed] += 1
        matches = {match.rule: match for match in rules.match(looked_at)}
        own, other = matches.get(query), matches.get(against) if against else None
        if own:
            hits.append(_hit(item, own))
        if own and not other:
            gained.append(hits[-1])
        if other and not own:
            lost.append(_hit(item, other))
    alerts = sum(hit.first_seen > baselines.get(hit.feed, hit.first_seen) for hit in hits)
    covered = _covered(items, baselines, span)
    return Trial(
        items=items.total(),
        matches=len(hits),
        alerts=alerts,
        days=round(covered / timedelta(days=1), 2),
        alerts_per_day=round(alerts / (covered / timedelta(days=1)), 2) if covered >= SHORTEST else None,
        feeds=_shares(hits, items),
        newest=tuple(hits[: -NEWEST - 1 : -1]),
        gained=tuple(reversed(gained)) if against else None,
        lost=tuple(reversed(lost)) if against else None,
    )


def _hit(item: StoredItem, match: Match) -> Hit:
    found = tuple(dict.fromkeys(one.text for one in match.evidence))
    return Hit(item.id, item.feed, item.first_seen, item.item.title, item.item.url, found)


def _shares(hits: Iterable[Hit], items: Mapping[str, int]) -> tuple[Share, ...]:
    counts = Counter(hit.feed for hit in hits)
    return tuple(Share(feed, count, items[feed]) for feed, count in counts.most_common())


def _covered(items: Iterable[str], baselines: Mapping[str, datetime], span: tuple[datetime | None, datetime]) -> timedelta:
    """Return how long the feeds have been watched in the span: since the first of them was."""
    since, until = span
    first = min((baselines[feed] for feed in items if feed in baselines), default=until)
    return max(until - max(first, since or first), timedelta())
