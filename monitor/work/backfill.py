"""Run stored items through the rules as they are now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from monitor.core.model import Feed
from monitor.core.record import Committed, Finding
from monitor.core.verdict import Subject, Verdict
from monitor.work.archive import Progress, Span, subjects
from monitor.work.ports import BackfillStore, NoiseSettings, Route, Rules
from monitor.work.summary import BackfillSummary


def backfill(
    store: BackfillStore,
    rules: Rules,
    noise: NoiseSettings,
    route: Route | None,
    feeds: Mapping[str, Feed],
    span: Span,
    at: datetime,
    progress: Progress,
) -> BackfillSummary:
    """Match stored items and record what is found; ``route`` None: nobody is alerted.

    Going over the same items twice records nothing twice. ``progress`` is told how many items are done.
    """
    total = BackfillSummary()
    for item, looked_at in subjects(store, noise, feeds, span, progress):
        added = Committed()
        if findings := _findings(rules, route, looked_at):
            added = store.record_findings(item.id, item.revision, findings, at)
        total = BackfillSummary(total.items + 1, total.matches + added.matches, total.alerts + added.alerts)
    return total


def explain(rules: Rules, looked_at: Subject, only: Collection[str]) -> tuple[Verdict, ...]:
    """Return why each rule, or each of ``only``, did or did not match a stored item's subject."""
    verdicts = rules.explain(looked_at)
    return tuple(verdict for verdict in verdicts if not only or verdict.rule in only)


def _findings(rules: Rules, route: Route | None, looked_at: Subject) -> Sequence[Finding]:
    matches = rules.match(looked_at)
    return [route(match) if route else Finding(match, reason="backfill") for match in matches]
