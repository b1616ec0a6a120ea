"""One visit of a feed: fetch, parse, compare, match, commit.

A poll touches the store twice: it reads what is known of the listed items, and commits everything it learned at once.
A failed, partial or non-feed answer changes no knowledge.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor.core import changes, flood, identity, moves, repair, slices, trust
from monitor.core.comments import must_look
from monitor.core.document import Fetched, NotModified, Parsed
from monitor.core.health import Sight
from monitor.core.identity import Candidate
from monitor.core.model import Feed, Key, Target
from monitor.core.record import Change, Committed, New, PollRecord, Unchanged, Updated
from monitor.core.state import FeedState, Known, Validators
from monitor.errors import FetchError, HostWaits, MonitorError, ParseError
from monitor.work import comments, fulltext, searched, watch
from monitor.work.fulltext import FullText, PageTexts
from monitor.work.judging import Judging
from monitor.work.pages import Pages
from monitor.work.ports import Call, Fetch, NoiseSettings, Parse, PollStore, Route, Rules
from monitor.work.together import Together

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the config says about all polls, and who is polling."""

    owner: str
    max_interval: timedelta
    alert_first_poll: bool = False
    targets: tuple[Target, ...] = ()  # who is told what is wrong with a feed


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll came to. ``error`` is None unless it failed."""

    feed: str
    outcome: str
    committed: Committed = Committed()
    error: str | None = None


class Poller:
    """Poll feeds with one set of rules. A new config makes a new poller."""

    def __init__(
        self,
        settings: Settings,
        *,
        fetch: Fetch,
        parse: Parse,
        rules: Rules,
        noise: NoiseSettings,
        route: Route,
        store: PollStore,
        call: Call,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        texts: FullText | None = None,
    ) -> None:
        self._settings = settings
        self._watching = watch.Watching(settings.max_interval, settings.targets)
        self._fetch = fetch
        self._parse = parse
        self._judge = Judging(rules=rules, noise=noise, route=route, store=store, now=now)
        self._store = store
        self._call = call
        self._commit_quiet = Together(call, store.commit_quiet)
        self._now = now
        self._chance = chance
        self._texts = texts

    async def poll(self, feed: Feed, state: FeedState) -> PollReport:
        """Visit a claimed feed once and commit what was learned. Raises only ``StoreError``."""
        started = self._now()
        ask = searched.first_ask(feed, state, started)
        visited = searched.at_address(feed, ask) if feed.search else moves.visited(feed, state.health.moved_to)
        try:
            return await self._visit(feed, state, started, visited)
        except (FetchError, ParseError) as error:
            if state.health.moved_to is None or not _is_worth_another_address(error):
                return await self._settle(feed, state, self._failed(feed, state, started, error))
            failure = error
        try:
            # The address that the feed had moved to fails: the config's own may answer again. Its validators are the other's.
            return await self._visit(feed, replace(state, validators=Validators()), started, feed, is_undone=True)
        except (FetchError, ParseError):
            return await self._settle(feed, state, self._failed(feed, state, started, failure))

    async def _visit(self, feed: Feed, state: FeedState, started: datetime, at: Feed, *, is_undone: bool = False) -> PollReport:
        """Ask ``at`` for the document and commit it. Raises ``FetchError`` and ``ParseError``."""
        answer = await self._fetch(at, _validators(feed, state, started), is_suspect=is_unproven(state))
        if feed.search:
            # Its addresses change with every visit: none of them is where the feed has moved.
            answer = replace(answer, permanent_url=None)
        if isinstance(answer, NotModified):
            record = self._unchanged(feed, state, started, answer, is_undone=is_undone)
            return await self._settle(feed, state, record)
        body_hash = blake2b(answer.body, digest_size=16).hexdigest()
        # The best hits of a search may be the same, and there may be news below them all the same.
        if body_hash == state.body_hash and not feed.search:
            return await self._settle(feed, state, self._unchanged(feed, state, started, answer, is_undone=is_undone))
        memory = slices.unpack(state.slices) if _is_known_by_slices(feed) else {}
        parsed = await self._parse(answer, is_suspect=_is_suspect(state), known=memory.keys())
        parsed = await searched.with_more(self._fetch, self._parse, feed, searched.first_ask(feed, state, started), parsed)
        is_measurable = feed.is_plain and trust.is_measurable(state, started) and not parsed.is_partial
        says_unchanged = await self._says_unchanged(at, state) if is_measurable else None
        texts = await self._page_texts(feed, state, parsed) if feed.full_text else {}

        async def learn_from(parsed: Parsed, memory: Mapping[bytes, Key]) -> tuple[PollRecord, Committed] | None:
            hints = parsed.hints if parsed.has_head else None
            sight = watch.seen(state, answer, started, is_undone=is_undone, says_unchanged=says_unchanged, hints=hints)
            record = self._changed(feed, state, started, answer, parsed, body_hash, sight)
            return await self._call(self._learn, feed, state, record, parsed, memory, texts)

        learned = await learn_from(parsed, memory)
        if learned is None:
            learned = await learn_from(await self._parse(answer, is_suspect=_is_suspect(state)), {})
        # With nothing remembered, the whole document was read.
        assert learned is not None
        return _report(feed, *learned)

    async def _says_unchanged(self, at: Feed, state: FeedState) -> bool | None:
        """Ask with the validators of the body before, now that another has come; None if there is no answer to it."""
        try:
            return isinstance(await self._fetch(at, state.validators, is_suspect=False), NotModified)
        except FetchError:
            return None

    def _learn(
        self, feed: Feed, state: FeedState, record: PollRecord, parsed: Parsed, memory: Mapping[bytes, Key], texts: PageTexts
    ) -> tuple[PollRecord, Committed] | None:
        """Compare, match and commit; None: what is remembered of the feed is not enough, the whole document is to be read.

        Runs in the store's thread: nothing may come between the read and the commit.
        """
        shown = comments.listed(self._store, feed, state, searched.listed(self._store, feed, state, parsed.items, record.at))
        fresh, unchanged = identity.candidates(shown.items), slices.unchanged_keys(parsed, memory)
        there = comments.elsewhere(self._store, feed, state, fresh)
        fresh = tuple(one for one in fresh if not there.keys() & one.ladder)
        known = self._store.known(state.home, changes.keys_of(fresh) | set(unchanged))
        listed = slices.listed(unchanged, fresh, known)
        if listed is None:
            return None
        seen = self._compared(feed, state, listed, known)
        packed = slices.pack(slices.remembered(parsed, memory, fresh, seen)) if _is_known_by_slices(feed) else b""
        is_gap = state.baseline == "done" and changes.is_gap(seen) and _is_full(feed, len(listed))
        new = sum(isinstance(change, New) for change in seen)
        record = replace(
            record,
            items_listed=len(listed),
            is_gap=is_gap,
            overlap=len(seen) - new,
            slices=None if packed == state.slices else packed,
            aliases=changes.aliases_of(seen),
            migration=changes.migrated(seen),
            repair=repair.first(feed, parsed) if is_gap and feed.is_plain else None,
        )
        is_baseline = state.baseline == "due" or (state.baseline == "moved" and changes.is_gap(seen))
        is_quiet = is_baseline and not self._settings.alert_first_poll and (state.watch is None or state.watch.is_quiet)
        record = self._judged(feed, state, record, seen, parsed, texts, is_baseline=is_baseline, is_quiet=is_quiet)
        record = comments.with_articles(record, state, shown, feed, there)
        at = moves.visited(feed, state.health.moved_to)
        record = comments.with_follows(self._store, record, at, parsed, known, listed)
        record = watch.succeeded(self._watching, feed, state, record, seen, self._chance())
        record = comments.with_turn(record, feed, state, self._settings.max_interval)
        return record, self._store.commit_poll(record)

    def _compared(self, feed: Feed, state: FeedState, listed: Sequence[Candidate], known: Mapping[Key, Known]) -> tuple[Change, ...]:
        by_url = self._store.known_by_url(state.home, changes.url_keys_of(listed, known))
        # Searches list one agency's article under one title of many publishers, comments have titles that say nothing.
        titles = changes.titles_of(listed, known, by_url) if feed.is_plain else ()
        return changes.compare(listed, known, by_url, self._store.known_by_title(state.home, titles))

    def _judged(
        self,
        feed: Feed,
        state: FeedState,
        record: PollRecord,
        seen: Sequence[Change],
        parsed: Parsed,
        texts: PageTexts,
        *,
        is_baseline: bool,
        is_quiet: bool,
    ) -> PollRecord:
        """Return the record with what the rules found, and with the pages that are still to be read."""
        new = tuple(change for change in seen if isinstance(change, New))
        held, last_ok = self._flood(feed, state, new, record.at, is_baseline=is_baseline)

        def silence(change: New | Updated) -> str | None:
            if is_quiet:
                return "baseline"
            return f"held: {len(held)} items came at once" if change.identified.key in held else None

        whole = [change if isinstance(change, Unchanged) else fulltext.with_text(change, feed, texts) for change in seen]
        judged = self._judge(feed, state.id, whole, silence, lambda one: flood.late_by(one, last_ok, record.at), record.title)
        found = fulltext.wanted(judged.recorded, feed, texts, record.at, silence, is_wordpress=parsed.is_wordpress)
        found = comments.followed(found, feed, parsed, record.at, silence)
        return replace(record, recorded=found, learned=judged.learned, held=len(held))

    async def _page_texts(self, feed: Feed, state: FeedState, parsed: Parsed) -> PageTexts:
        """Read the pages of new teasers: before the comparison that counts, for nothing is waited for in the store's thread."""
        if self._texts is None:
            return {}
        listed, known = await self._call(self._looked_up, feed, state, parsed)
        return await self._texts.of_poll(feed, listed, known)

    def _looked_up(self, feed: Feed, state: FeedState, parsed: Parsed) -> tuple[tuple[Candidate, ...], dict[Key, Known]]:
        listed = identity.candidates(searched.listed(self._store, feed, state, parsed.items, self._now()))
        return listed, self._store.known(state.home, changes.keys_of(listed))

    def _flood(
        self, feed: Feed, state: FeedState, new: Sequence[New], at: datetime, *, is_baseline: bool
    ) -> tuple[frozenset[Key], datetime | None]:
        """Return the keys of new items that are held, and when the feed last answered well before this poll."""
        # A search finds articles long after they were published, and many at once; comments wait for approval.
        if is_baseline or not new or not feed.is_plain:
            return frozenset(), None
        usual = self._store.usual(state.id)
        if len(new) > flood.FEW:
            usual = replace(usual, new_per_hour=self._store.pace(state.id, at))
        are_held = flood.held([one.identified.item for one in new], usual, at)
        return frozenset(one.identified.key for one, is_held in zip(new, are_held, strict=True) if is_held), usual.last_ok

    def pages(self, pause: Callable[[timedelta], Awaitable[None]]) -> Pages:
        """Return what walks to the older pages of feeds, with the same client, parser, rules and store."""
        return Pages(
            self._settings.owner,
            fetch=self._fetch,
            parse=self._parse,
            judge=self._judge,
            texts=self._texts,
            store=self._store,
            call=self._call,
            now=self._now,
            pause=pause,
        )

    async def _settle(self, feed: Feed, state: FeedState, record: PollRecord) -> PollReport:
        record = comments.with_turn(record, feed, state, self._settings.max_interval)
        committed = await self._commit_quiet(record)
        return _report(feed, record, committed)

    def _changed(
        self, feed: Feed, state: FeedState, started: datetime, answer: Fetched, parsed: Parsed, body_hash: str, sight: Sight
    ) -> PollRecord:
        """Return what the answer says by itself; the comparison completes it, with the next poll too."""
        now = self._now()
        record = PollRecord(
            *(state.id, self._settings.owner, now, "changed", now + feed.interval, now - started),
            status=answer.status,
            title=parsed.title,
            sight=sight,
            hub=(parsed.hub or "") if parsed.has_head else None,
        )
        if parsed.is_partial:
            # What a cut body did not show must be asked for again: no validators, no hash. The baseline is done all the
            # same: a site that always sends a cut document would never alert.
            return replace(record, error="; ".join(parsed.notes) or "the document is broken", baseline_done=True)
        return replace(record, validators=answer.validators, body_hash=body_hash, validated=True, baseline_done=True)

    def _unchanged(self, feed: Feed, state: FeedState, started: datetime, answer: Fetched | NotModified, *, is_undone: bool) -> PollRecord:
        now = self._now()
        record = PollRecord(
            *(state.id, self._settings.owner, now, "not_modified", now + feed.interval, now - started, answer.validators),
            body_hash=state.body_hash,
            validated=isinstance(answer, Fetched),
            status=answer.status if isinstance(answer, Fetched) else 304,
            sight=watch.seen(state, answer, started, is_undone=is_undone),
        )
        return watch.succeeded(self._watching, feed, state, record, (), self._chance())

    def _failed(self, feed: Feed, state: FeedState, started: datetime, error: MonitorError) -> PollRecord:
        now = self._now()
        status = error.status if isinstance(error, FetchError) else 200
        record = PollRecord(state.id, self._settings.owner, now, "failed", now + feed.interval, now - started)
        record = replace(record, status=status, error=str(error))
        return watch.failed(self._watching, feed, state, record, error, self._chance())


