"""What the work needs from the outside, named for the act. The consumer owns these; ``app`` plugs the real ones in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from monitor.core.delivery import Alert, Delivery, Message, Receipt
from monitor.core.document import Fetched, NotModified, Page, Parsed
from monitor.core.following import Facts, Follow, Wanted
from monitor.core.habits import Learned
from monitor.core.health import SourceAlert
from monitor.core.ids import DeliveryId, FeedId, ItemId
from monitor.core.model import Feed, Item, Key, Match, StoredItem, Target
from monitor.core.noise import Settings
from monitor.core.older import Usual
from monitor.core.record import Change, Committed, Finding, New, PollRecord, Recorded, Updated
from monitor.core.repair import PageRecord, Repair
from monitor.core.state import FeedState, Known, Validators
from monitor.core.teaser import Claimed
from monitor.core.twins import Twin
from monitor.core.verdict import Subject, Verdict

T = TypeVar("T")


class Fetch(Protocol):
    """Visit a feed's address. Raises ``FetchError``. ``is_suspect``: it must not hold up the others."""

    async def __call__(self, feed: Feed, validators: Validators, *, is_suspect: bool) -> Fetched | NotModified: ...


class Parse(Protocol):
    """Read a body in a process that can be ended. Raises ``ParseError``.

    ``is_suspect``: earlier polls of this feed did not end, so it must not hold up the others. ``known``: the slices
    whose items need not be read; see ``Parsed.slices``.
    """

    async def __call__(self, fetched: Fetched, *, is_suspect: bool, known: Collection[bytes] = ()) -> Parsed: ...


class Rules(Protocol):
    """Apply all rules to a subject. ``match`` is ``explain`` without the misses."""

    def match(self, subject: Subject) -> tuple[Match, ...]: ...

    def explain(self, subject: Subject) -> tuple[Verdict, ...]: ...


class NoiseSettings(Protocol):
    """Say what the config says about a feed's page noise."""

    def __call__(self, feed: Feed) -> Settings: ...


class Route(Protocol):
    """Decide who is told of a match: its targets, or the reason why nobody is."""

    def __call__(self, match: Match) -> Finding: ...


class Render(Protocol):
    """Make the message of an alert. Raises ``TemplateError``."""

    def __call__(self, alert: Alert | SourceAlert) -> Message: ...


class Send(Protocol):
    """Send one message to one address; never raises for what the receiver does."""

    async def __call__(self, message: Message, target: Target) -> Receipt: ...


class Call(Protocol):
    """Run a function of the store in the store's own thread."""

    def __call__(self, function: Callable[..., T], /, *args: object) -> Awaitable[T]: ...


class TwinStore(Protocol):
    """What is asked of the store to alert an article once that several feeds list."""

    def told_twins(self, feed: FeedId, url_keys: Collection[Key], title_keys: Collection[str], *, is_search: bool) -> list[Twin]: ...


class ReadPage(Protocol):
    """Read the article of a page in a process that can be ended. Raises ``ParseError``."""

    async def __call__(self, fetched: Fetched) -> Page: ...


class PageStore(Protocol):
    """What reading articles' pages asks of the store."""

    def claim_pages(self, now: datetime, lease_until: datetime, limit: int, feeds: Collection[str]) -> list[Claimed]: ...

    def keep_page(self, item: ItemId, wanted: Wanted) -> None: ...

    def commit_text(
        self, stored: StoredItem, item: Item, findings: Iterable[Finding], follow: Follow | None, still: Wanted | None, at: datetime
    ) -> Committed: ...

    def learned_of(self, name: str) -> Learned: ...


class JudgeStore(TwinStore, Protocol):
    """What matching asks of the store."""

    def learned(self, feed: FeedId) -> Learned: ...


class PollStore(JudgeStore, Protocol):
    """What a poll asks of the store: a read and a commit."""

    def known(self, feed: FeedId, keys: Collection[Key]) -> dict[Key, Known]: ...

    def known_by_url(self, feed: FeedId, url_keys: Collection[Key]) -> dict[Key, Known]: ...

    def known_by_title(self, feed: FeedId, titles: Collection[str]) -> dict[str, list[Known]]: ...

    def usual(self, feed: FeedId) -> Usual: ...

    def pace(self, feed: FeedId, now: datetime) -> float: ...

    def own_twins(self, feed: FeedId, title_keys: Collection[str]) -> list[Twin]: ...

    def articles(
        self, feed: FeedId | None, guids: Collection[str], url_keys: Collection[Key]
    ) -> list[tuple[ItemId, str | None, str | None, Key | None]]: ...

    def listened_to(self, items: Collection[ItemId]) -> set[ItemId]: ...

    def known_comments(self, keys: Collection[Key]) -> dict[Key, list[tuple[ItemId, FeedId, str | None]]]: ...

    def comment_facts(self, items: Collection[ItemId]) -> dict[ItemId, Facts]: ...

    def commit_poll(self, record: PollRecord) -> Committed: ...

    def commit_quiet(self, records: Sequence[PollRecord]) -> list[Committed]: ...

    def commit_page(self, record: PageRecord) -> Committed: ...

    def claim_repairs(self, now: datetime, lease_until: datetime, owner: str, names: Collection[str], limit: int) -> list[Repair]: ...

    def next_repair(self, names: Collection[str]) -> datetime | None: ...

    def claim_due(self, now: datetime, lease_until: datetime, owner: str, limit: int) -> list[FeedState]: ...


class Silence(Protocol):
    """Say why nobody is told of an item, or None: then the rules and receivers decide."""

    def __call__(self, change: New | Updated) -> str | None: ...


class Lateness(Protocol):
    """Say how late a new item came, or None if it did not."""

    def __call__(self, item: Item, /) -> timedelta | None: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules found in new and changed items. ``learned`` None: nothing new is known of the feed's noise."""

    recorded: tuple[Recorded, ...] = ()
    learned: Learned | None = None


class Judge(Protocol):
    """Match what is new or changed, and decide who is told."""

    def __call__(self, feed: Feed, number: FeedId, seen: Sequence[Change], silence: Silence, late: Lateness, title: str) -> Judged: ...


class OutboxStore(Protocol):
    """What the outbox asks of the store."""

    def claim_deliveries(self, now: datetime, lease_until: datetime, owner: str, limit: int, busy: Collection[str]) -> list[Delivery]: ...

    def settle_delivery(self, delivery: DeliveryId, receipt: Receipt, now: datetime, next_try: datetime | None) -> None: ...

    def push_channel(self, url_id: str, not_before: datetime | None, now: datetime) -> None: ...


class ArchiveStore(Protocol):
    """What going over stored items asks of the store."""

    def stored_items(
        self, feeds: Sequence[str], since: datetime | None, until: datetime | None, after: ItemId | None, limit: int
    ) -> list[StoredItem]: ...

    def learned_of(self, name: str) -> Learned: ...


class BackfillStore(ArchiveStore, Protocol):
    """What a backfill asks of the store."""

    def record_findings(self, item: ItemId, revision: int, findings: Iterable[Finding], at: datetime) -> Committed: ...
