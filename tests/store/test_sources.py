"""What the store keeps of sources: one open trouble of a kind, its alerts in the transaction that caused them, old data."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, feed, item, match

from monitor.core.cadence import Cadence, learn
from monitor.core.delivery import Receipt
from monitor.core.health import Began, Ended, Health, Hints, HostWait, Move, SourceAlert, Trust
from monitor.core.identity import fingerprint
from monitor.core.model import Identified, Key, Target
from monitor.core.record import Finding, New, PollRecord, Recorded
from monitor.errors import StoreError
from monitor.store import Store, migrations
from monitor.store.habits import habits_text, health_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DESK = Target("desk", "u1", "desk #1 (json)")
PHONE = Target("phone", "u2", "phone #1 (tgram)")
BROKEN = Began("broken", NOON - HOUR, "the server answered 500")


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        opened.sync_feeds([feed()], NOON)
        yield opened


def poll(store, *turns, at=NOON, outcome="failed", targets=(DESK,), **facts):
    (state,) = store.claim_named(["news"], at, at + MINUTE, "me")
    record = PollRecord(state.id, "me", at, outcome, at + HOUR, MINUTE)
    return store.commit_poll(replace(record, turns=turns, targets=targets, **facts))


def claimed(store, at=NOON):
    return [one.alert for one in store.claim_deliveries(at, at + MINUTE, "me", 10, ())]


def test_a_trouble_is_told_to_every_address_once(store):
    first = poll(store, BROKEN, targets=(DESK, PHONE))
    again = poll(store, BROKEN, targets=(DESK, PHONE))

    assert [(one.alerts, one.deliveries) for one in (first, again)] == [(1, 2), (0, 0)]
    assert store.integrity() == []


def test_a_trouble_comes_with_all_that_its_message_shows(store):
    poll(store, BROKEN)
    (alert,) = claimed(store)

    assert isinstance(alert, SourceAlert)
    assert (alert.feed, alert.trouble, alert.since, alert.began, alert.ended) == ("news", "broken", NOON - HOUR, NOON, None)
    assert (alert.detail, alert.url, alert.template) == ("the server answered 500", "https://news.example/news/feed", "source")


def test_an_end_is_told_once_and_a_new_trouble_is_told_again(store):
    poll(store, BROKEN)
    added = [poll(store, turn, at=NOON + HOUR).alerts for turn in (Ended("broken"), Ended("broken"), BROKEN)]

    assert added == [1, 0, 1]
    assert [row.trouble for row in store.delivery_rows()] == ["broken", "broken over", "broken"]


def test_an_end_that_something_else_takes_the_place_of_is_not_told(store):
    poll(store, Began("moved", NOON, "https://a.example/"))
    poll(store, Ended("moved", is_told=False), Began("moved", NOON, "https://b.example/"))

    assert [row.trouble for row in store.delivery_rows()] == ["moved", "moved"]


def test_a_poll_that_fails_in_the_middle_tells_nothing(store):
    (state,) = store.claim_named(["news"], NOON, NOON + MINUTE, "me")
    broken = replace(DESK, receiver=None)
    record = PollRecord(state.id, "me", NOON, "failed", NOON + HOUR, MINUTE, turns=(BROKEN,), targets=(broken,))

    with pytest.raises(StoreError):
        store.commit_poll(record)

    assert store.feed_rows()[0].troubles == ()
    assert store.delivery_rows() == []


def test_a_poll_whose_lease_was_taken_over_tells_nothing(store):
    (state,) = store.claim_named(["news"], NOON, NOON + MINUTE, "me")
    store.claim_named(["news"], NOON + HOUR, NOON + 2 * HOUR, "other")

    record = PollRecord(state.id, "me", NOON, "failed", NOON + HOUR, MINUTE, turns=(BROKEN,), targets=(DESK,))

    assert store.commit_poll(record).alerts == 0


def test_alerts_of_sources_are_listed_and_sent_again_like_others(store):
    poll(store, BROKEN)
    (one,) = store.claim_deliveries(NOON, NOON + MINUTE, "me", 10, ())
    store.settle_delivery(one.id, Receipt("rejected"), NOON, None)

    assert store.retry_deliveries(None, NOON) == 1
    (row,) = store.delivery_rows()
    assert (row.rule, row.item, row.feed, row.trouble, row.state) == (None, None, "news", "broken", "pending")
    assert store.delivery_rows(item=1) == []


def test_a_host_waits_for_the_longest_that_it_asked_for_and_is_forgotten_afterwards(store):
    for hours in (2, 1):
        poll(store, wait=HostWait("news.example", NOON + hours * HOUR, 429))
    assert [row.until for row in store.waiting_hosts(NOON)] == [NOON + 2 * HOUR]

    poll(store, at=NOON + 3 * HOUR, wait=HostWait("other.example", NOON + 4 * HOUR, 503))

    assert [row.host for row in store.waiting_hosts(NOON)] == ["other.example"]


def test_ones_own_fast_feeds_are_not_held_up_by_a_host_that_waits(store):
    fast = feed("fast", interval=timedelta(seconds=1))
    store.sync_feeds([feed(), fast], NOON)
    poll(store, wait=HostWait("news.example", NOON + 2 * HOUR, 429))

    assert [one.name for one in store.claim_due(NOON + HOUR, NOON + 2 * HOUR, "me", 10)] == ["fast"]


def test_a_shorter_interval_in_the_config_makes_a_slow_feed_due(store):
    poll(store, outcome="not_modified", at=NOON)
    store.sync_feeds([feed(interval=timedelta(minutes=5))], NOON + MINUTE)

    assert store.feed_rows()[0].next_poll == NOON + timedelta(minutes=5)


FULL = Health(
    "https://new.example/",
    NOON,
    Trust(is_lying=True, agreed=3, measured=NOON),
    Move("https://x.example/", 2, 20781),
    Hints(HOUR, (1, 2), (6,)),
    learn(learn(Cadence(), [NOON], NOON), [NOON + HOUR], NOON + HOUR),
    0.5,
    2,
    1,
)


@pytest.mark.parametrize("health", [FULL, Health()])
def test_a_feeds_health_is_read_as_it_was_written(store, health):
    poll(store, health=health)

    (state,) = store.claim_named(["news"], NOON, NOON + MINUTE, "me")

    kept, wanted = state.health, health
    assert replace(kept, cadence=Cadence()) == replace(wanted, cadence=Cadence())
    assert kept.cadence.hours == pytest.approx(wanted.cadence.hours, abs=0.001)
    assert (kept.cadence.at, kept.cadence.last) == (wanted.cadence.at, wanted.cadence.last)


@pytest.mark.parametrize("text", ["", "[]", "{}", "nonsense", '{"trust":[0]}', habits_text(FULL).replace('"days":[', '"days":[1,')])
def test_habits_of_another_version_are_learned_again(text):
    assert health_of({"moved_to": None, "gone": None, "habits": text}) == Health()


def test_a_feeds_health_stays_small_whatever_it_does():
    known = Cadence()
    for number in range(2000):
        at = NOON + number * timedelta(minutes=7)
        known = learn(known, [at] * 50, at)

    assert len(habits_text(replace(FULL, cadence=known))) < 1200


def test_a_database_of_before_keeps_its_alerts_and_deliveries(tmp_path, monkeypatch):
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, isolation_level=None)
    with monkeypatch.context() as before:
        before.setattr(migrations, "STEPS", ("m0001_schema",))
        migrations.apply(connection, 0)
    connection.executescript(
        """
        INSERT INTO feeds (name, url, address_hash, added, next_poll) VALUES ('news', 'https://news.example/', 'h', 0, 0);
        INSERT INTO items (feed_id, key, rung, fingerprint, first_seen, title) VALUES (1, 'g:a', 'guid', 'f', 0, 'Title');
        INSERT INTO matches (rule, item_id, revision, severity, matched_at, evidence) VALUES ('r', 1, 1, 'info', 0, '[]');
        INSERT INTO alerts (id, match_id, template, created) VALUES (7, 1, 'alert', 5);
        INSERT INTO deliveries (alert_id, receiver, url_id, label, created, next_try) VALUES (7, 'desk', 'u1', 'desk #1', 5, 5);
        """
    )
    connection.close()

    with Store.open(path, create=False) as store:
        assert store.integrity() == []
        assert [(row.rule, row.title, row.trouble) for row in store.delivery_rows()] == [("r", "Title", None)]
        assert [alert.id for alert in claimed(store)] == [7]
        poll(store, BROKEN)
        assert [row.trouble for row in store.delivery_rows()] == ["broken", None]
        assert store.integrity() == []


@pytest.mark.parametrize("values", ["(NULL, NULL)", "(1, 1)", "(99, NULL)", "(NULL, 99)"])
def test_an_alert_is_about_one_thing_that_exists(store, values):
    one = item("a")
    found = Identified(Key("g:a"), "guid", fingerprint(one), one)
    poll(store, BROKEN, outcome="changed", targets=(), recorded=(Recorded(New(found), (Finding(match(), reason="baseline"),)),))

    with pytest.raises(StoreError), store._db.transaction():
        store._db.run(f"INSERT INTO alerts (match_id, trouble_id, template, created) VALUES ({values[1:-1]}, 'x', 0)")


def test_the_views_show_troubles_and_their_alerts(store):
    poll(store, BROKEN)

    assert store._db.scalar("SELECT troubles FROM feed_health") == "broken"
    assert store._db.scalar("SELECT deliveries FROM source_alerts_view") == "desk #1 (json): pending"
