"""Walk back through a feed's older pages: to repair a gap, or because somebody asked for it. One way for both.

A page is fetched, read and committed by itself, with the place where the walk goes on: a kill costs one page. What a walk
finds is new only by its identity, never by its date, and known items are left as they are: an archive may show them as
they were once.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core import changes, flood, identity, moves, repair
from monitor.core.document import NotModified, Parsed
from monitor.core.ids import FeedId
from monitor.core.model import Feed, Item, Key
from monitor.core.older import Older
from monitor.core.record import Change, Committed, New, Unchanged, Updated
from monitor.core.repair import PageRecord, Repair
from monitor.core.state import Validators
from monitor.errors import FetchError, ParseError
from monitor.work import comments, fulltext
from monitor.work.fulltext import FullText, PageTexts
from monitor.work.ports import Call, Fetch, Judge, Parse, PollStore, Silence

log = logging.getLogger(__name__)

# Between two pages of one site; a feed that may be visited more often than that (on a private address) sets the pace itself.
SPACING = timedelta(seconds=5)
# Two hundred articles of a site that lists ten a page. What lies further back was missed for longer than a day.
MOST_PAGES = 20
LEASE = timedelta(minutes=10)
MOST_TRIES = 5
AT_ONCE = 4
# Past its last page WordPress answers 404; others 400 or 410.
_PAST_THE_END = (400, 404, 410)


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk came to. ``ended`` says why it went no further, ``error`` is set if it could not go on."""

    feed: str
    pages: int = 0
    committed: Committed = Committed()
    ended: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk under way. ``gap`` None: it is by hand, over ``most`` pages, and nobody is told of what it finds."""

    feed: Feed
    id: FeedId
    most: int
    gap: Repair | None = None
    seen: frozenset[Key] = frozenset()


class Pages:
    """Walk to older pages with the client, parser, rules and store of the polls."""

    def __init__(
        self,
        owner: str,
        *,
        fetch: Fetch,
        parse: Parse,
        judge: Judge,
        texts: FullText | None,
        store: PollStore,
        call: Call,
        now: Callable[[], datetime],
        pause: Callable[[timedelta], Awaitable[None]],
    ) -> None:
        self._owner = owner
        self._fetch = fetch
        self._parse = parse
        self._judge = judge
        self._texts = texts
        self._store = store
        self._call = call
        self._now = now
        self._pause = pause

    async def claim(self, feeds: Collection[str], busy: Collection[str] = ()) -> list[Repair]:
        """Lease gaps of these feeds that are to be repaired now."""
        now, names = self._now(), [name for name in feeds if name not in busy]
        return await self._call(self._store.claim_repairs, now, now + LEASE, self._owner, names, AT_ONCE)

    async def repair(self, feed: Feed, gap: Repair) -> Walked:
        """Walk back from a gap until an item appears that was known before it. Raises only ``StoreError``."""
        walked = await self._walk(_Walk(moves.visited(feed, gap.moved_to), gap.feed, MOST_PAGES, gap), gap.page, lambda _: None)
        facts = {"feed": feed.name, "pages": walked.pages, "new": walked.committed.new, "reason": walked.error or walked.ended}
        log.log(logging.WARNING if walked.error else logging.INFO, "gap not repaired yet" if walked.error else "gap repaired", extra=facts)
        return walked

    async def repair_all(self, feeds: Mapping[str, Feed]) -> list[Walked]:
        """Repair the gaps of these feeds one after the other, each once."""
        done: list[Walked] = []
        while gaps := await self.claim(feeds, [one.feed for one in done]):
            done += [await self.repair(feeds[gap.name], gap) for gap in gaps]
        return done

    async def walk(self, feed: Feed, number: FeedId, pages: int, progress: Callable[[int], None]) -> Walked:
        """Walk back over so many older pages, known items or not; nobody is told of what is found. Raises only ``StoreError``."""
        return await self._walk(_Walk(feed, number, pages), Older(1), progress)

    async def _walk(self, walk: _Walk, page: Older, progress: Callable[[int], None]) -> Walked:
        walked = Walked(walk.feed.name)
        following: Older | None = page
        while following is not None:
            if walked.pages:
                await self._pause(min(SPACING, walk.feed.interval))
            try:
                parsed = await self._read(walk, following)
                texts = await self._page_texts(walk, following, parsed)
            except _EndError as end:
                return await self._end(walk, walked, str(end))
            except (FetchError, ParseError) as error:
                return await self._put_off(walk, walked, following, error)
            record, walk, committed = await self._call(self._learn, walk, following, parsed, texts)
            walked = replace(walked, pages=walked.pages + (following.number > 1), committed=_sum(walked.committed, committed))
            progress(walked.pages)
            walked, following = replace(walked, ended=record.ended), record.next
        return walked

    async def _read(self, walk: _Walk, page: Older) -> Parsed:
        where = repair.located(walk.feed, page)
        if where is None:
            raise _EndError("the older page is not on https, and the feed is")
        try:
            answer = await self._fetch(where, Validators(), is_suspect=True)
        except FetchError as error:
            if page.number > 1 and error.status in _PAST_THE_END:
                raise _EndError("there are no more pages") from error
            raise
        if isinstance(answer, NotModified):
            raise FetchError("protocol", "304 though nothing was asked to compare with")
        return await self._parse(answer, is_suspect=True)

    async def _page_texts(self, walk: _Walk, page: Older, parsed: Parsed) -> PageTexts:
        """Read the pages of new teasers of an older page, as a poll does."""
        if self._texts is None or not walk.feed.full_text or page.number == 1:
            return {}
        listed = identity.candidates(parsed.items)
        known = await self._call(self._store.known, walk.id, changes.keys_of(listed))
        # What is known is left as it is, whatever the archive shows.
        unknown = [one for one in listed if not any(key in known for key in one.ladder)]
        return await self._texts.of_poll(walk.feed, unknown, {})

    def _learn(self, walk: _Walk, page: Older, parsed: Parsed, texts: PageTexts) -> tuple[PageRecord, _Walk, Committed]:
        """Compare, match and commit a page. Runs in the store's thread: nothing may come between the read and the commit."""
        listed = identity.candidates(parsed.items)
        known = self._store.known(walk.id, changes.keys_of(listed))
        by_url = self._store.known_by_url(walk.id, changes.url_keys_of(listed, known))
        by_title = self._store.known_by_title(walk.id, changes.titles_of(listed, known, by_url))
        seen = changes.compare(listed, known, by_url, by_title)
        # The feed's own document is read only to see where the older ones are: what is new in it is for a poll to tell.
        new = tuple(change for change in seen if isinstance(change, New) and page.number > 1)
        now = self._now()
        keys = frozenset(key for one in listed for key in one.ladder)
        following, ended = _goes_on(walk, page, parsed, seen, keys)
        record = PageRecord(walk.id, now, self._owner if walk.gap else None, next=following, ended=ended)
        if following is not None:
            record = replace(record, next_try=now, lease_until=now + LEASE)
        silence, whole = _silence(walk, new), [fulltext.with_text(change, walk.feed, texts) for change in new]
        judged = self._judge(walk.feed, walk.id, whole, silence, lambda item: _late(walk, item, now), parsed.title)
        found = fulltext.wanted(judged.recorded, walk.feed, texts, now, silence, is_wordpress=parsed.is_wordpress)
        found = comments.followed(found, walk.feed, parsed, now, silence)
        record = replace(record, recorded=found, learned=judged.learned)
        return record, replace(walk, seen=walk.seen | keys), self._store.commit_page(record)

    async def _end(self, walk: _Walk, walked: Walked, why: str) -> Walked:
        if walk.gap:
            await self._call(self._store.commit_page, PageRecord(walk.id, self._now(), self._owner, ended=why))
        return replace(walked, ended=why)

    async def _put_off(self, walk: _Walk, walked: Walked, page: Older, error: FetchError | ParseError) -> Walked:
        """Try a page that failed again later: after minutes that double, and not before the server wants it."""
        if walk.gap is None:
            return replace(walked, error=str(error))
        tries = walk.gap.tries + 1
        if tries >= MOST_TRIES:
            return replace(await self._end(walk, walked, f"given up after {tries} tries: {error}"), error=str(error))
        wait = timedelta(minutes=2**tries)
        if isinstance(error, FetchError) and error.retry_after_s:
            wait = max(wait, timedelta(seconds=min(error.retry_after_s, 86_400)))
        place = Older(1) if walk.feed.address.reveal() != walk.feed.shown_url else page
        now = self._now()
        record = PageRecord(walk.id, now, self._owner, next=place, next_try=now + wait, tries=tries, ended=str(error))
        await self._call(self._store.commit_page, record)
        return replace(walked, error=str(error))


