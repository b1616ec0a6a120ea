"""Sources that lie, move, go, ask for patience and turn into web pages: over real HTTP, with a clock of our own."""

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from builders import NOON, feed
from servers import answering

from monitor.core import noise
from monitor.core.model import Target
from monitor.core.record import Finding
from monitor.core.secret import Secret
from monitor.fetch.client import Client, Limits
from monitor.parse.pool import Parser
from monitor.store import Store
from monitor.work.poll import Poller, Settings

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DESK = Target("desk", "u1", "desk #1")
XML = {"Content-Type": "application/rss+xml"}


def rss(*guids):
    items = "".join(f"<item><guid isPermaLink='false'>{one}</guid><title>{one}</title></item>" for one in guids)
    return f"<rss version='2.0'><channel><title>Bote</title>{items}</channel></rss>".encode()


class Source:
    """A site whose feed lists ``guids`` and answers as ``respond`` says, and a monitor that polls it."""

    def __init__(self, store):
        self.store = store
        self.now = NOON
        self.guids = ["a"]
        self.respond = lambda _path, _headers: (200, XML, rss(*self.guids))
        self.feeds = {}
        self.seen = []

    def subscribe(self, *paths, base=None, **facts):
        """Write feeds into the config, named for their paths."""
        for path in paths:
            url = (base or self.base) + path
            self.feeds[path.strip("/")] = replace(feed(path.strip("/")), address=Secret(url), shown_url=url, **facts)
        self.store.sync_feeds(list(self.feeds.values()), self.now)

    def poll(self, name="feed", after=HOUR):
        """Let some time pass, and poll one feed; gives its row."""
        self.now += after
        self._poll(self.store.claim_named([name], self.now, self.now + HOUR, "me"))
        return self.row(name)

    def poll_due(self):
        """Poll what is due, as the daemon does; gives the names."""
        states = self.store.claim_due(self.now, self.now + HOUR, "me", 100)
        self._poll(states)
        return sorted(state.name for state in states)

    def row(self, name="feed"):
        return next(row for row in self.store.feed_rows() if row.name == name)

    @property
    def told(self):
        """What receivers are told of sources, in order."""
        return [row.trouble for row in reversed(self.store.delivery_rows())]

    def items(self):
        return sorted(row.item.guid for row in self.store.item_rows())

    def _poll(self, states):
        async def act():
            limits = Limits(4, 4, timedelta(seconds=5), 100_000, allow_private_networks=True)
            client, parser = Client(limits, user_agent="test", now=lambda: self.now), Parser(size=1, now=lambda: self.now)
            poller = self._poller(client, parser)
            for state in states:
                await poller.poll(self.feeds[state.name], state)
            await client.close()
            await parser.close()

        asyncio.run(act())

    def _poller(self, client, parser):
        async def call(function, *args):
            return function(*args)

        settings = Settings("me", 6 * HOUR, targets=(DESK,))
        return Poller(
            settings,
            fetch=client,
            parse=parser,
            rules=NoRules(),
            noise=lambda _: noise.Settings(),
            route=Finding,
            store=self.store,
            call=call,
            now=lambda: self.now,
            chance=lambda: 0.5,
        )


class NoRules:
    def match(self, _):
        return ()

    def explain(self, _):
        return ()


@contextmanager
def site_of(source):
    with answering(lambda path, headers: source.respond(path, headers)) as (base, seen):
        source.base, source.seen = base, seen
        yield source


