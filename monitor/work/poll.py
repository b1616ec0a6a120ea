"""One visit of a feed: fetch, parse, compare, match, commit.

A poll touches the store twice: it reads what is known of the listed items, and commits everything it learned at once.
A failed, partial or non-feed answer changes no knowledge.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor.core import changes, identity, schedule, slices
from monitor.core.model import (
    Committed,
    Feed,
    FeedState,
    Fetched,
    Field,
    Finding,
    Identified,
    Key,
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
from monitor.work.ports import Call, Fetch, Parse, PollStore, Route, Rules

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
        trusted = _is_trusted(state, started)
        try:
            answer = await self._fetch(feed, state.validators if trusted else Validators(), is_suspect=is_unproven(state))
            if isinstance(answer, NotModified):
                return await self._settle(feed, self._unchanged(feed, state, started, answer.validators, validated=False))
            body_hash = blake2b(answer.body, digest_size=16).hexdigest()
            if body_hash == state.body_hash:
                record = self._unchanged(feed, state, started, answer.validators, validated=not trusted)
                return await self._settle(feed, replace(record, body_hash=body_hash, status=answer.status))
            for memory in (slices.unpack(state.slices), dict[bytes, Key]()):
                parsed = await self._parse(answer, is_suspect=_is_suspect(state), known=memory.keys())
                record = self._changed(feed, state, started, answer, parsed, body_hash)
                learned = await self._call(self._learn, feed, state, record, parsed, memory)
                if learned is not None:
                    break
            assert learned is not None
        except (FetchError, ParseError) as error:
            return await self._settle(feed, self._failed(feed, state, started, error))
        return _report(feed, *learned)

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
        seen = changes.compare(listed, known, by_url)
        is_baseline = state.baseline == "due" or (state.baseline == "moved" and changes.is_gap(seen))
        is_quiet = is_baseline and not self._settings.alert_first_poll
        is_gap = state.baseline == "done" and changes.is_gap(seen)
        recorded = tuple(
            Recorded(change, self._findings(feed, change, is_quiet=is_quiet)) for change in seen if not isinstance(change, Unchanged)
        )
        packed = slices.pack(slices.remembered(parsed, memory, fresh, seen))
        record = replace(record, recorded=recorded, items_listed=len(listed), is_gap=is_gap)
        record = replace(record, slices=None if packed == state.slices else packed)
        if is_gap:
            record = replace(record, next_poll=schedule.after_success(record.at, feed.interval, self._chance(), is_gap=True))
        return record, self._store.commit_poll(record)

    def _findings(self, feed: Feed, change: New | Updated, *, is_quiet: bool) -> tuple[Finding, ...]:
        matches = self._rules.match(subject(feed, change.identified))
        told = frozenset[str]()
        if isinstance(change, Updated) and not changes.is_another_story(change.identified.item, change.known):
            told = change.known.rules
        return tuple(self._finding(match, told, is_quiet=is_quiet) for match in matches)

    def _finding(self, match: Match, told: frozenset[str], *, is_quiet: bool) -> Finding:
        if is_quiet:
            return Finding(match, reason="baseline")
        if match.rule in told:
            return Finding(match, reason="already alerted")
        return self._route(match)

    async def _settle(self, feed: Feed, record: PollRecord) -> PollReport:
        committed = await self._call(self._store.commit_poll, record)
        return _report(feed, record, committed)

    def _changed(self, feed: Feed, state: FeedState, started: datetime, answer: Fetched, parsed: Parsed, body_hash: str) -> PollRecord:
        now = self._now()
        next_poll = schedule.after_success(now, feed.interval, self._chance())
        record = PollRecord(state.id, self._settings.owner, now, "changed", next_poll, now - started, status=answer.status)
        record = replace(record, title=parsed.title, hub=(parsed.hub or "") if parsed.has_head else None)
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
    if record.is_gap:
        log.warning("gap: this poll shares no item with the one before", extra=facts)
    level = logging.INFO if committed.new or committed.updated else logging.DEBUG
    found = {"new": committed.new, "updated": committed.updated, "matches": committed.matches, "alerts": committed.alerts}
    log.log(level, "polled", extra=facts | found)
    return PollReport(feed.name, record.outcome, committed)
