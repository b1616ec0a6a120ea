"""The composition root: a config becomes a running whole, and is closed in reverse.

Only here are the environment, the clock and chance read; every part is given them. Heavy libraries are
imported where a part is built, so that a command that only reads the database starts fast.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import socket
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from monitor.app import open_store, utc_now
from monitor.app.dictionaries import WithDictionaries, maker
from monitor.app.examples import refuse_wrong_rules
from monitor.app.late import LateRules
from monitor.app.noise import noise_of
from monitor.app.sources import user_agent
from monitor.app.store_thread import StoreThread
from monitor.config import Config
from monitor.core import noise
from monitor.core.delivery import Receipt
from monitor.core.document import NotModified, Parsed
from monitor.core.model import Feed, StoredItem, Target
from monitor.core.route import Router
from monitor.core.schedule import slowest
from monitor.core.state import Validators
from monitor.core.verdict import Subject, Verdict
from monitor.errors import DictionaryMissing, FetchError, NotFound
from monitor.work import backfill as backfilling
from monitor.work.archive import Span
from monitor.work.fulltext import FullText, Retries
from monitor.work.judging import Judging
from monitor.work.outbox import Delivered, Outbox
from monitor.work.poll import Poller, Settings
from monitor.work.subject import subject
from monitor.work.summary import BackfillSummary, PollSummary

if TYPE_CHECKING:
    from monitor.fetch.client import Client
    from monitor.match.engine import Engine
    from monitor.match.forms.lexicon import Lexicon
    from monitor.parse.pool import PageReader, Parser
    from monitor.render import Renderer
    from monitor.send.known import KnownAddresses
    from monitor.send.sender import Sender
    from monitor.store import Store

T = TypeVar("T")

# The loop gives way whenever it hashes a slice of a feed, and waits so long for the store's thread each time: with Python's own
# 5 ms, a feed of a hundred items held it up for half a second.
SWITCH_S = 0.0005
# So many articles' pages are read at once, beside those of polls.
PAGES_AT_ONCE = 8


def owner_name() -> str:
    """Return a name for this process that no other process has, to sign leases with."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def lexicon() -> Lexicon:
    """Open the dictionary of inflected forms, which is built once a machine, in the user's cache directory."""
    return _lexicon(cache_directory())


@cache
def _lexicon(directory: Path) -> Lexicon:
    # Once a process: what checks the rules and what runs them read the same dictionaries.
    from monitor.match.forms.lexicon import Lexicon

    return Lexicon.open(directory, on_make=_say_that_it_is_made, make=maker())


def _say_that_it_is_made(language: str) -> None:
    # On standard error, not in the log: who waits at a terminal is to know why, and the output of a command stays what it is.
    seconds = "10 to 20" if language == "de" else "a few"
    print(f"making the dictionary of word forms ({language}), once on this machine: {seconds} seconds", file=sys.stderr, flush=True)


def cache_directory() -> Path:
    """Return the directory for what is made once a machine and can be made again."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    # A service user may have no home at all.
    root = Path(cache) if os.access(Path(cache).parent, os.W_OK) else Path(tempfile.gettempdir())
    return root / "feedmonitor"


def rules_of(config: Config, words: Lexicon) -> Engine:
    """Compile the rules, for the languages of the feeds at once; the dictionaries of these are made if need be."""
    from monitor.match.engine import Engine

    engine = Engine(config.rules, config.entities, words)
    for language in {config.language, *(feed.language for feed in config.feeds)}:
        try:
            engine.warm(language)
        except DictionaryMissing as missing:
            lexicon().dictionary(missing.language)
            engine.warm(language)
    return engine


def renderer_of(config: Config) -> Renderer:
    """Build the renderer: the user's templates before the shipped ones."""
    from monitor import resources
    from monitor.render import Renderer

    return Renderer((config.templates, resources.templates()), language=config.language, timezone=config.timezone)


def client_of(config: Config) -> Client:
    """Build the HTTP client."""
    from monitor.fetch.client import Client, Limits

    limits = Limits(
        concurrency=config.concurrency,
        per_host=config.per_host,
        timeout=config.timeout,
        max_body_bytes=config.max_body_bytes,
        allow_private_networks=config.allow_private_networks,
    )
    return Client(limits, user_agent=user_agent(config), now=utc_now)


def sender_of(config: Config) -> Sender:
    """Build the sender. What ``console`` prints goes to standard output."""
    from monitor.send.sender import Sender

    return Sender(config.receivers, stdout=sys.stdout, services=lambda: known_addresses().read())


def known_addresses() -> KnownAddresses:
    """Return what was learned of receivers' addresses on this machine."""
    from monitor.send.known import KnownAddresses

    return KnownAddresses(cache_directory())


def page_reader() -> PageReader:
    """Build the reader of articles' pages; its child starts with the first of them."""
    from monitor.parse.pool import PageReader

    return PageReader()


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