@pytest.fixture
def source(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as store, site_of(Source(store)) as made:
        made.subscribe("/feed")
        yield made
        assert store.integrity() == []


def lying(source):
    """A server that gives one ETag for ever and believes it."""

    def respond(_path, headers):
        if headers.get("If-None-Match") == '"same"':
            return 304, {"ETag": '"same"'}, b""
        return 200, XML | {"ETag": '"same"'}, rss(*source.guids)

    return respond


def honest(source):
    def respond(_path, headers):
        etag = f'"{len(source.guids)}"'
        return (304, {"ETag": etag}, b"") if headers.get("If-None-Match") == etag else (200, XML | {"ETag": etag}, rss(*source.guids))

    return respond


def test_the_lying_etag_is_found_out_and_no_longer_asked_with_until_it_was_right_for_a_week(source):
    source.respond = lying(source)
    source.poll()
    source.guids = ["a", "b"]
    hidden = source.poll(after=HOUR / 4)
    assert (hidden.validators, source.items()) == ("untested", ["a"])

    found_out = source.poll(after=HOUR)

    assert (found_out.validators, source.items()) == ("lying", ["a", "b"])
    source.guids = ["a", "b", "c"]
    asked = len(source.seen)
    source.poll(after=HOUR / 4)
    assert source.items() == ["a", "b", "c"]
    assert [headers.get("If-None-Match") for _, headers in source.seen[asked:]] == [None]

    source.respond = honest(source)
    source.poll(after=DAY)
    days = []
    for number in range(8):
        source.guids.append(f"day {number}")
        days.append(source.poll(after=DAY).validators)
    assert days == ["lying"] * 6 + ["trusted"] * 2
    asked = len(source.seen)
    source.poll(after=HOUR / 4)
    assert source.seen[asked][1]["If-None-Match"] == f'"{len(source.guids)}"'


def test_an_honest_etag_is_trusted_and_a_server_without_one_has_none(source):
    source.poll()
    assert source.row().validators == "none"

    source.respond = honest(source)
    source.poll()
    for _ in range(5):
        source.guids.append(f"x{len(source.guids)}")
        source.poll(after=2 * HOUR)
        source.poll(after=2 * HOUR)

    assert source.row().validators == "trusted"


def moving(source, to):
    def respond(path, _headers):
        return (301, {"Location": to["url"]}, b"") if path == "/feed" else (200, XML, rss(*source.guids))

    return respond


def test_the_moved_host_is_believed_after_three_days_asked_directly_and_told(source):
    with answering(lambda *_: (200, XML, rss(*source.guids))) as (other, seen):
        source.respond = lambda *_: (301, {"Location": f"{other}/new"}, b"")
        days = [source.poll(after=after).moved_to for after in (HOUR, HOUR, DAY, DAY)]
        assert days == [None, None, None, f"{other}/new"]
        source.guids = ["a", "b"]
        asked = len(source.seen)

        source.poll(after=DAY)

    assert (len(source.seen), seen[-1][0]) == (asked, "/new")
    assert (source.items(), source.told, source.row().troubles) == (["a", "b"], ["moved"], ("moved",))
    assert source.row().url == f"{source.base}/feed"


def test_the_moved_host_that_fails_is_left_and_the_old_address_is_asked_again(source):
    with answering(lambda *_: (200, XML, rss("a"))) as (other, _):
        source.respond = lambda *_: (301, {"Location": f"{other}/new"}, b"")
        for _ in range(3):
            source.poll(after=DAY)
    source.respond = lambda *_: (200, XML, rss("a", "b"))

    back = source.poll()

    assert (back.moved_to, back.error, back.failures) == (None, None, 0)
    assert (source.items(), source.told) == (["a", "b"], ["moved", "moved over"])


def test_the_moved_host_that_leads_back_to_the_old_address_ends_the_move(source):
    state = {"is_back": False}

    def old(*_):
        return (200, XML, rss("a", "b")) if state["is_back"] else (301, {"Location": f"{other}/new"}, b"")

    def new(*_):
        return (301, {"Location": f"{source.base}/feed"}, b"") if state["is_back"] else (200, XML, rss("a"))

    with answering(new) as (other, seen):
        source.respond = old
        moved = [source.poll(after=DAY).moved_to for _ in range(3)][-1]
        state["is_back"] = True
        days = [source.poll(after=DAY).moved_to for _ in range(3)]
        asked = len(seen)
        source.poll(after=DAY)

    assert (moved, days) == (f"{other}/new", [f"{other}/new", f"{other}/new", None])
    assert (len(seen), source.told, source.row().troubles) == (asked, ["moved", "moved over"], ())


def test_the_moved_host_that_fails_for_a_moment_is_not_left(source):
    state = {"is_up": True}
    with answering(lambda *_: (200, XML, rss("a")) if state["is_up"] else (500, {}, b"")) as (other, _):
        source.respond = lambda *_: (301, {"Location": f"{other}/new"}, b"")
        for _ in range(3):
            source.poll(after=DAY)
        state["is_up"] = False
        failed = source.poll()
        state["is_up"] = True
        assert (failed.failures, failed.moved_to, source.poll().failures) == (1, f"{other}/new", 0)

    assert source.told == ["moved"]


def test_a_new_address_in_the_config_ends_a_move_without_a_word(source):
    source.respond = moving(source, {"url": f"{source.base}/new"})
    for _ in range(3):
        source.poll(after=DAY)
    source.subscribe("/new")
    source.feeds["feed"] = replace(source.feeds.pop("new"), name="feed")
    source.store.sync_feeds(list(source.feeds.values()), source.now)

    row = source.poll()

    assert (row.moved_to, row.troubles, source.told) == (None, (), ["moved"])


def test_a_feed_that_is_gone_is_told_once_and_polled_only_when_it_is_named(source):
    source.poll()
    source.respond = lambda *_: (410, {}, b"gone")

    gone = source.poll()

    assert (gone.gone, gone.next_poll, source.told) == (source.now, None, ["gone"])
    source.now += 30 * DAY
    assert source.poll_due() == []
    source.poll()
    assert source.told == ["gone"]
    source.respond = lambda *_: (200, XML, rss("a", "b"))
    back = source.poll()
    assert (back.gone, source.told, source.items()) == (None, ["gone", "gone over"], ["a", "b"])
    source.now += DAY
    assert source.poll_due() == ["feed"]


def test_a_feed_that_is_gone_comes_back_with_another_address_in_the_config(source):
    source.respond = lambda path, _: (200, XML, rss("a")) if path == "/new" else (410, {}, b"gone")
    source.poll()
    url = f"{source.base}/new"
    source.feeds["feed"] = replace(source.feeds["feed"], address=Secret(url), shown_url=url)
    source.store.sync_feeds(list(source.feeds.values()), source.now)

    assert source.poll_due() == ["feed"]
    assert (source.row().gone, source.row().troubles) == (None, ())


def test_retry_after_as_a_date_holds_for_the_whole_host_and_for_no_other(source):
    until = format_datetime(NOON + 3 * HOUR, usegmt=True)
    source.subscribe("/second", "/third")
    with answering(lambda *_: (200, XML, rss("a"))) as (other, _):
        source.subscribe("/elsewhere", base=other, interval=DAY)
        source.respond = lambda *_: (429, {"Retry-After": until}, b"slow down")
        source.poll("feed", after=timedelta())
        asked = len(source.seen)

        assert source.poll_due() == ["elsewhere"]

        assert len(source.seen) == asked
        (wait,) = source.store.waiting_hosts(source.now)
        assert (wait.status, wait.feeds) == (429, 3)
        assert NOON + 3 * HOUR <= wait.until < NOON + 3.4 * HOUR
        assert source.row("second").waits_until == source.row("second").next_poll == wait.until
        assert (source.store.stats(source.now).due, source.store.stats(source.now).overdue) == (0, 0)
    source.respond = lambda *_: (200, XML, rss("a"))
    source.now = wait.until
    assert source.poll_due() == ["feed", "second", "third"]
    assert source.store.waiting_hosts(source.now) == []


def test_feeds_that_were_claimed_before_their_host_asked_to_wait_are_put_off_and_have_not_failed(source):
    source.subscribe("/second")
    source.respond = lambda *_: (503, {"Retry-After": "7200"}, b"busy")

    assert source.poll_due() == ["feed", "second"]

    assert [(source.row(name).failures, len(source.seen)) for name in ("feed", "second")] == [(1, 1), (0, 1)]
    assert source.row("second").next_poll >= NOON + 2 * HOUR


def test_a_feed_that_turns_into_a_consent_page_is_told_and_told_again_when_it_is_back(source):
    source.poll()
    consent = b"<!DOCTYPE html><html><body>Bitte stimmen Sie zu</body></html>"
    source.respond = lambda path, _: (
        (200, {"Content-Type": "text/html"}, consent) if path == "/consent" else (302, {"Location": "/consent"}, b"")
    )
    rows = [source.poll() for _ in range(4)]

    assert [row.troubles for row in rows] == [(), (), ("page",), ("page",)]
    assert source.items() == ["a"]
    source.respond = lambda *_: (200, XML, rss("a", "b"))
    assert source.poll().troubles == ()
    assert (source.told, source.items()) == (["page", "page over"], ["a", "b"])


def test_a_feed_that_breaks_is_told_once_and_once_when_it_is_well(source):
    source.poll()
    source.respond = lambda *_: (500, {}, b"")
    for _ in range(12):
        source.poll()
    source.respond = lambda *_: (200, XML, rss("a"))
    source.poll()

    assert source.told == ["broken", "broken over"]


def test_a_gap_is_told_and_polls_come_faster_until_they_overlap_again(source):
    source.poll()
    source.guids = ["b", "c"]

    gap = source.poll()

    assert (gap.gaps, gap.troubles, gap.next_poll - source.now) == (1, ("gap",), source.feeds["feed"].interval / 2)
    for one in "def":
        source.guids.append(one)
        source.poll()
    assert source.told == ["gap", "gap over"]


def test_what_the_document_and_the_cache_ask_for_slows_a_quiet_feed_down(source):
    body = rss("a").replace(b"<item>", b"<ttl>240</ttl><skipHours><hour>16</hour><hour>17</hour></skipHours><item>", 1)
    source.respond = lambda *_: (200, XML, body)
    source.poll(after=HOUR)
    rows = [source.poll(after=7 * DAY) for _ in range(4)]

    assert rows[-1].next_poll - source.now >= 4 * HOUR
    assert rows[-1].next_poll.hour not in (16, 17)
