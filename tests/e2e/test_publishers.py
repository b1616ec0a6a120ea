"""What publishers do to their feeds, over real HTTP: one test for each, through the program's own polls to a real receiver."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from servers import inbox, site

from monitor import app
from monitor.app import composition, passes, walking
from monitor.config import load
from monitor.work import backfill
from monitor.work.rounds import poll_round

NOW = datetime.now(UTC).replace(microsecond=0)
RULE = '[[rules]]\nname = "ceasefire"\nkeywords = ["Waffenruhe"]\n'
WORDPRESS = "<generator>https://wordpress.org/?v=6.8</generator>"


def article(name, title=None, guid=None, url=None, text="", hours=0.0):
    """One <item> on the ceasefire; ``hours``: how old it says to be, None: it does not say."""
    date = "" if hours is None else f"<pubDate>{format_datetime(NOW - timedelta(hours=hours))}</pubDate>"
    return (
        f"<item><guid isPermaLink='false'>{guid or name}</guid><link>{url or f'https://news.example/{name}'}</link>"
        f"<title>{title or f'Waffenruhe {name}'}</title><description>{text}</description>{date}</item>"
    )


def document(*items, head=""):
    return f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>N</title>{head}{"".join(items)}</channel></rss>'


class World:
    """A site, a receiver and the program between them, polled on command."""

    def __init__(self, path, pages, box, more=""):
        self.pages, self.box = pages, box
        self.config_path = path / "config.toml"
        text = f'[monitor]\nallow_private_networks = true\nreceivers = ["desk"]\n[receivers.desk]\nurls = {json.dumps([box.url])}\n'
        self.config_path.write_text(f'{text}{RULE}[[feeds]]\nname = "n"\nurl = "{pages.base}/feed"\ninterval = "0.1s"\n{more}', "utf-8")

    def config(self):
        return load(self.config_path, {})

    def publish(self, *items, head="", path="/feed"):
        self.pages.pages[path] = (document(*items, head=head).encode(), "application/rss+xml")

    def poll(self, *items, head=""):
        """Publish, poll, repair and deliver; return the titles of items that were told, in their order."""
        self.publish(*items, head=head)
        before = len(self.titles())
        self.summary = passes.poll_once(self.config(), [], deliver=True)
        assert self.summary.failed == ()
        return [title.removeprefix("ceasefire: ") for title in self.titles()[before:] if title.startswith("ceasefire: ")]

    def titles(self):
        return [message["title"] for message in self.box.messages]

    def troubles(self):
        """What was told of the feed itself."""
        return [row.trouble for row in reversed(self.ask(lambda store: store.delivery_rows())) if row.trouble]

    @property
    def last(self):
        return self.box.messages[-1]["message"]

    def ask(self, function):
        with app.open_store(self.config(), create=False) as store:
            return function(store)

    @property
    def feed(self):
        return self.ask(lambda store: store.feed_rows())[0]

    def items(self):
        return {row.item.title: row for row in self.ask(lambda store: store.item_rows())}

    def reasons(self):
        return {row.item.item.title: row.alert_reason for row in self.ask(lambda store: store.match_rows())}


@pytest.fixture
def world(tmp_path):
    with site() as pages, inbox() as box:
        yield World(tmp_path, pages, box)


@pytest.mark.parametrize("is_moved", [False, True], ids=["guids", "guids-and-host"])
def test_migrated_guids_bring_nothing_new_and_are_told_of_the_feed(world, is_moved):
    host = "https://other.example" if is_moved else "https://news.example"
    old = [article(str(number), hours=number) for number in range(30)]
    new = [article(str(number), guid=f"new-{number}", url=f"{host}/{number}?utm_source=x", hours=number) for number in range(30)]
    world.poll(*old)

    assert world.poll(*new) == []
    assert (world.summary.new, world.summary.updated, world.feed.migrated, world.feed.gaps) == (0, 0, 30, 0)
    assert world.troubles() == ["migrated"]
    # From now on they are known under either guid, one by one, whatever else they change.
    assert world.poll(article("0", title="Waffenruhe neu", guid="new-0", url=f"{host}/0"), *old[1:]) == []
    assert world.summary.new == 0
    assert world.poll(article("31"), *new) == ["Waffenruhe 31"]


def test_guids_that_change_in_every_poll_are_told_once_of_the_feed(world):
    def state(turn):
        return [article(str(one), guid=f"{turn}-{one}", url=f"https://news.example/{one}?v={turn}", hours=None) for one in range(50)]

    told = [world.poll(*state(turn)) for turn in range(4)]

    assert (told, len(world.items())) == ([[]] * 4, 50)
    assert world.troubles() == ["migrated"]


def test_a_reused_guid_is_told_as_other_news_and_both_texts_are_kept(world):
    world.poll(article("w"), article("old"))
    world.poll(article("w"), article("old"), article("b", guid="same"))

    told = world.poll(article("w"), article("old"), article("c", title="Waffenruhe gebrochen", guid="same"))

    assert told == ["Waffenruhe gebrochen"]
    (item,) = (row for row in world.items().values() if row.item.guid == "same")
    assert [one.title for one in world.ask(lambda store: store.revisions_of(item.id))] == ["Waffenruhe b"]


def test_a_guid_that_two_listed_items_share_is_two_items(world):
    world.poll(article("old"))

    assert len(world.poll(article("old"), article("b", guid="same"), article("c", guid="same"))) == 2


@pytest.mark.parametrize("hours", [2000, 0], ids=["old-dates", "dates-of-today"])
def test_a_republished_archive_is_stored_and_held_and_can_be_released(world, hours):
    window = [article(str(number), hours=hours) for number in range(490, 500)]
    world.poll(*window)

    told = world.poll(*(article(str(number), hours=hours) for number in range(500)))

    assert told == []
    assert (len(world.items()), world.feed.held, world.feed.gaps) == (500, 490, 0)
    assert world.troubles() == ["flood"]
    assert world.reasons()["Waffenruhe 0"] == "held: 490 items came at once"
    assert passes.backfill(world.config(), [], backfill.Span(), deliver=True, progress=lambda _: None).alerts == 500


def test_news_that_comes_with_a_republished_archive_is_told(world):
    world.poll(*(article(str(number), hours=1000) for number in range(10)))

    assert world.poll(article("neu"), *(article(str(number), hours=1000) for number in range(40))) == ["Waffenruhe neu"]
    assert world.feed.held == 30


def test_a_late_back_dated_item_is_told_and_marked(world):
    world.poll(article("a"))

    assert world.poll(article("a"), article("b", hours=30)) == ["Waffenruhe b"]
    assert "verspätet um 30 h" in world.last
    assert round(world.items()["Waffenruhe b"].late / timedelta(hours=1)) == 30


def test_undated_and_returning_items_are_new_once(world):
    states = [["a", "b"], ["b"], ["a", "c"], ["b", "c"], ["a", "b", "c"]]

    told = [world.poll(*(article(name, hours=None) for name in state)) for state in states]

    assert told == [[], [], ["Waffenruhe c"], [], []]


def test_a_gap_is_repaired_by_the_pages_of_a_wordpress_site(world):
    world.poll(article("1", hours=9), head=WORDPRESS)
    for number, names in {2: ("4", "3"), 3: ("2", "1"), 4: ("0",)}.items():
        world.publish(*(article(name, hours=5) for name in names), head=WORDPRESS, path=f"/feed?paged={number}")

    told = world.poll(article("6"), article("5"), head=WORDPRESS)

    assert sorted(told) == [f"Waffenruhe {name}" for name in "23456"]
    assert [path for path, _ in world.pages.seen if path != "/feed"] == ["/feed?paged=2", "/feed?paged=3"]
    assert (world.feed.gaps, world.feed.repair_page) == (1, None)
    assert world.feed.repair_ended == "an item appeared that was known before the gap"
    assert {title: row.late is not None for title, row in world.items().items()} == {
        **dict.fromkeys(["Waffenruhe 1", "Waffenruhe 5", "Waffenruhe 6"], False),
        **dict.fromkeys(["Waffenruhe 2", "Waffenruhe 3", "Waffenruhe 4"], True),
    }


@pytest.mark.parametrize("relation", ["prev-archive", "next"])
def test_a_gap_is_repaired_by_rfc_5005_archives(world, relation):
    def link(name):
        return f'<atom:link rel="{relation}" href="/{name}"/>'

    world.poll(article("1"), head=link("old"))
    world.publish(article("3"), article("2"), head=link("older"), path="/newer")
    world.publish(article("1"), head=link("oldest"), path="/older")

    told = world.poll(article("5"), article("4"), head=link("newer"))

    assert sorted(told) == [f"Waffenruhe {name}" for name in "2345"]
    assert [path for path, _ in world.pages.seen if path != "/feed"] == ["/newer", "/older"]


def test_a_gap_of_a_site_without_older_pages_is_shown_and_the_interval_halved(world):
    world.poll(article("1"))
    world.poll(article("2"))

    assert (world.feed.gaps, world.feed.repair_page, len(world.pages.seen)) == (1, None, 2)
    assert world.feed.next_poll - world.feed.last_poll < timedelta(seconds=0.06)


def test_a_repair_that_was_killed_goes_on_at_its_page(world):
    world.poll(article("1"), head=WORDPRESS)
    world.publish(article("5"), head=WORDPRESS)

    async def poll_and_die():
        async with composition.running(world.config()) as whole:
            parts = whole.parts
            await poll_round(whole.store, whole.call, parts.poller, parts.feeds, whole.owner, app.utc_now)
            (gap,) = await parts.pages.claim(parts.feeds)
            # The server breaks down after the first older page, as if we had been killed there.
            world.publish(article("4"), head=WORDPRESS, path="/feed?paged=2")
            world.pages.pages["/feed?paged=3"] = (b"<html>", "text/html")
            return await parts.pages.repair(parts.feeds["n"], gap)

    walked = asyncio.run(poll_and_die())

    assert (walked.pages, walked.committed.new, world.feed.repair_page) == (1, 1, 3)


def test_pages_by_hand_bring_items_and_tell_nobody_until_asked(world):
    world.poll(article("6"), article("5"), head=WORDPRESS)
    for number in (2, 3, 4):
        world.publish(article(str(6 - 2 * number + 2)), article(str(6 - 2 * number + 1)), head=WORDPRESS, path=f"/feed?paged={number}")

    told = []
    (walked,) = walking.walk_pages(world.config(), ["n"], 2, lambda done, total: told.append((done, total)))

    assert (walked.pages, walked.committed.new, walked.ended) == (2, 4, "2 pages were read")
    assert told[-1] == (2, 2)
    assert world.box.messages == []
    assert set(world.reasons().values()) == {"baseline", "backfill"}


def test_pages_by_hand_are_those_of_the_address_that_the_feed_has_moved_to(world):
    world.poll(article("6"), head=WORDPRESS)
    world.publish(article("6"), head=WORDPRESS, path="/new")
    world.publish(article("5"), head=WORDPRESS, path="/new?paged=2")
    world.ask(lambda store: store._db.run("UPDATE feeds SET moved_to = ?", [f"{world.pages.base}/new"]))

    (walked,) = walking.walk_pages(world.config(), ["n"], 2, lambda done, total: None)

    assert (walked.pages, walked.committed.new, walked.error) == (1, 1, None)


def test_pages_by_hand_leave_news_of_the_feed_itself_to_a_poll(world):
    world.poll(article("6"), head=WORDPRESS)
    world.publish(article("7"), article("6"), head=WORDPRESS)

    walking.walk_pages(world.config(), ["n"], 1, lambda done, total: None)

    assert world.poll(article("7"), article("6"), head=WORDPRESS) == ["Waffenruhe 7"]


def test_an_edit_that_newly_matches_is_told_once_with_what_changed(world):
    world.poll(article("a", title="Gespräche dauern an", text="Noch kein Ergebnis."))

    edited = article("a", title="Gespräche enden mit Waffenruhe", text="Noch kein Ergebnis.")

    assert world.poll(edited) == ["Gespräche enden mit Waffenruhe"]
    assert "Geändert: Gespräche [−dauern an−] [+enden mit Waffenruhe+]" in world.last
    assert world.poll(edited.replace("kein Ergebnis", "viele Fragen")) == []


def test_an_edit_of_what_was_told_is_not_told_again(world):
    world.poll(article("w"))
    world.poll(article("w"), article("a"))

    assert world.poll(article("w"), article("a", text="Mit einem Satz mehr.")) == []
    assert world.items()["Waffenruhe a"].revision == 2
    assert world.reasons()["Waffenruhe a"] in (None, "already alerted")
    assert passes.backfill(world.config(), [], backfill.Span(), deliver=True, progress=lambda _: None).alerts == 1


@pytest.mark.parametrize(
    ("fault", "stored", "held", "troubles"),
    [
        ("/guid-change?n=50", 50, 0, ["migrated"]),
        ("/guid-change-once?n=50", 50, 0, ["migrated"]),
        ("/archive-republish?n=300", 300, 290, ["flood"]),
        ("/vanish-return", 10, 0, []),
        ("/no-guid", 5, 0, ["migrated"]),
        ("/no-ids", 2, 0, []),
    ],
)
def test_faults_over_time_tell_of_no_item(shared, tmp_path, monkeypatch, fault, stored, held, troubles):
    monkeypatch.syspath_prepend(str(shared / "harness"))
    from hostile_server import HostileServer

    server = HostileServer(port=0).start()
    try:
        with site() as pages, inbox() as box:
            world = World(tmp_path, pages, box)
            text = world.config_path.read_text("utf-8").replace(f"{pages.base}/feed", server.url(fault))
            world.config_path.write_text(text.replace('["Waffenruhe"]', '["steady", "archive", "vr", "ng", "title"]'), "utf-8")
            for _ in range(5):
                assert passes.poll_once(world.config(), [], deliver=True).failed == ()
            matches = world.ask(lambda store: store.match_rows())
            assert (len(world.items()), world.feed.held, len(matches)) == (stored, held, stored)
            assert (world.troubles(), len(box.messages)) == (troubles, len(troubles))
    finally:
        server.stop()