def _is_worth_another_address(error: FetchError | ParseError) -> bool:
    # Who asks for patience gets it; who was not asked has not failed.
    return isinstance(error, ParseError) or not (error.retry_after_s or isinstance(error, HostWaits))


def _is_full(feed: Feed, number: int) -> bool:
    return searched.is_full(feed, number) and comments.is_full(feed, number)


def _is_known_by_slices(feed: Feed) -> bool:
    # Of a search and of comments, an item depends on more than its own bytes; who follows comments asks for their number.
    return feed.is_plain and feed.comments == "none"


def _validators(feed: Feed, state: FeedState, now: datetime) -> Validators:
    """Return the validators to ask with."""
    if feed.search is not None:
        # They were given for another window.
        return Validators()
    if feed.kind == "comment":
        return Validators() if must_look(state.polls) else state.validators
    return trust.validators_to_send(state, now)


def is_unproven(state: FeedState) -> bool:
    """Say whether a feed never answered, or failed last time: it must not hold up those that are known to answer."""
    return state.baseline == "due" or _is_suspect(state)


def _is_suspect(state: FeedState) -> bool:
    # A new feed's body that kills its reader never gets to be counted as a failure; polls that never ended are its only
    # trace. A feed that has answered before is not to blame when we are killed again and again.
    return state.failures > 0 or (state.baseline == "due" and state.unfinished >= 3)


def _report(feed: Feed, record: PollRecord, committed: Committed) -> PollReport:
    facts = {"feed": feed.name, "took_ms": round(record.took.total_seconds() * 1000)}
    watch.report(feed.name, record)
    if record.outcome == "failed":
        log.log(logging.INFO if record.is_postponed else logging.WARNING, "poll failed", extra=facts | {"reason": record.error})
        return PollReport(feed.name, record.outcome, error=record.error)
    if record.error:
        log.warning("document incomplete", extra=facts | {"reason": record.error})
    if record.migration:
        log.warning("the publisher changed its guids or addresses: the items are known", extra=facts | {"items": record.migration})
    if record.held:
        log.warning(
            "so many items came at once that they are held: `monitor backfill --deliver` tells them", extra=facts | {"items": record.held}
        )
    if record.is_gap:
        log.warning("gap: this poll shares no item with the one before", extra=facts)
    level = logging.INFO if committed.new or committed.updated else logging.DEBUG
    found = {"new": committed.new, "updated": committed.updated, "matches": committed.matches, "alerts": committed.alerts}
    log.log(level, "polled", extra=facts | found)
    return PollReport(feed.name, record.outcome, committed)
