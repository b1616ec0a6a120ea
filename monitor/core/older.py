"""Where older items of a feed are, and what the feed usually does. Walking there is work for ``work/pages.py``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Older:
    """Where the walk to older items of a feed goes on: page ``number`` (1 is the feed itself).

    ``url`` is the page's address if a document named it, and None if it is made from the feed's own.
    """

    number: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Usual:
    """What a feed usually does. ``last_ok`` is its last good poll, ``new_per_hour`` says how many items it brought of late."""

    last_ok: datetime | None = None
    listed: int = 0
    new_per_hour: float = 0.0
