"""A word cut into known parts, as cheaply as possible: "zu·griff" beats "zug·riff", "gast·haus" beats "gas·thaus".

A part costs the logarithm of how rare it is (see ``parts``); the cost of a cut is the sum. A term is a part of a word if the
cheapest cut that has the term as a part is about as cheap as the cheapest of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from monitor.match.forms.compact import FOREVER, Compact
from monitor.match.forms.german import DERIVING, ENDING_NOUNS, PREFIXES, SHORT_NOUNS
from monitor.match.forms.pack import COMPOUND, NAME, NOUN, OTHER

UNSEEN_LEFT = 13.5
# A linking letter that no word of the dictionary shows.
UNSEEN_LINK = 1.5
OFTEN = 10.0
# The last part is of the other kind than the word looks.
OTHER_TAIL = 2.0
# Words of so few letters need to be listed or learnt.
SHORT = 3
_NO_BEGINNING = COMPOUND | NAME
_UNSEEN_LINKS = ("s", "n", "en", "es", "er")


# How many ends of words have their first parts remembered: 3 MB.
REMEMBERED = 8192
FirstParts = Callable[[str], Iterable[tuple[int, float]]]


@dataclass(slots=True)
class Lattice:
    """All cuts of one folded word. ``is_noun``: its last part is a noun."""

    text: str
    is_noun: bool
    dictionary: Compact
    first_parts: FirstParts
    _rest: dict[int, tuple[float, int]] = field(default_factory=dict)
    _before: list[tuple[float, int]] = field(init=False)
    _reached: int = 0

    def __post_init__(self) -> None:
        self._before = [(0.0, 0)] + [(FOREVER, 0)] * len(self.text)

    def cheapest(self) -> float:
        """Return the cost of the cheapest cut of the whole word."""
        return self.rest(0)

    def is_whole(self) -> bool:
        """Say whether the cheapest is not to cut it."""
        return self._best_rest(0)[1] == len(self.text)

    def rest(self, at: int) -> float:
        """Return the cost of the cheapest cut of what begins at a place."""
        return self._best_rest(at)[0]

    def before(self, at: int) -> float:
        """Return the cost of the cheapest row of first parts that ends at a place."""
        return self._best_before(at)[0]

    def cut_rest(self, at: int) -> list[str]:
        """Return the parts of the cheapest cut of what begins at a place."""
        parts: list[str] = []
        while at < len(self.text):
            cost, end = self._best_rest(at)
            if cost == FOREVER:
                return [*parts, self.text[at:]]
            parts.append(self.text[at:end])
            at = end
        return parts

    def cut_before(self, at: int) -> list[str]:
        """Return the parts of the cheapest row of first parts that ends at a place."""
        parts: list[str] = []
        while at > 0:
            start = self._best_before(at)[1]
            parts.insert(0, self.text[start:at])
            at = start
        return parts

    def _best_rest(self, at: int) -> tuple[float, int]:
        known = self._rest.get(at)
        if known is not None:
            return known
        size = len(self.text)
        text = self.text[at:] if at else self.text
        best, best_end = self._tail_cost(text, at), size
        for length, cost in self.first_parts(text):
            # What is dearer already does not get cheaper by what follows.
            if cost < best and (end := at + length) < size and (total := cost + self._best_rest(end)[0]) < best:
                best, best_end = total, end
        self._rest[at] = best, best_end
        return best, best_end

    def _tail_cost(self, tail: str, at: int) -> float:
        if at and tail in DERIVING and not (self.is_noun and tail in ENDING_NOUNS):
            return FOREVER
        noun, other = self.dictionary.tail_costs(tail)
        if self.is_noun and at and noun == FOREVER > other and _is_finite(tail, self.dictionary.lemma(tail)):
            return FOREVER
        # A noun may be an adjective's ("Stadtverordnete"), and not all write nouns with a capital ("netzpolitik").
        return min(noun, other + OTHER_TAIL) if self.is_noun else min(other, noun + OTHER_TAIL)

    def _best_before(self, at: int) -> tuple[float, int]:
        best = self._before
        for start in range(self._reached, at):
            so_far = best[start][0]
            if so_far < FOREVER:
                for length, cost in self.first_parts(self.text[start:]):
                    if so_far + cost < best[start + length][0]:
                        best[start + length] = (so_far + cost, start)
        self._reached = max(self._reached, at)
        return best[at]


def _is_finite(form: str, lemma: str | None) -> bool:
    """Say whether a form of a verb is one that no noun ends in: "agier" in "Passagier", "las" in "Nicolas"; not "klau", "orientierte"."""
    if lemma is None or lemma == form or not lemma.endswith("n"):
        return False
    return len(form) <= SHORT or (lemma.endswith("ieren") and form.removeprefix(lemma[:-2]) in ("", "e", "t", "st", "et", "est"))


def first_parts(dictionary: Compact) -> FirstParts:
    """Return what finds the first parts that a text may have: their lengths and costs. It remembers: many words end alike."""
    return lru_cache(maxsize=REMEMBERED)(lambda text: _first_parts(text, dictionary))


def _first_parts(text: str, dictionary: Compact) -> tuple[tuple[int, float], ...]:
    found: list[tuple[int, float]] = []
    for string, flags, cost in dictionary.parts(text):
        if cost == FOREVER:
            # A noun that begins no compound of the dictionary may begin one in a text.
            if not flags & NOUN or flags & _NO_BEGINNING or (len(string) <= SHORT and string not in SHORT_NOUNS):
                continue
            cost = UNSEEN_LEFT  # noqa: PLW2901
        if string in PREFIXES or (len(string) < SHORT and string not in SHORT_NOUNS):
            continue
        length = len(string)
        found.append((length, cost))
        # A noun that often stands without a link does not take one: "Wind·heim", never "Wind·s·heim".
        if cost > OFTEN and flags & NOUN and not flags & OTHER:
            found += [(length + len(link), cost + UNSEEN_LINK) for link in _UNSEEN_LINKS if text.startswith(link, length)]
    return tuple(found)