def poll_once(config: Config, names: Sequence[str], *, deliver: bool, progress: Callable[[int, int], None] | None = None) -> PollSummary:
    """Poll the named feeds, or all that may be asked now, once, due or not; ``deliver``: then send what is due.

    ``progress`` is told how many feeds of how many are done. Raises ``NotFound`` for a name that the config does not have.
    """
    return asyncio.run(_poll_once(config, names, progress, deliver=deliver))


async def _poll_once(config: Config, names: Sequence[str], progress: Callable[[int, int], None] | None, *, deliver: bool) -> PollSummary:
    from monitor.work.rounds import comments_round, poll_round
    from monitor.work.summary import summarise

    known = {feed.name for feed in config.feeds}
    if missing := [name for name in names if name not in known]:
        raise NotFound(f"no such feed: {', '.join(missing)}; `monitor feeds list` shows those there are")
    async with running(config) as whole:
        alone = await whole.call(whole.store.left_alone, utc_now())
        feeds = {feed.name: feed for feed in config.feeds if (feed.name in names if names else feed.enabled and feed.name not in alone)}
        reports = await poll_round(whole.store, whole.call, whole.parts.poller, feeds, whole.owner, utc_now, progress)
        reports += await comments_round(whole.store, whole.call, whole.parts.poller, feeds, whole.owner, utc_now)
        repaired = await whole.parts.pages.repair_all(feeds)
        read = await whole.parts.texts.read_all(feeds, PAGES_AT_ONCE)
        delivered = await whole.outbox.drain() if deliver else Delivered()
        waiting = await whole.call(whole.store.count_undelivered)
        return summarise(feeds, reports, delivered, waiting, [*(one.committed for one in repaired), *read])


def backfill(config: Config, rules: Sequence[str], span: Span, *, deliver: bool, progress: Callable[[int], None]) -> BackfillSummary:
    """Run stored items through the rules, or through the named ones; ``deliver``: alert, and send at once."""
    chosen = _only(config, rules)
    known = {feed.name for feed in config.feeds}
    if missing := [name for name in span.feeds if name not in known]:
        raise NotFound(f"no such feed: {', '.join(missing)}")
    refuse_wrong_rules(chosen, lexicon)
    router = Router(chosen.rules, chosen.receivers) if deliver else None
    feeds = {feed.name: feed for feed in config.feeds}
    with open_store(config, create=False) as store:
        summary = backfilling.backfill(store, rules_of(chosen, lexicon()), noise_of, router, feeds, span, utc_now(), progress)
    if deliver:
        asyncio.run(_drain(config))
    return summary


async def _drain(config: Config) -> Delivered:
    async with running(config) as whole:
        return await whole.outbox.drain()


def explain(config: Config, store: Store, item: StoredItem, rule: str | None) -> tuple[Subject, tuple[Verdict, ...]]:
    """Return what the rules look at in a stored item, and why each, or the named one, does or does not match it."""
    chosen = _only(config, [rule] if rule else [])
    feed = next((feed for feed in config.feeds if feed.name == item.feed), None)
    settings = noise_of(feed) if feed else noise.Settings()
    looked_at = subject(item.item, item.feed, item.kind, feed, store.learned_of(item.feed), settings)
    return looked_at, backfilling.explain(rules_of(chosen, lexicon()), looked_at, [rule] if rule else [])


async def read_feed(client: Client, parser: Parser, feed: Feed) -> Parsed:
    """Visit a feed and read it. Raises ``FetchError``, ``ParseError``."""
    answer = await client(feed, Validators())
    if isinstance(answer, NotModified):
        raise FetchError("protocol", "304 though nothing was asked to compare with")
    return await parser(answer, is_suspect=False)


def send_sample(config: Config, receiver: str) -> tuple[tuple[Target, Receipt], ...]:
    """Send a sample alert to every address of a receiver, the way real ones go. Raises ``NotFound``."""
    chosen = next((one for one in config.receivers if one.name == receiver), None)
    if chosen is None:
        names = ", ".join(one.name for one in config.receivers)
        raise NotFound(f"no such receiver: {receiver}; the config has {names}")
    return asyncio.run(_send_sample(config, [target for target, _ in chosen.urls]))


async def _send_sample(config: Config, targets: Sequence[Target]) -> tuple[tuple[Target, Receipt], ...]:
    from monitor.core.sample import sample_alert

    message = renderer_of(config)(sample_alert(utc_now(), config.language))
    sender = sender_of(config)
    try:
        return tuple([(target, await sender(message, target)) for target in targets])
    finally:
        await sender.close()


def _only(config: Config, rules: Sequence[str]) -> Config:
    from dataclasses import replace

    known = {rule.name for rule in config.rules}
    if missing := [name for name in rules if name not in known]:
        raise NotFound(f"no such rule: {', '.join(missing)}; the config has {', '.join(sorted(known)) or 'none'}")
    return replace(config, rules=tuple(rule for rule in config.rules if not rules or rule.name in rules))
