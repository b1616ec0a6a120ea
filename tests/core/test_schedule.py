"""When a feed and a delivery are tried again."""

from datetime import timedelta

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import schedule

QUARTER = timedelta(minutes=15)
SIX_HOURS = timedelta(hours=6)


def test_a_feed_that_answered_is_visited_after_its_interval():
    assert schedule.after_success(NOON, QUARTER, chance=0.5) == NOON + QUARTER


def test_a_gap_halves_the_interval():
    assert schedule.after_success(NOON, QUARTER, chance=0.5, is_gap=True) == NOON + QUARTER / 2


@pytest.mark.parametrize(("failures", "minutes"), [(1, 15), (2, 30), (3, 60), (4, 60), (400, 60)])
def test_pauses_of_a_failing_feed_double_up_to_an_hour(failures, minutes):
    assert schedule.after_failure(NOON, QUARTER, SIX_HOURS, failures, 0.5) == NOON + timedelta(minutes=minutes)


def test_a_slow_feed_is_not_visited_more_often_because_it_fails():
    assert schedule.after_failure(NOON, SIX_HOURS, timedelta(hours=1), 1, 0.5) == NOON + SIX_HOURS


def test_a_server_that_asks_for_a_week_is_visited_after_a_day():
    week = timedelta(days=7)

    assert schedule.after_failure(NOON, QUARTER, SIX_HOURS, 1, 0.5, week) == NOON + timedelta(days=1)


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
