from __future__ import annotations

import json

import pytest
from builders import NOON

from monitor.core.model import Target
from monitor.store import Store

DESK = Target("desk", "0" * 32, "desk #1 (json)")


def rows(result) -> list:
    return json.loads(result.stdout)


def test_matches_are_listed_newest_first(home, publish):
    publish("a", rule="ceasefire")
    publish("b", rule="ceasefire", minutes=1)

    assert [row["item"]["guid"] for row in rows(home("matches", "--format", "json"))] == ["b", "a"]


def test_an_item_that_came_late_is_marked_and_the_others_have_no_such_key(home, publish):
    publish("a")
    publish("b", minutes=1)
    with Store.open(home.database, create=False) as store:
        store._db.run("UPDATE items SET late = 18000 WHERE guid = 'b'")

    assert [row.get("late_s") for row in rows(home("items", "--format", "json"))] == [18000, None]
    assert "(late by 5 h)" in home("items").stdout


def test_a_gap_is_shown_with_its_time_and_the_page_that_its_repair_is_at(home, publish):
    publish("a")
    with Store.open(home.database, create=False) as store:
        store._db.run("UPDATE feeds SET gaps = 2, last_gap = ?", [NOON.timestamp()])
        store._db.run("INSERT INTO repairs (feed_id, address_hash, page, gap, next_try) SELECT id, address_hash, 3, 0, 0 FROM feeds")

    assert "2, last 2026-11-24 13:00, repairing page 3" in home("feeds").stdout
    assert rows(home("feeds", "--format", "json"))[0]["repair_page"] == 3


def test_a_match_of_a_baseline_says_so(home, publish):
    publish(rule="ceasefire")

    row = rows(home("matches", "--format", "json"))[0]

    assert (row["alert"], row["alert_reason"]) == ("none", "baseline")


def test_a_match_whose_alert_waits_is_pending(home, publish):
    publish(rule="ceasefire", targets=(DESK,))

    assert rows(home("matches", "--format", "json"))[0]["alert"] == "pending"


@pytest.mark.parametrize(
    ("words", "guids"),
    [
        ((), ["b", "a"]),
        (("--rule", "ceasefire"), ["b", "a"]),
        (("--feed", "news"), ["b", "a"]),
        (("--kind", "comment"), []),
        (("--limit", "1"), ["b"]),
        (("--since", "2026-11-24T12:01:00Z"), ["b"]),
        (("--until", "2026-11-24T12:01:00Z"), ["a"]),
        (("--until", "2026-11-24"), ["b", "a"]),
        (("--since", "2026-11-25"), []),
    ],
)
def test_matches_are_chosen_by_the_options(home, publish, words, guids):
    publish("a", rule="ceasefire")
    publish("b", rule="ceasefire", minutes=1)

    assert [row["item"]["guid"] for row in rows(home("matches", *words, "--format", "json"))] == guids


@pytest.mark.parametrize("option", ["--rule", "--feed", "--entity"])
def test_a_name_that_the_config_lacks_is_not_found_rather_than_empty(home, publish, option):
    publish(rule="ceasefire")

    result = home("matches", option, "cheasefire", code=1)

    assert "cheasefire" in result.stderr
    assert result.stdout == ""


def test_a_rule_that_never_matched_is_empty_and_no_error(home, publish):
    publish()

    result = home("matches", "--rule", "ceasefire")

    assert (result.stdout, result.stderr) == ("", "no matches\n")


def test_a_table_has_times_of_the_configured_timezone(home, publish):
    publish(rule="ceasefire", title="Die Waffenruhe hält")

    result = home("matches")

    assert "2026-11-24 13:00" in result.stdout
    assert "Die Waffenruhe hält" in result.stdout


def test_items_have_the_keys_of_the_contract(home, publish):
    publish("a", authors=("A",), published=NOON)

    row = rows(home("items", "--format", "json"))[0]

    assert (row["guid"], row["authors"], row["published"], row["revision"]) == ("a", ["A"], "2026-11-24T12:00:00Z", 1)


def test_search_finds_items_by_their_words(home, publish):
    publish("a", content="In Kiew ist es ruhig")
    publish("b", content="In Bonn ist es ruhig")

    assert [row["guid"] for row in rows(home("search", "kiew", "--format", "json"))] == ["a"]


def test_a_search_that_is_no_query_finds_nothing_and_is_no_error(home, publish):
    publish()

    assert home("search", '"" AND ( *').stderr == "no items\n"


@pytest.mark.parametrize("words", [("matches",), ("items",), ("search", "x"), ("explain", "1"), ("feeds",), ("alerts",), ("status",)])
def test_without_a_database_reading_says_so(home, words):
    result = home(*words, code=1)

    assert result.stderr.startswith("monitor: ")
    assert "no database yet" in result.stderr
    assert not home.database.exists()


def test_feeds_lists_without_being_told_to(home, publish):
    publish()

    assert rows(home("feeds", "--format", "json")) == rows(home("feeds", "list", "--format", "json"))
    assert rows(home("feeds", "--format", "json"))[0]["name"] == "news"


def test_alerts_lists_deliveries_by_state(home, publish):
    publish(rule="ceasefire", targets=(DESK,))

    assert [row["label"] for row in rows(home("alerts", "--format", "json"))] == ["desk #1 (json)"]
    assert rows(home("alerts", "list", "--state", "dead", "--format", "json")) == []


def test_retrying_what_does_not_exist_is_an_error(home, publish):
    publish()

    assert "99" not in home("alerts", "retry").stderr
    home("alerts", "retry", "99", code=1)


def _dead(home, publish):
    """Publish a match whose address was removed from the config."""
    publish(rule="ceasefire", targets=(DESK,))
    with Store.open(home.database, create=False) as store:
        store.reroute({}, NOON)


def test_retrying_what_has_no_address_any_more_says_so(home, publish):
    _dead(home, publish)

    assert "1 of these deliveries have no address any more" in home("alerts", "retry", code=1).stderr
    assert [row["state"] for row in rows(home("alerts", "--format", "json"))] == ["dead"]


def test_retrying_sends_to_the_address_that_the_receiver_has_now(home, publish):
    _dead(home, publish)
    home.config.write_text(home.config.read_text() + '\n[receivers.desk]\nurls = ["json://127.0.0.1:9/new"]\n')

    home("alerts", "retry")

    assert {row["state"] for row in rows(home("alerts", "--format", "json"))} == {"dead", "pending"}


def test_a_feed_text_is_no_command_to_the_terminal(home, publish):
    publish(rule="ceasefire", title="\x1b]0;owned\x07 \x9b31mred")

    for words in (("matches",), ("items",), ("explain", "1"), ("matches", "--format", "csv"), ("items", "--format", "json")):
        assert not {"\x1b", "\x07", "\x9b"} & set(home(*words).stdout)
