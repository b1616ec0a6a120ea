"""Names in labelled German sentences: which hits are right, which names are found. Run with ``-s`` to see the figures.

The gazetteer is made of the labelled names themselves: a person's surname, with the full names that it was seen in; a surname
that is a common noun is weak, as ``check`` would advise. A place or an organisation is its name as it stands. A hit is right if
it touches a labelled name of its type; hits on derivations and parts ("russische", "Merkel-Besuch") and within a longer name of
another type ("Berlin" in "FU Berlin") count neither way. Precision is counted in words.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict

import pytest

from monitor.core.rule import Entity, Rule
from monitor.core.verdict import Subject
from monitor.match.engine import Engine
from monitor.match.words import fold

pytestmark = pytest.mark.shared

TYPES = {"PER": "person", "LOC": "place", "ORG": "organisation"}
WANTED = {"PER": (0.93, 0.93), "LOC": (0.97, 0.99), "ORG": (0.0, 0.99)}


def sentences(path):
    """Yield (text, labelled spans): each span is (start, end, type)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            text = " ".join(one["tokens"])
            spans, at = [], 0
            for entity in one.get("entities", ()):
                start = text.find(entity["text"], at)
                start = start if start >= 0 else text.find(entity["text"])
                if start >= 0:
                    spans.append((start, start + len(entity["text"]), entity["type"]))
                    at = start
            yield text, spans


def surname(name):
    last = name.split()[-1]
    return last if last[:1].isupper() and len(last) > 2 and last.isalpha() else None


def is_common_noun(word, dictionary):
    """A name has a genitive at most; a common noun has more forms, and "Die" is no noun at all."""
    folded = {fold(form) for form in dictionary.paradigm(dictionary.lemma(word) or word)}
    more = folded - {fold(word), fold(word) + "s"}
    is_small_word = dictionary.is_other(fold(word)) and len(word) <= 4
    return is_small_word or (dictionary.is_noun(fold(word)) and bool(more))


def gazetteer(labelled, kind, dictionary):
    """Return the entities of a type."""
    if kind != "PER":
        # "Mittel- und Osteuropa": "Mittel-" is no name.
        names = {text[start:end] for text, spans in labelled for start, end, one in spans if one == kind and text[end - 1] != "-"}
        return [
            Entity(f"e{number}", name, TYPES[kind]) for number, name in enumerate(sorted(names)) if len(name) > 2 and name[:1].isupper()
        ]
    full = defaultdict(Counter)
    for text, spans in labelled:
        for start, end, one in spans:
            if one == "PER" and (last := surname(text[start:end])):
                full[last][text[start:end]] += 1
    entities = []
    for number, (last, seen) in enumerate(sorted(full.items())):
        longer = tuple(name for name in seen if name != last)
        is_common = is_common_noun(last, dictionary)
        label = longer[0] if longer else f"Namenlos {last}" if is_common else last
        weak, plain = ((last,), ()) if is_common else ((), (last,))
        entities.append(Entity(f"e{number}", label, "person", (*plain, *longer[1:]), weak_aliases=weak))
    return entities


def scored(labelled, kind, entities, lexicon):
    engine = Engine([Rule("r", entities=tuple(entity.name for entity in entities))], entities, lexicon)
    names = {name for entity in entities for name in (entity.label, *entity.aliases, *entity.weak_aliases)}
    right = wrong = found = missed = 0
    false = Counter()
    for text, spans in labelled:
        matches = engine.match(Subject("f", (), "article", "de", {"content": text}))
        hits = [(one.start, one.end) for match in matches for one in match.evidence]
        neutral = [(a, b) for a, b, one in spans if one != kind and one.startswith(kind)]
        longer = [(a, b) for a, b, one in spans if one != kind]
        for start, end in hits:
            size = len(text[start:end].split())
            if any(a < end and start < b and one == kind for a, b, one in spans):
                right += size
            elif not any(a < end and start < b for a, b in neutral) and not any(
                a <= start and end <= b and end - start < b - a for a, b in longer
            ):
                wrong += size
                false[text[start:end]] += 1
        for a, b, one in spans:
            is_known = (surname(text[a:b]) or text[a:b]) in names or text[a:b] in names
            if one == kind and is_known:
                is_hit = any(a < end and start < b for start, end in hits)
                found, missed = found + is_hit, missed + (not is_hit)
    return right / max(right + wrong, 1), found / max(found + missed, 1), right, wrong, missed, false.most_common(15)


@pytest.mark.parametrize("kind", ["PER", "LOC", "ORG"])
def test_names_of_germeval_are_found_and_little_else(shared, lexicon, kind):
    labelled = list(sentences(shared / "data" / "news" / "germeval2014_ner.jsonl.gz"))
    entities = gazetteer(labelled, kind, lexicon.dictionary("de"))

    precision, recall, right, wrong, missed, false = scored(labelled, kind, entities, lexicon)

    print(f"\n{kind}: {len(entities)} entities, P {precision:.3f} R {recall:.3f} ({right} right, {wrong} wrong, {missed} missed); {false}")
    least_precision, least_recall = WANTED[kind]
    assert precision >= least_precision
    assert recall >= least_recall


def documents(path, kind):
    """Yield (text, labelled spans) of the news of SmartData; its types are brought to those of GermEval."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            if one["corpus"] == "smartdata":
                start_of = {"PER": "person", "LOC": "location", "ORG": "organization"}[kind]
                labels = [(span["start"], span["end"], span["type"].lower().replace("_", "-")) for span in one["entities"]]
                yield one["text"], [(start, end, kind if label.startswith(start_of) else label) for start, end, label in labels]


def is_mention(name, dictionary):
    """Say whether a label of SmartData is no name: it also labels "der Konzern" and "die Region"."""
    return all(is_common_noun(word, dictionary) for word in name.split())


@pytest.mark.parametrize("kind", ["PER", "LOC", "ORG"])
def test_names_of_smartdata_are_found(shared, lexicon, kind):
    labelled = list(documents(shared / "data" / "news" / "ner_dfki.jsonl.gz", kind))
    dictionary = lexicon.dictionary("de")
    entities = [one for one in gazetteer(labelled, kind, dictionary) if kind == "PER" or not is_mention(one.label, dictionary)]

    precision, recall, right, wrong, missed, false = scored(labelled, kind, entities, lexicon)

    print(f"\nSmartData {kind}: {len(entities)} entities, P {precision:.3f} R {recall:.3f} ({right}, {wrong}, {missed}); {false}")
    least_precision, least_recall = WANTED[kind]
    assert precision >= least_precision
    assert recall >= least_recall
