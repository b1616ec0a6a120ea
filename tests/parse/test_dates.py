"""Dates as feeds write them."""

from datetime import UTC, datetime

import pytest
from builders import NOON

from monitor.parse.dates import believable, read_date


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T08:05:00Z",
        "2026-11-24T09:05:00.123+01:00",
        "2026-11-24 09:05 CET",
        "2026-328T08:05Z",
        "20261124080500",
        "1795507500",
        "1795507500000",
        "Tue, 24 Nov 2026 09:05:00 +0100",
        "Tue, 24 Nov 26 03:05 EST",
        "Di., 24. November 2026, 9:05 Uhr MEZ",
        "24.11.2026 09:05 Europe/Berlin",
        "Tuesday, November 24th, 2026 - 8:05am",
        "Nov 24 2026 12:05:00 AM PT",
        "mardi 24 novembre 2026 à 09:05 GMT+1",
        "Tue Nov 24 08:05:00 +0000 2026 (Coordinated Universal Time)",
        "2026/11/24 8:05:0",
        "11/24/2026 8:05",
        "24/11/2026 8:05",
        "24-Nov-2026 08:05",
        "  Tue, 24 Nov 2026\n 08:05:00 GMT\\n",
    ],
)
def test_one_moment_is_read_however_it_is_written(text):
    assert read_date(text) == datetime(2026, 11, 24, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
        ("20261124", datetime(2026, 11, 24, tzinfo=UTC)),
        ("Nov 2026", datetime(2026, 11, 1, tzinfo=UTC)),
        ("24 Nov 2026 GMT", datetime(2026, 11, 24, tzinfo=UTC)),
        ("2026-07-01 12:00 America/New_York", datetime(2026, 7, 1, 16, tzinfo=UTC)),
        ("1 Jul 2026 12:00 PT", datetime(2026, 7, 1, 19, tzinfo=UTC)),
        ("1 Jul 2026 12:00 pm", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("mar, 3 mar 2026", datetime(2026, 3, 3, tzinfo=UTC)),
        ("2026-06-30T23:59:60Z", datetime(2026, 7, 1, tzinfo=UTC)),
        ("2026-06-30T24:00Z", datetime(2026, 7, 1, tzinfo=UTC)),
        ("04-335", datetime(2004, 11, 30, tzinfo=UTC)),
        ("1 Jan 98 00:00 A", datetime(1998, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_a_date_leaves_out_is_the_beginning_and_utc(text, moment):
    assert read_date(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gestern",
        "7",
        "2026-02-30",
        "2026-11-24T25:00Z",
        "2026-11-24T24:30Z",
        "2026-11-24T10:60Z",
        "2026-11-24T10:00+25:00",
        "2026-11-24T10:00+01:0x",
        "2026-11-24 10:00 Atlantis/Capital",
        "2026-11-24 10:00 America/Indiana",
        "2026-11-24-05",
        "26328",
        "24 Nov 2026 13:05 pm",
        "24 Nov 2026 8:05:00:12",
        "24 Foo 2026 08:05",
        "24 Nov 2026 or later",
        "Nov 24",
        "03/04/2026",
        "26-11-24",
        "1 Jan 0001 00:00 +1200",
        "9" * 5000,
    ],
)
def test_what_is_no_date_or_could_be_two_is_not_read(text):
    assert read_date(text) is None


@pytest.mark.parametrize("text", ["1994-12-31", "2026-11-27", "9999-12-31"])
def test_no_item_is_of_before_feeds_or_of_days_to_come(text):
    assert believable(read_date(text), NOON) is None
