"""When a feed's items come: laws that hold whatever a feed does, and habits that people have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import cadence
from monitor.core.cadence import Cadence

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
SIX_HOURS = timedelta(hours=6)
MOMENTS = st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 24), timezones=st.just(UTC))
CADENCES = st.lists(st.lists(MOMENTS, max_size=80), max_size=8).map(
    lambda polls: _watched([(max(poll), poll) for poll in sorted(polls, key=lambda poll: max(poll, default=NOON)) if poll])
)


def _watched(polls):
    known = Cadence()
    for now, arrivals in polls:
        known = cadence.learn(known, arrivals, now)
    return known


def weeks(number, *hours, days=range(5)):
    """A feed with an item at each of these hours of these weekdays (Monday to Friday), for so many weeks up to NOON, a Tuesday."""
    monday = NOON.replace(hour=0) - DAY
    known = Cadence()
    for week in range(-number, 1):
        for day in days:
            for hour in hours:
                at = monday + week * 7 * DAY + day * DAY + hour * HOUR
                if at <= NOON:
                    known = cadence.learn(known, [at], at)
    return known


@given(CADENCES, MOMENTS, st.timedeltas(timedelta(minutes=1), DAY), st.timedeltas(timedelta(minutes=1), DAY))
def test_a_pause_lies_within_its_bounds(known, now, shortest, longest):
    assert shortest <= cadence.pause(known, now, shortest, max(shortest, longest)) <= max(shortest, longest)


@given(CADENCES, MOMENTS)
def test_a_feed_that_is_asked_more_often_per_item_waits_less(known, now):
    pauses = [cadence.pause(known, now, timedelta(minutes=1), 7 * DAY, per_item) for per_item in (4, 48, 200)]

    assert pauses == sorted(pauses, reverse=True)


@given(st.integers(0, 500), st.integers(0, 500))
def test_of_two_feeds_without_hours_the_busier_one_waits_no_longer(some, more):
    def pause(items):
        even = replace(Cadence(at=NOON), exposure=28.0, hours=(items / 24,) * 24, days=(items / 7,) * 7)
        return cadence.pause(even, NOON, timedelta(minutes=1), 7 * DAY)

    assert pause(some + more) <= pause(some)


@given(CADENCES, st.lists(st.timedeltas(timedelta(), 60 * DAY), min_size=2, max_size=5))
def test_a_feed_that_goes_on_being_silent_is_asked_no_more_often_and_is_more_and_more_silent(known, spans):
    # Whole weeks: the hour of day and the weekday stay the same.
    later = [NOON + 7 * DAY * (span // (7 * DAY)) for span in sorted(spans)]
    pauses = [cadence.pause(known, at, timedelta(minutes=1), 31 * DAY) for at in later]
    silences = [cadence.silence(known, at) for at in later]

    assert all(one <= other + timedelta(seconds=1) for one, other in pairwise(pauses))
    assert silences == sorted(silences)


@given(CADENCES, MOMENTS, st.timedeltas(timedelta(), 30 * DAY), st.timedeltas(timedelta(), 30 * DAY))
def test_what_is_expected_in_two_spans_is_expected_in_both_together(known, start, one, other):
    whole = cadence.expected(known, start, start + one + other)

    parts = cadence.expected(known, start, start + one) + cadence.expected(known, start + one, start + one + other)
    assert whole == pytest.approx(parts, rel=1e-6, abs=1e-9)


@given(CADENCES, st.lists(MOMENTS, max_size=3000))
def test_a_cadence_stays_small_and_sane(known, arrivals):
    now = max(arrivals, default=NOON)
    after = cadence.learn(known, arrivals, now)

    assert (len(after.hours), len(after.days), len(after.gaps)) == (24, 7, cadence.BUCKETS)
    assert min(*after.hours, *after.days, *after.gaps, after.exposure) >= 0
    assert after.arrivals <= known.arrivals + cadence.MOST_AT_ONCE


def test_a_new_feed_whose_items_are_minutes_old_is_asked_as_often_as_it_may():
    known = cadence.first_look([NOON - number * QUARTER for number in range(20)], NOON)

    assert cadence.pause(known, NOON, QUARTER, SIX_HOURS) == QUARTER


def test_a_new_feed_whose_items_are_weeks_old_is_asked_seldom_from_the_start():
    known = cadence.first_look([NOON - number * (5 * DAY + 5 * HOUR) for number in range(1, 5)], NOON)

    assert cadence.pause(known, NOON, QUARTER, SIX_HOURS) > HOUR


def test_a_new_feed_without_dates_is_asked_as_often_as_it_may():
    assert cadence.pause(cadence.first_look([None, None], NOON), NOON, QUARTER, SIX_HOURS) == QUARTER


def test_a_feed_that_stays_without_items_becomes_slow_within_two_weeks():
    pauses = [cadence.pause(Cadence(at=NOON), NOON + days * DAY, QUARTER, SIX_HOURS) for days in (0, 1, 7, 14)]

    assert pauses[0] == QUARTER
    assert timedelta(minutes=30) < pauses[1] < pauses[2] < pauses[3] == SIX_HOURS


def test_a_newspaper_is_asked_seldom_at_night_and_often_by_day_and_the_night_ends_in_time():
    paper = weeks(4, 7, 8, 9, 10, 11, 12)
    night, morning = NOON + 6 * HOUR, NOON + 20 * HOUR

    assert cadence.pause(paper, night, QUARTER, SIX_HOURS) > 2 * QUARTER
    assert cadence.pause(paper, morning, QUARTER, SIX_HOURS) == QUARTER
    asleep = NOON + 17 * HOUR + timedelta(minutes=50)  # ten to six, the first item comes at seven
    assert asleep + cadence.pause(paper, asleep, QUARTER, SIX_HOURS) <= NOON + 19 * HOUR + QUARTER


def test_a_weekend_is_no_silence_for_a_feed_that_never_writes_then():
    office = weeks(6, 7, 9, 11)
    friday = NOON - 4 * DAY
    silent_weekend = replace(office, last=friday)

    assert cadence.silence(silent_weekend, friday + 3 * DAY) < 1
    assert cadence.silence(office, NOON + 7 * DAY) > 1


def test_silence_is_measured_by_the_feeds_own_habit():
    hourly, daily = weeks(4, *range(24), days=range(7)), weeks(4, 12, days=range(7))

    assert cadence.silence(hourly, NOON + DAY) > 2 > 1 > cadence.silence(daily, NOON + DAY)
    assert cadence.silence(daily, NOON + 14 * DAY) > 1


def test_a_feed_that_is_hardly_known_is_never_silent():
    assert cadence.silence(weeks(0, 7, days=(0,)), NOON + 300 * DAY) == 0


def test_an_old_habit_fades():
    once_hourly = weeks(2, *range(24), days=range(7))

    pauses = [cadence.pause(once_hourly, NOON + months * 28 * DAY, QUARTER, SIX_HOURS) for months in (0, 6)]

    assert pauses[0] < HOUR < pauses[1]
