"""When a poll brings more than can be news."""

from datetime import timedelta

import pytest
from builders import NOON, item

from monitor.core.flood import flood_limit, held, is_archive, late_by
from monitor.core.older import Usual

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
USUAL = Usual(NOON - HOUR, listed=30, new_per_hour=2)


def items(number, age=timedelta()):
    return [item(str(one), published=None if age is None else NOON - age) for one in range(number)]


@pytest.mark.parametrize(
    ("age", "number", "expected"),
    [
        (timedelta(), 20, 0),
        (timedelta(), 150, 0),
        (timedelta(), 151, 151),
        (30 * DAY, 20, 0),
        (30 * DAY, 21, 21),
        (None, 150, 0),
        (None, 151, 151),
    ],
)
def test_what_is_held_depends_on_how_much_comes_and_how_old_it_is(age, number, expected):
    assert sum(held(items(number, age), USUAL, NOON)) == expected


def test_a_young_feed_that_grows_while_we_are_away_is_told():
    assert sum(held(items(100), Usual(NOON - HOUR, listed=1), NOON)) == 0
    assert sum(held(items(101), Usual(NOON - HOUR, listed=1), NOON)) == 101


def test_an_entry_that_has_only_the_date_of_its_last_change_is_no_younger():
    last_changed = item(published=None, updated=NOON - 30 * DAY)

    assert is_archive([last_changed], NOON)
    assert late_by(last_changed, NOON, NOON) == 30 * DAY


def test_news_among_an_old_archive_is_told():
    mixed = [*items(25, 30 * DAY), item("news", published=NOON)]

    assert held(mixed, USUAL, NOON) == (True,) * 25 + (False,)


def test_after_a_long_absence_more_is_plausible():
    assert flood_limit(Usual(NOON - 12 * HOUR, 30, 10), NOON) == 600
    assert flood_limit(Usual(NOON - HOUR, 30, 0), NOON) == 20
    assert flood_limit(Usual(), NOON) == 20


def test_a_page_of_old_items_only_is_an_archive():
    assert is_archive(items(3, 30 * DAY), NOON)
    assert not is_archive([*items(3, 30 * DAY), item("b", published=NOON)], NOON)
    assert not is_archive(items(3, None), NOON)
    assert not is_archive([], NOON)


@pytest.mark.parametrize(("age", "late"), [(5 * HOUR, 5 * HOUR), (3 * HOUR, None), (HOUR / 2, None), (None, None)])
def test_an_item_dated_well_before_a_poll_that_did_not_list_it_is_late(age, late):
    (one,) = items(1, age)

    assert late_by(one, NOON - HOUR, NOON) == late
