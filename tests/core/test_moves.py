"""A redirect is believed after three days, and a new address is told no secrets of the old one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, feed

from monitor.core import moves
from monitor.core.health import Health
from monitor.core.secret import Secret

DAY = timedelta(days=1)
NEW, OTHER, OWN = "https://new.example/feed", "https://other.example/feed", "https://news.example"


def moved_to(*seen):
    """Where a feed has moved to after redirects that were seen on these days."""
    health = Health()
    for day, url in seen:
        health = moves.followed(health, url, NOON + day * DAY, OWN)
    return health.moved_to


@pytest.mark.parametrize(
    ("seen", "to"),
    [
        ([(0, NEW), (1, NEW)], None),
        ([(0, NEW), (1, NEW), (2, NEW)], NEW),
        ([(0, NEW), (5, NEW), (9, NEW)], NEW),
        ([(0, NEW), (0, NEW), (0.1, NEW), (1, NEW)], None),
        ([(0, NEW), (1, OTHER), (2, NEW), (3, NEW)], None),
        ([(0, NEW), (1, None), (2, NEW), (3, NEW)], None),
        ([(2, NEW), (1, NEW), (0, NEW)], None),
    ],
)
def test_a_move_is_believed_after_the_same_redirect_on_three_days(seen, to):
    assert moved_to(*seen) == to


def test_a_new_address_stays_while_it_answers():
    assert moved_to((0, NEW), (1, NEW), (2, NEW), (3, None), (4, None)) == NEW


@pytest.mark.parametrize(("back", "to"), [(OWN + "/", None), (OWN, None), ("http://news.example/", "http://news.example/")])
def test_a_redirect_to_the_address_of_the_config_ends_a_move(back, to):
    moved = [(day, NEW) for day in range(3)]

    assert moved_to(*moved, (3, back), (4, back)) == NEW
    assert moved_to(*moved, (3, back), (4, back), (5, back)) == to


def test_another_site_is_not_told_the_headers():
    asked = replace(feed(), headers=(("Authorization", Secret("geheim")),))

    assert moves.visited(asked, NEW).headers == ()
    assert moves.visited(asked, "https://news.example/new").headers == asked.headers
    assert moves.visited(asked, NEW).address.reveal() == NEW
    assert moves.visited(asked, None) == asked


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://News.example/feed", "news.example"),
        ("https://news.example:443/feed", "news.example"),
        ("http://news.example:8080/", "news.example:8080"),
        ("https://***@news.example/", "news.example"),
        ("http://news.example:99999/", ""),
        ("", ""),
    ],
)
def test_the_host_that_answers_for_an_address(url, host):
    assert moves.host_of(url) == host
