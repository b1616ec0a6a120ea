"""The ticks: APScheduler runs each job at its pace, and a watch over the clocks repairs what a jump of the time breaks.

APScheduler follows the wall clock. When that jumps back, its jobs wait for the old time to come again; when it jumps
far forward, it works through every missed run. So the trigger here knows no backlog, and a watch that counts by the
monotonic clock wakes the jobs after a jump.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

WATCH_EVERY_S = 1.0
JUMP = timedelta(seconds=2)


class Ticks:
    """Jobs that run again and again, never twice at once."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        self._now = now
        self._monotonic = monotonic
        self._scheduler: AsyncIOScheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._watch: asyncio.Task[None] | None = None

    def every(self, pace: timedelta, job: Callable[[], Awaitable[None]]) -> None:
        """Run ``job`` at this pace, the first time at once."""
        trigger = _no_backlog(pace)
        self._scheduler.add_job(job, trigger, id=job.__name__, next_run_time=self._now())

    def start(self, on_jump: Callable[[timedelta], Awaitable[None]]) -> None:
        """Begin. ``on_jump`` is told how far the wall clock jumped, after which all jobs run at once."""
        self._scheduler.start()
        self._watch = asyncio.create_task(self._watch_clocks(on_jump))

    def stop(self) -> None:
        """Start no job any more. Those under way go on: their owner waits for them."""
        if self._watch:
            self._watch.cancel()
        if self._scheduler.running:
            self._scheduler.pause()

    def close(self) -> None:
        """End the scheduler; call it when no job is under way."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _watch_clocks(self, on_jump: Callable[[timedelta], Awaitable[None]]) -> None:
        wall, steady = self._now(), self._monotonic()
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            drift = self._now() - wall - timedelta(seconds=self._monotonic() - steady)
            if abs(drift) < JUMP:
                continue
            log.warning("the clock jumped", extra={"by_s": round(drift.total_seconds(), 1)})
            wall, steady = self._now(), self._monotonic()
            await on_jump(drift)
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=self._now())
            self._scheduler.wakeup()


def _no_backlog(pace: timedelta) -> Any:
    from apscheduler.triggers.base import BaseTrigger

    class NoBacklog(BaseTrigger):  # type: ignore[misc]  # the library has no types
        """The next run is one pace after the last, and never in the past."""

        def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
            return now if previous_fire_time is None else max(previous_fire_time + pace, now)

    return NoBacklog()
