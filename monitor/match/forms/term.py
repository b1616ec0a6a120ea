"""A query word in a mode: which tokens are it, and by which step."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from monitor.match.forms.compact import FOREVER, Compact
from monitor.match.forms.german import FAMILY_ENDS, LINKS, PLACE_ENDS, PLACE_NOUNS, links_behind
from monitor.match.forms.lattice import SHORT, Lattice
from monitor.match.forms.tokens import clean, is_small, without_genitive
from monitor.match.words import fold

By = Literal["exact", "inflected", "compound", "derived"]

# How much dearer than the cheapest cut of a word the one with the term in it may be.
MARGIN = 1.2
# … where the cheapest is a whole word that is known as a compound: that it stands in the dictionary says little against its parts.
WHOLE_MARGIN = 5.0
# An unknown word is believed to be a name before the term if both are so long: shorter ones are chance.
SHORTEST_UNKNOWN = 5
# Acronyms of so few letters are words in a sentence of capitals: "IT IS TIME".
LONGEST_WORDLIKE = 3


# A place, with its genitive or as who lives there: what is before the end has one syllable, or another with -el, -en, -er or -es.
_PLACE_ENDINGS = tuple(end + bent for end in PLACE_ENDS | PLACE_NOUNS for bent in ("", "s", "er"))
_FAMILY_ENDINGS = tuple(end + bent for end in FAMILY_ENDS for bent in ("", "s"))
_INHABITANT_ENDINGS = ("er", "ers", "ern")
_PLACE = re.compile(f".{{2,}}(?:{'|'.join(sorted(PLACE_ENDS))})(?:s|er)?")
_PLACE_OR_NOUN = re.compile(rf"([^aeiouy]*[aeiouy]{{1,2}}[^aeiouy]+(e[lnrs])?)(?:{'|'.join(sorted(PLACE_NOUNS))})(?:s|er)?")


@dataclass(frozen=True, slots=True)
class Step:
    """Why a token is a hit. ``analysis`` is for people, "Waffen·stillstand·s·verhandlungen", and "" where there is nothing to tell."""

    by: By
    analysis: str = ""


class TermForms(ABC):
    """One query word, in one mode, for one language. ``anchors``: the lower-cased token of every hit contains one of them.

    ``is_whole``: or rather is one of them, so that one within a longer word is no hit.
    """

    anchors: frozenset[str]
    is_whole: ClassVar[bool] = False

    @abstractmethod
    def judge(self, token: str, *, case_tells: bool = True) -> Step | None:
        """Return why a token is a hit, or None.

        ``token``: a run of word characters joined by hyphens, as the text has it, its genitive apostrophe with it.
        ``case_tells`` False: the sentence is all in small letters or all in capitals, so capitals say nothing.
        """


@dataclass(frozen=True, slots=True)
class ExactForms(TermForms):
    """The word as it is written, whatever its case and diacritics."""

    folded: str
    anchors: frozenset[str]
    is_whole: ClassVar[bool] = True

    def judge(self, token: str, *, case_tells: bool = True) -> Step | None:  # noqa: ARG002
        """See ``TermForms.judge``."""
        return Step("exact") if fold(clean(token)) == self.folded else None


@dataclass(frozen=True, slots=True)
class AcronymForms(TermForms):
    """A word in capitals: with its case, with -s where it may bend, as a part of a hyphened word where it may be one."""

    text: str
    may_bend: bool
    may_be_part: bool
    anchors: frozenset[str]

    def judge(self, token: str, *, case_tells: bool = True) -> Step | None:
        """See ``TermForms.judge``."""
        plain, had_apostrophe = without_genitive(clean(token))
        if had_apostrophe and not self.may_bend:
            return None
        if self._is(plain, case_tells=case_tells):
            return Step("exact" if plain == self.text and not had_apostrophe else "inflected")
        if self.may_be_part and "-" in plain and self._is_part(plain, case_tells=case_tells):
            return Step("compound", plain.replace("-", "-·"))
        return None

    def _is(self, word: str, *, case_tells: bool) -> bool:
        if word == self.text or (self.may_bend and word == self.text + "s"):
            return case_tells or len(self.text) > LONGEST_WORDLIKE or not word.isupper()
        same = fold(word) in (fold(self.text), fold(self.text) + "s" * self.may_bend)
        return same and not case_tells and len(self.text) > LONGEST_WORDLIKE

    def _is_part(self, token: str, *, case_tells: bool) -> bool:
        if "-" in self.text:
            return f"-{self.text}-" in f"-{token}-"
        # "EU-Staat" in a sentence of capitals is no chance: nothing else is written so.
        return any(part in (self.text, self.text + "s") or self._is(part, case_tells=case_tells) for part in token.split("-"))


@dataclass(frozen=True, slots=True)
class InflectedForms(TermForms):
    """All inflected forms of a word. ``needs_capital``: a noun, so a token in small letters is another word."""

    folded: str
    forms: frozenset[str]
    needs_capital: bool
    may_be_part: bool
    anchors: frozenset[str]

    def judge(self, token: str, *, case_tells: bool = True) -> Step | None:
        """See ``TermForms.judge``."""
        plain, had_apostrophe = without_genitive(clean(token))
        small_is_other = self.needs_capital and case_tells
        if step := whole(plain, self, had_apostrophe=had_apostrophe, small_is_other=small_is_other):
            return step
        if self.may_be_part and "-" in plain:
            for part in plain.split("-"):
                if fold(part) in self.forms and not (small_is_other and is_small(part)):
                    return Step("compound", plain.replace("-", "-·"))
        return None


def whole(plain: str, term: InflectedForms, *, had_apostrophe: bool, small_is_other: bool) -> Step | None:
    """Return the step by which a whole token is a form of the term."""
    if small_is_other and is_small(plain):
        return None
    folded = fold(plain)
    if folded not in term.forms:
        return None
    return Step("exact" if folded == term.folded and not had_apostrophe else "inflected")


@dataclass(frozen=True, slots=True)
class Family:
    """What a word looks like in a compound: as a first part and as the last, folded, each with its cost."""

    lefts: Mapping[str, float]
    tails: Mapping[str, float]
    is_noun: bool


@dataclass(frozen=True, slots=True)
class FamilyForms(TermForms):
    """A German word with its compounds, and in mode "derived" with the words made of it and theirs."""

    inflected: InflectedForms
    families: tuple[tuple[By, Family], ...]
    derived: Mapping[str, bool]
    prefixed: frozenset[str]
    anchors: frozenset[str]
    lattice: Callable[[str, bool], Lattice]
    dictionary: Compact
    stems: tuple[str, ...] = field(default=())

    def judge(self, token: str, *, case_tells: bool = True) -> Step | None:
        """See ``TermForms.judge``."""
        if step := self.inflected.judge(token, case_tells=case_tells):
            return step
        plain, _ = without_genitive(clean(token))
        folded = fold(plain)
        if not any(stem in folded for stem in self.stems):
            return None
        if "-" in self.inflected.folded and f"-{self.inflected.folded}" in f"-{folded}":
            return Step("compound", plain)
        return self._judge_parts(plain, case_tells=case_tells)

    def _judge_parts(self, plain: str, *, case_tells: bool) -> Step | None:
        parts = plain.split("-")
        found: Step | None = None
        for number, part in enumerate(parts):
            step = self._judge_part(part, is_open=number < len(parts) - 1, case_tells=case_tells)
            if step is not None:
                shown = step.analysis or part
                step = Step("compound" if step.by == "inflected" else step.by, "-".join([*parts[:number], shown, *parts[number + 1 :]]))
                if step.by == "compound":
                    return step
                found = found or step
        return found

    def _judge_part(self, part: str, *, is_open: bool, case_tells: bool) -> Step | None:
        folded = fold(part)
        is_lower = is_small(part) and case_tells
        if folded in self.inflected.forms and not (is_lower and self.inflected.needs_capital and not is_open):
            return Step("inflected")
        if not is_lower and folded in self.prefixed:
            return Step("compound", part)
        if self._is_derived(folded, is_lower=is_lower):
            return Step("derived", part)
        if not any(stem in folded for stem in self.stems) or self._is_name(folded):
            return None
        base = None if is_lower or not self.dictionary.is_known(folded) else self._base(part)
        for by, family in self.families:
            # "Fahrzeuge" is of "Fahrzeug": it does not end in the word "Zeuge", which looks the same.
            may_end = base is None or fold(base).endswith(tuple(family.tails))
            for as_noun in (False,) if is_lower else (True,) if case_tells else (True, False):
                if analysis := self._as_compound(folded, family, as_noun=as_noun, is_open=is_open, may_end=may_end):
                    return Step(by, analysis)
        if not is_lower and (analysis := self._within(folded)):
            return Step("compound", analysis)
        if base is None or fold(base) == folded or len(base) >= len(part):
            return None
        return self._judge_part(base, is_open=False, case_tells=case_tells)

    def _within(self, folded: str) -> str:
        """Return how a word is cut if one of its parts is a compound of the term: "Fach·kräfte" in "Fachkräfte·mangel"; "" if not."""
        parts = self.lattice(folded, True).cut_rest(0)
        for number, part in enumerate(parts if len(parts) > 1 else ()):
            analysis = self._of_part(part) if any(map(part.__contains__, self.stems)) else ""
            if analysis:
                return "·".join([*parts[:number], analysis, *parts[number + 1 :]])
        return ""

    def _of_part(self, part: str) -> str:
        words = [(part.removesuffix(link), link) for link in LINKS if part.endswith(link) and link in links_behind(part.removesuffix(link))]
        for word, link in words:
            if self.dictionary.is_noun(word):
                step = self._judge_part(word.capitalize(), is_open=False, case_tells=True)
                return step.analysis.lower() + link if step is not None and step.by == "compound" else ""
        # What begins compounds only: "Bundes·arbeits" in "Bundesarbeits·gericht".
        cuts = (
            self._cut(word, family, as_noun=True, is_open=False, may_end=True) + link
            for word, link in words
            for _, family in self.families
            if not self._is_name(word)
        )
        return next((cut for cut in cuts if "·" in cut), "")

    def _is_name(self, folded: str) -> bool:
        """Say whether a word is a place's or a family's name or who lives there, or is built like one and no dictionary has it."""
        if folded.endswith(_FAMILY_ENDINGS):
            return True
        if any(folded.endswith(end) and self.dictionary.is_name(folded.removesuffix(end)) for end in _INHABITANT_ENDINGS):
            return True
        if not folded.endswith(_PLACE_ENDINGS) or self.dictionary.is_known(folded):
            return self.dictionary.is_name(folded)
        if _PLACE.fullmatch(folded):
            return True
        found = _PLACE_OR_NOUN.fullmatch(folded)
        # "Katzen·heim" begins as compounds do, "Hocken·heim" does not.
        return found is not None and (found[2] is None or self.dictionary.left_cost(found[1]) == FOREVER)

    def _base(self, part: str) -> str | None:
        known = self.dictionary.spellings(part.capitalize())
        return self.dictionary.lemma(known[0]) if known else None

    def _is_derived(self, folded: str, *, is_lower: bool) -> bool:
        is_noun = self.derived.get(folded)
        if is_noun is None:
            return False
        if is_noun:
            return not is_lower
        # A verb's form may begin a sentence, but a noun that looks the same is likelier: "Gast" is not of "gasen".
        return is_lower or not self.dictionary.is_noun(folded)

    def _as_compound(self, folded: str, family: Family, *, as_noun: bool, is_open: bool, may_end: bool) -> str:
        """Return how a word is cut with the term as a part; "" if it is no part of it."""
        if cut := self._cut(folded, family, as_noun=as_noun, is_open=is_open, may_end=may_end):
            return cut
        return self._behind_unknown(folded, family, self.lattice(folded, as_noun)) if as_noun and may_end else ""

    def _cut(self, folded: str, family: Family, *, as_noun: bool, is_open: bool, may_end: bool) -> str:
        """Return how a word is cut with the term as a part, if that cut is about as cheap as the cheapest; "" if not."""
        lattice = self.lattice(folded, as_noun)
        found = [
            *_as_left(folded, family, lattice, is_open=is_open),
            *(_as_tail(folded, family, lattice) if may_end and family.is_noun == as_noun else ()),
        ]
        cost, at, end = min(found, default=(FOREVER, 0, 0))
        is_rare_compound = lattice.is_whole() and self.dictionary.is_compound(folded)
        if cost == FOREVER or cost > lattice.cheapest() + (WHOLE_MARGIN if is_rare_compound else MARGIN):
            return ""
        return "·".join([*lattice.cut_before(at), folded[at:end], *lattice.cut_rest(end)])

    def _behind_unknown(self, folded: str, family: Family, lattice: Lattice) -> str:
        """Return how a word is cut that nothing explains and that ends in the term, as those with a name do: "Schengen·raum"."""
        if lattice.cheapest() < FOREVER or self.dictionary.is_noun(folded) or not family.is_noun:
            return ""
        last = next((at for at in range(1, len(folded)) if self.dictionary.is_noun(folded[at:])), 0)
        for tail in family.tails:
            at = len(folded) - len(tail)
            # "Pulitzer·preis" ends in "Preis", and not in "Reis".
            if at >= SHORTEST_UNKNOWN and len(tail) >= SHORTEST_UNKNOWN and folded.endswith(tail) and last in (0, at):
                return f"{folded[:at]}·{tail}"
        if last >= SHORT and (step := self._judge_part(folded[last:].capitalize(), is_open=False, case_tells=True)):
            return f"{folded[:last]}·{step.analysis.lower()}" if step.by == "compound" else ""
        return ""


Cut = tuple[float, int, int]


def _as_left(folded: str, family: Family, lattice: Lattice, *, is_open: bool) -> Iterator[Cut]:
    """Yield the cuts that have the term as a part with another behind it, or before a hyphen: cost, where it begins and ends."""
    for left, cost in family.lefts.items():
        at = folded.find(left)
        while at >= 0:
            end = at + len(left)
            if end < len(folded) or is_open:
                before = lattice.before(at)
                if before < FOREVER:
                    yield before + cost + (lattice.rest(end) if end < len(folded) else 0.0), at, end
            at = folded.find(left, at + 1)


def _as_tail(folded: str, family: Family, lattice: Lattice) -> Iterator[Cut]:
    for tail, cost in family.tails.items():
        at = len(folded) - len(tail)
        if at > 0 and folded.endswith(tail):
            yield lattice.before(at) + cost, at, len(folded)
