"""When a feed and a delivery are tried again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import schedule
from monitor.core.cadence import Cadence
from monitor.core.health import Health, Hints

QUARTER = timedelta(minutes=15)
SIX_HOURS = timedelta(hours=6)


HOUR = timedelta(hours=1)
WATCHED = replace(Cadence(at=NOON), exposure=28.0)
BUSY = replace(Cadence(at=NOON), exposure=28.0, hours=(20.0,) * 24, days=(480 / 7,) * 7)


def after(interval=QUARTER, longest=SIX_HOURS, chance=0.5, cadence=BUSY, fresh_for=None, is_thin=False, now=NOON, **facts):
    health = Health(cadence=cadence, **facts)
    return schedule.after_success(now, interval, longest, health, chance, fresh_for=fresh_for, is_thin=is_thin) - now


def test_a_feed_that_brings_news_is_visited_after_its_interval():
    assert after() == QUARTER


def test_a_new_feed_is_visited_after_its_interval():
    assert after(cadence=Cadence(at=NOON)) == QUARTER


def test_a_feed_that_brought_nothing_for_long_is_visited_at_the_longest_interval():
    assert after(cadence=WATCHED) == SIX_HOURS


def test_a_longest_interval_below_the_interval_does_not_make_it_faster():
    assert after(cadence=WATCHED, longest=timedelta(minutes=1)) == QUARTER


@pytest.mark.parametrize(("gaps", "part"), [(1, 2), (2, 4), (3, 8), (9, 8)])
def test_each_gap_halves_the_interval_down_to_an_eighth(gaps, part):
    pace = 1.0
    for _ in range(gaps):
        pace = schedule.after_gap(pace, 10)

    assert after(pace=pace) == QUARTER / part


def test_overlap_brings_the_interval_back():
    assert schedule.after_overlap(schedule.after_overlap(schedule.after_gap(1.0, 10))) == 1.0


def test_a_poll_that_shares_little_with_the_last_is_followed_by_a_fast_one():
    assert after(cadence=WATCHED, is_thin=True) == QUARTER


@pytest.mark.parametrize(("facts", "wait"), [({}, 1.0), ({"pace": 0.5}, 0.5), ({"pace": 0.125}, 0.5), ({"cadence": WATCHED}, 1.0)])
def test_under_a_minute_nothing_adapts_but_to_gaps(facts, wait):
    hints = Hints(every=HOUR, skip_hours=(12, 13))

    assert after(timedelta(seconds=0.3), fresh_for=HOUR, hints=hints, **facts) == timedelta(seconds=0.3) * wait


@pytest.mark.parametrize("asked", [{"hints": Hints(every=HOUR)}, {"fresh_for": HOUR}])
def test_what_the_site_asks_for_slows_down_only_a_feed_that_brings_little(asked):
    some = replace(WATCHED, hours=(28 / 24,) * 24, days=(4.0,) * 7)  # one item a day

    assert after(cadence=some, **asked) == HOUR
    assert after(cadence=BUSY, **asked) == QUARTER


def test_no_hint_slows_a_feed_down_beyond_the_longest_interval():
    assert after(cadence=WATCHED, fresh_for=timedelta(days=365), hints=Hints(every=timedelta(days=7))) == SIX_HOURS


def test_skipped_hours_and_days_are_skipped_unless_items_come_in_them():
    tuesday_noon = Hints(skip_hours=(12, 13), skip_days=(2,))

    assert after(cadence=Cadence(at=NOON), hints=tuesday_noon) == 2 * HOUR
    assert after(cadence=BUSY, hints=tuesday_noon) == QUARTER


def test_skipped_hours_are_skipped_no_longer_than_the_longest_interval():
    assert after(cadence=Cadence(at=NOON), hints=Hints(skip_hours=tuple(range(12, 24)))) == SIX_HOURS


HEALTHS = st.builds(
    Health,
    hints=st.builds(
        Hints,
        st.none() | st.timedeltas(timedelta(), timedelta(days=9)),
        st.lists(st.integers(0, 23), max_size=24).map(tuple),
        st.lists(st.integers(0, 6), max_size=7).map(tuple),
    ),
    cadence=st.builds(
        Cadence,
        st.just(NOON),
        st.floats(0, 41),
        st.lists(st.floats(0, 1e4), min_size=24, max_size=24).map(tuple),
        st.lists(st.floats(0, 1e4), min_size=7, max_size=7).map(tuple),
    ),
    pace=st.sampled_from([1.0, 0.5, 0.25, 0.125]),
)


@given(HEALTHS, st.floats(0, 1, exclude_max=True), st.integers(60, 90_000), st.integers(60, 90_000), st.booleans())
def test_no_feed_starves_and_none_is_asked_faster_than_it_may_be(health, chance, interval_s, longest_s, is_thin):
    interval, longest = timedelta(seconds=interval_s), timedelta(seconds=longest_s)
    due = schedule.after_success(NOON, interval, longest, health, chance, fresh_for=timedelta(days=1), is_thin=is_thin)

    assert 0.9 * max(interval * health.pace, timedelta(minutes=1)) <= due - NOON <= 1.1 * max(interval, longest)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 15), (2, 30), (3, 60), (4, 60), (400, 60)])
def test_pauses_of_a_failing_feed_double_up_to_an_hour(failures, minutes):
    assert schedule.after_failure(NOON, QUARTER, SIX_HOURS, failures, 0.5) == NOON + timedelta(minutes=minutes)


def test_a_slow_feed_is_not_visited_more_often_because_it_fails():
    assert schedule.after_failure(NOON, SIX_HOURS, timedelta(hours=1), 1, 0.5) == NOON + SIX_HOURS


def test_a_server_that_asks_for_a_week_is_visited_after_a_day():
    week = timedelta(days=7)

    assert schedule.after_failure(NOON, QUARTER, SIX_HOURS, 1, 0.0, week) == NOON + timedelta(days=1)


@given(st.floats(0, 1, exclude_max=True))
def test_nobody_comes_back_before_a_server_asked_for(chance):
    assert schedule.after_failure(NOON, QUARTER, SIX_HOURS, 1, chance, 2 * HOUR) >= NOON + 2 * HOUR


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 60))
def test_the_next_poll_is_never_in_the_past(chance, failures):
    assert schedule.after_failure(NOON, QUARTER, SIX_HOURS, failures, chance) > NOON


def test_a_rejected_message_is_dead_after_three_more_tries():
    tries = [schedule.next_try(NOON, NOON, attempt, "rejected", 0.5) for attempt in (1, 2, 3, 4)]

    assert tries == [NOON + timedelta(seconds=2), NOON + timedelta(minutes=1), NOON + timedelta(minutes=15), None]


@pytest.mark.parametrize("outcome", ["not_sent", "unknown"])
def test_a_channel_that_is_down_is_tried_for_a_day(outcome):
    nearly = NOON - timedelta(hours=23)
    long_ago = NOON - timedelta(hours=24)

    assert schedule.next_try(NOON, nearly, 100, outcome, 0.5) == NOON + timedelta(minutes=15)
    assert schedule.next_try(NOON, long_ago, 7, outcome, 0.5) is not None
    assert schedule.next_try(NOON, long_ago, 8, outcome, 0.5) is None
