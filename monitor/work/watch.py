"""What one visit means for a feed's health: its address, its validators, its habits, its troubles, and its next visit."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core import cadence, moves, schedule, trust, watch
from monitor.core.cadence import Cadence
from monitor.core.document import Fetched, NotModified
from monitor.core.health import Began, Health, Hints, HostWait, Sight, Trouble, Turn
from monitor.core.model import Feed, Target
from monitor.core.record import Change, New, PollRecord, Unchanged
from monitor.core.state import FeedState
from monitor.errors import FetchError, HostWaits, MonitorError, ParseError

log = logging.getLogger(__name__)

_ASKS_FOR_PATIENCE = (429, 503)


@dataclass(frozen=True, slots=True)
class Watching:
    """The slowest that a feed may become, and who is told of its troubles."""

    max_interval: timedelta
    targets: tuple[Target, ...] = ()


def seen(
    state: FeedState,
    answer: Fetched | NotModified,
    asked: datetime,
    *,
    is_undone: bool,
    says_unchanged: bool | None = None,
    hints: Hints | None = None,
) -> Sight:
    """Return what the answer to a visit showed that began at ``asked``. ``is_undone``: the new address failed, the old one answered."""
    return Sight(
        permanent_url=answer.permanent_url,
        fresh_for=answer.fresh_for,
        is_sample=isinstance(answer, Fetched) and trust.is_sample_due(state, asked),
        says_unchanged=says_unchanged,
        # The old address that still leads to the new one is no way back.
        is_undone=is_undone and answer.permanent_url != state.health.moved_to,
        hints=hints,
    )


def succeeded(watching: Watching, feed: Feed, state: FeedState, record: PollRecord, changes: Sequence[Change], chance: float) -> PollRecord:
    """Complete the record of a visit that went well; ``changes`` is empty if nothing new was parsed."""
    now, sight = record.at, record.sight
    known = replace(state.health, moved_to=None) if sight.is_undone else state.health
    others = sum(not isinstance(change, Unchanged) for change in changes)
    new = [change for change in changes if isinstance(change, New)]
    health = moves.followed(known, sight.permanent_url, now, feed.shown_url)
    health = trust.measured(health, sight, now, has_other_items=others > 0)
    is_thin = state.baseline == "done" and 2 * record.overlap < len(changes)
    pace, calm = _paced(health, len(new), len(changes), is_gap=record.is_gap, is_thin=is_thin)
    habits, hints = _cadence(state, new, now), sight.hints or health.hints
    if (None, 0, habits, hints, pace, calm) != (health.gone, health.pages, health.cadence, health.hints, health.pace, health.calm):
        health = replace(health, gone=None, pages=0, cadence=habits, hints=hints, pace=pace, calm=calm)
    turns = watch.after_success(known, health, state.troubles, now, is_gap=record.is_gap, has_new=bool(new), at_once=_at_once(record))
    next_poll = schedule.after_success(
        now, feed.interval, watching.max_interval, health, chance, fresh_for=sight.fresh_for, is_thin=is_thin
    )
    return _complete(watching, state, record, health, next_poll, turns)


def failed(watching: Watching, feed: Feed, state: FeedState, record: PollRecord, error: MonitorError, chance: float) -> PollRecord:
    """Complete the record of a visit that failed."""
    now = record.at
    wait_s = error.retry_after_s if isinstance(error, FetchError) else None
    asked = None if wait_s is None else timedelta(seconds=min(wait_s, schedule.DAY.total_seconds()))
    if isinstance(error, HostWaits):
        return replace(record, is_postponed=True, next_poll=now + schedule.asked_wait(asked or feed.interval, chance))
    failures = state.failures + 1
    is_page = isinstance(error, ParseError) and error.is_page
    health = replace(state.health, pages=state.health.pages + 1 if is_page else 0)
    if record.status == 410 and health.gone is None:
        health = replace(health, gone=now)
    turns = watch.after_failure(health, state.troubles, failures, state.well_since or now, now, record.error or "")
    next_poll = schedule.after_failure(now, feed.interval, watching.max_interval, failures, chance, asked)
    if isinstance(error, FetchError) and asked and error.host and error.status in _ASKS_FOR_PATIENCE:
        record = replace(record, wait=HostWait(error.host, now + schedule.asked_wait(asked, chance), error.status))
    return _complete(watching, state, record, health, next_poll, turns)


def report(feed: str, record: PollRecord) -> None:
    """Log what began and what ended."""
    for turn in record.turns:
        facts = {"feed": feed, "trouble": turn.trouble}
        if isinstance(turn, Began):
            log.warning("source trouble", extra=facts | {"reason": turn.detail})
        else:
            log.info("source well again", extra=facts)
    if record.wait:
        log.warning("host asked to wait", extra={"feed": feed, "host": record.wait.host, "until": record.wait.until})


def _complete(
    watching: Watching, state: FeedState, record: PollRecord, health: Health, next_poll: datetime, turns: tuple[Turn, ...]
) -> PollRecord:
    if state.watch is not None:
        # Comment feeds come and end by hundreds, with rules of their own: see ``comments``. Nobody is told of each.
        return replace(record, next_poll=next_poll, turns=())
    known = health if health != state.health else None
    return replace(record, next_poll=next_poll, turns=turns, health=known, targets=watching.targets if turns else ())


def _at_once(record: PollRecord) -> tuple[Began, ...]:
    found: tuple[tuple[Trouble, int], ...] = (("migrated", record.migration), ("flood", record.held))
    return tuple(Began(trouble, record.at, f"{count} items") for trouble, count in found if count)


def _cadence(state: FeedState, new: Sequence[New], now: datetime) -> Cadence:
    known = state.health.cadence
    dates = [change.identified.item.dated for change in new]
    if known.at is None and state.baseline != "done":
        return cadence.first_look(dates, now)
    if state.baseline != "done":
        # Another address of a feed that is known: what it lists is not what has just come.
        return known
    if not new:
        return known if known.at else replace(known, at=now)
    # A date is believed as far as it says when, since our last visit, an item came; never for whether it is new.
    since = state.well_since or now
    return cadence.learn(known, [date if date and since < date <= now else now for date in dates], now)


def _paced(health: Health, new: int, listed: int, *, is_gap: bool, is_thin: bool) -> tuple[float, int]:
    """Return the feed's pace, and how many polls it has been calm for."""
    if is_gap:
        return schedule.after_gap(health.pace, listed), 0
    calm = min(health.calm + 1, watch.CALM_POLLS) if new else health.calm
    return health.pace if is_thin else schedule.after_overlap(health.pace), calm
