"""With slices and without: the same items are stored, whatever a feed lists one after the other."""

import asyncio
import json
import os
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, feed
from corpus import body_of, cases, type_of

from monitor.core import noise
from monitor.core.document import Fetched, Parsed
from monitor.core.record import Finding
from monitor.core.state import Validators
from monitor.parse import slices
from monitor.parse.document import parse
from monitor.store import Store
from monitor.work.poll import Poller, Settings

URL = "http://127.0.0.1:8097/x.xml"
CHUNKS = 8
STORED = """
    SELECT key, rung, url_key, fingerprint, revision, guid, url, title, summary, content, authors, categories, enclosures,
        published, updated, language, comments_feed, comments_count, in_reply_to
    FROM items WHERE feed_id = (SELECT id FROM feeds WHERE name = ?) ORDER BY id
"""
HEALTH = "SELECT title, hub, items_listed, gaps, baseline, last_new FROM feeds WHERE name = ?"


class Twins:
    """One feed polled twice over: ``cut`` remembers slices, ``whole`` never does. Children are spared, their work is done here."""

    def __init__(self, store):
        self.store = store
        self.now = NOON
        self.read = Counter()
        self.parsed = {}

    def poll(self, name, body, content_type, *, remembers):
        (state,) = self.store.claim_named([name], self.now, self.now + timedelta(minutes=1), "me")
        self.fetched = Fetched(URL, 200, body, content_type, Validators())
        poller = Poller(
            Settings("me", timedelta(hours=6)),
            fetch=self._fetch,
            parse=self._parse,
            rules=self,
            noise=lambda _: noise.Settings(),
            route=lambda found: Finding(found),
            store=self.store,
            call=self._call,
            now=lambda: self.now,
            chance=lambda: 0.5,
        )
        return asyncio.run(poller.poll(feed(name), state if remembers else replace(state, slices=b"")))

    def both(self, name, body, content_type):
        for twin in ("cut", "whole"):
            self.poll(f"{name}-{twin}", body, content_type, remembers=twin == "cut")
        self.now += timedelta(minutes=15)

    def stored(self, name):
        rows = [tuple(row) for row in self.store._db.rows(STORED, [name])]
        return rows, tuple(self.store._db.row(HEALTH, [name]))

    def match(self, subject):
        return ()

    async def _fetch(self, *_, is_suspect):
        return self.fetched

    async def _call(self, function, *args):
        return function(*args)

    async def _parse(self, fetched, *, is_suspect, known=()):
        # What parse.pool does, without its children.
        planned = slices.plan(fetched, known)
        if not planned.body:
            return Parsed("", (), is_well_formed=True, has_head=False, slices=planned.hashes)
        parsed = self._read(planned.body, fetched.content_type)
        self.read["items"] += len(parsed.items)
        if whole := planned.completed(parsed):
            return whole
        return parsed if planned.body is fetched.body else self._read(fetched.body, fetched.content_type)

    def _read(self, body, content_type):
        key = (body, content_type)
        if key not in self.parsed:
            self.parsed = {key: parse(body, content_type, URL, self.now)}
        return self.parsed[key]


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        yield opened


def states_of(body):
    """A document first without some of its items, then with all, in another order."""
    spans = slices._spans(body) or []
    pieces = [body[start:end] for start, end in spans]
    if len(pieces) < 2:
        return [body]
    head, tail = body[: spans[0][0]], body[spans[-1][1] :]
    return [head + b"\n".join(listed) + tail for listed in (pieces[1::2], pieces[::-1])]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_case_in_successive_states_is_stored_alike(shared, store, chunk):
    twins, counts = Twins(store), Counter()
    asked = [case for number, case in enumerate(cases(shared)) if number % CHUNKS == chunk]
    store.sync_feeds([feed(f"f{number}-{twin}") for number in range(len(asked)) for twin in ("cut", "whole")], NOON)
    different = []
    for number, case in enumerate(asked):
        states = states_of(body_of(shared, case))
        for state in states:
            twins.both(f"f{number}", state, type_of(case))
        counts["cases"] += 1
        counts["in two states"] += len(states) > 1
        different += [case["id"]] if twins.stored(f"f{number}-cut") != twins.stored(f"f{number}-whole") else []

    if os.environ.get("SHOW_FIGURES"):
        print(dict(counts), "different:", len(different))
    assert different == []
    assert counts["in two states"] > 20


@pytest.mark.parametrize("name", ["schweiz_feed", "schweiz_veranstaltungen", "schweiz_zeit"])
def test_a_replay_is_stored_alike_after_every_state(shared, store, name):
    folder = shared / "data" / "feeds" / "replay"
    states = [json.loads(line) for line in (folder / f"{name}.index.jsonl").read_text("utf-8").splitlines()]
    twins = Twins(store)
    store.sync_feeds([feed("f-cut"), feed("f-whole")], NOON)
    archive = zipfile.ZipFile(folder / f"{name}.zip")

    for file, state in zip(sorted(archive.namelist()), states, strict=True):
        twins.both("f", archive.read(file), "application/rss+xml")
        cut, whole = twins.stored("f-cut"), twins.stored("f-whole")
        assert (file, cut) == (file, whole)
        assert len(cut[0]) == state["total_unique_so_far"]

    listed = sum(state["n_items"] for state in states)
    if os.environ.get("SHOW_FIGURES"):
        print(name, "listed", listed, "read", twins.read["items"] - listed)
    # The whole twin reads all of them.
    assert twins.read["items"] - listed < listed
