"""A word cut into known parts, as cheaply as possible: "zu·griff" beats "zug·riff", "gast·haus" beats "gas·thaus".

A part costs the logarithm of how rare it is (see ``parts``); the cost of a cut is the sum. A term is a part of a word if the
cheapest cut that has the term as a part is about as cheap as the cheapest of all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.match.forms.compact import FOREVER, Compact
from monitor.match.forms.german import DERIVING, ENDING_NOUNS, PREFIXES, SHORT_NOUNS
from monitor.match.forms.pack import COMPOUND, NAME, NOUN, OTHER

# A noun that begins no compound of the dictionary may begin one in a text; a linking letter that none shows costs more.
UNSEEN_LEFT = 13.5
UNSEEN_LINK = 1.5
OFTEN = 10.0
# The last part is of the other kind than the word looks.
OTHER_TAIL = 2.0
_UNSEEN_LINKS = ("s", "n", "en", "es", "er")


@dataclass(slots=True)
class Lattice:
    """All cuts of one folded word. ``is_noun``: its last part is a noun."""

    text: str
    is_noun: bool
    dictionary: Compact
    _lefts: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    _rest: dict[int, tuple[float, int]] = field(default_factory=dict)
    _before: list[tuple[float, int]] | None = None

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
        return self._all_before()[at][0]

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
            start = self._all_before()[at][1]
            parts.insert(0, self.text[start:at])
            at = start
        return parts

    def _best_rest(self, at: int) -> tuple[float, int]:
        known = self._rest.get(at)
        if known is not None:
            return known
        best = (self._tail_cost(at), len(self.text))
        for end, cost in self._arcs(at):
            if end < len(self.text) and (total := cost + self._best_rest(end)[0]) < best[0]:
                best = (total, end)
        self._rest[at] = best
        return best

    def _tail_cost(self, at: int) -> float:
        tail = self.text[at:]
        if tail in DERIVING and at and not (self.is_noun and tail in ENDING_NOUNS):
            return FOREVER
        own = self.dictionary.tail_cost(tail, is_noun=self.is_noun)
        # A noun may be an adjective's ("Stadtverordnete"), and not all write nouns with a capital ("netzpolitik").
        return min(own, self.dictionary.tail_cost(tail, is_noun=not self.is_noun) + OTHER_TAIL)

    def _all_before(self) -> list[tuple[float, int]]:
        if self._before is None:
            best = [(FOREVER, 0)] * (len(self.text) + 1)
            best[0] = (0.0, 0)
            for at in range(len(self.text)):
                if best[at][0] < FOREVER:
                    for end, cost in self._arcs(at):
                        if (total := best[at][0] + cost) < best[end][0]:
                            best[end] = (total, at)
            self._before = best
        return self._before

    def _arcs(self, at: int) -> list[tuple[int, float]]:
        known = self._lefts.get(at)
        if known is not None:
            return known
        found: list[tuple[int, float]] = []
        for string, flags, learnt in self.dictionary.parts(self.text[at:]):
            cost = _left_cost(string, flags, learnt)
            if cost == FOREVER:
                continue
            end = at + len(string)
            found.append((end, cost))
            # A noun that often stands without a link does not take one: "Wind·heim", never "Wind·s·heim".
            if flags & NOUN and not flags & OTHER and cost > OFTEN:
                found += [(end + len(link), cost + UNSEEN_LINK) for link in _UNSEEN_LINKS if self.text.startswith(link, end)]
        self._lefts[at] = found
        return found


def _left_cost(string: str, flags: int, learnt: float) -> float:
    if string in PREFIXES or (len(string) <= 3 and string not in SHORT_NOUNS and (len(string) < 3 or learnt == FOREVER)):
        return FOREVER
    if learnt == FOREVER and flags & NOUN and not flags & (COMPOUND | NAME):
        return UNSEEN_LEFT
    return learnt
