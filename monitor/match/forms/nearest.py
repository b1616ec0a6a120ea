"""Known words that look like an unknown one: for "did you mean"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.match.forms.compact import Compact

_LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"
MOST = 5


def nearest(word: str, dictionary: Compact, most: int = MOST) -> list[str]:
    """Return known words that one slip away from a word, else two: a letter lost, doubled, wrong, or two of them swapped."""
    found = {other: None for candidate in dict.fromkeys(_slips(word)) for other in dictionary.spellings(candidate) if other != word}
    if not found:
        found = dict.fromkeys(_farther(word, dictionary))
    plain = _single(word)
    return sorted(found, key=lambda other: (_single(other) != plain, not dictionary.is_base(other), other[:1] != word[:1], other))[:most]


def _single(word: str) -> str:
    """Return a word without its double letters, which are what people get wrong most."""
    return re.sub(r"(.)\1+", r"\1", word)


def _slips(word: str) -> Iterator[str]:
    yield word.capitalize() if word.islower() else word.lower()
    for at in range(len(word)):
        start, end = word[:at], word[at:]
        yield start + end[1:]
        if len(end) > 1:
            yield start + end[1] + end[0] + end[2:]
        for letter in _LETTERS:
            fitting = letter.upper() if at == 0 and word[:1].isupper() else letter
            yield start + fitting + end[1:]
            yield start + letter + end
    for letter in _LETTERS:
        yield word + letter


def _farther(word: str, dictionary: Compact) -> Iterator[str]:
    """Yield words two slips away whose first half is right: people err in the middle and at the end."""
    half = max(2, (len(word) + 1) // 2)
    for other in dictionary.starting(word[:half]):
        if abs(len(other) - len(word)) <= 2 and _distance(word[half:], other[half:]) <= 2:
            yield other


def _distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        diagonal, row[0] = row[0], at
        for place, also in enumerate(other, 1):
            diagonal, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, diagonal + (sign != also))
    return row[-1]
