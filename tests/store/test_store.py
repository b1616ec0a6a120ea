"""What is stored is stored once, whole or not at all, and nothing else is lost."""

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlite_utils
from builders import NOON, feed, item, match

from monitor.core.delivery import Receipt
from monitor.core.identity import candidates, fingerprint
from monitor.core.ids import FeedId
from monitor.core.model import Identified, Key, Target
from monitor.core.record import Alias, Committed, Finding, New, PollRecord, Recorded, Updated
from monitor.core.secret import Secret
from monitor.core.state import Validators
from monitor.errors import StoreDamaged, StoreError, StoreMissing
from monitor.store import Store, migrations
from monitor.store.connection import connect
from monitor.store.migrations import m0001_schema

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DESK = Target("desk", "u1", "desk #1 (json)")
PHONE = Target("desk", "u2", "desk #2 (tgram)")


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        yield opened


@pytest.fixture
def state(store):
    store.sync_feeds([feed()], NOON)
    (claimed,) = store.claim_due(NOON, NOON + MINUTE, "me", 10)
    return claimed


def identified(one):
    return Identified(Key(f"g:{one.guid}"), "guid", fingerprint(one), one, Key(f"u:{one.guid}"))


def told(*targets):
    return Finding(match(), targets or (DESK,))


def record(state, *recorded, **facts):
    plain = PollRecord(state.id, "me", NOON, "changed", NOON + HOUR, timedelta(seconds=1), Validators('"1"'), "hash", validated=True)
    return replace(plain, recorded=recorded, baseline_done=True, **facts)


def commit_one(store, state, *findings):
    return store.commit_poll(record(state, Recorded(New(identified(item("a"))), findings)))


def claim(store, at=NOON, busy=()):
    return store.claim_deliveries(at, at + MINUTE, "me", 10, busy)


def test_a_poll_appears_whole(store, state):
    added = commit_one(store, state, told(DESK, PHONE))

    assert added == Committed(new=1, matches=1, alerts=1, deliveries=2)
    assert store.feed_rows()[0].next_poll == NOON + HOUR
    assert [row.state for row in store.delivery_rows()] == ["pending", "pending"]
    assert store.integrity() == []


def test_an_item_that_two_polls_bring_is_stored_and_alerted_once(store, state):
    commit_one(store, state, told())

    assert commit_one(store, state, told()) == Committed()
    assert len(store.delivery_rows()) == 1


def test_a_poll_that_fails_in_the_middle_leaves_nothing(store, state):
    broken = Recorded(New(replace(identified(item("b")), fingerprint=None)))

    with pytest.raises(StoreError):
        store.commit_poll(record(state, Recorded(New(identified(item("a")))), broken))

    assert store.item_rows() == []
    assert store.claim_named(["news"], NOON + HOUR, NOON + 2 * HOUR, "other")[0].validators == Validators()


def test_polls_without_a_document_are_committed_together_or_not_at_all(store, state):
    quiet = replace(record(state), outcome="not_modified", validators=Validators('"2"'))
    broken = replace(quiet, status=object())

    with pytest.raises(StoreError):
        store.commit_quiet([quiet, broken])

    assert store.claim_named(["news"], NOON + HOUR, NOON + 2 * HOUR, "other")[0].validators == Validators()


def test_an_edited_item_keeps_what_it_said_before(store, state):
    commit_one(store, state)
    (known,) = store.known(state.id, [Key("g:a")]).values()

    added = store.commit_poll(record(state, Recorded(Updated(identified(item("a", title="New title")), known))))

    assert added == Committed(updated=1)
    assert [(row.item.title, row.revision) for row in store.item_rows()] == [("New title", 2)]
    assert store.stats(NOON).revisions == 1


def test_an_update_that_another_poll_was_faster_with_changes_nothing(store, state):
    commit_one(store, state)
    (known,) = store.known(state.id, [Key("g:a")]).values()
    update = record(state, Recorded(Updated(identified(item("a", title="New title")), known), (told(),)))
    store.commit_poll(update)

    assert store.commit_poll(update) == Committed()


