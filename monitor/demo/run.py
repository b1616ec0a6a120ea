"""Site and daemon together: the site in a thread with a loop of its own, the daemon as `monitor run` runs it."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from monitor import daemon
from monitor.demo.site import Site, drafts, serve

EVERY = timedelta(seconds=4)
# There before the daemon is: its first poll stores them and alerts nobody.
BEFORE = 2
EDIT_EACH = 6

_CONFIG = """
[monitor]
database = "demo.db"
allow_private_networks = true

[[feeds]]
name = "bote"
url = "{base}/feed"
interval = "1s"

[entities.brandt]
type = "person"
label = "Helena Brandt"
aliases = ["Brandt"]

[[rules]]
name = "waffenstillstand"
keywords = ["Waffenstillstand", "Waffenruhe", "Feuerpause"]
severity = "critical"

[[rules]]
name = "sanktionen"
keywords = ["Sanktion"]
severity = "warning"

[[rules]]
name = "brandt"
entities = ["brandt"]
"""

_WELCOME = """A news site was started at {base} and publishes an article every {every:g} s; a daemon polls it each second.
Its rules look for Waffenstillstand, Sanktion (in all their forms) and for Helena Brandt. What they find appears here:
"""


def run_demo(stdout: TextIO = sys.stdout, every: timedelta = EVERY) -> int:
    """Run site and daemon until Ctrl-C; return the daemon's exit status. Nothing is left behind."""
    with tempfile.TemporaryDirectory(prefix="monitor-demo-") as directory, published(every) as site:
        config = Path(directory) / "config.toml"
        config.write_text(_CONFIG.format(base=site.base), encoding="utf-8")
        stdout.write(_WELCOME.format(base=site.base, every=every.total_seconds()))
        stdout.flush()
        status = daemon.run(config, {})
        stdout.write(f"\nThe demo has ended: {len(site.articles)} articles were published. Now your own feeds: `monitor init`\n")
        return status


@contextmanager
def published(every: timedelta, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator[Site]:
    """Publish on loopback while the block runs: an article each ``every``, now and then a correction."""
    site = Site(drafts())
    for age in range(BEFORE, 0, -1):
        site.publish(now() - every * age)
    loop = asyncio.new_event_loop()
    started: asyncio.Future[str] = loop.create_future()
    work = loop.create_task(_publish(site, started, every, now))
    thread = threading.Thread(target=_run, args=(loop, work), name="demo-site")
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(_result(started), loop).result(timeout=30)
        yield site
    finally:
        loop.call_soon_threadsafe(work.cancel)
        thread.join()
        loop.close()


async def _publish(site: Site, started: asyncio.Future[str], every: timedelta, now: Callable[[], datetime]) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(site, started))
        while True:
            await asyncio.sleep(every.total_seconds())
            site.publish(now())
            if len(site.articles) % EDIT_EACH == 0:
                site.edit(now())


async def _result(started: asyncio.Future[str]) -> str:
    return await started


def _run(loop: asyncio.AbstractEventLoop, work: asyncio.Task[None]) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(work)
    except asyncio.CancelledError:
        # That is how the site is told to end.
        return
