from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import NOON

from monitor.cli.health import status
from monitor.core.rows import Heartbeat, Stats
from monitor.store import Store

BEAT = Heartbeat(pid=4711, owner="me", started=NOON, beat=NOON, config="config.toml")
STATS = Stats(
    **dict.fromkeys(("feeds", "items", "revisions", "matches", "alerts", "pending", "failed", "unknown", "sent", "dead"), 0),
    **dict.fromkeys(("due", "overdue", "failing", "size_bytes", "schema"), 0),
    oldest_waiting=None,
    sqlite="3.51.3",
    journal="wal",
)


def test_a_daemon_that_beat_a_moment_ago_is_well():
    found = status(BEAT, STATS, NOON + timedelta(seconds=3))

    assert (found.is_well, found.is_running, found.lag_s, found.problems) == (True, True, 3, ())


@pytest.mark.parametrize(
    ("beat", "stats", "later_s", "problem"),
    [
        (None, STATS, 0, "no daemon has run"),
        (BEAT, STATS, 31, "silent for 31 s"),
        (replace(BEAT, stopped=NOON), STATS, 1, "was stopped"),
        (replace(BEAT, is_low_on_disk=True), STATS, 1, "disk"),
        (BEAT, replace(STATS, overdue=2), 1, "2 feeds are overdue"),
    ],
)
def test_what_is_not_well_is_said(beat, stats, later_s, problem):
    found = status(beat, stats, NOON + timedelta(seconds=later_s))

    assert not found.is_well
    assert problem in found.problems[0]


def test_status_ends_with_1_where_no_daemon_runs(home, publish):
    publish()

    result = home("status", "--format", "json", code=1)

    assert json.loads(result.stdout)["is_running"] is False
    assert "no daemon" in result.stderr


def test_status_ends_with_0_while_a_daemon_beats(home):
    now = datetime.now(UTC)
    with Store.open(home.database, create=True) as store:
        store.beat(replace(BEAT, started=now, beat=now))

    assert "process 4711" in home("status").stdout
