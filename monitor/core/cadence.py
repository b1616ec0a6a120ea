"""When a feed's items come, by hour of day and weekday; and what follows for how often to ask and how long it may be silent.

A small histogram: arrivals by hour and by weekday (UTC), fading with a half-life, and the gaps between arrivals. Gaps are
measured in *expected arrivals*, not in hours: by this clock a night or a weekend without news is no long gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import log, log2

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Habits change: after four weeks an arrival counts for half.
HALF_LIFE = 28 * DAY
# An unknown feed is taken for a busy one (four items a day) until a few hours of watching say otherwise.
PRIOR_ARRIVALS = 1.0
PRIOR_DAYS = 0.25
# So many arrivals spread evenly are added to the hours, and to the weekdays: no hour is ever taken for dead.
EVEN = 12.0
# A republished archive is one event, not a habit.
MOST_AT_ONCE = 50
# Gaps of 1/16 to 2048 expected arrivals, each bucket twice the one before.
BUCKETS = 16
_FIRST_BUCKET = -4
# A feed that is asked so often per expected item is found out within a fiftieth of the time between two items.
ASKED_PER_ITEM = 48
# 99 % of the gaps of arrivals that come by pure chance are shorter than this many expected ones: -ln 0.01.
CHANCE_P99 = 4.6
# Before so many arrivals the clock that gaps are measured by is a guess; fewer gaps say nothing about a hundredth of them.
ENOUGH = 5.0


@dataclass(frozen=True, slots=True)
class Cadence:
    """What is known of a feed's habits at the moment ``at``; None: nothing yet. ``exposure`` is in days watched, fading too.

    ``last`` is the last arrival.
    """

    at: datetime | None = None
    exposure: float = 0.0
    hours: tuple[float, ...] = (0.0,) * 24
    days: tuple[float, ...] = (0.0,) * 7
    gaps: tuple[float, ...] = (0.0,) * BUCKETS
    last: datetime | None = None

    @property
    def arrivals(self) -> float:
        """Return how many arrivals are remembered, the faded ones in part."""
        return sum(self.hours)


def learn(cadence: Cadence, arrivals: Iterable[datetime], now: datetime) -> Cadence:
    """Return the cadence after items that arrived since it was last brought up to date, none of them after ``now``."""
    came = sorted(min(one, now) for one in arrivals)[-MOST_AT_ONCE:]
    begun = cadence if cadence.at else replace(cadence, at=min([now, *came]))
    faded = _faded(begun, now)
    is_measurable = begun.arrivals >= ENOUGH
    hours, days, gaps, last = list(faded.hours), list(faded.days), list(faded.gaps), cadence.last
    for one in came:
        if is_measurable and last is not None and one > last:
            gaps[_bucket(expected(begun, last, one))] += 1
        hours[one.hour] += 1
        days[one.weekday()] += 1
        last = one if last is None else max(last, one)
    return replace(faded, hours=tuple(hours), days=tuple(days), gaps=tuple(gaps), last=last)


def first_look(published: Iterable[datetime | None], now: datetime) -> Cadence:
    """Return what the dates of a new feed's items say of its habits: they are all there is, and good enough for a pace."""
    recent = sorted(one for one in published if one is not None and now - HALF_LIFE <= one <= now)
    if not recent:
        return Cadence(at=now)
    return learn(Cadence(at=recent[0]), recent, now)


def expected(cadence: Cadence, start: datetime, end: datetime) -> float:
    """Return how many arrivals are to be expected between two moments, by what was known when the last one came."""
    if end <= start:
        return 0.0
    daily = _per_day(cadence, cadence.at or start)
    weeks = (end - start) // (7 * DAY)
    rest = start + weeks * 7 * DAY
    found = weeks * 7 * daily
    total = cadence.arrivals + EVEN
    while rest < end:
        until = min(_next_hour(rest), end)
        found += daily * _share(cadence, rest, total) * ((until - rest) / DAY)
        rest = until
    return found


def pause(cadence: Cadence, now: datetime, shortest: timedelta, longest: timedelta, per_item: float = ASKED_PER_ITEM) -> timedelta:
    """Return how long to wait so that a feed is asked about ``per_item`` times for each item that it is expected to bring.

    Never less than ``shortest`` nor more than ``longest``; a pause that begins in a quiet hour ends in the next busy one.
    """
    daily = _per_day(cadence, now)
    wanted, moment, end = 1 / per_item, now, now + longest
    total = cadence.arrivals + EVEN
    while moment < end:
        until = min(_next_hour(moment), end)
        rate = daily * _share(cadence, moment, total)
        comes = rate * ((until - moment) / DAY)
        if comes >= wanted:
            moment += timedelta(days=wanted / rate)
            break
        wanted -= comes
        moment = until
    return max(shortest, min(moment - now, longest))


def is_active(cadence: Cadence, moment: datetime) -> bool:
    """Say whether items are known to come in the hour of day and on the weekday of a moment."""
    enough = max(1.0, cadence.arrivals / 100)
    return cadence.hours[moment.hour] >= enough and cadence.days[moment.weekday()] >= enough


def silence(cadence: Cadence, now: datetime) -> float:
    """Return how long the feed has been silent, by its own habit: 1 is the gap that 99 of 100 of its gaps are shorter than.

    0 if too little is known of it.
    """
    if cadence.last is None or sum(cadence.gaps) < ENOUGH:
        return 0.0
    return expected(cadence, cadence.last, now) / max(_p99(cadence.gaps), CHANCE_P99)


def _p99(gaps: tuple[float, ...]) -> float:
    """Return the upper edge of the bucket that the 99th of 100 gaps is in."""
    left = sum(gaps) * 0.99
    for number, count in enumerate(gaps):
        left -= count
        if left <= 0:
            return float(2.0 ** (number + _FIRST_BUCKET + 1))
    return float(2.0 ** (BUCKETS + _FIRST_BUCKET))


def _bucket(size: float) -> int:
    return 0 if size <= 0 else max(0, min(int(log2(size) // 1) - _FIRST_BUCKET, BUCKETS - 1))


def _faded(cadence: Cadence, now: datetime) -> Cadence:
    left, exposure = _left(cadence, now)
    return replace(
        cadence,
        at=max(now, cadence.at or now),
        exposure=exposure,
        hours=tuple(one * left for one in cadence.hours),
        days=tuple(one * left for one in cadence.days),
        gaps=tuple(one * left for one in cadence.gaps),
    )


def _left(cadence: Cadence, now: datetime) -> tuple[float, float]:
    """Return how much an arrival counts now that counted 1 when the cadence was brought up to date, and the exposure by now."""
    # A clock that went back makes nothing grow.
    span = max(now - (cadence.at or now), timedelta())
    left = 0.5 ** (span / HALF_LIFE)
    return left, cadence.exposure * left + (1 - left) * (HALF_LIFE / DAY) / log(2)


def _per_day(cadence: Cadence, moment: datetime) -> float:
    left, exposure = _left(cadence, moment)
    return (cadence.arrivals * left + PRIOR_ARRIVALS) / (exposure + PRIOR_DAYS)


def _share(cadence: Cadence, moment: datetime, total: float) -> float:
    """Return how an hour compares to the average one: over a week the shares average to 1."""
    return 24 * 7 * (cadence.hours[moment.hour] + EVEN / 24) / total * (cadence.days[moment.weekday()] + EVEN / 7) / total


def _next_hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + HOUR
