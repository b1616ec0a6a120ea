"""What stands before a person's name: titles speak for it, another's first name against it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.core.rule import Entity
from monitor.match.words import words

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
# Before whom something is reported of or by: "sagte Weber", "laut Koch", "Familie Mann".
_REPORTING = """
    sagt sagte betont betonte erklaert erklaerte meint meinte kritisiert kritisierte fordert forderte warnt warnte schreibt schrieb
    fragt fragte lobt lobte raeumte kuendigte verteidigte bestaetigte berichtet berichtete so laut familie ehepaar miss says said
"""
_ANNOUNCING = frozenset(_REPORTING.split()) | frozenset(_TITLE_WORDS.split())
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
            # "von der Leyen" has none, "EVP-Weber" neither.
            if len(parts) > 1 and len(parts[0].text) > 2 and parts[0].text.istitle():
                found.add(parts[0].folded)
    return frozenset(found)


def own_words(entity: Entity) -> frozenset[str]:
    """Return all words of an entity's names, folded."""
    return frozenset(word.folded for name in (entity.label, *entity.aliases, *entity.weak_aliases) for word in words(name))


def word_before(text: str, start: int) -> str:
    """Return the word directly before a position; "" if there is none in the sentence."""
    found = _BEFORE.search(text, max(0, start - _REACH), start)
    return found[1] if found else ""


def announces_person(folded: str) -> bool:
    """Say whether after a word a person's name is likely: a title, the name of an office, a verb of saying."""
    last = folded.rpartition("-")[2]
    return last in _ANNOUNCING or last.endswith(_OFFICES)
