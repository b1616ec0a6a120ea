"""The composition root: a config becomes a running whole, and is closed in reverse.

The clock and chance are read here, the environment in ``builders``; every part is given them.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import socket
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from monitor.app import open_store, utc_now
from monitor.app.builders import client_of, lexicon, page_reader, renderer_of, rules_of, sender_of
from monitor.app.dictionaries import WithDictionaries
from monitor.app.examples import refuse_wrong_rules
from monitor.app.late import LateRules
from monitor.app.noise import noise_of
from monitor.app.store_thread import StoreThread
from monitor.config import Config
from monitor.core.route import Router
from monitor.core.schedule import slowest
from monitor.work.fulltext import FullText, Retries
from monitor.work.judging import Judging
from monitor.work.outbox import Outbox
from monitor.work.poll import Poller, Settings

if TYPE_CHECKING:
    from monitor.parse.pool import PageReader, Parser
    from monitor.send.sender import Sender

# The loop gives way whenever it hashes a slice of a feed, and waits so long for the store's thread each time: with Python's own
# 5 ms, a feed of a hundred items held it up for half a second.
SWITCH_S = 0.0005
# So many articles' pages are read at once, beside those of polls.
PAGES_AT_ONCE = 8


def owner_name() -> str:
    """Return a name for this process that no other process has, to sign leases with."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Parts:
    """Everything that depends on the config: replaced as a whole when the config changes."""

    def __init__(self, config: Config, call: StoreThread, parser: Parser, sender: Sender, owner: str, read_page: PageReader) -> None:
        self.config = config
        self.feeds = {feed.name: feed for feed in config.feeds if feed.enabled}
        self.client = client_of(config)
        self.renderer = renderer_of(config)
        self.sender = sender
        self.rules = LateRules(lambda: rules_of(config, lexicon().ready_only()))
        route = Router(config.rules, config.receivers)
        learning = WithDictionaries(call, lambda language: lexicon().dictionary(language))
        texts = FullText(self.client, read_page)
        judge = Judging(rules=self.rules, noise=noise_of, route=route, store=call.store, now=utc_now)
        self.texts = Retries(texts, judge=judge, noise=noise_of, store=call.store, call=learning, now=utc_now)
        self.poller = Poller(
            Settings(owner, config.max_interval, config.alert_first_poll, route.targets(config.default_receivers, "warning")),
            texts=texts,
            fetch=self.client,
            parse=parser,
            rules=self.rules,
            noise=noise_of,
            route=route,
            store=call.store,
            call=learning,
            now=utc_now,
            chance=random.random,
        )
        self.pages = self.poller.pages(lambda span: asyncio.sleep(span.total_seconds()))

    async def close(self) -> None:
        """Close connections and end the sender's children."""
        await self.client.close()
        await self.sender.close()


class Running:
    """A store, its thread, the parser and the outbox, living in one event loop; and the parts, which take longer to load."""

    def __init__(self, config: Config, call: StoreThread, parser: Parser, sender: Sender) -> None:
        self.owner = owner_name()
        self.call = call
        self.store = call.store
        self.parser = parser
        self._config = config
        self._sender = sender
        self._parts: Parts | None = None
        self.read_page = page_reader()
        self.outbox = Outbox(
            self.owner,
            render=renderer_of(config),
            send=sender,
            store=call.store,
            call=call.first,
            now=utc_now,
            chance=random.random,
        )

    @property
    def parts(self) -> Parts:
        """Return the parts, once they are loaded."""
        assert self._parts, "complete() comes first"
        return self._parts

    def assemble(self) -> None:
        """Load the parts, without what only new items need."""
        self._parts = Parts(self._config, self.call, self.parser, self._sender, self.owner, self.read_page)

    async def complete(self) -> None:
        """Load the parts with the rules, in a thread: what was left over can be sent meanwhile."""
        await asyncio.to_thread(self.assemble)
        await asyncio.to_thread(self.parts.rules.load)
        # Config and rules live as long as we do: the collector need not walk over them again and again, in the loop's time.
        gc.freeze()

    async def introduce(self) -> None:
        """Tell the store which feeds and addresses the config has now.

        A feed whose interval became shorter is due by the new one; so is one that a wrong clock set too far ahead.
        """
        config = self._config
        now = utc_now()
        await self.call(self.store.sync_feeds, config.feeds, now)
        await self.call(self.store.sync_comments, config.feeds, now)
        longest = {feed.name: slowest(feed.interval, config.max_interval) for feed in config.feeds}
        await self.call(self.store.clamp_times, now, longest)
        await self.call(self.store.reroute, config.targets, now)

    def parts_of(self, config: Config) -> Parts:
        """Build other parts, to ``swap`` to."""
        parts = Parts(config, self.call, self.parser, sender_of(config), self.owner, self.read_page)
        parts.rules.load()
        return parts

    async def swap(self, parts: Parts) -> Parts:
        """Work with other parts from now on; return the old ones, to be closed when their work has ended."""
        old, self._parts, self._config = self.parts, parts, parts.config
        self.outbox.replace(parts.renderer, parts.sender)
        await self.introduce()
        return old

    async def close(self) -> None:
        """End all children and connections, then the store."""
        await (self._parts.close() if self._parts else self._sender.close())
        await self.parser.close()
        await self.read_page.close()
        self.call.close()


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[Running]:
    """Open everything for one pass, and close it afterwards. Raises ``StoreError``, ``ConfigError``.

    Rules, templates and children are left to the first that needs them: most passes bring nothing new.
    """
    async with opened(config, _check_examples) as whole:
        whole.assemble()
        gc.freeze()
        yield whole


async def _check_examples(config: Config, _: Parser, __: Sender) -> None:
    refuse_wrong_rules(config, lexicon)


@asynccontextmanager
async def opened(config: Config, prepare: Callable[[Config, Parser, Sender], Awaitable[None]]) -> AsyncIterator[Running]:
    """Open what delivers need; what polls need as well waits for ``complete``.

    ``prepare`` refuses what is wrong, before the database is touched, and may start children. Raises ``StoreError``, ``ConfigError``.
    """
    from monitor.parse.pool import Parser

    sys.setswitchinterval(SWITCH_S)
    async with AsyncExitStack() as unfinished:
        parser, sender = Parser(), sender_of(config)
        unfinished.push_async_callback(parser.close)
        unfinished.push_async_callback(sender.close)
        await prepare(config, parser, sender)
        call = StoreThread(open_store(config, create=True))
        unfinished.callback(call.close)
        whole = Running(config, call, parser, sender)
        unfinished.pop_all()
    try:
        await whole.introduce()
        yield whole
    finally:
        await whole.close()