def test_an_item_is_found_under_its_key_and_its_address_with_the_rules_that_matched_it(store, state):
    commit_one(store, state, told())

    assert store.known(state.id, [Key("g:a")])[Key("g:a")].rules == {"ceasefire"}
    assert store.known_by_url(state.id, [Key("u:a"), Key("u:b")]).keys() == {Key("u:a")}


def test_an_item_is_known_under_its_other_keys_too(store, state):
    commit_one(store, state)
    (known,) = store.known(state.id, [Key("g:a")]).values()
    alias = Alias(known.id, Key("g:new"), "new", "https://news.example/new", Key("u:new"))

    store.commit_poll(record(state, aliases=(alias,)))

    assert {one.id for one in store.known(state.id, [Key("g:a"), Key("g:new")]).values()} == {known.id}
    assert store.known_by_url(state.id, [Key("u:new")]).keys() == {Key("u:new")}
    assert [row.item.url for row in store.item_rows()] == ["https://news.example/new"]


def test_of_a_feed_that_gives_new_guids_at_every_poll_the_last_ones_are_remembered(store, state):
    commit_one(store, state)
    (known,) = store.known(state.id, [Key("g:a")]).values()
    guids = [f"g:{number}" for number in range(30)]

    for number, guid in enumerate(guids):
        alias = Alias(known.id, Key(guid), guid, None, None)
        store.commit_poll(record(state, aliases=(alias,), at=NOON + number * MINUTE))

    assert set(store.known(state.id, [Key("g:a"), *map(Key, guids)])) == {"g:a", *guids[10:]}


def test_who_was_told_is_known_apart_from_what_matched(store, state):
    quiet = Finding(match("quiet"), reason="baseline")
    commit_one(store, state, told(), quiet)

    (known,) = store.known(state.id, [Key("g:a")]).values()

    assert (known.rules, known.told) == ({"ceasefire", "quiet"}, {"ceasefire"})


def test_a_backfill_does_not_tell_an_edit_of_what_was_told(store, state):
    commit_one(store, state, Finding(match(), reason="already alerted"))
    (one,) = store.stored_items((), None, None, None, 10)

    assert store.record_findings(one.id, 1, [told()], NOON).alerts == 0


def test_the_pace_of_a_feed_leaves_out_its_first_poll_and_counts_a_flood_as_little(store, state):
    for hour, number in enumerate([50, 3, 3, 300]):
        some = [Recorded(New(identified(item(f"{hour}-{one}")))) for one in range(number)]
        store.commit_poll(replace(record(state, *some), at=NOON + hour * HOUR))

    assert store.pace(state.id, NOON + 4 * HOUR) == (3 + 3 + 20) / 4


