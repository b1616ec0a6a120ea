"""Terms and names to patterns: rows of words, each with the forms in which it may stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from monitor.core.rule import Entity
from monitor.match.lexicon import Inflection
from monitor.match.words import Word, fold, fold_bare, words

Case = Literal["any", "capital", "same"]

# Signs that are part of a term: "C++" is not "C".
_SIGNS_BEFORE = re.compile(r"^[#@$€§.]+")
_SIGNS_AFTER = re.compile(r"[+#%$€]+$")


@dataclass(frozen=True, slots=True)
class Place:
    """One word of a pattern: what its folded form may be, and what is asked of its case and of the gap before it."""

    folded: frozenset[str]
    case: Case
    text: str
    gap: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of words that makes a hit.

    ``may_be_part``: it may also stand inside a hyphenated word, as names do ("Selenskyj-Rede").
    ``plain`` are the folded words as written: what is not plain is inflected, or a genitive.
    """

    places: tuple[Place, ...]
    plain: tuple[str, ...]
    before: str = ""
    after: str = ""
    may_be_part: bool = False
    by: str = "exact"

    @property
    def anchor(self) -> int:
        """Return which word the pattern is looked up by: the longest, which is the rarest."""
        lengths = [min(len(form) for form in place.folded) for place in self.places]
        return lengths.index(max(lengths))


def term_words(term: str) -> list[str]:
    """Return the words of a term as written, for the lexicon."""
    return [word.text for word in words(term)]


def term_pattern(term: str, inflections: Mapping[str, Inflection] | None, language: str) -> Pattern:
    """Return the pattern of a keyword; ``inflections`` None: mode "exact".

    A word in capitals is compared with its case ("IT" is not "it") and takes -s. In mode "inflected" a German noun
    does not stand for a word in lower case: "Zug" not for "zug…", "Recht" not for "recht".
    """
    parts = words(term)
    places = tuple(_place(word, inflections, language, is_phrase=len(parts) > 1) for word in parts)
    before, after = _SIGNS_BEFORE.search(term.strip()), _SIGNS_AFTER.search(term.strip())
    plain = tuple(word.folded for word in parts)
    return Pattern(places, plain, before[0] if before else "", after[0] if after else "", by="exact")


def entity_patterns(entity: Entity) -> tuple[Pattern, ...]:
    """Return the patterns of all names of an entity: with their case, with genitive, also inside hyphenated words."""
    named = [(entity.label, "label"), *((alias, "alias") for alias in entity.aliases)]
    patterns = [_name_pattern(name, by) for name, by in named]
    patterns += [_acronym_pattern(acronym) for acronym in entity.acronyms]
    return tuple(pattern for pattern in patterns if pattern.places)


def is_acronym(text: str) -> bool:
    """Say whether a word is written in capitals throughout."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= 2 and all(letter.isupper() for letter in letters)


def _place(word: Word, inflections: Mapping[str, Inflection] | None, language: str, *, is_phrase: bool) -> Place:
    if is_acronym(word.text):
        forms = {word.folded} if inflections is None else {word.folded, word.folded + "s"}
        return Place(frozenset(forms), "same", word.text, word.gap)
    if inflections is None or word.text not in inflections:
        return Place(frozenset({word.folded}), "any", word.text, word.gap)
    known = inflections[word.text]
    # "Künstliche Intelligenz": the adjective of a phrase may be written small, a noun may not.
    needs_capital = language == "de" and word.text[:1].isupper() and (known.is_noun or not is_phrase)
    return Place(frozenset(fold(form) for form in known.forms), "capital" if needs_capital else "any", word.text, word.gap)


def _name_pattern(name: str, by: str) -> Pattern:
    parts = words(name)
    last = len(parts) - 1
    places = tuple(_name_place(word, is_last=number == last) for number, word in enumerate(parts))
    return Pattern(places, tuple(word.folded for word in parts), may_be_part=True, by=by)


def _name_place(word: Word, *, is_last: bool) -> Place:
    if is_acronym(word.text):
        return Place(frozenset({word.folded, word.folded + "s"} if is_last else {word.folded}), "same", word.text, word.gap)
    keys = {word.folded, fold_bare(word.text)}
    if is_last:
        forms = keys | {key + "s" for key in keys if not key.endswith("s")}
    elif word.folded.endswith("e"):
        # "Deutsche Bank": der Deutschen Bank.
        forms = keys | {key + ending for key in keys for ending in ("n", "r", "s", "m")}
    else:
        forms = keys
    return Place(frozenset(forms), "capital" if word.text[:1].isupper() else "any", word.text, word.gap)


def _acronym_pattern(acronym: str) -> Pattern:
    parts = words(acronym)
    places = tuple(Place(frozenset({word.folded, word.folded + "s"}), "same", word.text, word.gap) for word in parts)
    return Pattern(places, tuple(word.folded for word in parts), may_be_part=True, by="acronym")
