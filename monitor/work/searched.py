"""What is special about polling a search feed, and what is not told twice because another feed brought it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core import searches, twins
from monitor.core.ids import FeedId
from monitor.core.model import Feed, FeedState, Finding, Item, Recorded
from monitor.core.secret import Secret
from monitor.work.ports import PollStore, TwinStore

# So many items an engine lists at most; with fewer, all that its window holds was listed, and nothing can be missing.
_MOST = {"google_news": 100, "bing_news": 10}


def at_address(feed: Feed, state: FeedState, now: datetime) -> Feed:
    """Return the feed with the address that is visited now: that of a search has a window."""
    if feed.search is None:
        return feed
    last_ok = state.well_since if state.baseline == "done" else None
    return replace(feed, address=Secret(searches.address(feed.search, searches.window(feed.interval, last_ok, now))))


def is_full(feed: Feed, listed: int) -> bool:
    """Say whether a feed lists as much as it can: only then may news have come and gone unseen."""
    return feed.engine is None or listed >= _MOST[feed.engine]


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
