"""Stored items are judged with what is known now."""

from datetime import timedelta

import pytest
from builders import NOON, feed, item

from monitor.core.changes import compare
from monitor.core.habits import Learned
from monitor.core.identity import candidates
from monitor.core.noise import Settings, learn
from monitor.core.record import PollRecord, Recorded
from monitor.store import Store
from monitor.work.archive import Span
from monitor.work.backfill import backfill

TAIL = ("Alles rund um die Technik von morgen", "Unsere Bücher der Woche")
FIRST = ("Die Seiten reden wieder.", "Das Gericht hat entschieden.", "Der Zug kam zu spät.")
ITEMS = [item(f"i{number}", content="\n".join((first, *TAIL))) for number, first in enumerate(FIRST)]


class Rules:
    """Rules that note what they are shown."""

    def __init__(self):
        self.shown = []

    def match(self, subject):
        self.shown.append(subject)
        return ()


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        opened.sync_feeds([feed()], NOON)
        yield opened


def test_a_backfill_leaves_out_what_the_feed_repeats(store):
    (state,) = store.claim_named(["news"], NOON, NOON + timedelta(minutes=1), "me")
    changes = compare(candidates(ITEMS), {}, {})
    learned = learn(Learned(), [change.identified for change in changes])
    recorded = tuple(Recorded(change) for change in changes)
    store.commit_poll(PollRecord(state.id, "me", NOON, "changed", NOON, timedelta(), recorded=recorded, learned=learned))
    rules = Rules()

    backfill(store, rules, lambda feed: Settings(), None, {"news": feed()}, Span(), NOON, lambda done: None)

    assert [[one.texts["content"][span.start : span.end] for span in one.removed["content"]] for one in rules.shown] == [list(TAIL)] * 3
