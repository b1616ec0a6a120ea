"""What a pass over many feeds or items came to, for people and for ``--format json``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.core.record import Committed
from monitor.work.outbox import Delivered
from monitor.work.poll import PollReport


@dataclass(frozen=True, slots=True)
class FailedFeed:
    """A feed whose poll failed, and why."""

    feed: str
    error: str


@dataclass(frozen=True, slots=True)
class PollSummary:
    """What one pass came to. ``ok`` counts the answers, changed or not; ``undelivered`` what waits in the outbox.

    ``busy`` are the feeds that were left out because another process had claimed them, None if there are none.
    """

    feeds: int
    ok: int
    not_modified: int
    failed: tuple[FailedFeed, ...]
    new: int
    updated: int
    matches: int
    delivered: int = 0
    undelivered: int = 0
    busy: tuple[str, ...] | None = field(default=None, metadata={"optional": True})


@dataclass(frozen=True, slots=True)
class BackfillSummary:
    """What a backfill found: items looked at, matches and alerts that were not there before."""

    items: int = 0
    matches: int = 0
    alerts: int = 0


def summarise(
    asked: Iterable[str], reports: Iterable[PollReport], delivered: Delivered, undelivered: int, repaired: Iterable[Committed] = ()
) -> PollSummary:
    """Add up the reports of a pass over the feeds ``asked`` for; ``repaired`` is what older pages and articles' pages brought."""
    all_reports = list(reports)
    polled = {report.feed for report in all_reports}
    failed = tuple(FailedFeed(report.feed, report.error) for report in all_reports if report.error is not None)
    added = [*(report.committed for report in all_reports), *repaired]
    return PollSummary(
        feeds=len(all_reports),
        ok=len(all_reports) - len(failed),
        not_modified=sum(report.outcome == "not_modified" for report in all_reports),
        failed=failed,
        new=sum(one.new for one in added),
        updated=sum(one.updated for one in added),
        matches=sum(one.matches for one in added),
        delivered=delivered.sent,
        undelivered=undelivered,
        busy=tuple(name for name in asked if name not in polled) or None,
    )
