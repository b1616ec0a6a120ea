"""What an edit changed, word by word, in a time that grows with the length of the texts and not with its square.

The usual way to compare (``difflib``) is quadratic and worse: two texts of 200 kB that repeat themselves hold it up for
minutes. Here words that occur once on either side are anchors (the "patience" way); only the short pieces between
anchors are compared word with word, and a long piece without an anchor counts as replaced.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

By = Literal["same", "out", "in"]

# Pieces of up to 24 x 24 words are compared word with word: their tables add up to less than 24 steps for each word.
_CELLS = 24 * 24
# Each level of anchors goes over the text once.
_LEVELS = 8
_WORD = re.compile(r"\n|[^\s]+")
_AROUND = 6


@dataclass(frozen=True, slots=True)
class Revision:
    """What an item said before it was edited; ``until`` is when the edit was seen."""

    number: int
    until: datetime
    title: str
    summary: str
    content: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of two texts: words of both ("same"), of the old one only ("out"), of the new one only ("in")."""

    text: str
    by: By

    @property
    def is_out(self) -> bool:
        """Say whether the words are gone."""
        return self.by == "out"

    @property
    def is_in(self) -> bool:
        """Say whether the words are new."""
        return self.by == "in"


_Words = Sequence[str]
_Piece = tuple[By, str]


def diff(old: str, new: str) -> tuple[Edit, ...]:
    """Return the pieces of both texts in their order; spaces are folded. Without its "in" pieces it is the old text."""
    words = _pieces(_WORD.findall(old), _WORD.findall(new), _LEVELS)
    return tuple(Edit(" ".join(word for _, word in group), by) for by, group in groupby(words, key=lambda piece: piece[0]))


def changes_of(before: Revision, title: str, summary: str, content: str, around: int = _AROUND) -> tuple[Edit, ...]:
    """Return what changed between a revision and the next texts: each text that changed, with a few words around each change."""
    pairs = ((before.title, title), (before.summary, summary), (before.content, content))
    found: list[Edit] = []
    for old, new in pairs:
        if old != new:
            found += [Edit("…", "same")] if found else []
            found += excerpt(diff(old, new), around)
    return tuple(found)


def excerpt(edits: Sequence[Edit], around: int = _AROUND) -> tuple[Edit, ...]:
    """Return the changes with at most ``around`` words of what stayed before and after each, and "…" for the rest."""
    return tuple(_shortened(edit, around, is_first=at == 0, is_last=at == len(edits) - 1) for at, edit in enumerate(edits))


def _shortened(edit: Edit, around: int, *, is_first: bool, is_last: bool) -> Edit:
    words = edit.text.split()
    before, after = (0 if is_first else around), (0 if is_last else around)
    if edit.by != "same" or len(words) <= before + after + 1:
        return Edit(" ".join(words), edit.by)
    return Edit(" ".join([*words[:before], "…", *words[len(words) - after :]]), "same")


def _pieces(old: _Words, new: _Words, levels: int) -> Iterator[_Piece]:
    head = _common(old, new)
    tail = min(_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
    yield from (("same", word) for word in old[:head])
    yield from _middle(old[head : len(old) - tail], new[head : len(new) - tail], levels)
    yield from (("same", word) for word in old[len(old) - tail :])


def _common(old: _Words, new: _Words) -> int:
    length = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        length += 1
    return length


def _middle(old: _Words, new: _Words, levels: int) -> Iterator[_Piece]:
    if not old or not new:
        yield from _replaced(old, new)
    elif len(old) * len(new) <= _CELLS:
        yield from _aligned(old, new)
    elif not levels or not (anchors := _anchors(old, new)):
        yield from _replaced(old, new)
    else:
        at_old, at_new = 0, 0
        for in_old, in_new in anchors:
            yield from _pieces(old[at_old:in_old], new[at_new:in_new], levels - 1)
            yield "same", old[in_old]
            at_old, at_new = in_old + 1, in_new + 1
        yield from _pieces(old[at_old:], new[at_new:], levels - 1)


def _replaced(old: _Words, new: _Words) -> Iterator[_Piece]:
    yield from (("out", word) for word in old)
    yield from (("in", word) for word in new)


def _anchors(old: _Words, new: _Words) -> list[tuple[int, int]]:
    """Return the places of words that occur once on either side, as many as stand in the same order on both."""
    once_old = {word for word, count in Counter(old).items() if count == 1}
    once_new = {word for word, count in Counter(new).items() if count == 1}
    places = {word: at for at, word in enumerate(new) if word in once_new}
    pairs = [(at, places[word]) for at, word in enumerate(old) if word in once_old and word in places]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs whose second numbers rise (patience sorting, n log n)."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(last[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            last.append(at)
        else:
            tops[pile], last[pile] = place, at
    found = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _aligned(old: _Words, new: _Words) -> Iterator[_Piece]:
    """Compare word with word: the longest common subsequence by its table, for short pieces only."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row in range(len(old) - 1, -1, -1):
        for column in range(len(new) - 1, -1, -1):
            is_same = old[row] == new[column]
            table[row][column] = table[row + 1][column + 1] + 1 if is_same else max(table[row + 1][column], table[row][column + 1])
    row = column = 0
    while row < len(old) and column < len(new):
        if old[row] == new[column]:
            yield "same", old[row]
            row, column = row + 1, column + 1
        elif table[row + 1][column] >= table[row][column + 1]:
            yield "out", old[row]
            row += 1
        else:
            yield "in", new[column]
            column += 1
    yield from _replaced(old[row:], new[column:])
