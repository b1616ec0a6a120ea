"""Run stored items through the rules as they are now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.habits import Learned
from monitor.core.model import Feed, Finding, ItemId
from monitor.core.noise import Settings
from monitor.core.rule import Subject, Verdict
from monitor.work.ports import BackfillStore, NoiseSettings, Route, Rules
from monitor.work.subject import subject
from monitor.work.summary import BackfillSummary

BATCH = 200


@dataclass(frozen=True, slots=True)
class Span:
    """Which stored items: of these feeds (none: of all), first seen from ``since`` until before ``until``."""

    feeds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def backfill(
    store: BackfillStore,
    rules: Rules,
    noise: NoiseSettings,
    route: Route | None,
    feeds: Mapping[str, Feed],
    span: Span,
    at: datetime,
    progress: Callable[[int], None],
) -> BackfillSummary:
    """Match stored items and record what is found; ``route`` None: nobody is alerted.

    Going over the same items twice records nothing twice. ``progress`` is told how many items are done.
    """
    total = BackfillSummary()
    after: ItemId | None = None
    learned: dict[str, Learned] = {}
    while batch := store.stored_items(span.feeds, span.since, span.until, after, BATCH):
        for item in batch:
            feed = feeds.get(item.feed)
            known = learned.get(item.feed) or learned.setdefault(item.feed, store.learned_of(item.feed))
            findings = _findings(rules, route, subject(item.item, item.feed, item.kind, feed, known, noise(feed) if feed else Settings()))
            if findings:
                added = store.record_findings(item.id, item.revision, findings, at)
                total = BackfillSummary(total.items, total.matches + added.matches, total.alerts + added.alerts)
        total = BackfillSummary(total.items + len(batch), total.matches, total.alerts)
        progress(total.items)
        after = batch[-1].id
    return total


def explain(rules: Rules, looked_at: Subject, only: Collection[str]) -> tuple[Verdict, ...]:
    """Return why each rule, or each of ``only``, did or did not match a stored item's subject."""
    verdicts = rules.explain(looked_at)
    return tuple(verdict for verdict in verdicts if not only or verdict.rule in only)


def _findings(rules: Rules, route: Route | None, looked_at: Subject) -> Sequence[Finding]:
    matches = rules.match(looked_at)
    return [route(match) if route else Finding(match, reason="backfill") for match in matches]
