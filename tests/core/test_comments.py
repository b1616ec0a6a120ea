"""Where comments are, how long they are followed, and what they are called."""

from datetime import timedelta

import pytest
from builders import NOON, item

from monitor.core import comments
from monitor.core.comments import Failing

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        ("https://x.example/2026/11/a/", "https://x.example/2026/11/a/feed/"),
        ("https://x.example/a#more", "https://x.example/a/feed/"),
        ("https://x.example/?p=12", "https://x.example/?feed=rss2&p=12"),
        ("https://x.example/", None),
        ("https://x.example/?p=1%27", None),
    ],
)
def test_wordpress_has_a_rule(url, feed):
    assert comments.by_rule(url) == feed


def test_the_rule_is_used_only_where_a_wordpress_names_no_comment_feed_at_all():
    named, unnamed = item(comments_feed="https://x.example/a/feed/"), item("b", url="https://x.example/b/")

    assert comments.goes_by_rule((unnamed,), is_wordpress=True)
    assert not comments.goes_by_rule((named, unnamed), is_wordpress=True)
    assert not comments.goes_by_rule((unnamed,), is_wordpress=False)


@pytest.mark.parametrize(
    ("feed", "site"),
    [
        ("https://x.example/feed", "https://x.example/comments/feed/"),
        ("https://x.example/blog/feed/", "https://x.example/blog/comments/feed/"),
        ("https://x.example/category/politik/feed/", None),
        ("https://x.example/rss.xml", None),
    ],
)
def test_a_site_has_a_feed_of_all_comments(feed, site):
    assert comments.site_feed(feed) == site


@pytest.mark.parametrize(
    ("silence", "pause"),
    [(0 * HOUR, 10 * MINUTE), (HOUR, 10 * MINUTE), (10 * HOUR, HOUR), (3 * DAY, 6 * HOUR), (7 * DAY - HOUR, HOUR)],
)
def test_polls_grow_rare_with_silence_and_the_last_is_at_the_end(silence, pause):
    assert comments.next_poll(NOON, 10 * MINUTE, 6 * HOUR, NOON - silence, 7 * DAY) == NOON + pause


@pytest.mark.parametrize(
    ("silence", "failing", "reason"),
    [
        (6 * DAY, None, None),
        (7 * DAY, None, "no new comment since 2026-11-17"),
        (DAY, Failing(2, 404, "404", True), None),
        (DAY, Failing(3, 410, "410", True), "it is gone: the site answered 410, 3 times"),
        (DAY, Failing(30, 500, "500", True), None),
        (7 * DAY, Failing(2, 500, "500", True), None),
        (7 * DAY, Failing(30, 500, "500", True), "no new comment since 2026-11-17, and the last 30 polls failed: 500"),
        (DAY, Failing(3, 200, "an HTML page", True), None),
        (DAY, Failing(3, 200, "an HTML page", False), "it is no feed: an HTML page"),
    ],
)
def test_a_watch_ends_with_its_reason(silence, failing, reason):
    assert comments.end_reason(NOON, NOON - silence, 7 * DAY, failing) == reason


def test_a_new_comment_is_a_sign_of_life_whatever_its_date():
    late = [item(published=NOON - 3 * DAY)]

    assert comments.heard_at(NOON - DAY, late, NOON, is_quiet=False) == NOON
    assert comments.heard_at(NOON - 9 * DAY, late, NOON, is_quiet=True) == NOON - 3 * DAY
    assert comments.heard_at(NOON - DAY, [], NOON, is_quiet=False) == NOON - DAY


@pytest.mark.parametrize("title", ["By: Ada", "Von: Ada", "Kommentar zu Waffenruhe von Ada"])
def test_a_comment_is_called_the_same_whichever_feed_shows_it(title):
    assert comments.as_comment(item(title=title, authors=("Ada",), content="Das hält nie.")).title == "Ada: Das hält nie."


def test_a_title_of_its_own_stays():
    assert comments.as_comment(item(title="Widerspruch", authors=("Ada",))).title == "Widerspruch"
