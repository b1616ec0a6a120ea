"""What the work needs from the outside, named for the act. The consumer owns these; ``app`` plugs the real ones in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from monitor.core.model import (
    Alert,
    Committed,
    Delivery,
    DeliveryId,
    Feed,
    FeedId,
    FeedState,
    Fetched,
    Finding,
    ItemId,
    Key,
    Known,
    Match,
    Message,
    NotModified,
    Parsed,
    PollRecord,
    Receipt,
    StoredItem,
    Target,
    Validators,
)
from monitor.core.rule import Subject, Verdict

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


class Route(Protocol):
    """Decide who is told of a match: its targets, or the reason why nobody is."""

    def __call__(self, match: Match) -> Finding: ...


class Render(Protocol):
    """Make the message of an alert. Raises ``TemplateError``."""

    def __call__(self, alert: Alert) -> Message: ...


class Send(Protocol):
    """Send one message to one address; never raises for what the receiver does."""

    async def __call__(self, message: Message, target: Target) -> Receipt: ...


class Call(Protocol):
    """Run a function of the store in the store's own thread."""

    def __call__(self, function: Callable[..., T], /, *args: object) -> Awaitable[T]: ...


class PollStore(Protocol):
    """What a poll asks of the store: a read and a commit."""

    def known(self, feed: FeedId, keys: Collection[Key]) -> dict[Key, Known]: ...

    def known_by_url(self, feed: FeedId, url_keys: Collection[Key]) -> dict[Key, Known]: ...

    def commit_poll(self, record: PollRecord) -> Committed: ...

    def claim_due(self, now: datetime, lease_until: datetime, owner: str, limit: int) -> list[FeedState]: ...


class OutboxStore(Protocol):
    """What the outbox asks of the store."""

    def claim_deliveries(self, now: datetime, lease_until: datetime, owner: str, limit: int, busy: Collection[str]) -> list[Delivery]: ...

    def settle_delivery(self, delivery: DeliveryId, receipt: Receipt, now: datetime, next_try: datetime | None) -> None: ...

    def push_channel(self, url_id: str, not_before: datetime | None, now: datetime) -> None: ...


class BackfillStore(Protocol):
    """What a backfill asks of the store."""

    def stored_items(
        self, feeds: Sequence[str], since: datetime | None, until: datetime | None, after: ItemId | None, limit: int
    ) -> list[StoredItem]: ...

    def record_findings(self, item: ItemId, revision: int, findings: Iterable[Finding], at: datetime) -> Committed: ...
