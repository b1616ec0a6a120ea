"""What the store knows before a poll: of a feed, and of an item under a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.core.following import Watch
from monitor.core.health import Health, Trouble
from monitor.core.ids import FeedId, ItemId
from monitor.core.model import Key


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed since?" (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the store knows of a feed when it is claimed for a poll.

    ``baseline``: "due" before the first successful poll, "moved" after its address changed in the config, else "done".
    ``unfinished`` counts the polls that were claimed and never settled, one after the other (a kill, or a body that kills).
    ``validated_since`` is when a whole body was last got, or None if never. ``well_since`` is the last poll that went well, or
    when the feed was added. ``troubles`` are those that were told and last.
    ``slices`` is what is remembered of the last document, see ``core.slices``.
    ``polls`` counts all of them. ``watch`` is set of a comment feed.
    """

    id: FeedId
    name: str
    validators: Validators = Validators()
    body_hash: str | None = None
    baseline: Literal["due", "moved", "done"] = "due"
    failures: int = 0
    unfinished: int = 0
    validated_since: datetime | None = None
    well_since: datetime | None = None
    health: Health = Health()
    troubles: frozenset[Trouble] = frozenset()
    slices: bytes = b""
    polls: int = 0
    watch: Watch | None = None

    @property
    def home(self) -> FeedId:
        """Return the feed that the listed items are stored under: comments under that of their articles."""
        return self.watch.owner if self.watch else self.id


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows under a key. ``rules`` matched some revision of the item, of those in ``told`` somebody was alerted.

    ``title`` is "" if the item has none or its text is forgotten.
    """

    id: ItemId
    key: Key
    fingerprint: str
    revision: int
    url: str | None
    rules: frozenset[str] = frozenset()
    title: str = ""
    told: frozenset[str] = frozenset()
    published: datetime | None = None
    first_seen: datetime | None = None
