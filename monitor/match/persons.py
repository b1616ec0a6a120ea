"""What stands before a person's name: titles speak for it, another's first name against it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.core.rule import Entity
from monitor.match.words import fold, words

# Salutations and degrees, whole words …
_TITLE_WORDS = """
    herr herrn frau dr prof mr mrs ms sir lady lord papst pope koenig koenigin king queen prinz prinzessin graf
"""
# … and how German and English offices end: Außenminister, Vizekanzlerin, Parteichef, Fraktionsvorsitzende, Oberbürgermeister.
_OFFICE_ENDS = """
    minister ministerin kanzler kanzlerin praesident praesidentin president premier chef chefin sprecher sprecherin vorsitzende
    vorsitzender vorsitzenden buergermeister buergermeisterin abgeordnete abgeordneter senator senatorin kommissar kommissarin general
    direktor direktorin leiter leiterin professor professorin trainer trainerin richter richterin anwalt anwaeltin politiker politikerin
    kandidat kandidatin autor autorin regisseur regisseurin spieler spielerin bischof forscher forscherin oekonom oekonomin
    manager managerin gruender gruenderin secretary chairman spokesman spokeswoman
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_OFFICES = tuple(_OFFICE_ENDS.split())
_BEFORE = re.compile(r"([\w’'-]+)[.)]?\s$")
_REACH = 60


def first_names(entities: Iterable[Entity]) -> frozenset[str]:
    """Return the first names that persons have: the first words of names of two words or more."""
    found = set()
    for entity in entities:
        if entity.type != "person":
            continue
        for name in (entity.label, *entity.aliases):
            parts = words(name)
            if len(parts) > 1 and len(parts[0].text) > 2 and not parts[0].text.isupper():
                found.add(parts[0].folded)
    return frozenset(found)


def own_words(entity: Entity) -> frozenset[str]:
    """Return all words of an entity's names, folded."""
    return frozenset(word.folded for name in (entity.label, *entity.aliases, *entity.weak_aliases) for word in words(name))


def word_before(text: str, start: int) -> str:
    """Return the word directly before a position, folded; "" if there is none in the sentence."""
    found = _BEFORE.search(text, max(0, start - _REACH), start)
    return fold(found[1]) if found else ""


def is_title(folded: str) -> bool:
    """Say whether a word is a title, or the name of an office."""
    last = folded.rpartition("-")[2]
    return last in _TITLES or last.endswith(_OFFICES)
