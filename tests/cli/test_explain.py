from __future__ import annotations

import json
from datetime import timedelta

from builders import NOON, item

from monitor.core.changes import compare, keys_of
from monitor.core.identity import candidates
from monitor.core.model import Target
from monitor.core.record import PollRecord, Recorded
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


def test_explain_shows_page_noise_struck_through_with_its_reason(home, publish):
    publish("a", title="Das Wetter", content="Heute bleibt es trocken.\nLesen Sie auch: Waffenruhe in Sicht")

    said = home("explain", "1").stdout

    assert "content 25-60: ~~Lesen Sie auch: Waffenruhe in Sicht~~ (related articles)" in said
    assert "rule ceasefire: does not match" in said


def test_explain_as_json_has_the_page_noise(home, publish):
    publish("a", title="Das Wetter", content="Heute bleibt es trocken.\nFoto: dpa")

    (said,) = json.loads(home("explain", "1", "--format", "json").stdout)

    assert said["removed"] == [
        {"start": 25, "end": 34, "reason": "reading time, date and credit lines", "field": "content", "text": "Foto: dpa"}
    ]


def test_explain_uses_the_feeds_own_patterns(home, publish):
    config = home.config.read_text("utf-8")
    home.config.write_text(config.replace('feed"\n', "feed\"\nstrip = ['^Vorspann: ']\nkeep = ['dpa']\n"), "utf-8")
    publish("a", title="Das Wetter", content="Vorspann: Heute bleibt es trocken.\nFoto: dpa")

    said = home("explain", "1").stdout

    assert "~~Vorspann:" in said
    assert "Foto: dpa" not in said


def with_query(home, query):
    config = home.config.read_text("utf-8")
    home.config.write_text(config.replace('keywords = ["Waffenruhe"]', f"query = '{query}'"), "utf-8")


def test_explain_shows_the_tree_of_a_query_down_to_the_places(home, publish):
    with_query(home, "Waffenruhe AND (Gipfel OR Treffen)")
    publish("a", title="Die Waffenruhe hält", content="Alle Gipfeltreffen sind vorbei, die Region atmet auf.")

    lines = home("explain", "1").stdout.splitlines()

    assert "  ✓ query" in lines
    assert "      ✓ (Gipfel OR Treffen)" in lines
    assert "          ✓ Gipfel: “Gipfeltreffen” in content (compound: Gipfel·treffen)" in lines
    assert "                content 5-18: Alle [Gipfeltreffen] sind vorbei, die Region atmet auf." in lines


def test_explain_names_the_first_that_failed_and_what_came_near(home, publish):
    with_query(home, "Waffenruhe AND =Gipfel")
    publish("a", title="Die Waffenruhe hält", content="Kein Gipfeltreffen")

    said = home("explain", "1").stdout

    assert "rule ceasefire: does not match; first to fail: query > Gipfel" in said
    assert '≈ “Gipfeltreffen” in content would be a hit with mode = "family"' in said


def test_explain_as_json_has_the_tree(home, publish):
    with_query(home, "Waffenruhe AND Gipfel")
    publish("a", title="Die Waffenruhe hält")

    (verdict,) = json.loads(home("explain", "1", "--format", "json").stdout)[0]["verdicts"]

    assert verdict["first_failed"] == ["query", "Gipfel"]
    (query,) = (one for one in verdict["conditions"] if one["name"] == "query")
    assert [(part["name"], part["held"]) for part in query["parts"]] == [("Waffenruhe", True), ("Gipfel", False)]
    assert query["parts"][0]["evidence"][0] | {"analysis": "", "by": "exact"} == query["parts"][0]["evidence"][0]


def test_explain_of_one_rule_does_not_say_that_no_rule_matched(home, publish):
    publish("a", title="Die Waffenruhe hält")
    config = home.config.read_text("utf-8")
    home.config.write_text(config + '\n[[rules]]\nname = "sport"\nkeywords = ["Fußball"]\n', "utf-8")

    said = home("explain", "1", "--rule", "sport").stdout

    assert said.splitlines()[-1] == "alerts: none: rule sport did not match it when it was polled"
