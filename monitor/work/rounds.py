"""One pass over many feeds: claim, poll, report."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from monitor.core.model import Feed
from monitor.core.state import FeedState
from monitor.errors import StoreError
from monitor.work.comments import feed_of
from monitor.work.poll import Poller, PollReport
from monitor.work.ports import Call

log = logging.getLogger(__name__)

# Longer than any poll may take, with the wait for a slot at a busy host; a daemon's start ends the leases of a dead one.
LEASE = timedelta(minutes=10)
BATCH = 500
# So many polls are started in one turn of the loop: five hundred would hold it up.
AT_ONCE = 10


class RoundStore(Protocol):
    """What a pass asks of the store."""

    def claim_named(self, names: list[str], now: datetime, lease_until: datetime, owner: str) -> list[FeedState]: ...

    def claim_comments(self, now: datetime, lease_until: datetime, owner: str, limit: int, owners: Collection[str]) -> list[FeedState]: ...


async def poll_round(
    store: RoundStore,
    call: Call,
    poller: Poller,
    feeds: Mapping[str, Feed],
    owner: str,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None] | None = None,
) -> list[PollReport]:
    """Poll every one of ``feeds`` once, due or not; one that another process polls right now is left out."""
    reports: list[PollReport] = []
    names = list(feeds)
    for start in range(0, len(names), BATCH):
        at = now()
        states = await call(store.claim_named, names[start : start + BATCH], at, at + LEASE, owner)
        polls = []
        for number, state in enumerate(states):
            polls.append(asyncio.create_task(_poll(poller, feeds[state.name], state)))
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        for done in asyncio.as_completed(polls):
            reports.append(await done)
            if progress:
                progress(len(reports), len(feeds))
    return reports


async def comments_round(
    store: RoundStore, call: Call, poller: Poller, feeds: Mapping[str, Feed], owner: str, now: Callable[[], datetime]
) -> list[PollReport]:
    """Poll every comment feed of ``feeds`` that is due, each once; of one site one after the other."""
    reports: list[PollReport] = []
    begun, seen = now(), set[str]()
    while feeds:
        states = await call(store.claim_comments, begun, now() + LEASE, owner, BATCH, list(feeds))
        # One that is due again by a hint of the others waits for the next round.
        fresh = [state for state in states if state.watch and state.name not in seen]
        if not fresh:
            return reports
        seen.update(state.name for state in fresh)
        polls = [_poll(poller, feed_of(state, feeds[state.watch.owner_name]), state) for state in fresh if state.watch]
        reports += await asyncio.gather(*polls)
    return reports


async def _poll(poller: Poller, feed: Feed, state: FeedState) -> PollReport:
    try:
        return await poller.poll(feed, state)
    except StoreError:
        raise
    except Exception as error:
        # A loop that must live, as the daemon's: whatever one feed does to us, the others go on.
        log.exception("poll ended by an error of ours", extra={"feed": feed.name})
        return PollReport(feed.name, "failed", error=f"an error of ours: {type(error).__name__}")
