"""A pass over many feeds."""

import asyncio

import pytest
from builders import NOON, feed

from monitor.core.state import FeedState
from monitor.errors import StoreError
from monitor.store import Store
from monitor.work.poll import PollReport
from monitor.work.rounds import poll_round


class Poller:
    """Polls whatever it is told to; ``errors`` by feed."""

    def __init__(self, **errors):
        self.errors = errors

    async def poll(self, feed, state: FeedState):
        if feed.name in self.errors:
            raise self.errors[feed.name]
        return PollReport(feed.name, "changed")


def polled(tmp_path, poller):
    feeds = {name: feed(name) for name in ("a", "b", "c")}

    async def call(function, *args):
        return function(*args)

    with Store.open(tmp_path / "monitor.db", create=True) as store:
        store.sync_feeds(list(feeds.values()), NOON)
        return asyncio.run(poll_round(store, call, poller, feeds, "me", lambda: NOON))


def test_a_feed_that_hits_an_error_of_ours_does_not_end_the_pass(tmp_path):
    reports = polled(tmp_path, Poller(b=OverflowError("too large")))

    assert sorted((one.feed, one.error) for one in reports) == [
        ("a", None),
        ("b", "an error of ours: OverflowError"),
        ("c", None),
    ]


def test_a_database_that_refuses_ends_the_pass(tmp_path):
    with pytest.raises(StoreError):
        polled(tmp_path, Poller(b=StoreError("disk full")))