class _EndError(Exception):
    """The walk is over, and nothing is wrong."""


def _goes_on(walk: _Walk, page: Older, parsed: Parsed, seen: tuple[Change, ...], keys: frozenset[Key]) -> tuple[Older | None, str]:
    """Return the page after this one, or None and the reason why the walk ends here."""
    if page.number > 1 and (not seen or keys <= walk.seen):
        return None, "the page shows nothing that was not on a page before"
    if walk.gap and page.number > 1 and any(_was_known(change, walk.gap.gap) for change in seen):
        return None, "an item appeared that was known before the gap"
    if walk.gap and page.number > 1 and not any(isinstance(change, New) for change in seen):
        return None, "the page shows nothing new"
    if page.number > walk.most:
        return None, f"{walk.most} pages were read"
    following = repair.after(page, parsed)
    return following, "" if following else "the site names no older page"


def _was_known(change: Change, gap: datetime) -> bool:
    match change:
        case Updated(known=known) | Unchanged(known=known):
            return known.first_seen is not None and known.first_seen < gap
        case New():
            return False


def _silence(walk: _Walk, new: tuple[New, ...]) -> Silence:
    why: str | None = None
    if walk.gap is None:
        why = "backfill"
    elif flood.is_archive([change.identified.item for change in new], walk.gap.since):
        why = "held: it is older than the gap in which it was found"

    def silence(change: New | Updated) -> str | None:
        del change
        return why

    return silence


def _late(walk: _Walk, item: Item, now: datetime) -> timedelta | None:
    if walk.gap is None:
        return None
    return max(now - item.dated, timedelta()) if item.dated else timedelta()


def _sum(one: Committed, other: Committed) -> Committed:
    return Committed(
        one.new + other.new,
        one.updated + other.updated,
        one.matches + other.matches,
        one.alerts + other.alerts,
        one.deliveries + other.deliveries,
    )
