"""The compact dictionary of one language, opened: what is known of a form, and all forms of a word.

The numbers are read where they lie in the mapped file; the two tries (5 MB) are copied. What the sections mean: see ``pack``.
"""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import marisa_trie

from monitor.match.forms.pack import COMPOUND, LEMMA, MAGIC, NAME, NEVER, NOUN, OTHER, PREFIXED, STEP

FOREVER = float("inf")
_COSTS = [number / STEP for number in range(NEVER)] + [FOREVER]
_HEAD_BYTES = 4096
_UNFOLDED = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß"}
# More digraphs than that are no German word: "oe" and "ss" in both spellings are four trials.
_MOST_DIGRAPHS = 5


class Spoilt(Exception):
    """The file is not a whole dictionary of this stamp."""


class Compact:
    """One dictionary. Safe to share between threads: nothing in it changes."""

    def __init__(self, mapped: mmap.mmap | bytes, start: int, table: dict[str, tuple[int, int]]) -> None:
        view = memoryview(mapped)

        def section(name: str) -> memoryview:
            offset, size = table[name]
            return view[start + offset : start + offset + size]

        self._forms = marisa_trie.Trie().frombytes(bytes(section("forms")))
        self._lemma, self._row_start, self._rows = (section(name).cast("I") for name in ("lemma", "row_start", "rows"))
        self._folded = marisa_trie.Trie().frombytes(bytes(section("folded")))
        self._flags, self._left = section("flags"), section("left")
        self._tails = {True: section("noun_tail"), False: section("other_tail")}

    @classmethod
    def open(cls, path: Path, stamp: str) -> Compact:
        """Open a file that ``pack`` made.

        Raises:
            OSError: it is not there or cannot be read.
            Spoilt: it is not whole, or has another stamp.
        """
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            line, end, _ = head.removeprefix(MAGIC).partition(b"\n")
            if not head.startswith(MAGIC) or not end:
                raise Spoilt(path)
            try:
                facts = json.loads(line)
                start, size, crc = len(MAGIC) + len(line) + 1, int(facts["size"]), int(facts["crc"])
                table = {name: (int(offset), int(length)) for name, (offset, length) in facts["sections"].items()}
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise Spoilt(path) from error
            file.seek(start)
            seen, length = 0, 0
            # Read and not mapped: the pages that are only checked do not become ours.
            while chunk := file.read(1 << 20):
                seen, length = zlib.crc32(chunk, seen), length + len(chunk)
            if (length, seen, facts.get("stamp")) != (size, crc, stamp):
                raise Spoilt(path)
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), start, table)

    def spellings(self, word: str) -> list[str]:
        """Return how a word stands in the dictionary: as it is, or with its umlauts ("Maerkte": "Märkte")."""
        if word in self._forms:
            return [word]
        low = word.lower()
        places = [at for at in range(len(low) - 1) if low[at : at + 2] in _UNFOLDED][:_MOST_DIGRAPHS]
        return [other for choice in product((False, True), repeat=len(places)) if (other := _unfold(word, places, choice)) in self._forms]

    def lemma(self, form: str) -> str | None:
        """Return the base form of a form as it is spelt here; None: unknown."""
        number = self._forms.get(form)
        return None if number is None else str(self._forms.restore_key(self._lemma[number]))

    def is_base(self, form: str) -> bool:
        """Say whether a form, as it is spelt here, is the base form of a word."""
        number = self._forms.get(form)
        return number is not None and self._lemma[number] == number

    def paradigm(self, lemma: str) -> list[str]:
        """Return all forms of a base form; nothing for what is none."""
        number = self._forms.get(lemma)
        if number is None:
            return []
        return [self._forms.restore_key(one) for one in self._rows[self._row_start[number] : self._row_start[number + 1]]]

    def starting(self, start: str) -> list[str]:
        """Return all forms that begin so."""
        return list(self._forms.keys(start))

    def words(self) -> Iterator[str]:
        """Yield all forms."""
        yield from self._forms.iterkeys()

    def is_known(self, folded: str) -> bool:
        """Say whether a folded form is one of a word."""
        return bool(self._flag(folded))

    def is_noun(self, folded: str) -> bool:
        """Say whether a folded form is one of a noun."""
        return bool(self._flag(folded) & NOUN)

    def is_other(self, folded: str) -> bool:
        """Say whether a folded form is one of a word in lower case."""
        return bool(self._flag(folded) & OTHER)

    def is_name(self, folded: str) -> bool:
        """Say whether a folded form is one of a place's or a family's name, as far as its end tells."""
        return bool(self._flag(folded) & NAME)

    def is_compound(self, folded: str) -> bool:
        """Say whether a folded form is one of a compound."""
        return bool(self._flag(folded) & COMPOUND)

    def is_prefixed(self, folded: str) -> bool:
        """Say whether a folded form is one of a compound of a particle and a noun: "Abgas"."""
        return bool(self._flag(folded) & PREFIXED)

    def is_lemma(self, folded: str) -> bool:
        """Say whether a folded form is a base form."""
        return bool(self._flag(folded) & LEMMA)

    def _flag(self, folded: str) -> int:
        number = self._folded.get(folded)
        return 0 if number is None else self._flags[number]

    def left_cost(self, folded: str) -> float:
        """Return what a string costs as the first part of a compound."""
        number = self._folded.get(folded)
        return FOREVER if number is None else _COSTS[self._left[number]]

    def tail_cost(self, folded: str, *, is_noun: bool) -> float:
        """Return what a form costs as the last part of a compound."""
        number = self._folded.get(folded)
        return FOREVER if number is None else _COSTS[self._tails[is_noun][number]]

    def tail_costs(self, folded: str) -> tuple[float, float]:
        """Return what a form costs as the last part of a compound: of a noun, of another word."""
        number = self._folded.get(folded)
        return (FOREVER, FOREVER) if number is None else (_COSTS[self._tails[True][number]], _COSTS[self._tails[False][number]])

    def parts(self, text: str) -> list[tuple[str, int, float]]:
        """Return the known strings at the beginning of a folded text: string, flags, cost as a first part."""
        flags, left = self._flags, self._left
        return [(string, flags[number], _COSTS[left[number]]) for string, number in self._folded.iter_prefixes_with_ids(text)]


def _unfold(word: str, places: list[int], choice: tuple[bool, ...]) -> str:
    signs = list(word)
    for at, is_chosen in zip(places, choice, strict=True):
        if is_chosen and len(signs[at]) and signs[at + 1]:
            umlaut = _UNFOLDED[word[at : at + 2].lower()]
            signs[at], signs[at + 1] = (umlaut.upper() if word[at].isupper() else umlaut), ""
    return "".join(signs)
