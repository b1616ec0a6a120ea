"""Is the daemon well? From what it last said of itself, and from what the database counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.rows import Heartbeat, Stats, WaitRow

# A daemon beats every two seconds; a busy machine may hold it up for a while.
SILENT_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Status:
    """The daemon at a glance. ``problems`` says in words what is not well; ``lag_s`` is how long ago it last beat.

    ``waiting_hosts`` asked to be left alone: their feeds are not due.
    """

    is_well: bool
    problems: tuple[str, ...]
    is_running: bool
    pid: int | None
    started: datetime | None
    beat: datetime | None
    lag_s: int | None
    polls_under_way: int
    feeds: int
    due: int
    overdue: int
    failing: int
    pending: int
    failed: int
    unknown: int
    dead: int
    oldest_waiting: datetime | None
    last_error: str | None
    waiting_hosts: tuple[WaitRow, ...] = ()


def status(beat: Heartbeat | None, stats: Stats, now: datetime, waits: Sequence[WaitRow] = ()) -> Status:
    """Judge by the last heartbeat and the numbers."""
    is_running = beat is not None and beat.stopped is None and now - beat.beat <= SILENT_AFTER
    problems = _problems(beat, stats, now)
    return Status(
        is_well=not problems,
        problems=problems,
        is_running=is_running,
        pid=beat.pid if beat and is_running else None,
        started=beat.started if beat else None,
        beat=beat.beat if beat else None,
        lag_s=max(0, round((now - beat.beat).total_seconds())) if beat else None,
        polls_under_way=beat.polls_under_way if beat and is_running else 0,
        feeds=stats.feeds,
        due=stats.due,
        overdue=stats.overdue,
        failing=stats.failing,
        pending=stats.pending,
        failed=stats.failed,
        unknown=stats.unknown,
        dead=stats.dead,
        oldest_waiting=stats.oldest_waiting,
        last_error=beat.last_error if beat else None,
        waiting_hosts=tuple(waits),
    )


def _problems(beat: Heartbeat | None, stats: Stats, now: datetime) -> tuple[str, ...]:
    if beat is None:
        return ("no daemon has run on this database yet",)
    if beat.stopped is not None:
        return ("the daemon was stopped",)
    if now - beat.beat > SILENT_AFTER:
        return (f"the daemon (process {beat.pid}) has been silent for {round((now - beat.beat).total_seconds())} s",)
    found = []
    if beat.is_low_on_disk:
        found.append("the disk is nearly full: nothing is polled until there is room")
    if stats.overdue:
        found.append(f"{stats.overdue} feeds are overdue")
    return tuple(found)
