"""Validators that lie are found, no longer used, and get a way back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON

from monitor.core import trust
from monitor.core.health import Health, Sight, Trust
from monitor.core.ids import FeedId
from monitor.core.state import FeedState, Validators

HOUR = timedelta(hours=1)
OURS = Validators('"1"')
LIED = Trust(is_lying=True, measured=NOON)


def state(hours=0.0, kept=Trust(), **facts):  # noqa: B008
    plain = FeedState(FeedId(1), "news", OURS, "hash", "done", validated_since=NOON - hours * HOUR, health=Health(trust=kept))
    return replace(plain, **facts)


@pytest.mark.parametrize(("agreed", "hours"), [(0, 1), (1, 6), (2, 24), (7, 24)])
def test_the_body_is_asked_for_soon_at_first_and_then_once_a_day(agreed, hours):
    kept = Trust(agreed=agreed)

    assert trust.validators_to_send(state(hours - 0.1, kept), NOON) == OURS
    assert trust.validators_to_send(state(hours, kept), NOON) == Validators()


def test_a_clock_that_went_back_does_not_put_a_sample_off():
    assert trust.is_sample_due(state(-1), NOON)


def test_validators_that_lied_are_not_used():
    assert trust.validators_to_send(state(0, LIED), NOON) == Validators()


@pytest.mark.parametrize(
    ("before", "says_unchanged", "has_other_items", "after"),
    [
        (Trust(), True, True, LIED),
        (Trust(), True, False, Trust(agreed=1)),
        (Trust(), False, True, Trust(agreed=1)),
        (Trust(), None, True, Trust()),
        (Trust(), None, False, Trust(agreed=1)),
        (replace(LIED, agreed=5), True, True, LIED),
        (LIED, False, True, replace(LIED, agreed=1)),
        (LIED, None, False, LIED),
        (replace(LIED, agreed=6), False, True, Trust(agreed=7, measured=NOON)),
    ],
)
def test_a_sample_speaks_for_or_against(before, says_unchanged, has_other_items, after):
    sight = Sight(is_sample=True, says_unchanged=says_unchanged)

    assert trust.measured(Health(trust=before), sight, NOON, has_other_items=has_other_items).trust == after


def test_a_poll_that_is_no_sample_says_nothing():
    assert trust.measured(Health(), Sight(), NOON, has_other_items=True).trust == Trust()


@pytest.mark.parametrize(
    ("asked", "is_measurable"),
    [
        (state(0), False),
        (state(2), True),
        (state(2, validators=Validators()), False),
        (state(2, baseline="moved"), False),
        (state(0, LIED), False),
        (state(0, replace(LIED, measured=NOON - 24 * HOUR)), True),
    ],
)
def test_a_server_is_asked_twice_only_when_it_tells_something(asked, is_measurable):
    assert trust.is_measurable(asked, NOON) == is_measurable
