from __future__ import annotations

import json

from monitor.core.model import Target

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
