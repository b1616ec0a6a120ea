"""Names as patterns: with their case and their genitive, also inside hyphenated words, never bent like nouns, never guessed at.

There may be a hundred thousand of them, so a name is kept as it is written, and its forms are made when it may be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.match.forms.names import bent_forms, name_keys
from monitor.match.forms.term import LONGEST_WORDLIKE
from monitor.match.forms.tokens import clean, is_acronym, spellings
from monitor.match.hits import Chunk, Hit, LocalPattern
from monitor.match.rows import window_around
from monitor.match.words import Word, flat, fold, fold_bare, words

_HYPHENS = ("-", " ")
# Longer names in capitals are names that somebody wrote in capitals, as lists of sanctions do.
LONGEST_ACRONYM = 5


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A name of one or more words. ``by`` says whether it is a label, an alias or an acronym."""

    name: str
    by: str

    @property
    def anchors(self) -> frozenset[str]:
        """See ``Pattern``: the longest word, which is the rarest, in all its forms, so that a longer word is none of them."""
        parts = _parts(self.name)
        return _anchors(parts, _by_length(parts)[0])

    @property
    def is_local(self) -> bool:
        """See ``Pattern``."""
        return len(_parts(self.name)) == 1

    def in_chunk(self, chunk: Chunk, *, case_tells: bool) -> list[Hit]:
        """See ``Pattern``."""
        return list(self._rows(chunk.words, case_tells=case_tells))

    def is_anchored(self, chunk: Chunk) -> bool:
        """See ``Pattern``."""
        forms = _anchor_forms(self.name)
        return any(word.folded in forms for word in chunk.words)

    @property
    def is_whole(self) -> bool:
        """See ``Pattern``."""
        return True

    @property
    def beside(self) -> frozenset[str]:
        """See ``Pattern``: the longest of the other words."""
        parts = _parts(self.name)
        others = _by_length(parts)[1:]
        return _anchors(parts, others[0]) if others else frozenset()

    @property
    def is_beside_whole(self) -> bool:
        """See ``Pattern``."""
        return True

    @property
    def reach(self) -> tuple[int, int]:
        """See ``Pattern``."""
        return _reach(self.name)

    def around(self, text: str, start: int, end: int, *, case_tells: bool) -> list[Hit]:
        """See ``Pattern``."""
        begin, window = window_around(text, start, end, *self.reach)
        hits = (Hit(begin + hit.start, begin + hit.end, hit.by) for hit in self._rows(words(window), case_tells=case_tells))
        return [hit for hit in hits if hit.start < end and start < hit.end]

    def _rows(self, row: Sequence[Word], *, case_tells: bool) -> Iterator[Hit]:
        parts = _parts(self.name)
        for first in range(len(row) - len(parts) + 1):
            if all(self._fits(row[first + number], parts, number, case_tells=case_tells) for number in range(len(parts))):
                yield self._hit(row, first, parts)

    def _fits(self, word: Word, parts: Sequence[Word], number: int, *, case_tells: bool) -> bool:
        part, is_last = parts[number], number == len(parts) - 1
        if word.folded not in _forms(part.text, is_last=is_last):
            return False
        if number and word.gap != part.gap and (word.gap not in _HYPHENS or part.gap not in _HYPHENS):
            return False
        if self.by == "acronym" or (is_acronym(part.text) and len(part.text) <= LONGEST_ACRONYM):
            # "AGs" is the plural of "AG"; "ags" and "Ag" are something else. In a sentence of capitals "IT" is a word.
            is_sign = word.text in (part.text, part.text + "s")
            return is_sign and (case_tells or len(part.text) > LONGEST_WORDLIKE or len(parts) > 1)
        return not (case_tells and part.text[:1].isupper() and word.text[:1].islower())

    def _hit(self, row: Sequence[Word], first: int, parts: Sequence[Word]) -> Hit:
        last = first + len(parts)
        following = row[last] if last < len(row) else None
        if following is not None and following.gap == "'" and following.folded == "s":
            # "Selenskyj's": the genitive as English writes it, and many Germans too.
            return Hit(row[first].start, following.end, "genitive")
        written = row[last - 1].folded
        is_bent = written not in (parts[-1].folded, fold_bare(parts[-1].text)) and written.endswith("s")
        return Hit(row[first].start, row[last - 1].end, "genitive" if is_bent else self.by)


@dataclass(frozen=True, slots=True)
class PrefixPattern(LocalPattern):
    """The first part of hyphenated words: "US" for US-Hilfen."""

    prefix: str

    @property
    def anchors(self) -> frozenset[str]:
        """See ``Pattern``."""
        return frozenset({f"{self.prefix.lower()}-"})

    def in_chunk(self, chunk: Chunk, *, case_tells: bool) -> list[Hit]:  # noqa: ARG002  # a prefix is a sign, in any sentence
        """See ``Pattern``."""
        return [Hit(token.start, token.end, "prefix") for token in chunk.tokens if clean(token.text).startswith(f"{self.prefix}-")]


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[Word, ...]:
    return tuple(words(name))


@lru_cache(maxsize=4096)
def _reach(name: str) -> tuple[int, int]:
    """Return how many chunks a name may take before and behind that of its longest word; its signs may be chunks."""
    parts = _parts(name)
    anchor = _by_length(parts)[0]
    more = sum(word.gap not in ("", " ") for word in parts)
    return anchor + more, len(parts) - 1 - anchor + more


def _by_length(parts: Sequence[Word]) -> list[int]:
    """Return the places of the words of a name, the longest first."""
    return sorted(range(len(parts)), key=lambda number: -len(parts[number].folded))


def _anchors(parts: Sequence[Word], number: int) -> frozenset[str]:
    """Return a word of a name in all its forms, as it may stand in a flat text."""
    word = parts[number]
    written = flat(word.text)
    forms = _forms(word.text, is_last=number == len(parts) - 1)
    found = {spelling for form in forms for spelling in spellings(form)}
    # Letters that are folded to two and are no umlauts: "Kjær".
    return frozenset(found | {written + form.removeprefix(word.folded) for form in forms if form.startswith(word.folded)})


@lru_cache(maxsize=4096)
def _anchor_forms(name: str) -> frozenset[str]:
    parts = _parts(name)
    longest = _by_length(parts)[0]
    return _forms(parts[longest].text, is_last=longest == len(parts) - 1)


@lru_cache(maxsize=8192)
def _forms(word: str, *, is_last: bool) -> frozenset[str]:
    if is_acronym(word):
        folded = fold(word)
        return frozenset({folded, folded + "s"} if is_last else {folded})
    keys = name_keys(word)
    return keys | bent_forms(keys, is_last=is_last)
