"""Polling comment feeds: what is special about them, and which ones an article feed's poll leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.core import comments, identity
from monitor.core.comments import Failing
from monitor.core.document import Parsed
from monitor.core.following import Follow, Following, Hint, Turn
from monitor.core.identity import Candidate
from monitor.core.ids import ItemId
from monitor.core.model import Feed, Item, Key
from monitor.core.record import New, PollRecord, Recorded
from monitor.core.secret import Secret
from monitor.core.state import FeedState, Known
from monitor.work.ports import PollStore, Silence


@dataclass(frozen=True, slots=True)
class Listed:
    """The comments of a document, and the article of each, by guid or address."""

    items: tuple[Item, ...]
    articles: Mapping[str, ItemId]

    def article(self, item: Item) -> ItemId | None:
        """Return the article that a comment is on, if it is known."""
        return self.articles.get(item.guid or item.url or "")


def feed_of(state: FeedState, owner: Feed) -> Feed:
    """Return the feed that is polled for the comments of an article of ``owner``. Its headers are for its own site only."""
    watch = state.watch
    assert watch is not None
    is_same_site = urlsplit(watch.address)[:2] == urlsplit(owner.address.reveal())[:2]
    headers = owner.headers if is_same_site else ()
    plain = replace(owner, name=state.name, address=Secret(watch.address), shown_url=watch.address, headers=headers)
    return replace(plain, kind="comment", search=None, comments="none", full_text=False)


def listed(store: PollStore, feed: Feed, state: FeedState, items: Sequence[Item]) -> Listed:
    """Return what a document lists; of comments, those whose article is known, with it.

    The feed of a whole site is a hint: what it lists of articles whose own comment feed is not followed is left out.
    """
    if feed.kind == "article":
        return Listed(tuple(items), {})
    found = tuple(comments.as_comment(item) for item in items)
    watch = state.watch
    if watch and watch.parent is not None:
        return Listed(found, {name: watch.parent for item in found if (name := item.guid or item.url)})
    articles = _articles(store, state, found)
    if watch is None:
        return Listed(found, articles)
    listened_to = store.listened_to(set(articles.values()))
    articles = {name: article for name, article in articles.items() if article in listened_to}
    return Listed(tuple(item for item in found if (item.guid or item.url) in articles), articles)


def elsewhere(store: PollStore, feed: Feed, state: FeedState, candidates: Iterable[Candidate]) -> dict[Key, ItemId]:
    """Return the comments that another feed of the same site has brought, by key: they are there already."""
    if feed.kind == "article":
        return {}
    mine = {identity.outer_key(candidate): candidate.item for candidate in candidates}
    found = store.known_comments(set(mine))
    return {
        key: number
        for key, stored in found.items()
        for number, home, url in stored
        if home != state.home and _host(url) == _host(mine[key].url)
    }


def is_full(feed: Feed, number: int) -> bool:
    """Say whether a feed lists as much as it can; only then may something be missing."""
    return feed.kind == "article" or number >= comments.LISTED


def with_articles(record: PollRecord, state: FeedState, seen: Listed, feed: Feed, there: Mapping[Key, ItemId]) -> PollRecord:
    """Return the record with the article of each comment, those that are ``there`` already too, and where comments are stored."""
    if feed.kind == "article":
        return record
    recorded = tuple(replace(one, parent=seen.article(one.change.identified.item)) for one in record.recorded)
    article = state.watch.parent if state.watch else None
    adopted = tuple((comment, article) for comment in there.values()) if article is not None else ()
    return replace(record, recorded=recorded, following=Following(True, state.home, article, adopted))


def followed(recorded: Iterable[Recorded], feed: Feed, parsed: Parsed, at: datetime, silence: Silence) -> tuple[Recorded, ...]:
    """Return what was found in articles with the comment feeds of new ones that are to be followed.

    Of an article that nobody is told of, those that it has already are no news either, and its own date says if it is worth following.
    """
    if feed.comments == "none" or feed.kind == "comment":
        return tuple(recorded)
    by_rule = comments.goes_by_rule(parsed.items, is_wordpress=parsed.is_wordpress)
    return tuple(_with_follow(one, feed, at, by_rule=by_rule, is_quiet=silence(one.change) is not None) for one in recorded)


def with_follows(
    store: PollStore, record: PollRecord, feed: Feed, parsed: Parsed, known: Mapping[Key, Known], listed: Sequence[Candidate]
) -> PollRecord:
    """Return the record of an article feed with the comment feeds of known articles that are to be followed, and what it hints at."""
    if feed.comments == "none" or feed.kind == "comment":
        return record
    by_rule = comments.goes_by_rule(parsed.items, is_wordpress=parsed.is_wordpress)
    changed = record.recorded
    pairs = [(candidate.item, one) for candidate in listed if (one := _known(candidate, known))]
    facts = store.comment_facts([one.id for _, one in pairs])
    matched = {one.change.known.id for one in changed if not isinstance(one.change, New) and one.findings}
    hints, follows = [], []
    for item, one in pairs:
        if (stored := facts.get(one.id)) is None:
            continue
        if item.comments_count != stored.count or item.comments_feed not in (None, stored.address):
            hints.append(Hint(one.id, item.comments_count, item.comments_feed))
        address = comments.address_of(item, goes_by_rule=by_rule)
        has_matched = bool(one.rules) or one.id in matched
        if address and not stored.has_watch and comments.is_wanted(feed.comments, has_matched=has_matched):
            follows.append(Follow(one.id, address, record.at, is_quiet=one.id not in matched))
    # An address that holds a secret is not for the database, nor is one that is made from it.
    is_open = feed.address.reveal() == feed.shown_url
    site = comments.site_feed(feed.shown_url) if parsed.is_wordpress and is_open else None
    if site and (follows or any(one.follow for one in changed)):
        follows.append(Follow(None, site, record.at, is_quiet=False))
    return replace(record, following=Following(hints=tuple(hints), follows=tuple(follows)))


def with_turn(record: PollRecord, feed: Feed, state: FeedState, longest: timedelta) -> PollRecord:
    """Return the record of a comment feed's poll with its next poll, or with the end of it."""
    watch = state.watch
    if watch is None:
        return record
    new = [one.change.identified.item for one in record.recorded if isinstance(one.change, New)]
    heard = comments.heard_at(watch.heard, new, record.at, is_quiet=watch.is_quiet and state.baseline == "due")
    failing = _failing(record, state)
    if watch.parent is None:
        # The site's feed goes on while one of its articles' feeds does: the store ends it with the last of them.
        return _with_turn(record, Turn(record.at, comments.end_reason(record.at, record.at, feed.comments_for, failing)))
    reason = comments.end_reason(record.at, heard, feed.comments_for, failing)
    if record.outcome != "failed":
        record = replace(record, next_poll=comments.next_poll(record.at, feed.interval, longest, heard, feed.comments_for))
    return _with_turn(record, Turn(heard, reason))