def test_keys_made_the_old_way_are_known_the_new_way_after_the_migration(tmp_path):
    path = tmp_path / "old.db"
    connection = connect(path, create=True)
    database = sqlite_utils.Database(connection, execute_plugins=False)
    m0001_schema.upgrade(database)
    one = item(None, url="https://news.example//a?gclid=1", title="T")
    connection.execute("INSERT INTO feeds (name, url, address_hash, added, next_poll) VALUES ('n', 'u', 'h', 0, 0)")
    sql = "INSERT INTO items (feed_id, key, rung, fingerprint, first_seen, url, title) VALUES (1, 'u:old', 'url', 'f', 0, ?, 'T')"
    connection.execute(sql, [one.url])
    connection.execute(f"PRAGMA application_id = {migrations.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.close()

    with Store.open(path, create=False) as store:
        (candidate,) = candidates([one])

        assert store.known(FeedId(1), [candidate.url])[candidate.url].key == "u:old"


def test_a_feed_is_claimed_by_one_at_a_time(store, state):
    assert store.claim_due(NOON, NOON + MINUTE, "other", 10) == []
    assert store.claim_due(NOON + MINUTE, NOON + HOUR, "other", 10)[0].unfinished == 2


def test_a_failed_poll_changes_no_knowledge(store, state):
    commit_one(store, state)
    (again,) = store.claim_named(["news"], NOON, NOON + MINUTE, "me")

    store.commit_poll(replace(record(again), outcome="failed", validators=Validators(), body_hash=None, error="down"))

    (after,) = store.claim_named(["news"], NOON, NOON + MINUTE, "me")
    assert (after.validators, after.body_hash, after.baseline, after.failures) == (Validators('"1"'), "hash", "done", 1)


def test_a_poll_whose_lease_was_taken_over_does_not_turn_back_the_feed(store, state):
    store.claim_due(NOON + MINUTE, NOON + HOUR, "other", 10)

    added = commit_one(store, state)

    assert added.new == 1
    assert store.feed_rows()[0].last_ok is None


def test_a_feed_with_another_address_is_asked_without_old_validators(store, state):
    commit_one(store, state)

    store.sync_feeds([feed(address=Secret("https://moved.example/feed"))], NOON)

    (moved,) = store.claim_due(NOON, NOON + MINUTE, "me", 1)
    assert (moved.baseline, moved.validators) == ("moved", Validators())


def test_a_feed_that_the_config_drops_is_kept_and_not_polled(store, state):
    commit_one(store, state)

    store.sync_feeds([], NOON)

    assert store.claim_due(NOON + HOUR * 9, NOON + HOUR * 10, "me", 10) == []
    assert len(store.item_rows()) == 1


def test_one_channel_gets_one_message_at_a_time(store, state):
    two = [Recorded(New(identified(item(guid))), (told(),)) for guid in ("a", "b")]
    store.commit_poll(record(state, *two))

    first = claim(store)

    assert [one.alert.item.item.guid for one in first] == ["a"]
    assert claim(store) == []


def test_a_busy_channel_is_left_alone(store, state):
    commit_one(store, state, told(DESK, PHONE))

    assert [one.target for one in claim(store, busy=("u1",))] == [PHONE]


def test_a_message_whose_sender_died_is_claimed_again_as_unknown(store, state):
    commit_one(store, state, told())
    claim(store)

    (again,) = claim(store, NOON + MINUTE)

    assert (again.last_outcome, again.attempts) == ("unknown", 2)


@pytest.mark.parametrize(
    ("outcome", "again", "state_after"),
    [("sent", None, "sent"), ("not_sent", HOUR, "failed"), ("unknown", HOUR, "unknown"), ("rejected", None, "dead")],
)
def test_an_attempt_ends_in_its_state(store, state, outcome, again, state_after):
    commit_one(store, state, told())
    (one,) = claim(store)

    store.settle_delivery(one.id, Receipt(outcome, "why"), NOON, again and NOON + again)

    assert [row.state for row in store.delivery_rows()] == [state_after]


def test_a_channel_that_rests_is_woken_when_it_works_again(store, state):
    commit_one(store, state, told())

    store.push_channel("u1", NOON + HOUR, NOON)
    rested = claim(store)
    store.push_channel("u1", None, NOON)

    assert (rested, len(claim(store))) == ([], 1)


def test_what_waits_for_a_removed_address_goes_to_the_receivers_new_one(store, state):
    commit_one(store, state, told())

    store.reroute({"desk": (PHONE,)}, NOON)

    assert {row.label: row.state for row in store.delivery_rows()} == {DESK.label: "dead", PHONE.label: "pending"}


def test_a_dead_delivery_can_be_sent_again(store, state):
    commit_one(store, state, told())
    (one,) = claim(store)
    store.settle_delivery(one.id, Receipt("rejected"), NOON, None)

    assert store.retry_deliveries(None, NOON) == 1
    assert len(claim(store)) == 1


def test_forgotten_texts_leave_their_keys(store, state):
    commit_one(store, state)

    assert store.prune(NOON + HOUR) == 1
    assert store.item_rows()[0].item.title == ""
    assert store.known(state.id, [Key("g:a")])


def test_a_text_that_still_has_to_be_told_is_not_forgotten(store, state):
    commit_one(store, state, told())

    assert store.prune(NOON + HOUR) == 0


def test_a_backfill_that_runs_twice_alerts_once(store, state):
    commit_one(store, state, Finding(match(), reason="baseline"))
    (one,) = store.stored_items((), None, None, None, 10)

    added = [store.record_findings(one.id, 1, [told()], NOON) for _ in range(2)]

    assert [one.alerts for one in added] == [1, 0]
    assert [row.alert for row in store.match_rows()] == ["pending"]


@pytest.mark.parametrize("query", ['"', "AND", "c++", "title:x", "a*", "-x", "(", "Content a", '"Content a"', "\0"])
def test_no_search_is_a_syntax_error(store, state, query):
    commit_one(store, state)

    assert len(store.search_rows(query)) in (0, 1)


def test_a_search_finds_words_without_their_accents(store, state):
    store.commit_poll(record(state, Recorded(New(identified(item("a", content="Präsident Erdoğan in Genève"))))))

    assert [len(store.search_rows(words)) for words in ("prasident geneve", "geneve genf")] == [1, 0]


def test_a_backup_is_a_whole_database_and_never_overwrites(store, state, tmp_path):
    commit_one(store, state)
    store.backup(tmp_path / "copy.db")

    with Store.open(tmp_path / "copy.db", create=False) as copy:
        assert len(copy.item_rows()) == 1
    with pytest.raises(StoreError, match="exists already"):
        store.backup(tmp_path / "copy.db")


def test_a_database_that_is_not_there_is_not_made_by_reading(tmp_path):
    with pytest.raises(StoreMissing):
        Store.open(tmp_path / "none.db", create=False)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"garbage" * 1000, None])
