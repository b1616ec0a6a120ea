"""Lists of sanctioned names over news: speed, memory, and how many hits, with the noisiest names.

    python bench/entities.py [--data ../shared/data] [--articles 10000]

The names and aliases of the EU's, OFAC's and the UN's lists, as one rule that asks for all of them, beside an automaton alone.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.app.builders import lexicon
from monitor.core.rule import Entity, Rule
from monitor.core.verdict import Subject
from monitor.match.engine import Engine

LISTS = ("eu_sanctions_names", "ofac_sdn_names", "un_consolidated_names")
TEXTS = ("10kgnad_articles", "wikinews_de", "ner_dfki", "germeval2014_ner", "comments_de_germeval2021")
SHOWN = 20


def main() -> None:
    """Read the lists and the articles, compile, match, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--articles", type=int, default=10_000)
    given = parser.parse_args()
    entities = tuple(one for name in LISTS for one in _entities(given.data / "entities" / f"{name}.jsonl.gz", name))
    texts = list(_texts(given.data / "news", given.articles))
    before, started = _memory(), time.perf_counter()
    engine = Engine([Rule("sanctions", entities=LISTS)], entities, lexicon())
    engine.warm("de")
    built = time.perf_counter() - started
    names = sum(1 + len(entity.aliases) for entity in entities)
    print(f"{len(entities)} entities, {names} names: built in {built:.2f} s, {_memory() - before:.0f} MB")
    _match(engine, texts, {entity.name: entity for entity in entities})
    _automaton(entities, texts)


def _match(engine: Engine, texts: list[str], entities: dict[str, Entity]) -> None:
    before, started = _memory(), time.perf_counter()
    hits: Counter[tuple[str, str]] = Counter()
    found = 0
    for text in texts:
        for match in engine.match(Subject("bench", (), "article", "de", {"content": text})):
            found += 1
            hits.update((span.entity or "", span.text) for span in match.evidence)
    took, words = time.perf_counter() - started, sum(len(text.split()) for text in texts)
    print(
        f"{len(texts)} articles, {words / len(texts):.0f} words each: {len(texts) / took:.0f} articles/s, {_memory() - before:.0f} MB more"
    )
    print(f"{found} articles with hits, {sum(hits.values())} hits; the noisiest:")
    for (name, text), count in hits.most_common(SHOWN):
        print(f"  {count:5} × {text}  ({entities[name].label}, {name})")


def _automaton(entities: tuple[Entity, ...], texts: list[str]) -> None:
    import ahocorasick_rs

    machine: Any = ahocorasick_rs.AhoCorasick(sorted({name.lower() for one in entities for name in (one.label, *one.aliases)}))
    started = time.perf_counter()
    hits = sum(len(machine.find_matches_as_indexes(text.lower())) for text in texts)
    print(f"an automaton alone, without words and case: {len(texts) / (time.perf_counter() - started):.0f} articles/s, {hits} hits")


def _entities(path: Path, source: str) -> Iterator[Entity]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            one = json.loads(line)
            aliases = [alias["name"] if isinstance(alias, dict) else alias for alias in one.get("aliases") or ()]
            kept = tuple(dict.fromkeys(alias for alias in aliases if isinstance(alias, str) and any(map(str.isalnum, alias))))
            yield Entity(f"{source}:{number}", one["name"], "topic", kept, id=one["id"], source=source)


def _texts(directory: Path, most: int) -> Iterator[str]:
    count = 0
    for name in TEXTS:
        with gzip.open(directory / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                one = json.loads(line)
                text = one.get("text") or one.get("comment_text") or " ".join(one.get("tokens", ()))
                if text and count < most:
                    count += 1
                    yield text
    with gzip.open(directory / "headlines_de.csv.gz", "rt", encoding="utf-8") as lines:
        for row in list(csv.reader(lines))[1 : most - count + 1]:
            yield row[2]


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
