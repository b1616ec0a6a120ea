"""Each trouble of a source has its threshold: told once when it is passed, and once when it is well again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON

from monitor.core import watch
from monitor.core.cadence import Cadence
from monitor.core.health import Began, Ended, Health

HOUR = timedelta(hours=1)


def failing(failures=1, hours=0.0, open_troubles=(), **facts):
    turns = watch.after_failure(Health(**facts), open_troubles, failures, NOON - hours * HOUR, NOON, "why")
    return [turn.trouble for turn in turns]


def well(open_troubles=(), *, is_gap=False, has_new=False, at_once=(), before=None, **facts):
    health, begun = Health(**facts), [Began(one, NOON) for one in at_once]
    return watch.after_success(before or health, health, frozenset(open_troubles), NOON, is_gap=is_gap, has_new=has_new, at_once=begun)


@pytest.mark.parametrize(
    ("failures", "hours", "told"),
    [(4, 100, []), (5, 5.9, []), (5, 6, ["broken"]), (400, 5, []), (400, 400, ["broken"])],
)
def test_a_feed_is_broken_after_five_failures_in_six_hours(failures, hours, told):
    assert failing(failures, hours) == told


@pytest.mark.parametrize(("pages", "hours", "told"), [(2, 9, []), (3, 0.9, []), (3, 1, ["page"])])
def test_a_page_in_place_of_a_feed_is_told_after_three_answers_in_an_hour(pages, hours, told):
    assert failing(9, hours, pages=pages) == told


def test_a_feed_that_is_gone_is_told_at_once_and_not_as_broken():
    assert failing(400, 400, gone=NOON) == ["gone"]


def test_what_was_told_is_not_told_again():
    assert failing(400, 400, ["broken"]) == failing(9, 9, ["page"], pages=9) == failing(9, 9, ["gone"], gone=NOON) == []


def test_a_trouble_says_since_when_and_what():
    assert watch.after_failure(Health(), (), 9, NOON - 7 * HOUR, NOON, "500") == (Began("broken", NOON - 7 * HOUR, "500"),)


def test_an_answer_ends_what_failures_began():
    assert well(["broken", "page", "gone"]) == (Ended("broken"), Ended("gone"), Ended("page"))


def test_an_answer_says_nothing_when_nothing_was_told():
    assert well(has_new=True) == ()


@pytest.mark.parametrize("trouble", ["migrated", "flood"])
def test_what_comes_all_at_once_is_told_once_and_ends_without_a_word_with_the_next_news(trouble):
    assert well(at_once=[trouble], has_new=True) == (Began(trouble, NOON),)
    assert well([trouble], at_once=[trouble], has_new=True) == ()
    assert well([trouble]) == ()
    assert well([trouble], has_new=True) == (Ended(trouble, is_told=False),)


def test_a_gap_is_told_at_once_and_over_after_three_polls_that_overlap():
    assert well(is_gap=True) == (Began("gap", NOON),)
    assert well(["gap"], is_gap=True) == well(["gap"], calm=2) == ()
    assert well(["gap"], calm=3) == (Ended("gap"),)


def test_a_move_is_told_and_its_undoing_too():
    moved = Health(moved_to="https://new.example/")

    assert well(before=Health(), moved_to="https://new.example/") == (Began("moved", NOON, "https://new.example/"),)
    assert well(["moved"], moved_to="https://new.example/") == ()
    assert well(["moved"], before=moved) == (Ended("moved"),)


def test_a_second_move_takes_the_place_of_the_first():
    turns = well(["moved"], before=Health(moved_to="https://new.example/"), moved_to="https://newer.example/")

    assert turns == (Ended("moved", is_told=False), Began("moved", NOON, "https://newer.example/"))


HOURLY = Cadence(NOON, 28.0, (28.0,) * 24, (96.0,) * 7, (0.0, 0, 0, 0, 600, *([0.0] * 11)))


@pytest.mark.parametrize(("hours", "is_told"), [(5, False), (9, False), (11, True)])
def test_silence_is_told_beyond_twice_the_habit(hours, is_told):
    silent = replace(HOURLY, last=NOON - hours * HOUR)

    assert well(cadence=silent) == ((Began("silent", NOON - hours * HOUR),) if is_told else ())


def test_a_very_busy_feed_may_be_silent_for_six_hours():
    every_minute = replace(HOURLY, hours=(1680.0,) * 24, days=(5760.0,) * 7)

    assert well(cadence=replace(every_minute, last=NOON - 5 * HOUR)) == ()
    assert well(cadence=replace(every_minute, last=NOON - 7 * HOUR)) != ()


def test_silence_is_told_once_and_ends_with_an_item():
    silent = replace(HOURLY, last=NOON - 100 * HOUR)

    assert well(["silent"], cadence=silent) == ()
    assert well(["silent"], has_new=True, cadence=silent) == (Ended("silent"),)
