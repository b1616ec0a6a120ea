"""Which strings German compounds are made of, and how common each is: learnt from the compounds in the dictionary.

A dictionary without frequencies tells them all the same: "arbeits·" begins 430 of its words, "·griff" ends 100, "·riff" 20.
Linking letters and clipped stems ("Schul·", "Sprach·") need no list: they are what stands before a known noun, often.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.match.forms.german import DERIVING, ENDING_NOUNS, LINKS, NAME_ENDS, NEVER_SPLIT, PREFIXES, SHORT_NOUNS

SHORTEST_PART = 3
ROUNDS = 5
_VOWEL = re.compile("[aeiouy]")
_UNSTRESSED = re.compile("^(?:be|ge|er|ver|ent|zer)(?=.)")
# A string that no word explains is the beginning of compounds if it stands before so many nouns: "Schul", "Kirch".
ENOUGH = 4

Split = tuple[str, str]
# A folded base form, and whether it is a noun's: "Reich" and "reich" are two words.
Key = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Word:
    """A base form, folded, with all its forms; several base forms may fold to one."""

    base: str
    is_noun: bool
    forms: frozenset[str]


@dataclass(slots=True)
class Parts:
    """How often a string begins (``lefts``) or ends (``tails``) a compound; ``split``: the words that are compounds."""

    lefts: Counter[str] = field(default_factory=Counter)
    tails: Counter[Key] = field(default_factory=Counter)
    split: dict[Key, Split] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def learn(words: Mapping[Key, Word]) -> Parts:
    """Return the parts of compounds by what the words of a dictionary have in common."""
    names = {word.base for word in words.values() if word.is_noun and _is_name(word)}
    nouns = {form for word in words.values() if word.is_noun for form in word.forms}
    known = {*nouns, *(word.base for word in words.values()), *_verb_stems(words)}
    plurals = {form: word.base for word in words.values() if word.is_noun for form in bends(word)}
    candidates: dict[Key, list[Split]] = {}
    for key, word in words.items():
        if word.base not in names and word.base not in NEVER_SPLIT and (splits := list(_splits(word, words, nouns, plurals))):
            candidates[key] = splits
    lefts: Counter[str] = Counter(left for splits in candidates.values() for left, _ in splits)
    tails: Counter[Key] = Counter((tail, key[1]) for key, splits in candidates.items() for _, tail in splits)
    parts = Parts(lefts, tails, {}, names)
    for _ in range(ROUNDS):
        parts = _round(candidates, parts, known)
    return parts


def _round(candidates: Mapping[Key, list[Split]], before: Parts, known: set[str]) -> Parts:
    after = Parts(names=before.names)
    for key, splits in candidates.items():
        possible = [(left, tail) for left, tail in splits if _is_possible(left, (tail, key[1]), before, known)]
        if not possible:
            continue
        left, tail = max(possible, key=lambda split: _weight(split[0], (split[1], key[1]), before))
        after.lefts[left] += 1
        if left in PREFIXES:
            # "Zu·griff": that it is no compound is why it is not "Zug·riff".
            continue
        after.split[key] = (left, tail)
        after.tails[tail, key[1]] += 1
    return after


def _weight(left: str, tail: Key, before: Parts) -> float:
    return math.log(before.lefts[left] + 0.1) + math.log(before.tails[tail] + 0.1) - (left in PREFIXES)


def _is_possible(left: str, tail: Key, before: Parts, known: set[str]) -> bool:
    if left in PREFIXES:
        # A prefix stands before a simple noun: "Um·lauf", but "Umlauf·bahn".
        return tail not in before.split
    return _is_left(left, tail[0], before.lefts, known)


def _is_left(left: str, tail: str, lefts: Counter[str], known: set[str]) -> bool:
    if _explained(left, known):
        return True
    return (
        lefts[left] >= ENOUGH and len(tail) > SHORTEST_PART and tail not in ENDING_NOUNS and bool(_VOWEL.search(_UNSTRESSED.sub("", left)))
    )


def _verb_stems(words: Mapping[Key, Word]) -> Iterable[str]:
    """Yield what verbs begin compounds with: "Einschalt·quote", "Bring·schuld"."""
    for base, is_noun in words:
        if not is_noun and base.endswith("n") and len(base) > 5:
            yield base.removesuffix("n").removesuffix("e")


def _splits(word: Word, words: Mapping[Key, Word], nouns: set[str], plurals: Mapping[str, str]) -> Iterable[Split]:
    base = word.base
    for cut in range(2, len(base) - SHORTEST_PART + 1):
        left, tail = base[:cut], base[cut:]
        if word.forms <= {base} and tail in plurals:
            # A word that has only a plural ends in one: "Wetter·daten" is of "Datum".
            tail = plurals[tail]
        end = words.get((tail, word.is_noun))
        if end is None or not may_end(tail, is_noun=word.is_noun):
            continue
        if left in PREFIXES or ((len(left) > 3 or left in SHORT_NOUNS) and _bends_alike(word, cut, end, nouns)):
            yield left, tail


def may_end(tail: str, *, is_noun: bool) -> bool:
    """Say whether a word is long enough to end a compound, and is no mere ending."""
    if tail in DERIVING:
        return is_noun and tail in ENDING_NOUNS
    return len(tail) > 3 or tail in SHORT_NOUNS


def _bends_alike(word: Word, cut: int, end: Word, nouns: set[str]) -> bool:
    """Say whether a word bends as its last part does: "Apparat, Apparate" is not made of "Rat, Räte".

    A form that the dictionary gives to another word is not held against it: "Akte" is one of "Akte", not of "Akt".
    """
    base, own = word.base, bends(word)
    if not own:
        return True
    alike = {base[:cut] + form for form in end.forms}
    if not own.isdisjoint(alike):
        return True
    # "Zent·rum" is not of "Rum" because "Ren" is a noun too, nor "Quad·rat" of "Rat" because "Rate" is.
    is_long = len(base) - cut > SHORTEST_PART
    return is_long and (own <= {base + "e", base + "en"} or any(form[cut:] in nouns for form in own if form.startswith(base[:cut])))


def bends(word: Word) -> set[str]:
    """Return the forms that tell how a word bends: all but itself and the genitive, which all have."""
    return {form for form in word.forms if form not in (word.base, word.base + "s", word.base + "es")}


def _explained(left: str, known: set[str]) -> bool:
    return any(left.endswith(link) and len(stem := left.removesuffix(link)) >= SHORTEST_PART and stem in known for link in LINKS)


def _is_name(word: Word) -> bool:
    """Names have no plural and no genitive in -es."""
    base = word.base
    if not word.forms <= {base, base + "s"}:
        return False
    return any(len(base) - len(end) >= SHORTEST_PART and base.endswith(end) for end in NAME_ENDS)
