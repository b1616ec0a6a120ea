"""What a feed repeats is remembered in few bytes, with the poll that learned it."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, feed
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.habits import Learned, Seen
from monitor.core.record import PollRecord
from monitor.store import Store, migrations
from monitor.store.noise import packed, unpacked

MINUTE = timedelta(minutes=1)
NUMBER = st.integers(1, 2**32 - 1)


@st.composite
def seen(draw):
    masks = tuple(draw(st.lists(NUMBER, min_size=1, max_size=50, unique=True)))
    return Seen(draw(NUMBER), draw(st.sampled_from([0, *masks])), masks)


LEARNED = Learned((Seen(7, 2, (1, 2, 3)), Seen(8, 0, (4,))))


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        opened.sync_feeds([feed()], NOON)
        yield opened


def claim(store):
    (state,) = store.claim_named(["news"], NOON, NOON + MINUTE, "me")
    return state


def record(state, **facts):
    plain = PollRecord(state.id, "me", NOON, "changed", NOON + MINUTE, timedelta(), learned=LEARNED)
    return replace(plain, **facts)


@given(st.lists(seen(), max_size=20))
def test_what_is_packed_comes_back(items):
    assert unpacked(packed(Learned(tuple(items)))) == Learned(tuple(items))


def test_a_value_of_another_version_is_as_good_as_none():
    assert unpacked(b"\x63whatever") == Learned()
    assert unpacked(b"") == Learned()


def test_a_poll_leaves_what_it_learned(store):
    state = claim(store)
    before = store.learned(state.id)

    store.commit_poll(record(state))

    assert (before, store.learned(state.id), store.learned_of("news")) == (Learned(), LEARNED, LEARNED)


def test_a_poll_that_learned_nothing_leaves_it_alone(store):
    state = claim(store)
    store.commit_poll(record(state))

    store.commit_poll(record(claim(store), learned=None))

    assert store.learned(state.id) == LEARNED


def test_a_commit_that_fails_leaves_nothing(store, monkeypatch):
    state = claim(store)
    monkeypatch.setattr("monitor.store.polls._CHANGED", "UPDATE nothing SET x = 1")

    with pytest.raises(Exception, match="nothing"):
        store.commit_poll(record(state))

    assert store.learned(state.id) == Learned()


def test_it_is_forgotten_with_the_feed(store, tmp_path):
    store.commit_poll(record(claim(store)))
    other = sqlite3.connect(tmp_path / "monitor.db")
    other.execute("PRAGMA foreign_keys = ON")

    with other:
        other.execute("DELETE FROM feeds")

    assert other.execute("SELECT count(*) FROM noise").fetchone() == (0,)


def test_a_feed_takes_a_few_kilobytes_at_most():
    noise = tuple(range(4_000_000_000, 4_000_000_010))
    own = iter(range(1, 100_000_000, 7_919))
    items = [Seen(next(own), 0, (*(next(own) for _ in range(15)), *noise)) for _ in range(50)]
    older = [Seen(next(own), 0, (*(next(own) for _ in range(3)), *noise)) for _ in range(150)]

    assert len(packed(Learned((*older, *items)))) < 8_000


def test_a_database_from_before_gets_the_table_and_loses_nothing(tmp_path, monkeypatch):
    path = tmp_path / "monitor.db"
    before = sqlite3.connect(path, isolation_level=None)
    with monkeypatch.context() as then:
        then.setattr(migrations, "STEPS", ("m0001_schema",))
        migrations.apply(before, 0)
    before.execute(
        "INSERT INTO feeds (name, url, address_hash, added, next_poll) VALUES ('news', 'https://news.example/', 'h', 0, 0)",
    )
    before.close()

    with Store.open(path, create=False) as opened:
        assert opened.learned_of("news") == Learned()
        assert [row.name for row in opened.feed_rows()] == ["news"]
