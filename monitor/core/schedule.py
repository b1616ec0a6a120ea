"""Decide when a feed is polled next, and when a delivery is tried next."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.core.model import Outcome

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# An interval of a quarter of an hour becomes one of a minute.
MOST_HASTE = 4
# A feed of one or two items shares none with its last poll whenever it has news: no haste helps.
MIN_LISTED = 3

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


def hastened(interval: timedelta, haste: int) -> timedelta:
    """Return the interval halved so often, but not under a minute, unless the config's own is shorter."""
    return max(interval / float(2**haste), min(interval, MINUTE))


def haste(before: int, last_gap: datetime | None, now: datetime, overlap: int, listed: int, *, is_gap: bool) -> int:
    """Return how often a feed's interval is halved after a poll: once more after each gap, so that the polls overlap.

    A day after the last gap, each poll that knows more than half of what is listed takes one back. Gaps come at the busy
    hours of a day, so it takes a day to know that they are over.
    """
    if is_gap:
        return min(before + 1, MOST_HASTE) if listed >= MIN_LISTED else before
    is_calm = last_gap is None or now - last_gap >= DAY
    return max(before - 1, 0) if is_calm and 2 * overlap > listed else before


def after_success(now: datetime, interval: timedelta, chance: float, *, is_gap: bool = False) -> datetime:
    """Return the next poll of a feed that answered. After a gap the feed is visited sooner: it is faster than we are."""
    return now + spread(interval / 2 if is_gap else interval, chance)


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
    up to a day, so that a mistaken header cannot silence a feed for good.
    """
    longest = max(interval, min(max_interval, HOUR))
    pause = min(interval * 2 ** min(failures - 1, 16), longest)
    if retry_after is not None:
        pause = max(pause, min(retry_after, DAY))
    return now + spread(pause, chance)


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
