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
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from monitor import __version__
from monitor.app import open_store, utc_now
from monitor.app.store_thread import StoreThread
from monitor.config import Config
from monitor.core.model import Feed, NotModified, Parsed, Receipt, StoredItem, Target, Validators
from monitor.core.route import Router
from monitor.core.rule import Verdict
from monitor.errors import FetchError, NotFound, ParseError
from monitor.work import backfill as backfilling
from monitor.work.outbox import Delivered, Outbox
from monitor.work.poll import Poller, Settings
from monitor.work.summary import BackfillSummary, PollSummary

if TYPE_CHECKING:
    from monitor.fetch.client import Client
    from monitor.match.engine import Engine
    from monitor.match.lexicon import Lexicon
    from monitor.parse.pool import Parser
    from monitor.render import Renderer
    from monitor.send.sender import Sender

T = TypeVar("T")

USER_AGENT = f"feedmonitor/{__version__} (feed reader)"


def owner_name() -> str:
    """Return a name for this process that no other process has, to sign leases with."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def lexicon() -> Lexicon:
    """Open the dictionary of inflected forms, which is built once a machine, in the user's cache directory."""
    from monitor.match.lexicon import Lexicon

    return Lexicon.open(_cache())


def _cache() -> Path:
    """Return the directory for what is made once a machine and can be made again."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    # A service user may have no home at all.
    root = Path(cache) if os.access(Path(cache).parent, os.W_OK) else Path(tempfile.gettempdir())
    return root / "feedmonitor"


def rules_of(config: Config) -> Engine:
    """Compile the rules."""
    from monitor.match.engine import Engine

    languages = {config.language, *(feed.language for feed in config.feeds)}
    return Engine(config.rules, config.entities, lexicon(), languages)


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
    return Client(limits, user_agent=USER_AGENT, now=utc_now)


def sender_of(config: Config) -> Sender:
    """Build the sender. What ``console`` prints goes to standard output."""
    from monitor.send.sender import Sender

    return Sender(config.receivers, stdout=sys.stdout)


class Parts:
    """Everything that depends on the config: replaced as a whole when the config changes."""

    def __init__(self, config: Config, call: StoreThread, parser: Parser, sender: Sender, owner: str) -> None:
        self.config = config
        self.feeds = {feed.name: feed for feed in config.feeds if feed.enabled}
        self.client = client_of(config)
        self.renderer = renderer_of(config)
        self.sender = sender
        self.poller = Poller(
            Settings(owner, config.max_interval, config.alert_first_poll),
            fetch=self.client,
            parse=parser,
            rules=rules_of(config),
            route=Router(config.rules, config.receivers),
            store=call.store,
            call=call,
            now=utc_now,
            chance=random.random,
        )

    async def close(self) -> None:
        """Close connections and end the sender's children."""
        await self.client.close()
        await self.sender.close()


class Running:
    """A store, its thread, the parser and the parts, living in one event loop."""

    def __init__(self, config: Config, call: StoreThread, parser: Parser, sender: Sender) -> None:
        self.owner = owner_name()
        self.call = call
        self.store = call.store
        self.parser = parser
        self.parts = Parts(config, call, parser, sender, self.owner)
        self.outbox = Outbox(
            self.owner,
            render=self.parts.renderer,
            send=self.parts.sender,
            store=call.store,
            call=call.first,
            now=utc_now,
            chance=random.random,
        )

    async def introduce(self) -> None:
        """Tell the store which feeds and addresses the config has now.

        A feed whose interval became shorter is due by the new one; so is one that a wrong clock set too far ahead.
        """
        config = self.parts.config
        now = utc_now()
        await self.call(self.store.sync_feeds, config.feeds, now)
        await self.call(self.store.clamp_times, now, {feed.name: feed.interval for feed in config.feeds})
        targets = {one.name: tuple(target for target, _ in one.urls) for one in config.receivers}
        await self.call(self.store.reroute, targets, now)

    def parts_of(self, config: Config) -> Parts:
        """Build other parts, to ``swap`` to."""
        return Parts(config, self.call, self.parser, sender_of(config), self.owner)

    async def swap(self, parts: Parts) -> Parts:
        """Work with other parts from now on; return the old ones, to be closed when their work has ended."""
        old, self.parts = self.parts, parts
        self.outbox.replace(parts.renderer, parts.sender)
        await self.introduce()
        return old

    async def close(self) -> None:
        """End all children and connections, then the store."""
        await self.parts.close()
        await self.parser.close()
        self.call.close()


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[Running]:
    """Open everything that polls and delivers need, and close it afterwards. Raises ``StoreError``, ``ConfigError``."""
    from monitor.parse.pool import Parser

    call = StoreThread(open_store(config, create=True))
    parser, sender = Parser(), sender_of(config)
    try:
        # Children get ready while we load what we need ourselves: the first alert after a start comes a second sooner.
        await parser.warm()
        await sender.warm()
        whole = Running(config, call, parser, sender)
    except BaseException:
        await sender.close()
        await parser.close()
        call.close()
        raise
    try:
        await whole.introduce()
        # Config and rules live as long as we do: the collector need not walk over them again and again, in the loop's time.
        gc.collect()
        gc.freeze()
        yield whole
    finally:
        await whole.close()


def poll_once(config: Config, names: Sequence[str], *, deliver: bool, progress: Callable[[int, int], None] | None = None) -> PollSummary:
    """Poll the named feeds, or all, once, due or not; ``deliver``: then send what is due.

    ``progress`` is told how many feeds of how many are done. Raises ``NotFound`` for a name that the config does not have.
    """
    return asyncio.run(_poll_once(config, names, progress, deliver=deliver))


