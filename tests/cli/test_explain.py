from __future__ import annotations

import json
from datetime import timedelta

from builders import NOON, item

from monitor.core.changes import compare, keys_of
from monitor.core.identity import candidates
from monitor.core.model import PollRecord, Recorded, Target
from monitor.store import Store

DESK = Target("desk", "0" * 32, "desk #1 (json)")


def test_explain_shows_why_a_rule_matched_and_what_became_of_the_alert(home, publish):
    publish("a", title="Die Waffenruhe hält", rule="ceasefire", targets=(DESK,))

    said = home("explain", "1").stdout

    assert "rule ceasefire: matches" in said
    assert "Waffenruhe" in said
    assert "desk #1 (json): pending" in said


def test_explain_shows_why_a_rule_did_not_match(home, publish):
    publish("a", title="Das Wetter")

    said = home("explain", "1").stdout

    assert "rule ceasefire: does not match" in said
    assert "✗" in said or "  - " in said


def test_an_item_is_found_by_its_url(home, publish):
    publish("a")

    assert json.loads(home("explain", "https://news.example/a", "--format", "json").stdout)[0]["item"]["id"] == 1


def test_explain_shows_what_each_edit_changed(home, publish):
    publish("a", title="Die Waffenruhe bricht")
    with Store.open(home.database, create=False) as store:
        (state,) = store.claim_named(["news"], NOON, NOON + timedelta(minutes=1), "me")
        listed = candidates([item("a", title="Die Waffenruhe hält")])
        (change,) = compare(listed, store.known(state.id, keys_of(listed)), {})
        record = PollRecord(state.id, "me", NOON, "changed", NOON, timedelta(), recorded=(Recorded(change),))
        store.commit_poll(record)

    assert "revision 2, 2026-11-24 13:00: Die Waffenruhe [-bricht-] {+hält+}" in home("explain", "1").stdout
    (revision,) = json.loads(home("explain", "1", "--format", "json").stdout)[0]["revisions"]
    assert [(one["text"], one["by"]) for one in revision["diff"]] == [("Die Waffenruhe", "same"), ("bricht", "out"), ("hält", "in")]


def test_explaining_what_was_never_seen_is_an_error(home, publish):
    publish("a")

    assert "no such item" in home("explain", "99", code=1).stderr


def test_explaining_a_rule_that_does_not_exist_is_an_error(home, publish):
    publish("a")

    assert "cheasefire" in home("explain", "1", "--rule", "cheasefire", code=1).stderr
