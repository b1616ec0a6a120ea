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
from monitor.core.document import Fetched, NotModified, Parsed
from monitor.core.health import Sight
from monitor.core.ids import FeedId
from monitor.core.model import (
    Change,
    Committed,
    Feed,
    FeedState,
    Finding,
    Key,
    Known,
    Match,
    New,
    PollRecord,
    Recorded,
    Target,
    Unchanged,
    Updated,
    Validators,
)
from monitor.core.noise import learn
from monitor.core.rule import Subject
from monitor.errors import FetchError, HostWaits, MonitorError, ParseError
from monitor.work import watch
from monitor.work.pages import Pages
from monitor.work.ports import Call, Fetch, Judged, Lateness, NoiseSettings, Parse, PollStore, Route, Rules, Silence
from monitor.work.subject import subject

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
    ) -> None:
        self._settings = settings
        self._watching = watch.Watching(settings.max_interval, settings.targets)
        self._fetch = fetch
        self._parse = parse
        self._rules = rules
        self._noise = noise
        self._route = route
        self._store = store
        self._call = call
        self._now = now
        self._chance = chance

    async def poll(self, feed: Feed, state: FeedState) -> PollReport:
        """Visit a claimed feed once and commit what was learned. Raises only ``StoreError``."""
        started = self._now()
        visited = moves.visited(feed, state.health.moved_to)
        try:
            return await self._visit(feed, state, started, visited)
        except (FetchError, ParseError) as error:
            if state.health.moved_to is None or not _is_worth_another_address(error):
                return await self._settle(feed, self._failed(feed, state, started, error))
            failure = error
        try:
            # The address that the feed had moved to fails: the config's own may answer again. Its validators are the other's.
            return await self._visit(feed, replace(state, validators=Validators()), started, feed, is_undone=True)
        except (FetchError, ParseError):
            return await self._settle(feed, self._failed(feed, state, started, failure))

    async def _visit(self, feed: Feed, state: FeedState, started: datetime, at: Feed, *, is_undone: bool = False) -> PollReport:
        """Ask ``at`` for the document and commit it. Raises ``FetchError`` and ``ParseError``."""
        answer = await self._fetch(at, trust.validators_to_send(state, started), is_suspect=is_unproven(state))
        if isinstance(answer, NotModified):
            record = self._unchanged(feed, state, started, answer, is_undone=is_undone)
            return await self._settle(feed, record)
        body_hash = blake2b(answer.body, digest_size=16).hexdigest()
        if body_hash == state.body_hash:
            return await self._settle(feed, self._unchanged(feed, state, started, answer, is_undone=is_undone))
        memory = slices.unpack(state.slices)
        parsed = await self._parse(answer, is_suspect=_is_suspect(state), known=memory.keys())
        says_unchanged = await self._says_unchanged(at, state) if trust.is_measurable(state, started) and not parsed.is_partial else None

        async def learn_from(parsed: Parsed, memory: Mapping[bytes, Key]) -> tuple[PollRecord, Committed] | None:
            record = self._changed(feed, state, started, answer, parsed, body_hash)
            record = watch.seen(record, state, answer, says_unchanged=says_unchanged, is_undone=is_undone)
            return await self._call(self._learn, feed, state, record, parsed, memory)

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
        self, feed: Feed, state: FeedState, record: PollRecord, parsed: Parsed, memory: Mapping[bytes, Key]
    ) -> tuple[PollRecord, Committed] | None:
        """Compare, match and commit; None: what is remembered of the feed is not enough, the whole document is to be read.

        Runs in the store's thread: nothing may come between the read and the commit.
        """
        fresh, unchanged = identity.candidates(parsed.items), slices.unchanged_keys(parsed, memory)
        known = self._store.known(state.id, changes.keys_of(fresh) | set(unchanged))
        listed = slices.listed(unchanged, fresh, known)
        if listed is None:
            return None
        by_url = self._store.known_by_url(state.id, changes.url_keys_of(listed, known))
        by_title = self._store.known_by_title(state.id, changes.titles_of(listed, known, by_url))
        seen = changes.compare(listed, known, by_url, by_title)
        is_baseline = state.baseline == "due" or (state.baseline == "moved" and changes.is_gap(seen))
        is_quiet = is_baseline and not self._settings.alert_first_poll
        is_gap = state.baseline == "done" and changes.is_gap(seen)
        new = tuple(change for change in seen if isinstance(change, New))
        held, last_ok = self._flood(state, new, record.at, is_baseline=is_baseline)

        def silence(change: New | Updated) -> str | None:
            if is_quiet:
                return "baseline"
            return f"held: {len(held)} items came at once" if change.identified.key in held else None

        judged = self.judge(feed, state.id, seen, silence, lambda one: flood.late_by(one, last_ok, record.at))
        record = replace(record, recorded=judged.recorded, learned=judged.learned, items_listed=len(listed), is_gap=is_gap)
        record = replace(record, overlap=len(seen) - len(new), held=len(held))
        packed = slices.pack(slices.remembered(parsed, memory, fresh, seen))
        record = replace(record, slices=None if packed == state.slices else packed)
        record = replace(record, aliases=changes.aliases_of(seen), migration=changes.migrated(seen))
        record = replace(record, repair=repair.first(feed, parsed) if is_gap else None)
        record = watch.succeeded(self._watching, feed, state, record, seen, self._chance())
        return record, self._store.commit_poll(record)

    def _flood(self, state: FeedState, new: Sequence[New], at: datetime, *, is_baseline: bool) -> tuple[frozenset[Key], datetime | None]:
        """Return the keys of new items that are held, and when the feed last answered well before this poll."""
        if is_baseline or not new:
            return frozenset(), None
        usual = self._store.usual(state.id)
        if len(new) > flood.FEW:
            usual = replace(usual, new_per_hour=self._store.pace(state.id, at))
        are_held = flood.held([one.identified.item for one in new], usual, at)
        return frozenset(one.identified.key for one, is_held in zip(new, are_held, strict=True) if is_held), usual.last_ok

    def judge(self, feed: Feed, number: FeedId, seen: Sequence[Change], silence: Silence, late: Lateness) -> Judged:
        """Return what the rules find in each new or changed item, who is told, and what is known of the feed's noise by now.

        ``silence`` gives the reason why nobody is told of an item, or None; ``late`` how late a new one came.
        """
        changed = [change for change in seen if not isinstance(change, Unchanged)]
        if not changed:
            return Judged()
        # All that is listed is learned from before anything is matched. Feeds list the newest first.
        learned = learn(self._store.learned(number), [change.identified for change in reversed(changed)])
        settings = self._noise(feed)

        def recorded(change: New | Updated) -> Recorded:
            item = change.identified.item
            looked_at = subject(item, feed.name, feed.kind, feed, learned, settings)
            lateness = late(item) if isinstance(change, New) else None
            return Recorded(change, self._findings(change, looked_at, silence(change)), lateness)

        return Judged(tuple(map(recorded, changed)), learned)

    def pages(self, pause: Callable[[timedelta], Awaitable[None]]) -> Pages:
        """Return what walks to the older pages of feeds, with the same client, parser, rules and store."""
        return Pages(
            self._settings.owner,
            fetch=self._fetch,
            parse=self._parse,
            judge=self.judge,
            store=self._store,
            call=self._call,
            now=self._now,
            pause=pause,
        )

    def _findings(self, change: New | Updated, looked_at: Subject, silence: str | None) -> tuple[Finding, ...]:
        matches = self._rules.match(looked_at)
        known = None
        if isinstance(change, Updated) and not changes.is_another_story(change.identified.item, change.known):
            known = change.known
        return tuple(self._finding(match, known, silence) for match in matches)

    def _finding(self, match: Match, known: Known | None, silence: str | None) -> Finding:
        if silence:
            return Finding(match, reason=silence)
        if known and match.rule in known.told:
            return Finding(match, reason="already alerted")
        if known and match.rule in known.rules:
            # It matched when it was baseline, held or brought in by hand, and nobody was told then.
            return Finding(match, reason="matched before")
        return self._route(match)

    async def _settle(self, feed: Feed, record: PollRecord) -> PollReport:
        committed = await self._call(self._store.commit_poll, record)
        return _report(feed, record, committed)

    def _changed(self, feed: Feed, state: FeedState, started: datetime, answer: Fetched, parsed: Parsed, body_hash: str) -> PollRecord:
        """Return what the answer says by itself; the comparison completes it, with the next poll too."""
        now = self._now()
        record = PollRecord(state.id, self._settings.owner, now, "changed", now + feed.interval, now - started, status=answer.status)
        record = replace(record, title=parsed.title)
        if parsed.has_head:
            record = replace(record, sight=Sight(hints=parsed.hints), hub=parsed.hub or "")
        if parsed.is_partial:
            # What a cut body did not show must be asked for again: no validators, no hash. The baseline is done all the
            # same: a site that always sends a cut document would never alert.
            return replace(record, error="; ".join(parsed.notes) or "the document is broken", baseline_done=True)
        return replace(record, validators=answer.validators, body_hash=body_hash, validated=True, baseline_done=True)

    def _unchanged(self, feed: Feed, state: FeedState, started: datetime, answer: Fetched | NotModified, *, is_undone: bool) -> PollRecord:
        now = self._now()
        is_whole = isinstance(answer, Fetched)
        record = PollRecord(state.id, self._settings.owner, now, "not_modified", now + feed.interval, now - started, answer.validators)
        status = answer.status if isinstance(answer, Fetched) else 304
        record = replace(record, body_hash=state.body_hash, validated=is_whole, status=status)
        record = watch.seen(record, state, answer, says_unchanged=None, is_undone=is_undone)
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