async def _poll_once(config: Config, names: Sequence[str], progress: Callable[[int, int], None] | None, *, deliver: bool) -> PollSummary:
    from monitor.work.rounds import poll_round
    from monitor.work.summary import summarise

    known = {feed.name for feed in config.feeds}
    if missing := [name for name in names if name not in known]:
        raise NotFound(f"no such feed: {', '.join(missing)}; `monitor feeds list` shows those there are")
    async with running(config) as whole:
        feeds = {feed.name: feed for feed in config.feeds if (feed.name in names if names else feed.enabled)}
        reports = await poll_round(whole.store, whole.call, whole.parts.poller, feeds, whole.owner, utc_now, progress)
        delivered = await whole.outbox.drain() if deliver else Delivered()
        waiting = await whole.call(whole.store.count_undelivered)
        return summarise(reports, delivered, waiting)


def backfill(
    config: Config, rules: Sequence[str], span: backfilling.Span, *, deliver: bool, progress: Callable[[int], None]
) -> BackfillSummary:
    """Run stored items through the rules, or through the named ones; ``deliver``: alert, and send at once."""
    chosen = _only(config, rules)
    known = {feed.name for feed in config.feeds}
    if missing := [name for name in span.feeds if name not in known]:
        raise NotFound(f"no such feed: {', '.join(missing)}")
    router = Router(chosen.rules, chosen.receivers) if deliver else None
    feeds = {feed.name: feed for feed in config.feeds}
    with open_store(config, create=False) as store:
        summary = backfilling.backfill(store, rules_of(chosen), router, feeds, span, utc_now(), progress)
    if deliver:
        asyncio.run(_drain(config))
    return summary


async def _drain(config: Config) -> Delivered:
    async with running(config) as whole:
        return await whole.outbox.drain()


def explain(config: Config, item: StoredItem, rule: str | None) -> tuple[Verdict, ...]:
    """Return why each rule, or the named one, did or did not match a stored item."""
    chosen = _only(config, [rule] if rule else [])
    feed = next((feed for feed in config.feeds if feed.name == item.feed), None)
    return backfilling.explain(rules_of(chosen), item, feed, [rule] if rule else [])


async def _read(client: Client, parser: Parser, feed: Feed) -> Parsed:
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


def problems(config: Config) -> list[str]:
    """Return what is wrong with a config that reads well: rules' own examples, templates, Apprise addresses.

    Each as ``FILE:LINE: PATH: what is wrong``. Nothing is fetched or sent.
    """
    from monitor.match.engine import check_rules

    at = config.lines.at
    index = {rule.name: number for number, rule in enumerate(config.rules)}
    found = []
    for problem in check_rules(config.rules, config.entities, lexicon(), config.language):
        path = f"rules[{index[problem.rule]}].{problem.key}"
        found.append(f"{at(path)}: {path}: {problem.message}")
    for name, number in {rule.template: number for number, rule in enumerate(config.rules)}.items():
        path = f"rules[{number}].template"
        found += [f"{at(path)}: {path}: {message}" for message in renderer_of(config).check([name])]
    for target, message in asyncio.run(_unknown_addresses(config)):
        path = f"receivers.{target.receiver}.urls"
        found.append(f"{at(path)}: {path}: {target.label}: {message}")
    return found


async def _unknown_addresses(config: Config) -> tuple[tuple[Target, str], ...]:
    from monitor.send.known import KnownAddresses

    kept = KnownAddresses(_cache())
    known, ids = kept.read(), {target.url_id for receiver in config.receivers for target, _ in receiver.urls}
    sender = sender_of(config)
    try:
        unknown = await sender.describe(known)
    finally:
        await sender.close()
    if right := ids - {target.url_id for target, _ in unknown} - known:
        kept.write(known | right)
    return unknown


def online_problems(config: Config) -> list[str]:
    """Visit every enabled feed, and look up the hosts of receivers; return what failed."""
    return asyncio.run(_online_problems(config))


async def _online_problems(config: Config) -> list[str]:
    from monitor.parse.pool import Parser

    client, parser = client_of(config), Parser()
    found = []

    async def look(number: int, feed: Feed) -> None:
        try:
            await _read(client, parser, feed)
        except (FetchError, ParseError) as error:
            path = f"feeds[{number}].url"
            found.append(f"{config.lines.at(path)}: {path}: {feed.name}: {error}")

    try:
        await asyncio.gather(*(look(number, feed) for number, feed in enumerate(config.feeds) if feed.enabled))
        return sorted(found) + await asyncio.to_thread(_unknown_hosts, config)
    finally:
        await client.close()
        await parser.close()


def _unknown_hosts(config: Config) -> list[str]:
    """Return the receivers whose host cannot be looked up. Chat services have tokens where others have hosts: those are left out."""
    found = []
    for receiver in config.receivers:
        for number, (target, url) in enumerate(receiver.urls):
            parts = urlsplit(url.reveal())
            if parts.scheme.removesuffix("s") not in ("mailto", "json", "xml", "form", "ntfy", "gotify", "matrix") or not parts.hostname:
                continue
            try:
                socket.getaddrinfo(parts.hostname, None)
            except OSError:
                path = f"receivers.{receiver.name}.urls[{number}]"
                found.append(f"{config.lines.at(path)}: {path}: {target.label}: its host cannot be looked up")
    return found


def _only(config: Config, rules: Sequence[str]) -> Config:
    from dataclasses import replace

    known = {rule.name for rule in config.rules}
    if missing := [name for name in rules if name not in known]:
        raise NotFound(f"no such rule: {', '.join(missing)}; the config has {', '.join(sorted(known)) or 'none'}")
    return replace(config, rules=tuple(rule for rule in config.rules if not rules or rule.name in rules))
