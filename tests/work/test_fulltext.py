"""Pages that wait: what counts as a try, and what is told when they come; with the real store and fakes around it."""

import asyncio
from datetime import timedelta

import pytest
from builders import NOON, feed, item, match, parsed

from monitor.core import noise
from monitor.core.document import Fetched, Page
from monitor.core.model import Target
from monitor.core.record import Finding
from monitor.core.state import Validators
from monitor.errors import Blocked, FetchError, HostWaits
from monitor.store import Store
from monitor.work.fulltext import FullText, Retries
from monitor.work.judging import Judging
from monitor.work.poll import Poller, Settings

DESK = Target("desk", "u1", "desk #1")
HOUR = timedelta(hours=1)
FEED = "https://news.example/news/feed"


class World:
    """A feed of teasers whose pages are by address; a rule matches what has its name in it, ``route`` tells of it or not."""

    def __init__(self, store):
        self.store, self.now = store, NOON
        self.pages, self.visits = {}, []
        self.feed = feed(full_text=True)
        self.is_told = True
        store.sync_feeds([self.feed], NOON)
        parts = {"rules": self, "noise": lambda _: noise.Settings(), "route": self.route, "store": store, "now": lambda: self.now}
        texts = FullText(self.fetch, self.read)
        self.poller = Poller(
            Settings("me", 6 * HOUR), fetch=self.fetch, parse=self.parse, call=self.call, chance=lambda: 0.5, texts=texts, **parts
        )
        self.retries = Retries(texts, judge=Judging(**parts), noise=parts["noise"], store=store, call=self.call, now=lambda: self.now)

    async def fetch(self, where, validators, *, is_suspect):
        url = where.address.reveal()
        self.visits.append(url)
        if isinstance(page := self.pages.get(url, FetchError("status", "404", status=404)), Exception):
            raise page
        return Fetched(url, 200, repr(page).encode(), "text/html", Validators())

    async def parse(self, fetched, *, is_suspect, known=()):
        return self.pages[fetched.url]

    async def read(self, fetched):
        return self.pages[fetched.url]

    async def call(self, function, *args):
        return function(*args)

    def match(self, subject):
        return tuple(match(rule) for rule in ("ceasefire", "oil") if any(rule in text for text in subject.texts.values()))

    def route(self, found):
        return Finding(found, (DESK,)) if self.is_told else Finding(found, reason="no receiver")

    def poll(self, *items):
        self.pages[FEED] = parsed(*items)
        (state,) = self.store.claim_named(["news"], self.now, self.now + HOUR, "me")
        return asyncio.run(self.poller.poll(self.feed, state)).committed

    def retry(self):
        return asyncio.run(self.retries.read_all({"news": self.feed}, 9))

    def found(self):
        return [(row.rule, row.revision, row.alert_reason) for row in reversed(self.store.match_rows())]

    def state(self, guid):
        (number,) = [row.id for row in self.store.item_rows() if row.item.guid == guid]
        return self.store.page_state(number)


@pytest.fixture
def world(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        made = World(opened)
        made.pages["https://news.example/0"] = Page("Old news, of which there is nothing to be said.")
        made.poll(item("0"))
        yield made


def test_a_claim_that_is_never_settled_is_no_try(world):
    world.poll(item("a"), item("0"))
    world.now += HOUR
    for _ in range(9):
        world.store.claim_pages(world.now, world.now + HOUR, 9, ["news"])
        world.store.release_all_leases(world.now)

    world.retry()

    assert world.state("a").attempts == 2


def test_a_host_that_asked_to_wait_was_not_asked_and_is_left_alone_until_then(world):
    world.pages["https://news.example/a"] = HostWaits("news.example", 7200.0)
    world.poll(item("a"), item("0"))
    world.retry()

    state = world.state("a")
    assert (state.attempts, state.next_try) == (0, NOON + 2 * HOUR)


def test_an_address_that_must_not_be_visited_is_not_tried_again(world):
    world.pages["https://news.example/a"] = Blocked("a private address")
    world.poll(item("a"), item("0"))
    world.now += HOUR

    world.retry()

    assert world.state("a").next_try is None


@pytest.mark.parametrize(("is_told", "reason"), [(True, "already alerted"), (False, "matched before")])
def test_a_page_that_comes_later_tells_only_what_was_not_told(world, is_told, reason):
    world.is_told = is_told
    world.poll(item("a", title="ceasefire"), item("0"))
    world.pages["https://news.example/a"] = Page("A ceasefire moves the price of oil, said everyone who was asked about it.")
    world.now, world.is_told = world.now + HOUR, True

    (added,) = world.retry()

    assert [one for one in world.found() if one[1] == 2] == [("ceasefire", 2, reason), ("oil", 2, None)]
    assert added.alerts == 1


def test_what_a_flood_held_stays_held_when_its_page_comes(world):
    old = [item(f"o{n}", title="ceasefire", published=NOON - timedelta(days=30)) for n in range(30)]
    world.now += HOUR
    world.poll(*old, item("0"))
    for one in old:
        world.pages[one.url] = Page("The price of oil was mentioned by nobody at all, or so we hear from the capital.")
    world.now += HOUR

    world.retry()

    assert {reason for rule, _, reason in world.found() if rule == "oil"} == {"held: 30 items came at once"}


def test_an_edit_while_its_page_is_read_is_not_overwritten(world):
    world.poll(item("a"), item("0"))
    world.now += HOUR
    (claimed,) = world.store.claim_pages(world.now, world.now + HOUR, 9, ["news"])
    world.poll(item("a", content="An edit."), item("0"))

    world.retries._learn(world.feed, claimed, Page("The page as it was before the edit, and longer than the teaser was."))

    assert {row.item.content for row in world.store.item_rows()} >= {"An edit."}
