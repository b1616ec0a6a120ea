"""Which strings German compounds are made of, and how common each is: learnt from the compounds in the dictionary.

A dictionary without frequencies tells them all the same: "arbeits·" begins 430 of its words, "·griff" ends 100, "·riff" 20.
Linking letters and clipped stems ("Schul·", "Sprach·") need no list: they are what stands before a known noun, often.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field

from monitor.match.forms.german import DERIVING, ENDING_NOUNS, LINKS, NAME_ENDS, PREFIXES, SHORT_NOUNS
from monitor.match.forms.prefixed import prefixed_compounds

SHORTEST_PART = 3
ROUNDS = 5
_NAME_ENDS = tuple(NAME_ENDS)
_VOWEL = re.compile("[aeiouy]")
_UNSTRESSED = re.compile("^(?:be|ge|er|ver|ent|zer)(?=.)")
# A string that no word explains is the beginning of compounds if it stands before so many nouns: "Schul", "Kirch".
ENOUGH = 4

Split = tuple[str, str]
# A folded base form to all folded forms of it; several base forms may fold to one.
Forms = Mapping[str, Collection[str]]
# Of nouns (True) and of words in small letters (False): "Reich" and "reich" are two words.
Words = Mapping[bool, Forms]

# What may explain a first part: several, as one set of all would be as large as they are.
Known = tuple[Container[str], ...]


@dataclass(slots=True)
class Parts:
    """How often a string begins (``lefts``) or ends (``tails``) a compound; ``split``: the words that are compounds.

    ``prefixed``: nouns that are compounds of a particle and a noun, "Abgas"; ``names``: nouns that are the name of a place or family.
    """

    lefts: Counter[str] = field(default_factory=Counter)
    tails: dict[bool, Counter[str]] = field(default_factory=lambda: {True: Counter(), False: Counter()})
    split: dict[bool, dict[str, Split]] = field(default_factory=lambda: {True: {}, False: {}})
    prefixed: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    @property
    def total(self) -> int:
        """Return how many compounds there are."""
        return len(self.split[True]) + len(self.split[False])


@dataclass(slots=True)
class _Candidates:
    """The ways to cut the words of one kind, without those that nothing explains.

    ``only``: words with one way that nothing can take from them; ``rare``: cuts that hold only if their first part is common.
    """

    is_noun: bool
    only: dict[str, Split] = field(default_factory=dict)
    splits: dict[str, list[Split]] = field(default_factory=dict)
    rare: set[Split] = field(default_factory=set)


def learn(words: Words) -> Parts:
    """Return the parts of compounds by what the words of a dictionary have in common."""
    nouns = words[True]
    parts = Parts(names={base for base, forms in nouns.items() if _is_name(base, forms)})
    noun_forms = {form for forms in nouns.values() for form in forms}
    known = (noun_forms, words[False], nouns, set(_verb_stems(words[False])))
    splitter = _Splitter(words, noun_forms)
    candidates = [_candidates(words, splitter, parts.names, known, is_noun=is_noun) for is_noun in (True, False)]
    certain = Parts(names=parts.names)
    for one in candidates:
        certain.split[one.is_noun] = one.only
        certain.tails[one.is_noun].update(tail for _, tail in one.only.values())
        certain.lefts.update(left for left, _ in one.only.values())
        parts.tails[one.is_noun].update(tail for splits in one.splits.values() for _, tail in splits)
        parts.lefts.update(left for splits in one.splits.values() for left, _ in splits)
        parts.tails[one.is_noun].update(certain.tails[one.is_noun])
    parts.lefts.update(certain.lefts)
    for _ in range(ROUNDS):
        parts = _round(candidates, certain, parts)
    parts.prefixed = prefixed_compounds(nouns, words[False], parts.split[True])
    return parts


def _candidates(words: Words, splitter: _Splitter, names: set[str], known: Known, *, is_noun: bool) -> _Candidates:
    found = _Candidates(is_noun)
    explained: dict[str, bool] = {}
    same: dict[str, str] = {}
    for base in words[is_noun]:
        if (is_noun and base in names) or _is_of_verb(base, words[False]):
            continue
        kept, is_certain = [], True
        for split in splitter.splits(base, is_noun=is_noun):
            left, tail = split
            if left not in explained:
                explained[left] = left in PREFIXES or _is_explained(left, known)
            if not explained[left] or tail in ENDING_NOUNS:
                if not explained[left] and not _may_be_clipped(left, tail):
                    continue
                found.rare.add(split)
            is_certain = is_certain and left not in PREFIXES and split not in found.rare
            kept.append((same.setdefault(left, left), tail))
        if len(kept) == 1 and is_certain:
            found.only[base] = kept[0]
        elif kept:
            found.splits[base] = kept
    return found


def _round(candidates: Iterable[_Candidates], certain: Parts, before: Parts) -> Parts:
    """Choose the likeliest cut of each word by how common the parts were before."""
    after = Parts(Counter(certain.lefts), {}, {}, names=before.names)
    left_weights = {left: math.log(count + 0.1) - (left in PREFIXES) for left, count in before.lefts.items()}
    for one in candidates:
        chosen = _choose(one, before, left_weights)
        after.lefts.update(left for left, _ in chosen.values())
        # "Zu·griff": that it is no compound is why it is not "Zug·riff".
        compounds = {base: split for base, split in chosen.items() if split[0] not in PREFIXES}
        after.split[one.is_noun] = one.only | compounds
        after.tails[one.is_noun] = Counter(certain.tails[one.is_noun])
        after.tails[one.is_noun].update(tail for _, tail in compounds.values())
    return after


def _choose(candidates: _Candidates, before: Parts, left_weights: Mapping[str, float]) -> dict[str, Split]:
    tail_weights = {tail: math.log(count + 0.1) for tail, count in before.tails[candidates.is_noun].items()}
    compounds, rare, lefts = before.split[candidates.is_noun], candidates.rare, before.lefts
    unseen = math.log(0.1)
    chosen: dict[str, Split] = {}
    for base, splits in candidates.splits.items():
        best = -math.inf
        for split in splits:
            left, tail = split
            # A prefix stands before a simple noun: "Um·lauf", but "Umlauf·bahn".
            if (left in PREFIXES and tail in compounds) or (split in rare and lefts[left] < ENOUGH):
                continue
            weight = left_weights.get(left, unseen) + tail_weights.get(tail, unseen)
            if weight > best:
                best, chosen[base] = weight, split
    return chosen


def _is_of_verb(base: str, others: Container[str]) -> bool:
    """Say whether a noun is one of a verb as a whole: "Beschimpfung" is of "beschimpfen"."""
    return base.endswith("ung") and bool(_UNSTRESSED.match(base)) and base.removesuffix("ung") + "en" in others


def _may_be_clipped(left: str, tail: str) -> bool:
    return len(tail) > SHORTEST_PART and tail not in ENDING_NOUNS and bool(_VOWEL.search(_UNSTRESSED.sub("", left)))


def _verb_stems(others: Iterable[str]) -> Iterable[str]:
    """Yield what verbs begin compounds with: "Einschalt·quote", "Bring·schuld"."""
    for base in others:
        if base.endswith("n") and len(base) > 5:
            yield base.removesuffix("n").removesuffix("e")


class _Splitter:
    """Cuts words in two where both look like parts."""

    def __init__(self, words: Words, nouns: Container[str]) -> None:
        self._words = words
        self._nouns = nouns
        self._plurals = {form: base for base, forms in words[True].items() for form in bends(base, forms)}
        self._ends = {is_noun: {base: base for base in words[is_noun] if may_end(base, is_noun=is_noun)} for is_noun in (True, False)}

    def splits(self, base: str, *, is_noun: bool) -> list[Split]:
        """Return the ways to cut a word into a first part and the base form of the last."""
        ends = self._ends[is_noun]
        found = []
        for cut in self._cuts(base, is_noun=is_noun):
            tail = base[cut:]
            # The string that is there already: a million cuts have few ends.
            tail = ends[tail if tail in ends else self._plurals[tail]]
            left = base[:cut]
            if left in PREFIXES or ((cut > 3 or left in SHORT_NOUNS) and self._bends_alike(base, cut, tail, is_noun=is_noun)):
                found.append((left, tail))
        return found

    def _cuts(self, base: str, *, is_noun: bool) -> list[int]:
        ends, plurals = self._ends[is_noun], self._plurals
        if len(self._words[is_noun][base]) > 1:
            return [cut for cut in range(2, len(base) - SHORTEST_PART + 1) if base[cut:] in ends]
        # A word that has only a plural ends in one: "Wetter·daten" is of "Datum".
        return [cut for cut in range(2, len(base) - SHORTEST_PART + 1) if (tail := base[cut:]) in ends or plurals.get(tail) in ends]

    def _bends_alike(self, base: str, cut: int, tail: str, *, is_noun: bool) -> bool:
        """Say whether a word bends as its last part does: "Apparat, Apparate" is not made of "Rat, Räte".

        A form that the dictionary gives to another word is not held against it: "Akte" is one of "Akte", not of "Akt".
        """
        forms, tails = self._words[is_noun][base], self._words[is_noun][tail]
        if base + "s" in forms and _is_feminine(tail, tails) and not _is_explained(base[:cut], (self._nouns,)):
            # "die Ware" has no genitive in -s: "Softwares" is not of it, and "Soft" is no noun that could begin a compound.
            return False
        own = bends(base, forms)
        if not own:
            return True
        left = base[:cut]
        if any(form.startswith(left) and form[cut:] in tails for form in own):
            return True
        # "Zent·rum" is not of "Rum" because "Ren" is a noun too, nor "Quad·rat" of "Rat" because "Rate" is.
        is_long = len(base) - cut > SHORTEST_PART
        return is_long and (
            all(form in (base + "e", base + "en") for form in own)
            or any(form[cut:] in self._nouns for form in own if form.startswith(left))
        )


def may_end(tail: str, *, is_noun: bool) -> bool:
    """Say whether a word is long enough to end a compound, and is no mere ending."""
    if tail in DERIVING:
        return is_noun and tail in ENDING_NOUNS
    return len(tail) > 3 or tail in SHORT_NOUNS


def bends(base: str, forms: Iterable[str]) -> list[str]:
    """Return the forms that tell how a word bends: all but itself and the genitive, which all have."""
    return [form for form in forms if form not in (base, base + "s", base + "es")]


def _is_feminine(base: str, forms: Collection[str]) -> bool:
    """Say whether a noun bends as the feminine ones in -e do: "Ware, Waren"."""
    return base[-1] == "e" and base + "n" in forms and all(form in (base, base + "n") for form in forms)


def _is_explained(left: str, known: Known) -> bool:
    stems = [left.removesuffix(link) for link in LINKS if left.endswith(link)]
    return any(stem in words for stem in stems if len(stem) >= SHORTEST_PART for words in known)


def _is_name(base: str, forms: Iterable[str]) -> bool:
    """Names have no plural and no genitive in -es."""
    if not base.endswith(_NAME_ENDS) or any(form not in (base, base + "s") for form in forms):
        return False
    return any(len(base) - len(end) >= SHORTEST_PART and base.endswith(end) for end in NAME_ENDS)
