"""What a poll learned: which items are new or changed, what the rules found in them, and all that is committed with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.core.following import Follow, Following, Wanted
from monitor.core.habits import Learned
from monitor.core.health import Health, HostWait, Sight, Turn
from monitor.core.ids import FeedId, ItemId
from monitor.core.model import Identified, Key, Match, Target
from monitor.core.older import Older
from monitor.core.state import Known, Validators


@dataclass(frozen=True, slots=True)
class Alias:
    """Another key, guid and address under which a known item is listed now: it stays known under the old ones too."""

    item: ItemId
    key: Key
    guid: str | None
    url: str | None
    url_key: Key | None


@dataclass(frozen=True, slots=True)
class New:
    """An item whose key was never seen in this feed."""

    identified: Identified


@dataclass(frozen=True, slots=True)
class Updated:
    """A known item with another fingerprint: its next revision. ``alias`` is set if it is listed under another key."""

    identified: Identified
    known: Known
    alias: Alias | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A known item with the same fingerprint. ``alias`` is set if it is listed under another key."""

    known: Known
    alias: Alias | None = None


Change = New | Updated | Unchanged


@dataclass(frozen=True, slots=True)
class Finding:
    """A match with what becomes of it: ``targets`` get an alert, or ``reason`` says why there is none.

    Reasons: "baseline", "backfill", "already alerted", "matched before", "held: …", "below the receivers' severity", "no receiver".
    """

    match: Match
    targets: tuple[Target, ...] = ()
    reason: str | None = None
    template: str = "alert"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A new or updated item with what the rules found. ``late``: so much later than we should have seen it; zero: nobody knows.

    ``parent`` is the article that a comment is on. ``follow``: its comments are to be followed; ``page``: its page is still to
    be read.
    """

    change: New | Updated
    findings: tuple[Finding, ...] = ()
    parent: ItemId | None = None
    follow: Follow | None = None
    page: Wanted | None = None
    late: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PollRecord:
    """Everything that one poll learned: committed in one transaction, or not at all.

    ``outcome``: "changed" (a body with items, perhaps none of them new), "not_modified" (304 or the same body), "failed".
    A failed poll changes no knowledge: no items, no validators, no baseline. ``learned`` None: nothing new about its noise.
    ``health`` None: nothing to be stored of it. ``turns`` are told to ``targets``. ``wait``: the host asked for it.
    ``is_postponed``: nobody was asked, for the host waits.
    ``overlap``: listed items that were known; ``migration``: those of them that got other keys, all at once; ``held``: new items
    of a flood. ``repair``: where to look for what a gap hides.
    ``slices`` and ``hub``: None leaves what was known.
    ``following`` is what it means for comments.
    """

    feed: FeedId
    owner: str
    at: datetime
    outcome: Literal["changed", "not_modified", "failed"]
    next_poll: datetime
    took: timedelta
    validators: Validators = Validators()
    body_hash: str | None = None
    validated: bool = False
    status: int | None = None
    error: str | None = None
    title: str = ""
    items_listed: int = 0
    is_gap: bool = False
    baseline_done: bool = False
    recorded: tuple[Recorded, ...] = ()
    learned: Learned | None = None
    sight: Sight = Sight()
    health: Health | None = None
    turns: tuple[Turn, ...] = ()
    targets: tuple[Target, ...] = ()
    wait: HostWait | None = None
    is_postponed: bool = False
    aliases: tuple[Alias, ...] = ()
    overlap: int = 0
    migration: int = 0
    held: int = 0
    repair: Older | None = None
    slices: bytes | None = None
    hub: str | None = None
    following: Following = Following()


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit really added: doubles that another process was faster with do not count."""

    new: int = 0
    updated: int = 0
    matches: int = 0
    alerts: int = 0
    deliveries: int = 0
