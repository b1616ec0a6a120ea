"""How many labelled words are judged right: our own, judged before the rules were tuned, and the reference cases."""

import json
from collections import Counter
from pathlib import Path

import pytest

BLIND = Path(__file__).parents[2] / "data" / "forms_blind.tsv"
MODES = ("exact", "inflected", "family", "derived")
FIRST_MODE = {"inflected": 1, "compound": 2, "derived": 3, "other": len(MODES)}


def f1(counts):
    return 2 * counts["hit"] / (2 * counts["hit"] + counts["false"] + counts["missed"])


def blind_cases():
    for line in BLIND.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            term, kind, tokens = line.split("\t")
            for token in tokens.split():
                for number, mode in enumerate(MODES):
                    yield mode, "noun", term, token, token == term if mode == "exact" else number >= FIRST_MODE[kind]


def reference_cases(shared):
    for line in (shared / "eval" / "dev.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        if case["mode"] in MODES:
            yield case["mode"], case["kind"], case["term"], case["token"], case["should_match"]


def scores(lexicon, cases):
    forms, counts = {}, {mode: Counter() for mode in MODES}
    for mode, kind, term, token, wanted in cases:
        key = (mode, kind, term)
        if key not in forms:
            forms[key] = lexicon.names(term, mode) if kind == "name" else lexicon.forms(term, mode, "de")
        # A name alone in small letters is a sentence of small letters.
        is_hit = forms[key].judge(token, case_tells=kind != "name" or not token.islower()) is not None
        counts[mode][{(True, True): "hit", (True, False): "false", (False, True): "missed", (False, False): "right"}[is_hit, wanted]] += 1
    return {mode: f1(count) for mode, count in counts.items()}


def test_words_that_nobody_tuned_for_are_judged_right(lexicon):
    found = scores(lexicon, blind_cases())

    floors = {"exact": 1.0, "inflected": 0.985, "family": 0.975, "derived": 0.94}
    assert {mode: score for mode, score in found.items() if score < floors[mode]} == {}


@pytest.mark.shared
def test_the_reference_cases_are_judged_right(lexicon, shared):
    found = scores(lexicon, reference_cases(shared))

    floors = {"exact": 1.0, "inflected": 0.99, "family": 0.98, "derived": 0.95}
    assert {mode: score for mode, score in found.items() if score < floors[mode]} == {}
