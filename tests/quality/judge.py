"""Answers labelled cases through the program's own matching: JSON lines in, true or false a line out.

    python tests/quality/judge.py < cases.jsonl

A case is a word ({"mode", "term", "token", "kind"}: does this keyword, alias or acronym hit the word?) or a rule
({"mode": "rule", "rule", "entities", "item"}: does this expression hold of the item?).
"""

from __future__ import annotations

import json
import sys

from monitor.app.composition import lexicon
from monitor.core.rule import Entity, Entry, Rule, Subject
from monitor.match.engine import Engine

TYPES = {"org": "organisation"}
CACHE: dict[tuple[str, ...], Engine] = {}


def judge(case: dict) -> bool:
    """Return whether the case is a hit."""
    if case["mode"] == "rule":
        return rule_holds(case)
    return word_hits(case["term"], case["token"], case["mode"], case["kind"])


def word_hits(term: str, token: str, mode: str, kind: str) -> bool:
    """Return whether a keyword, an alias or an acronym hits a word that stands in a sentence."""
    key = (term, mode, kind)
    if key not in CACHE:
        if kind == "name":
            rule, entities = Rule("r", entities=("e",)), [Entity("e", term, "person")]
            if mode in ("exact", "inflected"):
                rule, entities = Rule("r", keywords=(Entry(term),), mode=mode), []
        else:
            rule, entities = Rule("r", keywords=(Entry(term),), mode=mode), []
        CACHE[key] = Engine([rule], entities, LEXICON)
    # The word stands between others, so that its case is not that of a line of its own.
    subject = Subject("f", (), "article", "de", {"content": f"Heute steht {token} im Text."})
    return bool(CACHE[key].match(subject))


def rule_holds(case: dict) -> bool:
    """Return whether an expression, whose plain words are inflected, holds of an item."""
    rule = Rule("r", query=case["rule"], mode="inflected")
    key = (case["rule"], json.dumps(case["entities"], sort_keys=True))
    if key not in CACHE:
        CACHE[key] = Engine([rule], [entity(name, facts) for name, facts in case["entities"].items()], LEXICON)
    return bool(CACHE[key].match(subject(case["item"])))


def entity(name: str, facts: dict) -> Entity:
    """Return an entity of a case; where it says that its names are ambiguous, its aliases are weak."""
    names = tuple(facts.get("aliases", ()))
    label = facts.get("name") or next(iter([*names, *facts.get("acronyms", ())]))
    aliases, weak = ((), names) if facts.get("ambiguous") else (names, ())
    return Entity(
        name,
        label,
        TYPES.get(facts.get("type", "topic"), facts.get("type", "topic")),
        aliases,
        tuple(facts.get("acronyms", ())),
        tuple(facts.get("prefixes", ())),
        weak,
        tuple(facts.get("context", ())),
        tuple(facts.get("exclude", ())),
    )


def subject(item: dict) -> Subject:
    """Return what the rules look at in the item of a case."""
    texts = {name: item.get(name, "") for name in ("title", "summary", "content", "author")}
    return Subject("f", (), "article", "de", texts | {"category": "\n".join(item.get("category", ()))})


LEXICON = lexicon()

if __name__ == "__main__":
    for line in sys.stdin:
        print("true" if judge(json.loads(line)) else "false")
