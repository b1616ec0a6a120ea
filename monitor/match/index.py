"""All patterns of all rules at once over one text.

One pass of an Aho-Corasick automaton over the lower-cased text finds where anything could be; what a piece of text between two
spaces holds is found out once and remembered. So a text costs about the same with a hundred patterns or a hundred thousand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.match.hits import Chunk, Hit, Pattern
from monitor.match.sentences import is_caseless
from monitor.match.words import flat

# Pieces that are remembered; German news has about so many in a day.
MOST_KEPT = 50_000


@dataclass(slots=True)
class _Known:
    """What a chunk holds: hits of local patterns, with spans in the chunk, and the patterns to be looked for around it.

    ``caseless`` are the hits where capitals say nothing; None: the same.
    """

    hits: tuple[tuple[int, Hit], ...]
    caseless: tuple[tuple[int, Hit], ...] | None
    wider: tuple[int, ...]


_NOTHING = _Known((), None, ())


class Index:
    """Patterns by their anchors."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        import ahocorasick_rs

        self._patterns = tuple(patterns)
        by_anchor: dict[str, list[int]] = defaultdict(list)
        for number, pattern in enumerate(self._patterns):
            for anchor in pattern.anchors:
                by_anchor[flat(anchor)].append(number)
        self._numbers = [tuple(dict.fromkeys(numbers)) for numbers in by_anchor.values()]
        # The first match that ends is enough to know that a chunk is to be looked at.
        self._automaton: Any = ahocorasick_rs.AhoCorasick(list(by_anchor)) if by_anchor else None
        self._kept: dict[str, _Known] = {}

    def hits(self, text: str, *, is_address: bool = False) -> Iterator[tuple[int, Hit]]:
        """Yield (number of the pattern, hit) for all that is found in a text."""
        if self._automaton is None or not text:
            return
        low = flat(text)
        done = 0
        for _, start, end in self._automaton.find_matches_as_indexes(low):
            if start < done:
                continue
            begin, done = low.rfind(" ", 0, start) + 1, low.find(" ", end)
            if done < 0:
                done = len(low)
            known = self._chunk(text[begin:done], is_address=is_address)
            if known is not _NOTHING:
                yield from self._found(known, text, low, begin, done)

    def _found(self, known: _Known, text: str, low: str, begin: int, end: int) -> Iterator[tuple[int, Hit]]:
        hits = known.hits
        if known.caseless is not None and is_caseless(text, begin, end):
            hits = known.caseless
        for number, (start, stop, by, analysis) in hits:
            yield number, Hit(begin + start, begin + stop, by, analysis)
        for number in known.wider:
            pattern = self._patterns[number]
            if pattern.may_be_around(low, begin, end):
                for hit in pattern.around(text, begin, end, case_tells=not is_caseless(text, begin, end)):
                    yield number, hit

    def _chunk(self, piece: str, *, is_address: bool) -> _Known:
        known = self._kept.get(piece) if not is_address else None
        if known is None:
            known = self._look(Chunk(piece, is_address))
            if not is_address:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                self._kept[piece] = known
        return known

    def _look(self, chunk: Chunk) -> _Known:
        matches = self._automaton.find_matches_as_indexes(flat(chunk.text), overlapping=True)
        numbers = dict.fromkeys(number for anchor, _, _ in matches for number in self._numbers[anchor])
        local = [number for number in numbers if self._patterns[number].is_local]
        wider = tuple(number for number in numbers if not self._patterns[number].is_local)
        hits = tuple((number, hit) for number in local for hit in self._patterns[number].in_chunk(chunk, case_tells=True))
        caseless = tuple((number, hit) for number in local for hit in self._patterns[number].in_chunk(chunk, case_tells=False))
        if not (hits or caseless or wider):
            return _NOTHING
        return _Known(hits, None if caseless == hits else caseless, wider)
