"""Comment feeds in the store: added with their article, claimed so that they hold up nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, feed, item

from monitor.core.following import Follow
from monitor.core.identity import fingerprint
from monitor.core.model import Identified, Key
from monitor.core.record import New, PollRecord, Recorded
from monitor.store import Store

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        opened.sync_feeds([feed("news", comments="all"), feed("blog", comments="all")], NOON)
        yield opened


def bring(store, name, *guids, address=None):
    """Let a feed list articles with comment feeds."""
    (state,) = store.claim_named([name], NOON, NOON + MINUTE, "me")
    recorded = []
    for guid in guids:
        one = item(guid)
        found = Identified(Key(f"g:{guid}"), "guid", fingerprint(one), one)
        follow = Follow(None, address or f"https://news.example/{guid}/feed", NOON, is_quiet=False)
        recorded.append(Recorded(New(found), follow=follow))
    store.commit_poll(PollRecord(state.id, "me", NOON, "changed", NOON + HOUR, MINUTE, recorded=tuple(recorded)))


def claim(store, **facts):
    return store.claim_comments(NOON, NOON + MINUTE, "me", 50, **facts)


def test_of_a_feed_one_comment_feed_is_polled_at_a_time(store):
    bring(store, "news", *(f"n{number}" for number in range(30)))
    bring(store, "blog", *(f"b{number}" for number in range(30)))

    first, second = claim(store), claim(store)

    assert sorted(state.watch.owner_name for state in first) == ["blog", "news"]
    assert second == []


def test_feeds_of_the_config_and_comment_feeds_are_claimed_apart(store):
    bring(store, "news", "n1")

    assert [state.name for state in store.claim_due(NOON + 2 * HOUR, NOON + 3 * HOUR, "me", 50)] == ["blog", "news"]
    assert [state.watch.parent for state in claim(store)] == [1]
    assert [row.name for row in store.feed_rows()] == ["blog", "news"]
    assert (store.stats(NOON).feeds, store.feed_rows()[1].comment_feeds) == (2, 1)


def test_a_comment_feed_that_two_feeds_lead_to_is_followed_once(store):
    bring(store, "news", "n1", address="https://news.example/x/feed")
    bring(store, "blog", "b1", address="https://news.example/x/feed")

    assert [row.name for row in store.comment_feed_rows()] == ["news/1"]


def test_a_feed_that_leaves_the_config_takes_its_comment_feeds_along(store):
    bring(store, "news", "n1")

    store.sync_comments([feed("blog", comments="all")], NOON)

    assert claim(store) == []
    assert [row.end_reason for row in store.comment_feed_rows()] == ["comments are not followed any more, by the config"]


def test_only_the_named_feeds_comments_are_claimed(store):
    bring(store, "news", "n1")
    bring(store, "blog", "b1")

    assert [state.watch.owner_name for state in claim(store, owners=["blog"])] == ["blog"]


def test_a_switched_off_feed_ends_its_comment_feeds_and_switched_on_goes_on(store):
    bring(store, "news", "n1")
    store.sync_comments([replace(feed("news", comments="all"), enabled=False)], NOON)

    store.sync_comments([feed("news", comments="all")], NOON + HOUR)

    assert [row.end_reason for row in store.comment_feed_rows()] == [None]


def test_a_clock_that_was_wrong_holds_up_no_comment_feed(store):
    bring(store, "news", "n1")
    store._db.run("UPDATE feeds SET next_poll = next_poll + 9e6 WHERE owner IS NOT NULL")

    store.clamp_times(NOON, {"news": 6 * HOUR, "blog": 6 * HOUR})

    assert [state.name for state in claim(store)] == ["news/1"]
