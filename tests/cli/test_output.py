from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from builders import NOON, item
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli import output, shapes
from monitor.cli.terminal import Cell, can_show, one_line, visible, width
from monitor.core.ids import ItemId
from monitor.core.model import Evidence, Key, StoredItem
from monitor.core.rows import MatchRow

ESCAPE = "\x1b]0;owned\x07\x9b31m\u202e\x7f"


def stored(**facts) -> StoredItem:
    return StoredItem(ItemId(12), "news", Key("k"), "article", item("a", **facts), NOON, 1)


def match_row(alert="sent", reason=None, **facts) -> MatchRow:
    spans = (Evidence("Waffenruhe", None, "title", "Waffenruhe", 4, 14, "inflected"),)
    return MatchRow(7, "ceasefire", "info", NOON, 1, stored(**facts), spans, alert, reason)


def test_a_match_in_json_is_what_the_contract_says():
    row = match_row(published=NOON - timedelta(minutes=2, microseconds=5), authors=("A", "B"))

    assert output.as_object(row, shapes.MATCH) == {
        "id": 7,
        "rule": "ceasefire",
        "severity": "info",
        "matched_at": "2026-11-24T12:00:00Z",
        "revision": 1,
        "item": {
            "id": 12,
            "feed": "news",
            "kind": "article",
            "guid": "a",
            "title": "Title a",
            "url": "https://news.example/a",
            "authors": ["A", "B"],
            "published": "2026-11-24T11:57:59Z",
            "updated": None,
            "first_seen": "2026-11-24T12:00:00Z",
            "story": None,
            "parent": None,
        },
        "evidence": [
            {"term": "Waffenruhe", "entity": None, "field": "title", "text": "Waffenruhe", "start": 4, "end": 14, "by": "inflected"}
        ],
        "alert": "sent",
    }


def test_a_match_that_nobody_was_told_of_says_why():
    assert output.as_object(match_row("none", "baseline"), shapes.MATCH)["alert_reason"] == "baseline"


def test_the_keys_of_an_item_are_those_of_the_contract_in_their_order():
    keys = "id, feed, kind, guid, title, url, authors, published, updated, first_seen, revision, parent, story, comments_feed, language"

    assert list(output.as_object(stored(), shapes.ITEM)) == keys.split(", ")


def test_a_moment_of_another_zone_is_printed_in_utc():
    assert output.utc(datetime(2026, 11, 24, 14, 30, tzinfo=timezone(timedelta(hours=2)))) == "2026-11-24T12:30:00Z"
    assert output.utc(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"


@given(st.text(st.characters(), max_size=40))
def test_json_gives_every_text_back_and_holds_no_control(text):
    printed = output.dumps(text)

    assert json.loads(printed) == text
    assert visible(printed) == printed


@given(st.text(st.characters(), max_size=40))
def test_what_is_shown_can_be_printed_and_commands_nothing(text):
    shown = one_line(text)

    assert not any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in shown)
    shown.encode("utf-8")


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_no_format_lets_an_escape_sequence_through(form, capsys):
    cells = (Cell("title", lambda row: row.item.item.title),)

    output.print_rows([match_row(title=ESCAPE)], form, shapes.MATCH, cells, "no matches")

    assert not set(ESCAPE) & set(capsys.readouterr().out) & {"\x1b", "\x07", "\x9b", "\u202e", "\x7f"}


@pytest.mark.parametrize(("form", "printed"), [("json", "[]\n"), ("jsonl", ""), ("table", "")])
def test_without_rows_only_people_are_told_so(form, printed, capsys):
    output.print_rows([], form, shapes.MATCH, (), "no matches")

    said = capsys.readouterr()
    assert said.out == printed
    assert said.err == ("no matches\n" if form == "table" else "")


def test_csv_has_its_header_also_without_rows(capsys):
    output.print_rows([], "csv", shapes.ITEM, (), "no items")

    assert capsys.readouterr().out.startswith("id,feed,kind,guid,title,")


def test_csv_has_a_line_for_a_row_and_a_column_for_every_key(capsys):
    rows = [match_row(title='He said "no",\nthen left', authors=("A", "B")), match_row("none", "baseline")]

    output.print_rows(rows, "csv", shapes.MATCH, (), "no matches")

    read = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["item_title"] for row in read] == ['He said "no",\\x0athen left', "Title a"]
    assert [row["alert_reason"] for row in read] == ["", "baseline"]
    assert read[0]["item_authors"] == "A; B"
    assert json.loads(read[0]["evidence"])[0]["by"] == "inflected"


def test_jsonl_has_a_row_a_line(capsys):
    output.print_rows([match_row(title="a\nb"), match_row()], "jsonl", shapes.MATCH, (), "no matches")

    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["item"]["title"] for line in lines] == ["a\nb", "Title a"]


def test_a_table_elsewhere_than_on_a_terminal_is_aligned_and_cuts_nothing(capsys):
    cells = (Cell("name", lambda row: row[0], is_long=True), Cell("n", lambda row: row[1], is_number=True), Cell("x", lambda _: "x"))

    output.print_rows([("東京", "1"), ("t" * 300, "20")], "table", (), cells, "nothing")

    lines = capsys.readouterr().out.splitlines()
    assert "t" * 300 in lines[2]
    assert {width(line) for line in lines} == {300 + 2 + 2 + 2 + 1}


def test_a_table_that_is_cut_says_so(capsys):
    cells = (Cell("n", str, is_number=True),)

    output.print_limited(range(output.asked(None, "table")), None, "table", (), cells, "nothing")

    said = capsys.readouterr()
    assert len(said.out.splitlines()) == output.TABLE_LIMIT + 1
    assert "--limit" in said.err


def test_scripts_get_all_rows_unless_they_ask_for_fewer():
    assert output.asked(None, "json") is None
    assert output.asked(3, "json") == 3


def test_an_encoding_without_a_sign_is_noticed():
    assert not can_show("✓", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert can_show("✓", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
