"""When does so much come at once that nobody can have written it since the last poll? What is held, and what is late.

Nothing held is lost: it is stored and matched, and a backfill tells it. When in doubt it is told at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.core.model import Item
from monitor.core.older import Usual

# So many alerts a person still reads one by one, and most feeds list no more: below it nothing is ever held.
FEW = 20
# A busy day brings twice or three times the usual; five times is something else.
TIMES_USUAL = 5
# A document that lists five times as much as before did not only get fresh news; but a young feed may grow by dozens
# while we are away, so nothing that is not old is held below a hundred: an alert too many is better than one too late.
TIMES_LISTED = 5
MANY = 100
# Dates are a few hours wrong by their time zone, and articles are dated by when they were begun: that is not old.
OLD_AFTER = timedelta(days=1)
# Between the date of an article and its way into the feed there may be a while, and Central Europe's summer time read as
# UTC is two hours wrong: none of that is late.
LATE_AFTER = timedelta(hours=3)


def flood_limit(usual: Usual, now: datetime) -> int:
    """Return how many new items of one poll are plausible: by the feed's own pace, over the time since the last good poll."""
    since = max(now - (usual.last_ok or now), timedelta())
    expected = usual.new_per_hour * since / timedelta(hours=1)
    return max(FEW, round(TIMES_USUAL * expected))


def held(new: Sequence[Item], usual: Usual, now: datetime) -> tuple[bool, ...]:
    """Return for each new item of a poll whether it is part of a flood and alerts nobody by itself.

    Items that are dated well before the last good poll are held if there are more of them than is plausible: an archive
    was put out again. The others are news, and are told, unless the document also lists far more than it ever did: then
    its dates say nothing (many programs date everything with the moment of the move), and all are held.
    """
    limit = flood_limit(usual, now)
    if len(new) <= limit:
        return (False,) * len(new)
    if len(new) > max(limit, MANY, TIMES_LISTED * usual.listed):
        return (True,) * len(new)
    old = tuple(is_old(item, usual.last_ok) for item in new)
    return old if sum(old) > limit else (False,) * len(new)


def is_old(item: Item, since: datetime | None) -> bool:
    """Say whether an item is dated well before ``since``; one without a date never is."""
    return since is not None and item.dated is not None and item.dated < since - OLD_AFTER


def is_archive(page: Sequence[Item], since: datetime | None) -> bool:
    """Say whether all items of an older page are dated well before the gap that it was visited for: they are not what was missed."""
    return bool(page) and all(is_old(item, since) for item in page)


def late_by(item: Item, last_ok: datetime | None, now: datetime) -> timedelta | None:
    """Return how late an item came, if it is dated well before a poll that did not list it; else None."""
    if last_ok is None or item.dated is None or item.dated >= last_ok - LATE_AFTER:
        return None
    return now - item.dated
