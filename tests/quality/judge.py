"""Answers labelled cases through the program's own matching: JSON lines in, true or false a line out.

    python tests/quality/judge.py < cases.jsonl

A case is a word ({"mode", "term", "token", "kind"}: does this keyword, alias or acronym hit the word?) or a rule
({"mode": "rule", "rule", "entities", "item"}: does this expression hold of the item?).
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

from monitor.app.builders import lexicon
from monitor.app.noise import noise_of
from monitor.core.habits import Learned
from monitor.core.model import Feed, Item
from monitor.core.rule import Entity, Entry, Rule
from monitor.core.secret import Secret
from monitor.core.verdict import Subject
from monitor.match.engine import Engine
from monitor.work.subject import subject as subject_of

TYPES = {"org": "organisation"}
CACHE: dict[tuple[str, ...], Engine] = {}


def judge(case: dict) -> bool:
    """Return whether the case is a hit."""
    if case["mode"] == "rule":
        return rule_holds(case)
    return word_hits(case["term"], case["token"], case["mode"], case["kind"])


def name_hits(alias: str, token: str, mode: str) -> bool:
    """Return whether an alias hits a word: in mode "exact" as it is, "inflected" with its genitive, "family" in hyphenated words too."""
    # A word alone that is all small is a line all in small letters.
    return LEXICON.names(alias, mode).judge(token, case_tells=not token.islower()) is not None


def word_hits(term: str, token: str, mode: str, kind: str) -> bool:
    """Return whether a keyword, an alias or an acronym hits a word that stands in a sentence."""
    if kind == "name":
        return name_hits(term, token, mode)
    if (term, mode) not in CACHE:
        CACHE[term, mode] = Engine([Rule("r", keywords=(Entry(term),), mode=mode)], [], LEXICON)
    # The word stands between others, so that its case is not that of a line of its own.
    subject = Subject("f", (), "article", "de", {"content": f"Heute steht {token} im Text."})
    return bool(CACHE[term, mode].match(subject))


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


def subject(facts: dict) -> Subject:
    """Return what the rules look at in the item of a case, page noise removed as from the first item of a feed."""
    texts = {name: facts.get(name, "") for name in ("title", "summary", "content")}
    item = Item(guid="1", **texts, authors=(facts.get("author", ""),), categories=tuple(facts.get("category", ())))
    feed = Feed(
        "judged", Secret("https://judged.example/feed"), "https://judged.example/feed", timedelta(hours=1), "de", is_language_given=True
    )
    return subject_of(item, feed.name, "article", feed, Learned(), noise_of(feed))


LEXICON = lexicon()

if __name__ == "__main__":
    for line in sys.stdin:
        print("true" if judge(json.loads(line)) else "false")