def test_a_file_that_is_not_ours_is_refused_and_not_touched(tmp_path, content):
    path = tmp_path / "other.db"
    if content is None:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE theirs (x)")
    else:
        path.write_bytes(content)
    before = path.read_bytes()

    with pytest.raises(StoreDamaged):
        Store.open(path, create=True)

    assert path.read_bytes() == before


def test_a_database_of_a_newer_version_is_refused(tmp_path):
    Store.open(tmp_path / "monitor.db", create=True).close()
    with sqlite3.connect(tmp_path / "monitor.db") as raw:
        raw.execute("PRAGMA user_version = 999")

    with pytest.raises(StoreDamaged, match="newer"):
        Store.open(tmp_path / "monitor.db", create=True)


KILLED = """
import os, signal, sys
sys.path[:0] = [{tests!r}, {root!r}]
from pathlib import Path
from monitor.store import Store, migrations
from monitor.store.connection import connect
from monitor.store.migrations import m0001_schema
store = Store.open(Path({path!r}), create=False)
with store._db.transaction():
    store._db.run("DELETE FROM deliveries")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_is_killed_in_the_middle_leaves_the_database_whole(store, state, tmp_path, request):
    commit_one(store, state, told())
    tests = str(request.config.rootpath / "tests")
    program = KILLED.format(tests=tests, root=str(request.config.rootpath), path=str(tmp_path / "monitor.db"))

    killed = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)

    assert killed.returncode == -9
    assert (len(store.delivery_rows()), store.integrity()) == (1, [])


def test_the_hot_statements_use_indexes(store):
    plans = {
        "due": "SELECT id FROM feeds WHERE is_enabled AND next_poll <= 1 ORDER BY next_poll LIMIT 10",
        "known": "SELECT id FROM items WHERE feed_id = 1 AND key IN (SELECT value FROM json_each('[]'))",
        "open": "SELECT min(id) FROM deliveries WHERE state IN ('pending', 'failed', 'unknown', 'sending') GROUP BY url_id",
    }
    for name, sql in plans.items():
        steps = [row["detail"] for row in store._db.rows("EXPLAIN QUERY PLAN " + sql)]
        assert not [step for step in steps if step.startswith("SCAN") and "INDEX" not in step and "json_each" not in step], name
