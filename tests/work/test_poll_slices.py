"""Slices that are known need not be read, and nothing is missed for it."""

import asyncio
from datetime import timedelta

import pytest
from builders import NOON, feed, match

from monitor.core import noise
from monitor.core.document import Fetched, Parsed
from monitor.core.model import Target
from monitor.core.record import Finding
from monitor.core.slices import pack, unpack
from monitor.core.state import Validators
from monitor.parse import slices
from monitor.parse.document import parse
from monitor.store import Store
from monitor.work.poll import Poller, Settings

URL = "https://news.example/feed"


def item(guid, title="Title", url=None):
    return f"<item><guid isPermaLink='false'>{guid}</guid><link>{url or f'https://news.example/{guid}'}</link><title>{title}</title></item>"


class World:
    """A feed, and the guids that were read of it at each poll."""

    def __init__(self, store):
        self.store = store
        self.read = []
        self.body = b""
        store.sync_feeds([feed()], NOON)

    def poll(self, *items, head=""):
        self.body = f'<rss version="2.0"><channel><title>News</title>{head}{"".join(items)}</channel></rss>'.encode()
        self.read = []
        poller = Poller(
            Settings("me", timedelta(hours=6)),
            fetch=self._fetch,
            parse=self._parse,
            rules=self,
            noise=lambda _: noise.Settings(),
            route=lambda found: Finding(found, (Target("desk", "u1", "desk #1"),)),
            store=self.store,
            call=self._call,
            now=lambda: NOON,
            chance=lambda: 0.5,
        )
        return asyncio.run(poller.poll(feed(), self.state))

    @property
    def state(self):
        return self.store.claim_named(["news"], NOON, NOON - timedelta(minutes=1), "me")[0]

    def match(self, subject):
        return (match(),)

    async def _fetch(self, *_, is_suspect):
        return Fetched(URL, 200, self.body, "application/rss+xml", Validators())

    async def _call(self, function, *args):
        return function(*args)

    async def _parse(self, fetched, *, is_suspect, known=()):
        self.parsed = self._read(slices.plan(fetched, known), fetched.content_type)
        return self.parsed

    def _read(self, planned, content_type):
        if not planned.body:
            return Parsed("", (), is_well_formed=True, has_head=False, slices=planned.hashes)
        parsed = parse(planned.body, content_type, URL, NOON)
        self.read.append([one.guid for one in parsed.items])
        return planned.completed(parsed) or parsed


@pytest.fixture
def world(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        yield World(opened)


def test_only_what_is_new_is_read_and_told(world):
    world.poll(item("a"), item("b"))

    report = world.poll(item("c"), item("a"), item("b"))

    assert world.read == [["c"]]
    assert (report.committed.new, report.committed.alerts) == (1, 1)


def test_a_document_that_lists_only_what_is_known_is_not_read(world):
    world.poll(item("a"), item("b"))

    report = world.poll(item("b"), item("a"))

    assert (world.read, report.outcome, report.committed.new) == ([], "changed", 0)
    assert world.store.feed_rows()[0].title == "News"


def test_known_items_that_are_not_read_close_a_gap(world):
    world.poll(item("a"))
    world.poll(item("b"), item("a"))
    world.poll(item("c"), item("b"))
    assert world.store.feed_rows()[0].gaps == 0

    world.poll(item("x"), item("y"))
    assert world.store.feed_rows()[0].gaps == 1


def test_an_item_that_changes_back_is_a_revision_each_time(world):
    world.poll(item("a", "one"), item("b"))
    world.poll(item("a", "two"), item("b"))

    assert world.poll(item("a", "one"), item("b")).committed.updated == 1


def test_only_the_last_document_is_remembered(world):
    world.poll(item("a"), item("b"))
    world.poll(item("c"), item("b"))

    assert len(unpack(world.state.slices)) == 2


def test_a_new_item_with_the_guid_of_an_unread_one_makes_the_whole_be_read(world):
    world.poll(item("a"), item("b"))

    report = world.poll(item("a", "Another", "https://news.example/other"), item("a"), item("b"))

    assert world.read == [["a"], ["a", "a", "b"]]
    assert report.committed.new == 1


def test_items_that_share_a_guid_are_read_every_time(world):
    twins = (item("a", "One", "https://news.example/1"), item("a", "Two", "https://news.example/2"))
    world.poll(*twins, item("b"))

    world.poll(*twins, item("b"), item("c"))

    assert world.read == [["a", "a", "c"]]


def test_an_item_that_the_database_lost_is_read_again(world):
    world.poll(item("a"), item("b"))
    world.store._db.run("DELETE FROM matches")
    world.store._db.run("DELETE FROM items WHERE guid = 'a'")

    report = world.poll(item("a"), item("b"), item("c"))

    assert world.read == [["c"], ["a", "b", "c"]]
    assert report.committed.new == 2


def test_a_cut_document_leaves_nothing_remembered(world):
    world.poll(item("a"), item("b"))
    world.poll(item("a", "two"), item("b"), "<item><guid>")

    assert world.state.slices == b""


def test_a_hub_is_remembered_until_another_head_says_otherwise(world):
    def hub():
        return world.store._db.scalar("SELECT hub FROM feeds")

    link = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="https://hub.example/"/>'
    world.poll(item("a"), head=link)
    assert hub() == "https://hub.example/"

    world.poll(item("a"), head=link + " ")
    assert (hub(), world.read) == ("https://hub.example/", [])

    world.poll(item("a"))
    assert hub() == ""


def test_what_is_packed_is_unpacked():
    memory = {bytes(range(16)): "g:" + "0" * 32, bytes(16): "gu:x"}

    assert (unpack(pack(memory)), unpack(b"")) == (memory, {})


def test_what_the_frame_says_holds_whatever_is_read_of_the_items(world):
    head = "<ttl>90</ttl><generator>https://wordpress.org/?v=6.8</generator>"
    documents = []

    for guids in ("a", "ab", "ab"):
        world.poll(*map(item, guids), head=f"{head}<pubDate>Tue, 24 Nov 2026 1{len(documents)}:00:00 GMT</pubDate>")
        documents.append((world.read, world.state.health.hints.every, world.parsed.is_wordpress))

    assert documents == [
        ([["a"]], timedelta(minutes=90), True),
        ([["b"]], timedelta(minutes=90), True),
        ([], timedelta(minutes=90), False),
    ]