def _failing(record: PollRecord, state: FeedState) -> Failing | None:
    if record.outcome != "failed":
        return None
    times = state.failures + (not record.is_postponed)
    return Failing(times, record.status, record.error or "", is_proven=state.baseline != "due")


def _with_turn(record: PollRecord, turn: Turn) -> PollRecord:
    return replace(record, following=replace(record.following, turn=turn))


def _with_follow(one: Recorded, feed: Feed, at: datetime, *, by_rule: bool, is_quiet: bool) -> Recorded:
    item = one.change.identified.item
    address = comments.address_of(item, goes_by_rule=by_rule)
    if not isinstance(one.change, New) or not address or not comments.is_wanted(feed.comments, has_matched=bool(one.findings)):
        return one
    heard = min(item.published or at, at) if is_quiet else at
    return replace(one, follow=Follow(None, address, heard, is_quiet))


def _known(candidate: Candidate, known: Mapping[Key, Known]) -> Known | None:
    return next((known[key] for key in candidate.ladder if key in known), None)


def _articles(store: PollStore, state: FeedState, items: Iterable[Item]) -> dict[str, ItemId]:
    """Return the article of each comment by the comment's guid or address: by its guid, else by its address, at the same host."""
    wanted = [(name, item) for item in items if (name := item.guid or item.url)]
    guids = {guid for _, item in wanted if (guid := comments.article_guid(item))}
    keys = {name: key for name, item in wanted if (key := _url_key(comments.article_url(item)))}
    stored = store.articles(state.watch.owner if state.watch else None, guids, set(keys.values()))
    found: dict[str, ItemId] = {}
    for name, item in wanted:
        for article, guid, url, key in stored:
            is_it = (guid and guid == comments.article_guid(item)) or (key and key == keys.get(name))
            if is_it and _host(url) == _host(item.url):
                found[name] = article
    return found


def _url_key(url: str | None) -> Key | None:
    return identity.candidates([Item(url=url)])[0].url if url else None


def _host(url: str | None) -> str:
    return urlsplit(url or "").netloc.removeprefix("www.")
