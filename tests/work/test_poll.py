"""A poll from fetch to commit, with the real store and fakes around it."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, feed, item, match, parsed

from monitor.core import noise
from monitor.core.document import Fetched, NotModified
from monitor.core.model import Target
from monitor.core.record import Finding, PollRecord
from monitor.core.state import Validators
from monitor.errors import FetchError, ParseError, RegexTimeout
from monitor.store import Store
from monitor.work.poll import Poller, Settings

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
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
        self.noise = noise.Settings()
        self.subjects = []
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
        self.subjects.append(subject)
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
            noise=lambda feed: self.noise,
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

    assert NOON + timedelta(hours=2) <= world.row.next_poll <= NOON + timedelta(hours=2.2)


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


def test_each_gap_halves_the_interval_once_more_and_a_calm_day_takes_it_back(world):
    def wait():
        return world.row.next_poll - world.now

    for name in "abc":
        world.poll(*(item(f"{name}{number}") for number in range(3)))
    hasty = wait()
    world.now += DAY
    for last in range(3, 6):
        world.poll(*(item(f"c{number}") for number in range(last)), item("new"))

    assert (hasty, wait()) == (world.feed.interval / 4, world.feed.interval)


def test_a_feed_of_one_item_is_not_hurried_for_ever(world):
    for name in "abcdef":
        world.poll(item(name))

    assert (world.row.gaps, world.row.next_poll - world.now) == (5, world.feed.interval / 2)


def test_an_edit_of_what_was_baseline_is_not_told_and_says_why(world):
    world.poll(item("a"))
    world.poll(item("a", content="corrected"))

    assert world.reasons() == ["baseline", "matched before"]


def test_an_edit_of_a_held_item_stays_held_and_a_backfill_tells_it(world):
    world.poll(item("w"))
    old = [item(str(number), published=NOON - 30 * DAY) for number in range(30)]
    world.poll(item("w"), *old)
    world.poll(item("w"), replace(old[0], content="edited"), *old[1:])

    assert (world.row.held, world.reasons()[-1]) == (30, "matched before")
    (edited,) = (one for one in world.store.stored_items((), None, None, None, 99) if one.revision == 2)
    assert world.store.record_findings(edited.id, 2, [Finding(match(), (DESK,))], NOON).alerts == 1


def test_guids_that_change_at_once_are_noted(world):
    world.poll(*(item(name) for name in "abc"))

    world.poll(*(item("new" + name, url=item(name).url, title=item(name).title) for name in "abc"))

    assert (world.row.migrated, world.row.last_migration, world.row.overlap, world.row.gaps) == (3, NOON, 3, 0)


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


def paper(guid, first, *tail):
    return item(guid, title=f"Title {guid}", content="\n".join([first, *tail]))


def removed(world, number):
    subject = world.subjects[number]
    return [subject.texts["content"][one.start : one.end] for one in subject.removed.get("content", ())]


TAIL = ("Alles rund um die Technik von morgen", "Unsere Bücher der Woche")
FIRST = ("Die Seiten reden wieder.", "Das Gericht hat entschieden.", "Der Zug kam zu spät.")


def test_the_whole_first_fetch_is_learned_before_any_of_it_is_matched(world):
    world.poll(*(paper(f"i{number}", first, *TAIL) for number, first in enumerate(FIRST)))

    assert [removed(world, number) for number in range(3)] == [list(TAIL)] * 3


def test_a_later_poll_knows_what_an_earlier_one_learned(world):
    first = [paper(f"i{number}", first, *TAIL) for number, first in enumerate(FIRST)]
    world.poll(*first)

    world.poll(*first, paper("new", "Die Grenze ist wieder offen.", *TAIL))

    assert removed(world, -1) == list(TAIL)


def test_an_unchanged_feed_reads_and_writes_nothing_of_its_noise(world, monkeypatch):
    world.poll(item("a"))
    monkeypatch.setattr(world.store, "learned", None)
    monkeypatch.setattr(world.store, "_keep_learned", None)

    assert world.poll(item("a")).error is None
    assert world.poll(item("a"), title="another head").error is None


def test_a_pattern_that_takes_too_long_is_told_and_the_poll_goes_on(world, caplog):
    def slow(text):
        raise RegexTimeout("(a+)+$", 0.2)

    # Commands of other tests leave the program's loggers at the level they were given.
    caplog.set_level(logging.WARNING, logger="monitor.work.noise")
    world.noise = noise.Settings(strip=(noise.Pattern("(a+)+$", slow),))

    assert world.poll(item("a")).committed.new == 1
    assert [one.reason for one in caplog.records if one.name == "monitor.work.noise"] == ["(a+)+$"]


def test_a_feed_that_falls_silent_is_told_by_its_own_habit_and_told_when_it_is_back(store):
    world = World(store, targets=(DESK,))
    for number in range(14 * 24):
        world.now += HOUR
        world.poll(item(f"{number - 1}"), item(f"{number}"))
    assert world.row.troubles == ()

    silences = []
    for _ in range(36):
        world.now += HOUR
        world.poll()
        silences.append(world.row.troubles)

    assert silences[5] == ()
    assert silences[-1] == ("silent",)
    world.poll(item("news"), item("335"))
    assert [row.trouble for row in store.delivery_rows() if row.trouble] == ["silent over", "silent"]


def test_a_feed_that_is_silent_every_night_is_not_told(store):
    world = World(store, targets=(DESK,))
    for day in range(28):
        for hour in range(24):
            world.now = NOON + day * DAY + hour * HOUR
            is_day = 6 <= world.now.hour < 20 and world.now.weekday() < 5
            world.poll(*((item(f"{day} {hour}"), item("always")) if is_day else ()))

    assert [row.trouble for row in store.delivery_rows() if row.trouble] == []


def test_a_fast_test_feed_is_polled_at_its_interval_whatever_comes(store):
    world = World(store)
    world.feed = replace(world.feed, interval=timedelta(seconds=0.3))
    store.sync_feeds([world.feed], NOON)
    waits = []
    for number in range(200):
        world.now += timedelta(hours=number % 3)
        world.poll(*((item("a"), item(f"{number}")) if number % 2 else ()))
        waits.append(world.row.next_poll - world.now)

    assert set(waits) == {timedelta(seconds=0.3)}


def test_what_is_wrong_with_a_source_is_told_by_nobody_where_nobody_wants_to_hear_it(world):
    world.poll(item("a"))
    world.answer = FetchError("status", "410", status=410)
    world.poll()

    assert (world.row.troubles, world.store.delivery_rows(), world.store.integrity()) == (("gone",), [], [])


def test_a_new_address_that_fails_is_left_in_the_same_poll(world):
    world.poll(item("a"))
    world.store.commit_poll(_moved(world))
    asked = []

    async def fetch(at, validators, *, is_suspect):
        asked.append(at.address.reveal())
        if at.address.reveal() == "https://moved.example/":
            raise FetchError("status", "404", status=404)
        return await World.fetch(world, at, validators, is_suspect=is_suspect)

    world.fetch = fetch
    world.poll(item("a"), item("b"))

    assert asked == ["https://moved.example/", "https://news.example/news/feed"]
    assert (world.row.moved_to, world.row.items) == (None, 2)


def test_a_moved_feed_that_asks_for_patience_is_not_looked_for_elsewhere(world):
    world.poll(item("a"))
    world.store.commit_poll(_moved(world))
    world.answer = FetchError("status", "429", status=429, retry_after_s=60)
    before = len(world.asked)

    world.poll()

    assert (len(world.asked) - before, world.row.moved_to) == (1, "https://moved.example/")


def _moved(world):
    (state,) = world.store.claim_named(["news"], world.now, world.now + HOUR, "me")
    record = PollRecord(state.id, "me", world.now, "not_modified", world.now, HOUR)
    return replace(record, health=replace(state.health, moved_to="https://moved.example/"))
