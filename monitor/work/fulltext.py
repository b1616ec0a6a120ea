"""The article's page where a feed has only a teaser: before matching, or later if it could not be had at once.

Pages go through the feeds' own client, with its limits. At a poll a few are read before anything is matched; the rest, and those
that failed, wait in the store and are matched again when they come.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.core import comments, teaser
from monitor.core.document import Fetched, Page
from monitor.core.following import Follow, Wanted
from monitor.core.identity import Candidate, fingerprint
from monitor.core.model import Feed, Identified, Item, Key
from monitor.core.record import Committed, Finding, New, Recorded, Updated
from monitor.core.secret import Secret
from monitor.core.state import Known, Validators
from monitor.core.teaser import Claimed
from monitor.errors import Blocked, FetchError, HostWaits, ParseError
from monitor.work.judging import Judging
from monitor.work.ports import Call, Fetch, NoiseSettings, PageStore, ReadPage, Silence

log = logging.getLogger(__name__)

# So many pages of a poll are read before its items are matched, two at a time, and not longer than this: an alert must not
# wait for an archive.
AT_A_POLL = 10
AT_ONCE = 2
PATIENCE_S = 45.0
LEASE = timedelta(minutes=5)
NO_TEXT = "the page holds no article, only the address of its comments"
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.5"

PageTexts = Mapping[Key, Page | str]


class FullText:
    """Reads pages."""

    def __init__(self, fetch: Fetch, read: ReadPage) -> None:
        self._fetch = fetch
        self._read = read

    async def page(self, feed: Feed, item: Item) -> Page:
        """Return an item's page. Raises ``FetchError``, ``ParseError``."""
        answer = await self._fetch(_at_page(feed, item.url or ""), Validators(), is_suspect=True)
        if not isinstance(answer, Fetched):
            raise FetchError("protocol", "304 though nothing was asked to compare with", status=304)
        return await self._read(answer)

    async def of_poll(self, feed: Feed, listed: Iterable[Candidate], known: Mapping[Key, Known]) -> PageTexts:
        """Return the pages of a poll's new teasers, each under the item's keys: the page, or why there is none.

        Those for which there is no time have no entry.
        """
        fresh = [one for one in listed if _is_fresh(one, known) and teaser.is_teaser(one.item) and teaser.has_page(one.item)]
        found: dict[Key, Page | str] = {}
        turns = asyncio.Semaphore(AT_ONCE)

        async def read(one: Candidate) -> None:
            async with turns:
                try:
                    page: Page | str = await self.page(feed, one.item)
                except HostWaits:
                    # Nobody was asked: it waits its turn.
                    return
                except (FetchError, ParseError) as error:
                    page = str(error)
            found.update(dict.fromkeys(one.ladder, page))

        reading = [asyncio.create_task(read(one)) for one in fresh[:AT_A_POLL]]
        if reading:
            _, late = await asyncio.wait(reading, timeout=PATIENCE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)
        return found


def with_text(change: New | Updated, feed: Feed, pages: PageTexts) -> New | Updated:
    """Return a change with the text of its page, if it was read. The fingerprint stays that of what the feed says."""
    page = pages.get(change.identified.key)
    if not feed.full_text or not isinstance(page, Page):
        return change
    item = teaser.with_page(change.identified.item, page)
    found = page.comments_feed
    item = replace(item, comments_feed=item.comments_feed or found) if found else item
    return replace(change, identified=replace(change.identified, item=item))


def wanted(
    recorded: Sequence[Recorded], feed: Feed, pages: PageTexts, at: datetime, silence: Silence, *, is_wordpress: bool
) -> tuple[Recorded, ...]:
    """Return what was found with the pages that are still to be read: of teasers, and those that may tell where comments are."""
    if feed.kind == "comment" or (not feed.full_text and feed.comments == "none"):
        return tuple(recorded)

    def with_page(one: Recorded) -> Recorded:
        item, page, why = one.change.identified.item, pages.get(one.change.identified.key), silence(one.change)
        wants_text = feed.full_text and teaser.is_teaser(item)
        # A WordPress needs no page: it has a rule. Nor does what was there before us: its comments are not news.
        wants_comments = not (item.comments_feed or is_wordpress or why) and _begins_to_interest(one, feed)
        is_read = isinstance(page, Page) and (page.text or not wants_text)
        if is_read or not (wants_text or wants_comments) or not teaser.has_page(item):
            return one
        if page is None:
            return replace(one, page=Wanted(why, 0, at))
        return replace(one, page=Wanted(why, 1, teaser.next_try(at, feed.interval, 1), page if isinstance(page, str) else NO_TEXT))

    return tuple(map(with_page, recorded))


