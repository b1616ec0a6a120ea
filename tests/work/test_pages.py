"""The walk to older pages, with the real store and fakes around it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, feed, item, match, parsed

from monitor.core import noise, repair
from monitor.core.document import Fetched, Page, Parsed
from monitor.core.model import Target
from monitor.core.older import Older
from monitor.core.record import Finding
from monitor.core.secret import Secret
from monitor.core.state import Validators
from monitor.errors import FetchError, ParseError
from monitor.store import Store
from monitor.work.fulltext import FullText
from monitor.work.pages import MOST_PAGES, MOST_TRIES, SPACING, Pages
from monitor.work.poll import Poller, Settings

DESK = Target("desk", "u1", "desk #1")
FEED = "https://news.example/news/feed"
MINUTE = timedelta(minutes=1)


class World:
    """A site whose documents are by address; ``visits`` and ``pauses`` say what was asked of it."""

    def __init__(self, store, **facts):
        self.store, self.now = store, NOON
        self.pages = {}
        self.visits, self.pauses = [], []
        self.feed = feed(**facts)
        store.sync_feeds([self.feed], NOON)
        self.poller = Poller(
            Settings("me", timedelta(hours=6)),
            fetch=self.fetch,
            parse=self.parse,
            rules=self,
            noise=lambda _: noise.Settings(),
            route=lambda found: Finding(found, (DESK,)),
            store=store,
            call=self.call,
            now=lambda: self.now,
            chance=lambda: 0.5,
            texts=FullText(self.fetch, self.read),
        )
        self.walker = self.poller.pages(self.pause)

    async def fetch(self, where, validators, *, is_suspect):
        url = where.address.reveal()
        self.visits.append((url, dict(where.headers)))
        page = self.pages.get(url, FetchError("status", "404", status=404))
        if isinstance(page, FetchError):
            raise page
        return Fetched(url, 200, repr(page).encode(), "text/xml", Validators())

    async def parse(self, fetched, *, is_suspect, known=()):
        page = self.pages[fetched.url]
        if isinstance(page, ParseError):
            raise page
        return page

    async def read(self, fetched):
        return self.pages[fetched.url]

    async def call(self, function, *args):
        return function(*args)

    async def pause(self, span):
        self.pauses.append(span)

    def match(self, subject):
        return (match(),)

    def explain(self, subject):
        return ()

    def poll(self, *items, **facts):
        self.pages[self.feed.address.reveal()] = parsed(*items, **facts)
        (state,) = self.store.claim_named(["news"], self.now, self.now + MINUTE, "me")
        return asyncio.run(self.poller.poll(self.feed, state))

    def gap(self, **facts):
        """A feed whose polls share nothing: an item "a" before, "z" after."""
        self.poll(item("a"), **facts)
        self.now += MINUTE
        self.poll(item("z"), **facts)

    def repair(self):
        return asyncio.run(self.walker.repair_all({"news": self.feed}))

    @property
    def row(self):
        return self.store.feed_rows()[0]

    def reasons(self):
        return {row.item.item.guid: row.alert_reason for row in self.store.match_rows()}


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        yield opened


@pytest.fixture
def world(store):
    return World(store)


def page(*guids, **facts):
    return parsed(*(item(guid) for guid in guids), is_wordpress=True, **facts)


def test_a_walk_ends_where_an_item_is_known_and_pauses_between_pages(world):
    world.gap(is_wordpress=True)
    world.pages |= {f"{FEED}?paged=2": page("y", "x"), f"{FEED}?paged=3": page("w", "a"), f"{FEED}?paged=4": page("0")}

    (walked,) = world.repair()

    assert (walked.pages, walked.committed.new, walked.committed.alerts) == (2, 3, 3)
    assert world.pauses == [SPACING]
    assert world.repair() == []


def test_what_moved_on_from_the_first_page_meanwhile_does_not_end_a_walk(world):
    world.gap(is_wordpress=True)
    world.pages |= {f"{FEED}?paged=2": page("z", "y"), f"{FEED}?paged=3": page("x", "a")}

    assert world.repair()[0].committed.new == 2


@pytest.mark.parametrize(
    ("second", "ended"),
    [
        (FetchError("status", "404", status=404), "there are no more pages"),
        (page(), "the page shows nothing that was not on a page before"),
        (page("z"), "the page shows nothing new"),
        (parsed(item("y")), "the site names no older page"),
    ],
)
def test_a_walk_that_meets_nothing_known_ends_with_its_reason(world, second, ended):
    world.gap(is_wordpress=True)
    world.pages[f"{FEED}?paged=2"] = second

    world.repair()

    assert (world.row.repair_ended, world.row.repair_page) == (ended, None)


def test_how_a_repair_ended_is_not_said_of_the_next_gap(world):
    world.gap(is_wordpress=True)
    world.pages[f"{FEED}?paged=2"] = page("a")
    world.repair()
    assert world.row.repair_ended

    world.now += MINUTE
    world.poll(item("zz"))

    assert (world.row.gaps, world.row.repair_ended) == (2, None)


def test_a_walk_is_not_endless(world):
    world.gap(is_wordpress=True)
    world.pages |= {f"{FEED}?paged={number}": page(f"n{number}") for number in range(2, 100)}

    assert world.repair()[0].pages == MOST_PAGES


def test_a_page_that_fails_is_tried_again_later_and_given_up_in_the_end(world):
    world.gap(is_wordpress=True)
    world.pages[f"{FEED}?paged=2"] = FetchError("status", "503", status=503, retry_after_s=3600)

    assert world.repair()[0].error == "503"
    assert world.repair() == []
    for _ in range(MOST_TRIES - 1):
        world.now += timedelta(hours=1)
        assert world.repair()
    assert world.row.repair_ended.startswith("given up after 5 tries")


def test_a_page_that_is_no_feed_does_not_lose_the_place(world):
    world.gap(is_wordpress=True)
    world.pages |= {f"{FEED}?paged=2": page("y"), f"{FEED}?paged=3": ParseError("an HTML page")}

    world.repair()

    assert world.row.repair_page == 3


def test_the_place_of_a_killed_walk_is_taken_over_when_its_lease_ends(world):
    world.gap(is_wordpress=True)
    names = ["news"]

    assert len(world.store.claim_repairs(world.now, world.now + MINUTE, "dead", names, 9)) == 1
    assert world.store.claim_repairs(world.now, world.now + MINUTE, "me", names, 9) == []
    (again,) = world.store.claim_repairs(world.now + MINUTE, world.now + 2 * MINUTE, "me", names, 9)
    assert (again.page, again.since) == (Older(2), NOON)


def test_a_second_gap_before_the_first_is_repaired_goes_back_to_the_first(world):
    world.gap(is_wordpress=True)
    world.now += MINUTE
    world.poll(item("zz"), is_wordpress=True)
    world.pages |= {f"{FEED}?paged=2": page("z", "y"), f"{FEED}?paged=3": page("a")}

    assert world.repair()[0].committed.new == 1


def test_a_gap_of_a_feed_at_another_address_is_not_repaired(world):
    world.gap(is_wordpress=True)
    moved = replace(world.feed, address=Secret("https://other.example/feed"))
    world.store.sync_feeds([moved], world.now)

    assert (world.repair(), world.row.repair_page) == ([], None)


def test_a_gap_of_a_feed_that_has_moved_is_repaired_where_it_is_now(world):
    world.gap(is_wordpress=True)
    new = "https://new.example/feed"
    world.store._db.run("UPDATE feeds SET moved_to = ?", [new])
    world.pages |= {f"{new}?paged=2": page("y"), f"{new}?paged=3": page("a")}

    assert world.repair()[0].committed.new == 1
    assert [url for url, _ in world.visits[2:]] == [f"{new}?paged=2", f"{new}?paged=3"]


def test_an_older_page_of_archive_only_is_held(world):
    world.gap(is_wordpress=True)
    old = [item(f"o{number}", published=NOON - timedelta(days=30)) for number in range(3)]
    world.pages |= {f"{FEED}?paged=2": page("y"), f"{FEED}?paged=3": parsed(*old), f"{FEED}?paged=4": page("a")}

    assert world.repair()[0].committed.alerts == 1
    assert world.reasons()["o1"] == "held: it is older than the gap in which it was found"


def test_an_address_that_may_hold_a_token_is_not_stored(store):
    world = World(store, address=Secret(FEED + "?token=geheim"))
    facts = {"older": FEED + "?token=geheim&page=2"}
    world.gap(**facts)
    world.pages[facts["older"]] = page("y", "a")

    assert not store._db.rows("SELECT 1 FROM repairs WHERE url IS NOT NULL")
    assert world.repair()[0].committed.new == 1


def test_secrets_go_to_the_feeds_own_site_only_and_nobody_is_led_from_https():
    own = feed(headers=(("Authorization", Secret("x")),))

    assert repair.located(own, Older(2, "https://news.example/2")).headers == own.headers
    assert repair.located(own, Older(2, "https://other.example/2")).headers == ()
    assert repair.located(own, Older(2, "http://news.example/2")) is None


@pytest.mark.parametrize(
    ("address", "second"),
    [
        ("https://a.example/feed", "https://a.example/feed?paged=2"),
        ("https://a.example/?feed=rss2&s=%41#x", "https://a.example/?feed=rss2&s=%41&paged=2"),
        ("https://a.example/feed?paged=1", "https://a.example/feed?paged=2"),
    ],
)
def test_a_wordpress_page_is_asked_for_by_its_number(address, second):
    assert repair.located(feed(address=Secret(address)), Older(2)).address.reveal() == second


def test_what_a_document_names_goes_before_what_wordpress_does():
    assert repair.first(feed(address=Secret("u"), shown_url="u"), Parsed("rss20", (), older="x", is_wordpress=True)) == Older(2, "x")


def test_pages_is_what_the_poller_gives(world):
    assert isinstance(world.walker, Pages)


def test_what_an_older_page_repeats_is_learned_with_it(world):
    world.pages[f"{FEED}?paged=2"] = page("y", "a")
    world.gap(is_wordpress=True)
    before = len(world.store.learned_of("news").seen)

    world.repair()

    assert len(world.store.learned_of("news").seen) == before + 1


def teaser_page(store, *guids):
    """A feed with teasers whose second page lists these, each with a page of its own."""
    world = World(store, full_text=True)
    world.gap(is_wordpress=True)
    world.pages[f"{FEED}?paged=2"] = page(*guids)
    world.pages |= {f"https://news.example/{guid}": Page(f"The whole article {guid}, word by word.") for guid in guids}
    return world


def test_items_of_older_pages_are_matched_with_the_text_of_their_page(store):
    world = teaser_page(store, "y", "a")

    world.repair()

    texts = {row.item.guid: row.item.content for row in store.item_rows()}
    assert texts["y"] == "The whole article y, word by word."
    assert [url for url, _ in world.visits].count("https://news.example/a") == 1  # by the poll that brought it


def test_an_older_page_whose_articles_fail_leaves_them_to_be_tried_again(store):
    world = teaser_page(store, "y", "a")
    del world.pages["https://news.example/y"]

    world.repair()

    (found,) = [row for row in store.item_rows() if row.item.guid == "y"]
    assert (found.item.content, store.page_state(found.id).error) == ("Content y", "404")


def test_the_comments_of_an_article_from_an_older_page_are_followed(store):
    world = World(store, comments="all")
    world.gap(is_wordpress=True)
    world.pages[f"{FEED}?paged=2"] = parsed(item("y", comments_feed="https://news.example/y/feed/"), item("a"), is_wordpress=True)

    world.repair()

    assert "https://news.example/y/feed/" in [row.url for row in store.comment_feed_rows()]
