"""The dates that other parsers are tested with: all that must be read are read to the moment, none of the others. Run with ``-s``."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from monitor.parse.dates import read_date

pytestmark = pytest.mark.shared

# Korean and Hungarian dates are written with words of their own around the numbers; no feed that was seen has them (Greek: only the
# months are words). Not read, they are only missing; read wrong, they would be false.
OPTIONAL = ("greek", "hungarian", "onblog", "nate")


def outcome(case):
    """Return what was asked for, and what became of it."""
    wanted, got = case["utc"], read_date(case["input"])
    if wanted is None:
        return "reject", "as wanted" if got is None else "read all the same"
    # The year 99 is written in two digits there.
    is_right = got is not None and (wanted == "?" or got.isoformat().replace("+00:00", "Z").removeprefix("00") == wanted)
    return "read", "as wanted" if is_right else "not read" if got is None else "read wrong"


def test_what_must_be_read_is_read_to_the_moment_and_nothing_else_is(shared):
    lines = (shared / "data" / "feeds" / "dates.jsonl").read_text("utf-8").splitlines()
    table, others = defaultdict(int), []
    for case in map(json.loads, lines):
        asked, became = outcome(case)
        table[case["format"], asked, became] += 1
        others += [] if became == "as wanted" else [(case["format"], became, case["input"])]

    print("", *(f"{form:10} must {asked:6} {became:16} {count:3}" for (form, asked, became), count in sorted(table.items())), sep="\n")
    assert sum(table.values()) == len(lines) > 0
    assert [one for one in others if one[0] not in OPTIONAL or one[1] != "not read"] == []
