"""Run stored items through the rules as they are now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.model import Feed, Finding, ItemId, StoredItem
from monitor.core.rule import Subject, Verdict
from monitor.work.ports import BackfillStore, Route, Rules
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
    while batch := store.stored_items(span.feeds, span.since, span.until, after, BATCH):
        for item in batch:
            findings = _findings(rules, route, subject(item, feeds.get(item.feed)))
            if findings:
                added = store.record_findings(item.id, item.revision, findings, at)
                total = BackfillSummary(total.items, total.matches + added.matches, total.alerts + added.alerts)
        total = BackfillSummary(total.items + len(batch), total.matches, total.alerts)
        progress(total.items)
        after = batch[-1].id
    return total


def explain(rules: Rules, item: StoredItem, feed: Feed | None, only: Collection[str]) -> tuple[Verdict, ...]:
    """Return why each rule, or each of ``only``, did or did not match a stored item."""
    verdicts = rules.explain(subject(item, feed))
    return tuple(verdict for verdict in verdicts if not only or verdict.rule in only)


def subject(stored: StoredItem, feed: Feed | None) -> Subject:
    """Return what the rules look at in a stored item. ``feed`` is None if the config no longer has it."""
    item = stored.item
    tags = feed.tags if feed else ()
    language = feed.language if feed else item.language or ""
    return Subject(stored.feed, tags, stored.kind, language, {"title": item.title, "summary": item.summary, "content": item.content})


def _findings(rules: Rules, route: Route | None, looked_at: Subject) -> Sequence[Finding]:
    matches = rules.match(looked_at)
    return [route(match) if route else Finding(match, reason="backfill") for match in matches]
