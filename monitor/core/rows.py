"""Rows that people and scripts read: what the store answers to the commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.core.model import DeliveryId, DeliveryState, Evidence, ItemId, Outcome, Severity, StoredItem

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

    ``overlap``: listed items that were known at the last change. ``repair_page``: where the repair of a gap goes on, None if
    none is under way. ``migrated`` and ``held``: how many items the last change of all guids, and the last flood, concerned.
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
    overlap: int | None = None
    repair_page: int | None = None
    repair_ended: str | None = None
    migrated: int = 0
    last_migration: datetime | None = None
    held: int = 0
    last_flood: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One message to one address, and what became of it. ``receiver`` and ``label`` hold no secret."""

    id: DeliveryId
    state: DeliveryState
    receiver: str
    label: str
    rule: str
    item: ItemId
    title: str
    created: datetime
    attempts: int
    next_try: datetime | None
    settled: datetime | None
    last_outcome: Outcome | None
    detail: str


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
