"""What is special about polling a search feed, and what is not told twice because another feed brought it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core import searches, twins
from monitor.core.document import Fetched, Parsed
from monitor.core.ids import FeedId
from monitor.core.model import Feed, Item
from monitor.core.record import Finding, Recorded
from monitor.core.searches import Ask
from monitor.core.secret import Secret
from monitor.core.state import FeedState, Validators
from monitor.errors import FetchError, ParseError
from monitor.work.ports import Fetch, Parse, PollStore, TwinStore

log = logging.getLogger(__name__)


def first_ask(feed: Feed, state: FeedState, now: datetime) -> Ask:
    """Return what a poll asks first: for a window that covers the time since the last one that went well."""
    last_ok = state.well_since if state.baseline == "done" else None
    return Ask(searches.window(feed.interval, last_ok, now))


def at_address(feed: Feed, ask: Ask) -> Feed:
    """Return the feed with the address that is visited now."""
    return replace(feed, address=Secret(searches.address(feed.search, ask))) if feed.search else feed


async def with_more(fetch: Fetch, parse: Parse, feed: Feed, ask: Ask, parsed: Parsed) -> Parsed:
    """Return an answer with what it had no room for: while one is full, a narrower window or the next page is asked for.

    What cannot be had is left for the next poll, whose window overlaps this one's.
    """
    items, names = list(parsed.items), set(map(_name, parsed.items))
    listed = fresh = len(items)
    following: Ask | None = ask
    while feed.search and following and (following := searches.next_ask(feed.search, following, listed, fresh)):
        try:
            answer = await fetch(at_address(feed, following), Validators(), is_suspect=False)
            more = await parse(answer, is_suspect=False) if isinstance(answer, Fetched) else replace(parsed, items=())
        except (FetchError, ParseError) as error:
            log.info("the rest of a search could not be had", extra={"feed": feed.name, "reason": str(error)})
            break
        found = [item for item in more.items if _name(item) not in names]
        items += found
        names.update(map(_name, found))
        listed, fresh = len(more.items), len(found)
    return replace(parsed, items=tuple(items))


def _name(item: Item) -> object:
    # Links differ from answer to answer.
    return (item.title, item.publisher, item.published)


def is_full(feed: Feed, listed: int) -> bool:
    """Say whether a feed lists as much as it can: only then may news have come and gone unseen."""
    return feed.engine is None or listed >= searches.MOST[feed.engine]


def listed(store: PollStore, feed: Feed, state: FeedState, items: Sequence[Item], now: datetime) -> Sequence[Item]:
    """Return the listed items; a search feed's as their publishers would list them, under the names that they were stored with."""
    if feed.engine is None:
        return items
    plain = [twins.plain_item(item, feed.engine) for item in items]
    keys = {key for item in plain if (key := twins.title_key(item.title))}
    return twins.with_known_names(plain, store.own_twins(state.id, keys), now)


def joined(store: TwinStore, feed: Feed, home: FeedId, recorded: Sequence[Recorded], title: str, at: datetime) -> tuple[Recorded, ...]:
    """Return what was found, without alerts of articles of which a search feed or, to a search feed, any other was first to tell."""
    # A comment may be called like its article, and be at its address: it is another text all the same.
    if feed.kind == "comment":
        return tuple(recorded)
    loud = [one.change.identified for one in recorded if any(finding.targets for finding in one.findings)]
    if not loud:
        return tuple(recorded)
    urls = {one.url_key for one in loud if one.url_key}
    titles = {key for one in loud if (key := twins.title_key(one.item.title))}
    others = store.told_twins(home, urls, titles, is_search=feed.engine is not None)
    return tuple(_without_told(one, title, at, others) for one in recorded) if others else tuple(recorded)


def _without_told(one: Recorded, title: str, at: datetime, others: Sequence[twins.Twin]) -> Recorded:
    told = twins.told_by(one.change.identified.item, title, others, at)
    return replace(one, findings=tuple(_told_once(finding, told.get(finding.match.rule)) for finding in one.findings)) if told else one


def _told_once(finding: Finding, other: twins.Twin | None) -> Finding:
    if other is None or not finding.targets:
        return finding
    return Finding(finding.match, reason=f"already alerted: the same article is item {other.item} of {other.feed}")
