"""A poll from fetch to commit, with the real store and fakes around it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, feed, item, match, parsed

from monitor.core.model import Fetched, Finding, NotModified, Target, Validators
from monitor.errors import FetchError, ParseError
from monitor.store import Store
from monitor.work.poll import Poller, Settings

DAY = timedelta(days=1)
DESK = Target("desk", "u1", "desk #1")


class World:
    """A feed whose server and parser say what they are told, and a rule that matches the title's words."""

    def __init__(self, store, **settings):
        self.store = store
        self.now = NOON
        self.answer = None
        self.document = parsed(item("a"))
        self.asked = []
        self.lanes = []
        self.feed = feed()
        self.settings = Settings("me", timedelta(hours=6), **settings)
        store.sync_feeds([self.feed], NOON)

    async def fetch(self, _, validators, *, is_suspect):
        self.asked.append((validators, is_suspect))
        if isinstance(self.answer, Exception):
            raise self.answer
        body = repr(self.document).encode()
        return self.answer or Fetched("https://news.example/feed", 200, body, "text/xml", Validators('"1"'))

    async def parse(self, _, *, is_suspect, known=()):
        self.lanes.append(is_suspect)
        if isinstance(self.document, Exception):
            raise self.document
        return self.document

    async def call(self, function, *args):
        return function(*args)

    def match(self, subject):
        return (match(),) if "Title" in subject.texts["title"] else ()

    def explain(self, subject):
        return ()

    def poll(self, *items, **facts):
        if items or facts:
            self.document = parsed(*items, **facts)
        (state,) = self.store.claim_named(["news"], self.now, self.now + timedelta(minutes=1), "me")
        poller = Poller(
            self.settings,
            fetch=self.fetch,
            parse=self.parse,
            rules=self,
            route=lambda found: Finding(found, (DESK,)),
            store=self.store,
            call=self.call,
            now=lambda: self.now,
            chance=lambda: 0.5,
        )
        return asyncio.run(poller.poll(self.feed, state))

    def reasons(self):
        return [row.alert_reason for row in reversed(self.store.match_rows())]

    @property
    def row(self):
        return self.store.feed_rows()[0]


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        yield opened


@pytest.fixture
def world(store):
    return World(store)


def test_the_first_poll_is_a_baseline_and_alerts_nobody(world):
    report = world.poll(item("a"))

    assert (report.committed.new, report.committed.matches, report.committed.alerts) == (1, 1, 0)
    assert world.reasons() == ["baseline"]


def test_a_first_poll_alerts_if_the_config_says_so(store):
    assert World(store, alert_first_poll=True).poll(item("a")).committed.deliveries == 1


def test_an_item_of_the_second_poll_is_told(world):
    world.poll(item("a"))

    assert world.poll(item("a"), item("b")).committed.deliveries == 1


def test_an_edited_item_is_not_told_again_to_whom_it_was_told(world):
    world.poll(item("a"))
    world.poll(item("a"), item("b"))

    report = world.poll(item("a"), item("b", content="corrected"))

    assert (report.committed.updated, report.committed.alerts) == (1, 0)
    assert world.reasons()[-1] == "already alerted"


def test_an_edit_that_makes_an_item_match_is_told(world):
    world.poll(item("a"), item("b", title="dull"))

    assert world.poll(item("a"), item("b", title="Title")).committed.alerts == 1


def test_other_news_under_an_old_guid_is_told(world):
    world.poll(item("a"))

    assert world.poll(item("a", title="Title two", url="https://news.example/two")).committed.alerts == 1


@pytest.mark.parametrize("problem", [FetchError("timeout", "too slow"), ParseError("an HTML page")])
def test_a_failed_poll_changes_nothing_but_the_next_visit(world, problem):
    world.poll(item("a"))
    if isinstance(problem, FetchError):
        world.answer = problem
    else:
        world.document = problem

    report = world.poll()

    assert report.error == str(problem)
    assert (world.row.failures, world.row.items, world.row.error) == (1, 1, str(problem))
    world.answer, world.document = None, parsed(item("a"))
    assert world.poll().committed.new == 0


def test_a_server_that_asks_for_patience_gets_it(world):
    world.answer = FetchError("status", "503", status=503, retry_after_s=7200)

    world.poll()

    assert world.row.next_poll == NOON + timedelta(hours=2)


def test_validators_are_sent_back_and_not_trusted_for_ever(world):
    world.poll(item("a"))
    world.poll(item("a"))
    world.now = NOON + DAY
    world.poll(item("a"))

    assert [asked for asked, _ in world.asked] == [Validators(), Validators('"1"'), Validators()]


def test_nothing_changed_keeps_what_is_known(world):
    world.poll(item("a"))
    world.answer = NotModified(Validators('"2"'))

    report = world.poll()

    assert report.outcome == "not_modified"
    assert world.row.items == 1


def test_a_cut_document_brings_its_items_and_is_asked_for_again(world):
    world.poll(item("a"))
    world.poll(item("a"), item("b"), is_partial=True, notes=("cut",))

    assert world.poll(item("a"), item("b"), item("c")).committed.new == 1
    assert world.asked[-1][0] == Validators()


def test_a_poll_that_shares_nothing_with_the_last_is_a_gap_and_the_next_comes_sooner(world):
    world.poll(item("a"))

    report = world.poll(item("x"), item("y"))

    assert report.committed.alerts == 2
    assert (world.row.gaps, world.row.next_poll) == (1, NOON + world.feed.interval / 2)


def test_a_feed_that_moved_is_not_a_flood(world):
    from monitor.core.secret import Secret

    world.poll(item("a"))
    world.feed = replace(world.feed, address=Secret("https://moved.example/feed"))
    world.store.sync_feeds([world.feed], NOON)

    report = world.poll(item("x"), item("y"))

    assert (report.committed.new, report.committed.alerts) == (2, 0)


def test_a_feed_that_was_never_seen_to_answer_is_a_suspect(world):
    world.poll(item("a"))
    world.poll(item("a"))

    assert [is_suspect for _, is_suspect in world.asked] == [True, False]


def test_a_feed_whose_polls_were_killed_is_a_suspect_only_while_it_never_answered(world):
    def parsed_as_suspect():
        for _ in range(3):
            world.store.claim_named(["news"], world.now, world.now + timedelta(minutes=1), "dead")
            world.store.release_all_leases(world.now)
        world.poll(item("a"), item(f"b{len(world.lanes)}"))
        return world.lanes[-1]

    assert (parsed_as_suspect(), parsed_as_suspect()) == (True, False)
