"""Walk back through older pages of feeds because somebody asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from monitor.app import utc_now
from monitor.app.composition import running
from monitor.app.passes import refuse_unknown
from monitor.config import Config
from monitor.core import moves
from monitor.work.pages import Walked
from monitor.work.rounds import LEASE


def walk_pages(config: Config, names: Sequence[str], pages: int, progress: Callable[[int, int], None]) -> list[Walked]:
    """Walk back over up to ``pages`` older pages of the named feeds, or of all enabled ones; nobody is told of what is found.

    ``progress`` is told how many pages of how many are done. Raises ``NotFound`` for a name that the config does not have.
    """
    refuse_unknown(config, names)
    return asyncio.run(_walk(config, names, pages, progress))


async def _walk(config: Config, names: Sequence[str], pages: int, progress: Callable[[int, int], None]) -> list[Walked]:
    feeds = {feed.name: feed for feed in config.feeds if (feed.name in names if names else feed.enabled)}
    walked: list[Walked] = []
    async with running(config) as whole:
        now = utc_now()
        # As long as we walk, nobody else polls these feeds: the site is visited by one of us at a time.
        states = await whole.call(whole.store.claim_named, list(feeds), now, now + LEASE, whole.owner)
        try:
            for number, state in enumerate(states):

                def told(done: int, before: int = number * pages) -> None:
                    progress(before + done, len(states) * pages)

                feed = moves.visited(feeds[state.name], state.health.moved_to)
                walked.append(await whole.parts.pages.walk(feed, state.id, pages, told))
                progress((number + 1) * pages, len(states) * pages)
        finally:
            await whole.call(whole.store.release_feed_leases, whole.owner, now)
    busy = sorted(feeds.keys() - {one.feed for one in walked})
    return [*walked, *(Walked(name, error="another process polls it right now; try again") for name in busy)]
