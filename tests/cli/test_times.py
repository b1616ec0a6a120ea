from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.times import Ago, parse_when, since, until

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("30d", NOON - timedelta(days=30)),
        ("12h", NOON - timedelta(hours=12)),
        ("90m", NOON - timedelta(minutes=90)),
        ("45s", NOON - timedelta(seconds=45)),
        ("2w", NOON - timedelta(days=14)),
        ("2026-11-01", datetime(2026, 10, 31, 23, tzinfo=UTC)),
        ("2026-11-01T08:00:00Z", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("2026-11-01t08:00:00.5z", datetime(2026, 11, 1, 8, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-01T08:00+05:30", datetime(2026, 11, 1, 2, 30, tzinfo=UTC)),
        ("2026-11-01 08:00", datetime(2026, 11, 1, 7, tzinfo=UTC)),
    ],
)
def test_since_is_the_first_moment_of_what_was_typed(text, moment):
    assert since(parse_when(text), NOON, BERLIN) == moment


def test_until_a_day_is_meant_with_all_its_hours():
    assert until(parse_when("2026-11-01"), NOON, BERLIN) == datetime(2026, 11, 1, 23, tzinfo=UTC)


def test_until_a_time_is_that_time():
    assert until(parse_when("2026-11-01T08:00:00Z"), NOON, BERLIN) == datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "30", "30x", "-3d", "2026-13-01", "2026-02-30", "yesterday", "2026-11-01T25:00", "٣d"])
def test_what_is_no_time_is_refused_with_what_would_be_right(text):
    with pytest.raises(ValueError, match="write"):
        parse_when(text)


@pytest.mark.parametrize("text", ["999999w", "0001-01-01", "0001-01-01T00:00+14:00", "9999-12-31", "9999-12-31T23:59-12:00"])
def test_the_ends_of_time_are_no_error(text):
    assert since(parse_when(text), NOON, BERLIN).tzinfo is UTC
    assert until(parse_when(text), NOON, BERLIN).tzinfo is UTC


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_a_value_error(text):
    try:
        when = parse_when(text)
    except ValueError:
        return
    assert since(when, NOON, BERLIN) <= until(when, NOON, BERLIN)


def test_a_longer_span_reaches_further_back():
    assert since(Ago(timedelta(days=2)), NOON, UTC) < since(Ago(timedelta(days=1)), NOON, UTC)