def _begins_to_interest(one: Recorded, feed: Feed) -> bool:
    """Say whether an item's comments are wanted from now on: an edit asks again only if no rule matched before it."""
    is_first = isinstance(one.change, New) or not one.change.known.rules
    wants = comments.is_wanted(feed.comments, has_matched=bool(one.findings))
    return wants and is_first and (isinstance(one.change, New) or feed.comments == "matched")


class Retries:
    """Read the pages that wait, and match their items again."""

    def __init__(
        self, texts: FullText, *, judge: Judging, noise: NoiseSettings, store: PageStore, call: Call, now: Callable[[], datetime]
    ) -> None:
        self._texts = texts
        self._judge = judge
        self._noise = noise
        self._store = store
        self._call = call
        self._now = now

    async def claim(self, feeds: Mapping[str, Feed], limit: int) -> list[Claimed]:
        """Lease up to ``limit`` due pages, one of each feed, of which no page is read now. Raises only ``StoreError``."""
        now = self._now()
        return await self._call(self._store.claim_pages, now, now + LEASE, limit, tuple(feeds))

    async def read_all(self, feeds: Mapping[str, Feed], at_once: int) -> list[Committed]:
        """Read the pages that are due now; return what each added. Raises only ``StoreError``."""
        done: list[Committed] = []
        while claimed := await self.claim(feeds, at_once):
            done += await asyncio.gather(*(self.read(feeds[one.item.feed], one) for one in claimed))
        return done

    async def read(self, feed: Feed, claimed: Claimed) -> Committed:
        """Read a claimed page and match its item again; return what that added. Raises only ``StoreError``."""
        try:
            page = await self._texts.page(feed, claimed.item.item)
        except (FetchError, ParseError) as error:
            await self._call(self._store.keep_page, claimed.item.id, self._later(feed, claimed, error))
            facts = {"feed": feed.name, "item": claimed.item.id, "reason": str(error)}
            log.info("an article's page could not be read", extra=facts)
            return Committed()
        return await self._call(self._learn, feed, claimed, page)

    def _later(self, feed: Feed, claimed: Claimed, error: FetchError | ParseError) -> Wanted:
        now = self._now()
        # Nobody was asked while the host wants to be left alone: that is no try.
        attempts = claimed.attempts + (not isinstance(error, HostWaits))
        at = None if isinstance(error, Blocked) else teaser.next_try(now, feed.interval, attempts)
        asked = error.retry_after_s if isinstance(error, FetchError) else None
        if at is not None and asked is not None:
            at = max(at, now + timedelta(seconds=min(asked, 86400)))
        return Wanted(claimed.silence, attempts, at, str(error))

    def _learn(self, feed: Feed, claimed: Claimed, page: Page) -> Committed:
        """Match the item with the page's text and commit. Runs in the store's thread."""
        stored, now = claimed.item, self._now()
        wants_text = feed.full_text and teaser.is_teaser(stored.item)
        item = teaser.with_page(stored.item, page) if wants_text else stored.item
        address = stored.item.comments_feed or page.comments_feed
        findings = () if item == stored.item else self._findings(feed, claimed, item)
        has_matched = bool(claimed.rules or findings)
        follow = None
        if address and feed.comments != "none" and comments.is_wanted(feed.comments, has_matched=has_matched):
            follow = Follow(stored.id, address, now, is_quiet=claimed.silence is not None)
        still = None if page.text or not wants_text else self._later(feed, claimed, ParseError(NO_TEXT))
        return self._store.commit_text(stored, replace(item, comments_feed=address), findings, follow, still, now)

    def _findings(self, feed: Feed, claimed: Claimed, item: Item) -> tuple[Finding, ...]:
        stored = claimed.item
        mark = fingerprint(stored.item)
        known = Known(stored.id, stored.key, mark, stored.revision, item.url, claimed.rules, item.title, claimed.told)
        change = Updated(Identified(stored.key, "guid", mark, item, claimed.url_key), known)
        learned, settings = self._store.learned_of(feed.name), self._noise(feed)
        findings = self._judge.findings(feed, change, learned, settings, claimed.silence)
        (recorded,) = self._judge.joined(feed, claimed.home, (Recorded(change, findings),), claimed.feed_title)
        return recorded.findings


def _is_fresh(one: Candidate, known: Mapping[Key, Known]) -> bool:
    return all(key not in known or known[key].fingerprint != one.fingerprint for key in one.ladder)


def _at_page(feed: Feed, url: str) -> Feed:
    # A feed's headers may hold a password: they are for its own site only.
    is_same_site = urlsplit(url)[:2] == urlsplit(feed.address.reveal())[:2]
    headers = (*(feed.headers if is_same_site else ()), ("Accept", Secret(_ACCEPT)))
    return replace(feed, address=Secret(url), headers=headers, search=None)
