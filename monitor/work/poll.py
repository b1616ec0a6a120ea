"""One visit of a feed: fetch, parse, compare, match, commit.

A poll touches the store twice: it reads what is known of the listed items, and commits everything it learned at once.
A failed, partial or non-feed answer changes no knowledge.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor.core import changes, flood, identity, repair, schedule
from monitor.core.model import (
    Change,
    Committed,
    Feed,
    FeedState,
    Fetched,
    Field,
    Finding,
    Identified,
    Key,
    Known,
    Match,
    New,
    NotModified,
    Parsed,
    PollRecord,
    Recorded,
    Unchanged,
    Updated,
    Validators,
)
from monitor.core.rule import Subject
from monitor.core.schedule import DAY
from monitor.errors import FetchError, MonitorError, ParseError
from monitor.work.pages import Pages
from monitor.work.ports import Call, Fetch, Lateness, Parse, PollStore, Route, Rules, Silence

log = logging.getLogger(__name__)

# A server whose validators never change would hide its news for ever: once a day the body is asked for without them.
TRUST_VALIDATORS_FOR = DAY


@dataclass(frozen=True, slots=True)
class Settings:
    """What the config says about all polls, and who is polling."""

    owner: str
    max_interval: timedelta
    alert_first_poll: bool = False


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
        route: Route,
        store: PollStore,
        call: Call,
        now: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._fetch = fetch
        self._parse = parse
        self._rules = rules
        self._route = route
        self._store = store
        self._call = call
        self._now = now
        self._chance = chance

    async def poll(self, feed: Feed, state: FeedState) -> PollReport:
        """Visit a claimed feed once and commit what was learned. Raises only ``StoreError``."""
        started = self._now()
        feed = replace(feed, interval=schedule.hastened(feed.interval, state.haste))
        trusted = _is_trusted(state, started)
        try:
            answer = await self._fetch(feed, state.validators if trusted else Validators(), is_suspect=is_unproven(state))
            if isinstance(answer, NotModified):
                return await self._settle(feed, self._unchanged(feed, state, started, answer.validators, validated=False))
            body_hash = blake2b(answer.body, digest_size=16).hexdigest()
            if body_hash == state.body_hash:
                record = self._unchanged(feed, state, started, answer.validators, validated=not trusted)
                return await self._settle(feed, replace(record, body_hash=body_hash, status=answer.status))
            parsed = await self._parse(answer, is_suspect=_is_suspect(state))
        except (FetchError, ParseError) as error:
            return await self._settle(feed, self._failed(feed, state, started, error))
        record = self._changed(feed, state, started, answer, parsed, body_hash)
        record, committed = await self._call(self._learn, feed, state, record, parsed)
        return _report(feed, record, committed)

    def _learn(self, feed: Feed, state: FeedState, record: PollRecord, parsed: Parsed) -> tuple[PollRecord, Committed]:
        """Compare, match and commit. Runs in the store's thread: nothing may come between the read and the commit."""
        listed = identity.candidates(parsed.items)
        known = self._store.known(state.id, changes.keys_of(listed))
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

        recorded = self.judge(feed, seen, silence, lambda one: flood.late_by(one, last_ok, record.at))
        overlap = len(seen) - len(new)
        record = replace(record, recorded=recorded, items_listed=len(listed), is_gap=is_gap, overlap=overlap, held=len(held))
        record = replace(record, aliases=changes.aliases_of(seen), migration=changes.migrated(seen))
        record = replace(record, haste=schedule.haste(state.haste, state.last_gap, record.at, overlap, len(seen), is_gap=is_gap))
        if is_gap:
            record = replace(record, repair=repair.first(feed, parsed))
            record = replace(record, next_poll=schedule.after_success(record.at, feed.interval, self._chance(), is_gap=True))
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

    def judge(self, feed: Feed, seen: Sequence[Change], silence: Silence, late: Lateness) -> tuple[Recorded, ...]:
        """Return what the rules find in each new or changed item, and who is told.

        ``silence`` gives the reason why nobody is told of an item, or None; ``late`` how late a new one came.
        """
        changed = [change for change in seen if not isinstance(change, Unchanged)]
        return tuple(
            Recorded(
                change,
                self._findings(feed, change, silence(change)),
                late(change.identified.item) if isinstance(change, New) else None,
            )
            for change in changed
        )

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

    def _findings(self, feed: Feed, change: New | Updated, silence: str | None) -> tuple[Finding, ...]:
        matches = self._rules.match(subject(feed, change.identified))
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
        now = self._now()
        next_poll = schedule.after_success(now, feed.interval, self._chance())
        record = PollRecord(state.id, self._settings.owner, now, "changed", next_poll, now - started, status=answer.status)
        record = replace(record, title=parsed.title)
        if parsed.is_partial:
            # What a cut body did not show must be asked for again: no validators, no hash. The baseline is done all the
            # same: a site that always sends a cut document would never alert.
            return replace(record, error="; ".join(parsed.notes) or "the document is broken", baseline_done=True)
        return replace(record, validators=answer.validators, body_hash=body_hash, validated=True, baseline_done=True)

    def _unchanged(self, feed: Feed, state: FeedState, started: datetime, validators: Validators, *, validated: bool) -> PollRecord:
        now = self._now()
        next_poll = schedule.after_success(now, feed.interval, self._chance())
        record = PollRecord(state.id, self._settings.owner, now, "not_modified", next_poll, now - started, validators)
        return replace(record, body_hash=state.body_hash, validated=validated, status=304)

    def _failed(self, feed: Feed, state: FeedState, started: datetime, error: MonitorError) -> PollRecord:
        now = self._now()
        wait_s = error.retry_after_s if isinstance(error, FetchError) else None
        retry_after = None if wait_s is None else timedelta(seconds=min(wait_s, DAY.total_seconds()))
        longest = self._settings.max_interval
        next_poll = schedule.after_failure(now, feed.interval, longest, state.failures + 1, self._chance(), retry_after)
        status = error.status if isinstance(error, FetchError) else 200
        record = PollRecord(state.id, self._settings.owner, now, "failed", next_poll, now - started)
        return replace(record, status=status, error=str(error))


def subject(feed: Feed, identified: Identified) -> Subject:
    """Return what the rules look at. The language is the config's: what feeds say of theirs is too often wrong."""
    item = identified.item
    texts: dict[Field, str] = {"title": item.title, "summary": item.summary, "content": item.content}
    return Subject(feed.name, feed.tags, feed.kind, feed.language, texts)


def _is_trusted(state: FeedState, now: datetime) -> bool:
    since = state.validated_since
    return state.baseline == "done" and since is not None and timedelta() <= now - since < TRUST_VALIDATORS_FOR


def is_unproven(state: FeedState) -> bool:
    """Say whether a feed never answered, or failed last time: it must not hold up those that are known to answer."""
    return state.baseline == "due" or _is_suspect(state)


def _is_suspect(state: FeedState) -> bool:
    # A new feed's body that kills its reader never gets to be counted as a failure; polls that never ended are its only
    # trace. A feed that has answered before is not to blame when we are killed again and again.
    return state.failures > 0 or (state.baseline == "due" and state.unfinished >= 3)


def _report(feed: Feed, record: PollRecord, committed: Committed) -> PollReport:
    facts = {"feed": feed.name, "took_ms": round(record.took.total_seconds() * 1000)}
    if record.outcome == "failed":
        log.warning("poll failed", extra=facts | {"reason": record.error})
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
