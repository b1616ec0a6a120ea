"""Ten keywords and a name over 180,000 German headlines: nothing is missed, and whatever is found beyond the whole word says why."""

from __future__ import annotations

import csv
import gzip
import json

import pytest

from monitor.core.rule import Entity, Entry, Rule
from monitor.core.verdict import Subject
from monitor.match.engine import Engine

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def headlines(shared):
    with gzip.open(shared / "data" / "news" / "headlines_de.csv.gz", "rt", encoding="utf-8") as lines:
        return [row[2] for row in csv.reader(lines)][1:]


@pytest.fixture(scope="module")
def truth(shared):
    with gzip.open(shared / "data" / "news" / "headlines_truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def found(engine, headlines):
    """Return the evidence of every rule by the number of the headline."""
    hits = {}
    for number, title in enumerate(headlines):
        for match in engine.match(Subject("f", (), "article", "de", {"title": title})):
            hits.setdefault(match.rule, {})[number] = match.evidence
    return hits


def test_no_keyword_is_missed_and_every_other_hit_is_a_form_or_a_compound(headlines, truth, lexicon):
    keywords = [one for one in truth if "keyword" in one]
    engine = Engine([Rule(one["keyword"], keywords=(Entry(one["keyword"]),), mode="family") for one in keywords], (), lexicon)

    hits = found(engine, headlines)

    for one in keywords:
        seen = hits[one["keyword"]]
        whole, inside = set(one["exact_token_rows"]), set(one["only_inside_longer_word_rows"])
        others = {(span.text, span.by) for number in seen.keys() - whole - inside for span in seen[number]}
        print(f"\n{one['keyword']}: {len(whole)} whole, {len(inside)} inside, {len(seen)} found; others: {sorted(others)}")
        assert (whole | inside) - seen.keys() == set()
        assert {by for _, by in others} <= {"inflected", "compound"}
        assert all(one["keyword"][:6].lower() in text.lower() for text, _ in others)


def test_one_name_is_found_in_every_spelling_of_every_outlet(headlines, truth, lexicon):
    (name,) = [one for one in truth if one.get("entity", "").startswith("Selensk")]
    spellings = tuple(name["rows_by_spelling"])
    entity = Entity("selenskyj", "Wolodymyr Selenskyj", "person", spellings)

    hits = found(Engine([Rule("r", entities=("selenskyj",))], (entity,), lexicon), headlines)["r"]

    assert {row for rows in name["rows_by_spelling"].values() for row in rows} - hits.keys() == set()
