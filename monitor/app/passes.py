"""One pass of what the daemon does again and again, for a command."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.app import open_store, utc_now
from monitor.app.builders import lexicon, renderer_of, rules_of, sender_of
from monitor.app.composition import PAGES_AT_ONCE, running
from monitor.app.examples import refuse_wrong_rules
from monitor.app.noise import noise_of
from monitor.config import Config
from monitor.core import noise
from monitor.core.delivery import Receipt
from monitor.core.document import NotModified, Parsed
from monitor.core.model import Feed, StoredItem, Target
from monitor.core.route import Router
from monitor.core.state import Validators
from monitor.core.verdict import Subject, Verdict
from monitor.errors import FetchError, NotFound
from monitor.work import backfill as backfilling
from monitor.work.archive import Span
from monitor.work.outbox import Delivered
from monitor.work.subject import subject
from monitor.work.summary import BackfillSummary, PollSummary

if TYPE_CHECKING:
    from monitor.fetch.client import Client
    from monitor.parse.pool import Parser
    from monitor.store import Store


def poll_once(config: Config, names: Sequence[str], *, deliver: bool, progress: Callable[[int, int], None] | None = None) -> PollSummary:
    """Poll the named feeds, or all that may be asked now, once, due or not; ``deliver``: then send what is due.

    ``progress`` is told how many feeds of how many are done. Raises ``NotFound`` for a name that the config does not have.
    """
    return asyncio.run(_poll_once(config, names, progress, deliver=deliver))


async def _poll_once(config: Config, names: Sequence[str], progress: Callable[[int, int], None] | None, *, deliver: bool) -> PollSummary:
    from monitor.work.rounds import comments_round, poll_round
    from monitor.work.summary import summarise

    refuse_unknown(config, names)
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


def refuse_unknown(config: Config, names: Sequence[str]) -> None:
    """Raise ``NotFound`` for names of feeds that the config does not have."""
    known = {feed.name for feed in config.feeds}
    if missing := [name for name in names if name not in known]:
        raise NotFound(f"no such feed: {', '.join(missing)}; `monitor feeds list` shows those there are")


def backfill(config: Config, rules: Sequence[str], span: Span, *, deliver: bool, progress: Callable[[int], None]) -> BackfillSummary:
    """Run stored items through the rules, or through the named ones; ``deliver``: alert, and send at once."""
    chosen = _only(config, rules)
    refuse_unknown(config, span.feeds)
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
    known = {rule.name for rule in config.rules}
    if missing := [name for name in rules if name not in known]:
        raise NotFound(f"no such rule: {', '.join(missing)}; the config has {', '.join(sorted(known)) or 'none'}")
    return replace(config, rules=tuple(rule for rule in config.rules if not rules or rule.name in rules))
