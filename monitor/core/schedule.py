"""Decide when a feed is polled next, and when a delivery is tried next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core import cadence

if TYPE_CHECKING:
    from monitor.core.delivery import Outcome
    from monitor.core.health import Health

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

# Intervals under a minute are for one's own machines (the config sees to that): nothing adapts, nothing is guessed there.
ADAPTS_FROM = timedelta(minutes=1)
# After gaps a feed is asked faster than its interval, down to this part of it.
LOWEST_PACE = 1 / 8
# A feed of one or two items shares none with its last poll whenever it has news: more haste does not help.
MIN_LISTED = 3
# What a site asks for by ttl, sy:updatePeriod or cache headers may slow a feed down until a quarter of an item is expected.
HINTED_PER_ITEM = 4

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
# What a service refused may be refused for its markup (tried again as plain text, at once) or by a mistake that
# somebody repairs within minutes; after that it is dead, and can be sent again by hand.
REJECTED_PAUSES = (timedelta(seconds=2), timedelta(minutes=1), timedelta(minutes=15))
TRIES_BEFORE_DEAD = 8


def spread(span: timedelta, chance: float) -> timedelta:
    """Return a span of 90 to 110 percent, ``chance`` in [0, 1): so that a thousand feeds do not come due at once."""
    return span * (0.9 + 0.2 * chance)


def in_hours(span: timedelta) -> str:
    """Return a span as people say it: "40 min", "5 h", "3 d"."""
    minutes = round(span / MINUTE)
    if minutes < 90:
        return f"{minutes} min"
    return f"{round(minutes / 60)} h" if minutes < 48 * 60 else f"{round(minutes / 1440)} d"


def slowest(interval: timedelta, max_interval: timedelta) -> timedelta:
    """Return the longest pause of a feed that answers."""
    return interval if interval < ADAPTS_FROM else max(interval, max_interval)


def after_success(
    now: datetime,
    interval: timedelta,
    max_interval: timedelta,
    health: Health,
    chance: float,
    *,
    fresh_for: timedelta | None = None,
    is_thin: bool = False,
) -> datetime:
    """Return the next poll of a feed that answered.

    ``interval`` is the fastest and ``max_interval`` the slowest; what the feed's cadence asks for lies between them, so that
    polls overlap. Only gaps make it faster than its interval. Hints of the site slow it down, but not in hours in which its
    items come. ``fresh_for`` is the cache hint, ``is_thin`` says that the poll shared less than half of its items with the
    one before.
    """
    if interval < ADAPTS_FROM:
        return now + spread(interval * max(health.pace, 0.5), chance)
    fastest = max(interval * health.pace, ADAPTS_FROM)
    longest = slowest(interval, max_interval)
    if is_thin or health.pace < 1:
        return now + spread(fastest, chance)
    own = cadence.pause(health.cadence, now, fastest, longest)
    asked = max(health.hints.every or timedelta(), fresh_for or timedelta())
    if asked > own > interval:
        own = cadence.pause(health.cadence, now, own, min(asked, longest), HINTED_PER_ITEM)
    return _allowed(now + min(spread(own, chance), longest), now + longest, health)


def _allowed(due: datetime, latest: datetime, health: Health) -> datetime:
    """Return the first moment that the site's skipHours and skipDays leave, or ``latest``. Hours in which items come stay."""
    hints, moment = health.hints, due
    if not hints.skip_hours and not hints.skip_days:
        return due
    while moment < latest:
        is_skipped = moment.hour in hints.skip_hours or moment.weekday() in hints.skip_days
        if not is_skipped or cadence.is_active(health.cadence, moment):
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + HOUR
    return max(due, latest)


def after_gap(pace: float, listed: int) -> float:
    """Return the pace of a feed that was too fast for us: twice as fast; ``listed`` is the length of its document."""
    return max(pace / 2, LOWEST_PACE if listed >= MIN_LISTED else 1 / 2)


def after_overlap(pace: float) -> float:
    """Return the pace of a feed whose last poll shared most of its items with the one before."""
    return min(pace * 2, 1.0)


def after_failure(
    now: datetime,
    interval: timedelta,
    max_interval: timedelta,
    failures: int,
    chance: float,
    retry_after: timedelta | None = None,
) -> datetime:
    """Return the next poll of a feed that failed: pauses double, up to an hour or the feed's own interval.

    ``failures`` counts this one. ``retry_after`` is what the server asked for (RFC 9110, 10.2.3); it is obeyed
    up to a day, so that a mistaken header cannot silence a feed for good. Nobody comes back before that.
    """
    longest = max(interval, min(max_interval, HOUR))
    due = now + spread(min(interval * 2 ** min(failures - 1, 16), longest), chance)
    return due if retry_after is None else max(due, now + asked_wait(retry_after, chance))


def asked_wait(retry_after: timedelta, chance: float) -> timedelta:
    """Return how long to leave a server alone that asked for it: not a moment less, a little more, a day at most."""
    return min(retry_after, DAY) * (1 + 0.1 * chance)


def next_try(
    now: datetime, created: datetime, attempts: int, outcome: Outcome, chance: float, retry_after: timedelta | None = None
) -> datetime | None:
    """Return when a delivery is tried again, or None if it is dead.

    ``attempts`` counts the one that just ended with ``outcome``, which is not "sent". What the service rejected
    is tried three times more; anything else until it has been tried often enough and for a day.
    """
    if outcome == "rejected":
        return now + REJECTED_PAUSES[attempts - 1] if attempts <= len(REJECTED_PAUSES) else None
    if attempts >= TRIES_BEFORE_DEAD and now - created >= DAY:
        return None
    wait = pause(attempts, chance)
    if retry_after is not None:
        wait = max(wait, min(retry_after, HOUR))
    return now + wait


def pause(failures: int, chance: float) -> timedelta:
    """Return the pause after so many failures in a row: it doubles, up to a quarter of an hour."""
    return spread(min(FIRST_PAUSE * 2 ** min(failures - 1, 16), LONGEST_PAUSE), chance)
