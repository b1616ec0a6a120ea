"""Rows that people and scripts read: what the store answers to the commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from monitor.core.ids import DeliveryId, ItemId
from monitor.core.model import Evidence, Severity, StoredItem

if TYPE_CHECKING:
    # Words only: whoever lists matches needs nothing of what sends them.
    from monitor.core.delivery import DeliveryState, Outcome
    from monitor.core.health import Trouble

# "none": the server gives none. "untested": not measured yet.
ValidatorsState = Literal["none", "untested", "trusted", "lying"]
AlertState = Literal["none", "pending", "sent", "failed", "dead"]


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A match. ``alert`` is the worst state of its deliveries; with "none", ``alert_reason`` says why nobody was told."""

    id: int
    rule: str
    severity: Severity
    matched_at: datetime
    revision: int
    item: StoredItem
    evidence: tuple[Evidence, ...]
    alert: AlertState
    alert_reason: str | None


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed and its health. ``latency`` is the middle time from publication to first sight of its last 50 items.

    ``moved_to``: the address that is visited instead of ``url``. ``gone``: since when nobody visits it any more.
    ``waits_until``: its host asked for it.
    ``overlap``: listed items that were known at the last change. ``repair_page``: where the repair of a gap goes on, None if
    none is under way. ``migrated`` and ``held``: how many items the last change of all guids, and the last flood, concerned.
    ``comment_feeds`` are those of its articles that are followed now, of which ``comment_feeds_failing`` fail.
    """

    name: str
    url: str
    title: str
    is_enabled: bool
    last_poll: datetime | None
    last_ok: datetime | None
    last_new: datetime | None
    next_poll: datetime | None
    status: int | None
    error: str | None
    failures: int
    items: int
    gaps: int
    last_gap: datetime | None
    latency: timedelta | None
    validators: ValidatorsState = "none"
    moved_to: str | None = None
    gone: datetime | None = None
    waits_until: datetime | None = None
    troubles: tuple[Trouble, ...] = ()
    overlap: int | None = None
    repair_page: int | None = None
    repair_ended: str | None = None
    migrated: int = 0
    last_migration: datetime | None = None
    held: int = 0
    last_flood: datetime | None = None
    comment_feeds: int = 0
    comment_feeds_failing: int | None = None


def row_of_new(name: str, url: str, *, is_enabled: bool) -> FeedRow:
    """Return the row of a feed that the config has and nobody has polled yet."""
    return FeedRow(
        name=name,
        url=url,
        title="",
        is_enabled=is_enabled,
        last_poll=None,
        last_ok=None,
        last_new=None,
        next_poll=None,
        status=None,
        error=None,
        failures=0,
        items=0,
        gaps=0,
        last_gap=None,
        latency=None,
    )


@dataclass(frozen=True, slots=True)
class WaitRow:
    """A host that asked to be left alone, what it answered, and how many feeds wait with it."""

    host: str
    until: datetime
    status: int
    feeds: int


@dataclass(frozen=True, slots=True)
class CommentFeedRow:
    """An article's comment feed, or (``item`` None) a site's. ``heard`` is the last sign of life; ``ended`` None: it is followed.

    ``gaps`` counts the polls before which more comments came than the feed lists.
    """

    name: str
    feed: str
    item: ItemId | None
    article: str
    url: str
    last_poll: datetime | None
    next_poll: datetime | None
    heard: datetime
    comments: int
    failures: int
    error: str | None
    ended: datetime | None
    end_reason: str | None
    gaps: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One message to one address, and what became of it. ``receiver`` and ``label`` hold no secret.

    About a match it has ``rule`` and ``item``, about a feed's trouble ``trouble``: "broken", or "broken over"; ``feed`` always.
    """

    id: DeliveryId
    state: DeliveryState
    receiver: str
    label: str
    rule: str | None
    item: ItemId | None
    title: str
    created: datetime
    attempts: int
    next_try: datetime | None
    settled: datetime | None
    last_outcome: Outcome | None
    detail: str
    feed: str
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Stats:
    """The database in numbers. ``size_bytes`` is that of its file and its journal."""

    feeds: int
    items: int
    revisions: int
    matches: int
    alerts: int
    pending: int
    failed: int
    unknown: int
    sent: int
    dead: int
    due: int
    overdue: int
    failing: int
    oldest_waiting: datetime | None
    size_bytes: int
    schema: int
    sqlite: str
    journal: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a daemon last said of itself. ``stopped`` is set when it ended in order."""

    pid: int
    owner: str
    started: datetime
    beat: datetime
    config: str
    polls_under_way: int = 0
    is_low_on_disk: bool = False
    last_error: str | None = None
    stopped: datetime | None = None
