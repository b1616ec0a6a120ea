"""Items matched a second, by the number of terms: our engine beside other ways, side by side in one run.

    python bench/match.py [--words ../shared/harness/germantext.py] [--items 400] [--warm 2000] [--terms 10,100,1000,10000,100000]

Each way sees the same items of about 450 words, which it has not seen before. Ours and the automaton are given some thousand others
first, as a program that runs for days has had, and what they are made of is no matter for Python's search for garbage, as in the
daemon. Times are of the processor, on one core. "exact" and "family" are this program's modes, one rule for every ten terms, by the
function that the daemon calls; "re" is a loop over compiled expressions; "automaton" is ahocorasick-rs with word boundaries and no
rules; "fts5" puts the items into SQLite's full-text index and asks a query a term. A way that would take longer than a minute is
measured on fewer items.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import re
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.app.builders import lexicon
from monitor.core.rule import Entry, Mode, Rule
from monitor.core.verdict import Subject
from monitor.match.engine import Engine

WORDS = 450
ROUNDS = 3
PER_RULE = 10
ENOUGH_S = 20.0


@dataclass(frozen=True, slots=True)
class Way:
    """A way to match: made for some terms, it counts the hits in an item."""

    name: str
    build: Callable[[Sequence[str]], Callable[[str], int]]
    is_warmed: bool = False


def ours(mode: Mode) -> Callable[[Sequence[str]], Callable[[str], int]]:
    """Return this program's matching in a mode."""

    def build(terms: Sequence[str]) -> Callable[[str], int]:
        groups = [terms[start : start + PER_RULE] for start in range(0, len(terms), PER_RULE)]
        rules = [Rule(f"r{number}", keywords=tuple(map(Entry, group)), mode=mode) for number, group in enumerate(groups)]
        engine = Engine(rules, (), lexicon())
        engine.warm("de")

        def hits(text: str) -> int:
            found = engine.match(Subject("bench", (), "article", "de", {"content": text}))
            return sum(len(match.evidence) for match in found)

        return hits

    return build


def loop_of_re(terms: Sequence[str]) -> Callable[[str], int]:
    """Return a loop over one expression a term."""
    compiled = [re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE) for term in terms]
    return lambda text: sum(len(one.findall(text)) for one in compiled)


def automaton(terms: Sequence[str]) -> Callable[[str], int]:
    """Return one automaton over all terms, with word boundaries."""
    import ahocorasick_rs

    machine: Any = ahocorasick_rs.AhoCorasick([term.lower() for term in terms])

    def hits(text: str) -> int:
        low = text.lower()
        count = 0
        for _, start, end in machine.find_matches_as_indexes(low, overlapping=True):
            before, after = low[start - 1 : start], low[end : end + 1]
            count += not (before.isalnum() or after.isalnum())
        return count

    return hits


def fts5(terms: Sequence[str]) -> Callable[[str], int]:
    """Return SQLite's full-text search, a query a term on an index of one item."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE items USING fts5 (text)")
    queries = ['"' + term.replace('"', " ") + '"' for term in terms]

    def hits(text: str) -> int:
        base.execute("DELETE FROM items")
        base.execute("INSERT INTO items VALUES (?)", [text])
        return sum(base.execute("SELECT count(*) FROM items WHERE items MATCH ?", [query]).fetchone()[0] for query in queries)

    return hits


WAYS = (
    Way("exact", ours("exact"), is_warmed=True),
    Way("family", ours("family"), is_warmed=True),
    Way("automaton", automaton, is_warmed=True),
    Way("re", loop_of_re),
    Way("fts5", fts5),
)


def main() -> None:
    """Make texts and terms, and measure every way in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=Path, default=Path("../shared/harness/germantext.py"))
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--warm", type=int, default=2000)
    parser.add_argument("--terms", default="10,100,1000,10000,100000")
    given = parser.parse_args()
    source = _german(given.words)
    sizes = [int(size) for size in given.terms.split(",")]
    print(f"{'terms':>7}  {'way':10}{'items/s':>9}{'min':>8}{'max':>8}{'us/item':>10}{'build s':>9}{'hits/item':>11}{'memory MB':>11}")
    for size in sizes:
        terms = source.terms(size)
        before = [source.text(WORDS) for _ in range(given.warm)]
        rounds = [[source.text(WORDS) for _ in range(given.items)] for _ in range(ROUNDS)]
        for way in WAYS:
            _measure(way, terms, before, rounds)


def _measure(way: Way, terms: Sequence[str], before: Sequence[str], rounds: Sequence[Sequence[str]]) -> None:
    """Measure a way, which has seen the texts before."""
    started, held = time.process_time(), _memory()
    hits = way.build(terms)
    built, memory = time.process_time() - started, _memory() - held
    gc.freeze()
    once = time.process_time()
    hits(rounds[0][0])
    items = len(rounds[0])
    count = max(min(items, int(ENOUGH_S / max(time.process_time() - once, 1e-6) / ROUNDS)), 2)
    for text in before if way.is_warmed else ():
        hits(text)
    rates, total = [], 0
    for texts in rounds:
        begun = time.process_time()
        total += sum(map(hits, texts[:count]))
        rates.append(count / (time.process_time() - begun))
    middle = statistics.median(rates)
    speed = f"{middle:9.0f}{min(rates):8.0f}{max(rates):8.0f}{1e6 / middle:10.0f}"
    gc.unfreeze()
    print(f"{len(terms):7}  {way.name:10}{speed}{built:9.2f}{total / count / ROUNDS:11.1f}{memory:11.0f}", flush=True)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _german(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("germantext", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.GermanText(seed=1)


if __name__ == "__main__":
    main()
