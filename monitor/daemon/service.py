"""What the daemon does at each tick: poll what is due, send what is due, look after the database and itself."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from monitor.app.composition import PAGES_AT_ONCE, Parts, Running
from monitor.core.model import Feed
from monitor.core.repair import Repair
from monitor.core.rows import Heartbeat
from monitor.core.state import FeedState
from monitor.core.teaser import Claimed
from monitor.errors import StoreError
from monitor.work import pages
from monitor.work.comments import feed_of
from monitor.work.poll import is_unproven
from monitor.work.rounds import AT_ONCE, LEASE

log = logging.getLogger(__name__)

T = TypeVar("T")

# Below this much free disk nothing is polled, so that what is known can still be told and recorded.
MIN_FREE_BYTES = 200_000_000
MIN_FREE_SHARE = 0.05
PAUSE_AFTER_STORE_ERROR_S = 5.0
# So many polls may wait for each slot: those that wait for a busy host must not keep the free ones from being used.
WAITING = 5
# So much earlier are those asked who are known to answer: long enough to read them.
HEAD_START_S = 0.1
# So much of all slots comment feeds may take.
COMMENTS_SHARE = 0.25
# Nobody waits longer for a stop.
POLL_PATIENCE_S = 2.0
SEND_PATIENCE_S = 4.0


class Service:
    """The work of a daemon, without its scheduler and signals."""

    def __init__(self, whole: Running, now: Callable[[], datetime], started: datetime) -> None:
        self._whole = whole
        self._now = now
        self._started = started
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._pages: set[asyncio.Task[None]] = set()
        self._paused_until = 0.0
        self._is_stopping = False
        self._is_low_on_disk = False
        self._last_error: str | None = None
        self.failure: StoreError | None = None
        self._identity = whole.store.file_identity()
        self._repairs: dict[str, asyncio.Task[None]] = {}
        # Of configs before, as long as something is under way with them.
        self._old_parts: list[Parts] = []
        self._sends: set[asyncio.Task[None]] = set()
        whole.outbox.on_ended = self._send_more

    async def begin(self) -> None:
        """Take back what a daemon before us left claimed."""
        await self._whole.call(self._whole.store.release_all_leases, self._now())
        await self._whole.call(self._whole.store.release_repairs)

    async def poll_due(self) -> None:
        """Claim due feeds and start their polls."""
        parts = self._whole.parts
        free = WAITING * parts.config.concurrency - len(self._polls)
        if free <= 0 or self._is_stopping or self._is_low_on_disk or time.monotonic() < self._paused_until:
            return
        now = self._now()
        claimed = await self._guarded(self._whole.store.claim_due, now, now + LEASE, self._whole.owner, free) or ()
        # Those known to answer go first: after a start all are due at once.
        proven = [state for state in claimed if not is_unproven(state)]
        unproven = [state for state in claimed if is_unproven(state)]
        await self._start(parts, proven)
        if proven and unproven:
            await asyncio.sleep(HEAD_START_S)
        await self._start(parts, unproven)
        await self._poll_comments(parts, now)

    async def _poll_comments(self, parts: Parts, now: datetime) -> None:
        """Claim due comment feeds and start their polls: thousands of them never take more than a share of the slots."""
        under_way = sum("/" in name for name in self._polls)
        free = max(int(parts.config.concurrency * COMMENTS_SHARE), 1) - under_way
        if free <= 0:
            return
        store = self._whole.store
        await self._start(parts, await self._guarded(store.claim_comments, now, now + LEASE, self._whole.owner, free) or ())

    async def read_pages(self) -> None:
        """Go on reading the articles' pages that could not be had, or had no turn, when their items were polled."""
        if self._is_stopping or self._is_low_on_disk or time.monotonic() < self._paused_until:
            return
        parts = self._whole.parts
        if (free := PAGES_AT_ONCE - len(self._pages)) <= 0:
            return
        try:
            claimed = await parts.texts.claim(parts.feeds, free)
        except StoreError as error:
            self._note(error)
            return
        for one in claimed:
            # Each on its own: one may take half a minute, and a stop waits for none.
            task = asyncio.create_task(self._read_page(parts, one))
            self._pages.add(task)
            task.add_done_callback(self._pages.discard)

    async def _read_page(self, parts: Parts, claimed: Claimed) -> None:
        try:
            committed = await parts.texts.read(parts.feeds[claimed.item.feed], claimed)
            if committed.deliveries:
                await self.send_due()
        except StoreError as error:
            self._note(error)
        except Exception:
            # As with polls: what one page does to us is no reason to stop.
            log.exception("reading a page ended by an error of ours", extra={"feed": claimed.item.feed})

    async def repair_due(self) -> None:
        """Start to look for what gaps hide, on older pages."""
        if self._is_stopping or self._is_low_on_disk or time.monotonic() < self._paused_until or len(self._repairs) >= pages.AT_ONCE:
            return
        parts = self._whole.parts
        try:
            gaps = await parts.pages.claim(parts.feeds, self._repairs)
        except StoreError as error:
            self._note(error)
            return
        for gap in gaps:
            self._repairs[gap.name] = asyncio.create_task(self._repair(parts, gap))

    async def send_due(self) -> None:
        """Start sending due deliveries."""
        if self._is_stopping:
            return
        try:
            await self._whole.outbox.step()
        except StoreError as error:
            self._note(error)

    def _send_more(self) -> None:
        # At once, not at the next tick: a channel with a thousand messages would need minutes.
        task = asyncio.create_task(self.send_due())
        self._sends.add(task)
        task.add_done_callback(self._sends.discard)

    async def look_after(self) -> None:
        """Beat, and look at the disk and at the database file."""
        if self._whole.store.file_identity() != self._identity:
            self.failure = StoreError("the database file was replaced or removed while the daemon ran; start it again")
            return
        directory = self._whole.parts.config.database.parent
        usage = shutil.disk_usage(directory)
        is_low = usage.free < min(MIN_FREE_BYTES, usage.total * MIN_FREE_SHARE)
        if is_low and not self._is_low_on_disk:
            log.error("the disk is nearly full: nothing is polled until there is room", extra={"free_bytes": usage.free})
        self._is_low_on_disk = is_low
        await self._guarded(self._whole.store.beat, self._heartbeat())

    async def keep_house(self) -> None:
        """Forget texts that are older than the config wants them kept."""
        before = self._now() - self._whole.parts.config.retention
        forgotten = await self._guarded(self._whole.store.prune, before)
        if forgotten:
            log.info("old texts forgotten", extra={"items": forgotten})

    async def after_jump(self, drift: timedelta) -> None:
        """Move what is due by a clock that jumped back; after a jump forward it is due anyway."""
        if drift < timedelta():
            await self._guarded(self._whole.store.shift_times, drift)

    async def use(self, parts: Parts) -> None:
        """Go over to a new config; the old parts are closed when the polls under way with them have ended."""
        under_way = [*self._polls.values(), *self._repairs.values(), *self._pages]
        old = await self._whole.swap(parts)
        self._old_parts.append(old)
        if under_way:
            await asyncio.wait(under_way, timeout=parts.config.timeout.total_seconds())
        while not self._whole.outbox.is_idle:
            await self._whole.outbox.wait()
        self._old_parts.remove(old)
        await old.close()

    async def stop(self) -> None:
        """Finish what ends soon, give back the rest."""
        self._is_stopping = True
        for task in self._repairs.values():
            # What is read is committed; the next start goes on at the same page.
            task.cancel()
        await asyncio.gather(*self._repairs.values(), return_exceptions=True)
        for task in self._pages:
            task.cancel()
        await asyncio.gather(*self._pages, return_exceptions=True)
        if self._polls:
            _, late = await asyncio.wait(self._polls.values(), timeout=POLL_PATIENCE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._whole.outbox.close(SEND_PATIENCE_S)
        # We were told to stop in the middle of going over to a new config.
        for parts in self._old_parts:
            await parts.close()
        now = self._now()
        await self._guarded(self._whole.store.release_feed_leases, self._whole.owner, now)
        await self._guarded(self._whole.store.release_repairs, self._whole.owner)
        await self._guarded(self._whole.store.stand_down, now)

    async def _start(self, parts: Parts, states: Sequence[FeedState]) -> None:
        for number, state in enumerate(states):
            feed = _feed(parts, state)
            if feed is not None and state.name not in self._polls and not self._is_stopping:
                self._polls[state.name] = asyncio.create_task(self._poll(parts, feed, state))
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)

    async def _poll(self, parts: Parts, feed: Feed, state: FeedState) -> None:
        try:
            report = await parts.poller.poll(feed, state)
            if report.committed.deliveries:
                await self.send_due()
        except StoreError as error:
            self._note(error)
        except Exception:
            # One of the two loops that must live: whatever one feed does to us, the others go on.
            log.exception("poll ended by an error of ours", extra={"feed": feed.name})
        finally:
            self._polls.pop(state.name, None)

    async def _repair(self, parts: Parts, gap: Repair) -> None:
        try:
            walked = await parts.pages.repair(parts.feeds[gap.name], gap)
            if walked.committed.deliveries:
                await self.send_due()
        except StoreError as error:
            self._note(error)
        except Exception:
            # As with polls: what one site does to us is no reason to stop.
            log.exception("repair ended by an error of ours", extra={"feed": gap.name})
        finally:
            self._repairs.pop(gap.name, None)

    async def _guarded(self, function: Callable[..., T], *args: object) -> T | None:
        try:
            return await self._whole.call(function, *args)
        except StoreError as error:
            self._note(error)
            return None

    def _note(self, error: StoreError) -> None:
        log.error("the database refused", extra={"reason": str(error)})
        self._last_error = str(error)
        self._paused_until = time.monotonic() + PAUSE_AFTER_STORE_ERROR_S

    def _heartbeat(self) -> Heartbeat:
        return Heartbeat(
            pid=os.getpid(),
            owner=self._whole.owner,
            started=self._started,
            beat=self._now(),
            config=str(self._whole.parts.config.path),
            polls_under_way=len(self._polls),
            is_low_on_disk=self._is_low_on_disk,
            last_error=self._last_error,
        )


def _feed(parts: Parts, state: FeedState) -> Feed | None:
    """Return the feed of a state: one of the config, or the comments of an article of one; None: the config has it no more."""
    if state.watch is None:
        return parts.feeds.get(state.name)
    owner = parts.feeds.get(state.watch.owner_name)
    return feed_of(state, owner) if owner else None
