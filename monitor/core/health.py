"""What is known of a feed besides its items: how far its validators can be trusted, where it moved, its habits and troubles.

Sight        what one visit showed
Health       what all visits together say; stored with the feed
Turn         a trouble that began or ended, to be told
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.core.cadence import Cadence

Trouble = Literal["broken", "page", "gone", "moved", "gap", "silent", "migrated", "flood"]
TROUBLES: tuple[Trouble, ...] = ("broken", "page", "gone", "moved", "gap", "silent", "migrated", "flood")


@dataclass(frozen=True, slots=True)
class Hints:
    """What a document says of when to ask again. Hours and days are GMT; Monday is 0.

    Source: RSS 2.0 <ttl>, <skipHours>, <skipDays>; RSS 1.0 module syndication (updatePeriod, updateFrequency).
    """

    every: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a feed's validators can be relied on. ``agreed``: measurements in a row that found them right.

    ``measured`` is the last measurement of validators that lied; None while they never did.
    """

    is_lying: bool = False
    agreed: int = 0
    measured: datetime | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A permanent redirect: to where, and on how many days it was seen in a row, the last of them ``day`` (of 1970, UTC)."""

    to: str
    days: int
    day: int


@dataclass(frozen=True, slots=True)
class HostWait:
    """A host that asked to be left alone, by 429 or 503 with Retry-After."""

    host: str
    until: datetime
    status: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What one visit showed besides the items.

    ``permanent_url``: where a permanent redirect led. ``fresh_for``: the cache hint of the answer. ``says_unchanged``: asked
    with the validators of the body before, after another body had come, the server said 304 (True) or not (False);
    None: it was not asked. ``is_sample``: the body was asked for without validators to see whether they are right.
    ``is_undone``: the address that the feed had moved to failed, and that of the config answered. ``hints`` None: no new ones.
    """

    permanent_url: str | None = None
    fresh_for: timedelta | None = None
    is_sample: bool = False
    says_unchanged: bool | None = None
    is_undone: bool = False
    hints: Hints | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What all visits together say. ``pace``: 1, or less after gaps: the part of its interval that a feed is asked after.

    ``calm`` counts the polls with items since the last gap, ``pages`` the answers in a row that were a web page.
    """

    moved_to: str | None = None
    gone: datetime | None = None
    trust: Trust = Trust()
    move: Move | None = None
    hints: Hints = Hints()
    cadence: Cadence = Cadence()
    pace: float = 1.0
    calm: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Began:
    """Something is wrong with a feed, ``since`` when; ``detail`` names what was seen."""

    trouble: Trouble
    since: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """It is well again. ``is_told`` false: something else has taken its place, and that is told."""

    trouble: Trouble
    is_told: bool = True


Turn = Began | Ended


@dataclass(frozen=True, slots=True)
class SourceAlert:
    """All that a template may show of a feed's trouble. ``ended`` is None while it lasts."""

    id: int
    feed: str
    feed_title: str
    url: str
    tags: tuple[str, ...]
    trouble: Trouble
    since: datetime
    began: datetime
    ended: datetime | None
    detail: str
    template: str = "source"
    severity: Literal["warning"] = "warning"
