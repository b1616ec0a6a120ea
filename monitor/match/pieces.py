"""What is known of the pieces of texts between two spaces, and what may stand around them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from monitor.match.hits import Hit, Pattern
from monitor.match.latin import SPACE, words_of
from monitor.match.words import FIRST_UNSPACED

# Pieces that are remembered, in two generations; German news has about so many in a day.
MOST_KEPT = 100_000

# A string as anchors are looked for in it: see ``words.flat`` and ``latin.flat_bytes``.
Flat = str | bytes
_WORDS = re.compile(r"[^\W_]+")
# Says of a piece that nothing is known of it yet. It is true, as what holds something is.
NEW: Any = True


@dataclass(frozen=True, slots=True)
class Wider:
    """Patterns that may stand around a piece, so many other pieces ``before`` or ``behind``, by what is near then.

    That is one of the words of ``beside``, or a string of ``within``, which may be a part of a word.
    """

    beside: Mapping[Flat, Sequence[int]]
    within: Sequence[tuple[Flat, Sequence[int]]]
    before: int
    behind: int

    def near(self, low: Any, begin: int, end: int) -> Sequence[int]:
        """Return the patterns that may stand around the piece between two places of a flat text that ends with a space."""
        is_latin = isinstance(low, bytes)
        space = SPACE if is_latin else " "
        for _ in range(self.before):
            begin = low.rfind(space, 0, begin - 1) + 1 if begin else 0
        for _ in range(self.behind):
            end = low.find(space, end + 1) if end < len(low) - 1 else end
        around = low[begin:end]
        numbers: list[int] = []
        if self.within:
            numbers += [number for string, patterns in self.within if string in around for number in patterns]
        if self.beside:
            words = words_of(around) if is_latin else _WORDS.findall(around)
            if not self.beside.keys().isdisjoint(words):
                numbers += [number for word in words if word in self.beside for number in self.beside[word]]
        return numbers if len(numbers) < 2 else list(dict.fromkeys(numbers))


class Known(NamedTuple):
    """What a piece holds: hits of local patterns, each with the pattern's number, and patterns that may stand around it.

    ``caseless`` are the hits where capitals say nothing; None: the same.
    """

    hits: Sequence[tuple[int, Hit]]
    caseless: Sequence[tuple[int, Hit]] | None
    wider: Wider | None


# What is known of pieces; None: nothing that is looked for.
Knowledge = dict[str, Known | None]


class Memory:
    """What is known of pieces of texts that are made flat in one way. What was not met for long is forgotten."""

    def __init__(self, flatten: Callable[[str], Flat | None]) -> None:
        self.flatten = flatten
        self.kept: Knowledge = {}
        self._older: Knowledge = {}

    def fresh(self) -> Knowledge:
        """Return what is known, ``kept``, for the next text; what is found out is to be added to it."""
        if len(self.kept) >= MOST_KEPT // 2:
            self._older, self.kept = self.kept, {}
        return self.kept

    def recall(self, pieces: Iterable[str]) -> list[str]:
        """Bring back what was known of pieces; return the others."""
        older = self._older
        pieces = list(pieces)
        self.kept.update({piece: older[piece] for piece in pieces if piece in older})
        return [piece for piece in pieces if piece not in older]


def around_piece(rows: Sequence[tuple[int, Pattern]], flatten: Callable[[str], Flat | None]) -> Wider | None:
    """Return what tells which of these patterns, each with its number, may stand around a piece that has their anchor."""
    if not rows:
        return None
    beside: dict[Flat, list[int]] = defaultdict(list)
    within: dict[Flat, list[int]] = defaultdict(list)
    for number, pattern in rows:
        # The empty string is near everything.
        for string in pattern.beside or ("",):
            is_word = pattern.is_beside_whole and string.isalnum() and max(string) < FIRST_UNSPACED
            low = flatten(string)
            # A string with a letter that bytes do not have is in no text of bytes.
            if low is not None:
                (beside if is_word else within)[low].append(number)
    return Wider(dict(beside), tuple(within.items()), *_reach([pattern for _, pattern in rows]))


def _reach(patterns: Iterable[Pattern]) -> tuple[int, int]:
    """Return how many pieces before and behind theirs the patterns may take."""
    before, behind = zip(*(pattern.reach for pattern in patterns), strict=True)
    return max(before), max(behind)
