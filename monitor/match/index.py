"""All patterns of all rules at once over one text.

What a piece of a text between two spaces holds is found out once and remembered, and where such pieces are is seen at one look: with
up to some thousands of anchors by an Aho-Corasick automaton over the text, with more by asking for every piece what is known of it.
So a text costs about the same with a hundred patterns or a hundred thousand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, repeat
from typing import Any

from monitor.match.hits import Chunk, Hit, Pattern
from monitor.match.latin import SPACE, flat_bytes
from monitor.match.sentences import is_caseless
from monitor.match.words import FIRST_UNSPACED, flat, is_within_word

# Longer words are not counted with where words are looked for around a piece.
LONG_WORD = 40
# Pieces that are remembered, in two generations; German news has about so many in a day.
MOST_KEPT = 100_000
# With more anchors nearly every piece has one, and an automaton is slow: its table is larger than what a processor has at hand.
MOST_ANCHORS = 20_000
# The fast kind of an automaton takes a kilobyte an anchor.
MOST_FAST = 2_000

# Hits of one piece: where it begins, and of each pattern its number and the hit, whose span counts from there.
Hits = tuple[int, Sequence[tuple[int, Hit]]]


@dataclass(frozen=True, slots=True)
class _Wider:
    """Patterns that may stand around a piece if one of these strings is near: the flat one, or the same in bytes."""

    string: str
    data: bytes | None
    patterns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a piece holds: hits of local patterns, and patterns that may stand around it, so many characters ``before`` or ``behind``.

    ``caseless`` are the hits where capitals say nothing; None: the same.
    """

    hits: tuple[tuple[int, Hit], ...]
    caseless: tuple[tuple[int, Hit], ...] | None
    wider: tuple[_Wider, ...]
    before: int = 0
    behind: int = 0


# What is known of pieces; None: nothing that is looked for.
_Memory = dict[str, _Known | None]
# Says of a piece that nothing is known of it yet. It is true, as what holds something is.
_NEW: Any = True


class Index:
    """Patterns by their anchors."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        import ahocorasick_rs

        self._patterns = tuple(patterns)
        # A name has to be cut into its words to say so: asked once, not with every piece.
        self._is_local = bytearray(len(self._patterns))
        by_anchor: dict[str, list[int]] = defaultdict(list)
        for number, pattern in enumerate(self._patterns):
            self._is_local[number] = pattern.is_local
            for anchor in pattern.anchors:
                by_anchor[flat(anchor)].append(number)
        self._automaton: Any = ahocorasick_rs.AhoCorasick(list(by_anchor)) if by_anchor else None
        self._numbers = [tuple(dict.fromkeys(numbers)) for numbers in by_anchor.values()]
        self._is_whole = bytearray(map(self._are_whole, by_anchor, self._numbers))
        # An anchor with a letter that bytes do not have is in no text of bytes.
        quick = {data: whole for anchor, whole in zip(by_anchor, self._is_whole, strict=True) if (data := flat_bytes(anchor)) is not None}
        self._quick: Any = _quick(quick)
        self._is_quick_whole = bytearray(quick.values())
        self._memory: _Memory = {}
        self._older: _Memory = {}

    def hits(self, text: str, *, is_address: bool = False) -> list[Hits]:
        """Return all that is found in a text, piece by piece."""
        if self._automaton is None:
            return []
        if not is_address and self._quick is not None and (data := flat_bytes(text)) is not None:
            return self._by_anchors(text, data)
        return self._by_pieces(text, is_address=is_address)

    def _by_anchors(self, text: str, data: bytes) -> list[Hits]:
        memory = self._fresh()
        found: list[Hits] = []
        end = 0
        # The first anchor that ends and may be a hit is enough to know that a piece is to be looked at.
        for anchor, start, stop in self._quick.find_matches_as_indexes(data, overlapping=True):
            if start < end or (self._is_quick_whole[anchor] and is_within_word(text, start, stop)):
                continue
            begin, end = data.rfind(SPACE, 0, start) + 1, data.find(SPACE, stop)
            if end < 0:
                end = len(data)
            piece = text[begin:end]
            known = memory.get(piece, _NEW)
            if known is _NEW:
                self._learn([piece], memory)
                known = memory[piece]
            if known is not None:
                self._add(found, known, text, begin, end)
                if known.wider:
                    near = data[max(begin - known.before, 0) : end + known.behind]
                    numbers = [number for one in known.wider if one.data is not None and one.data in near for number in one.patterns]
                    self._add_wider(found, numbers, text, begin, end)
        return found

    def _by_pieces(self, text: str, *, is_address: bool) -> list[Hits]:
        pieces = text.split()
        memory = {} if is_address else self._fresh()
        found: list[Hits] = []
        # Most pieces are known to hold nothing: the loops that leave them out are not Python's.
        kept = list(compress(pieces, map(memory.get, pieces, repeat(_NEW))))
        self._learn(kept, memory, is_address=is_address)
        low = ""
        end = 0
        for piece in kept:
            known = memory[piece]
            if known is None:
                continue
            begin = _place(text, piece, end)
            end = begin + len(piece)
            self._add(found, known, text, begin, end)
            if known.wider:
                low = low or flat(text)
                near = low[max(begin - known.before, 0) : end + known.behind]
                self._add_wider(found, [number for one in known.wider if one.string in near for number in one.patterns], text, begin, end)
        return found

    def _add(self, found: list[Hits], known: _Known, text: str, begin: int, end: int) -> None:
        hits = known.hits
        if known.caseless is not None and is_caseless(text, begin, end):
            hits = known.caseless
        if hits:
            found.append((begin, hits))

    def _add_wider(self, found: list[Hits], numbers: Iterable[int], text: str, begin: int, end: int) -> None:
        for number in dict.fromkeys(numbers):
            case_tells = not is_caseless(text, begin, end)
            if around := self._patterns[number].around(text, begin, end, case_tells=case_tells):
                found.append((0, [(number, hit) for hit in around]))

    def _are_whole(self, anchor: str, numbers: Iterable[int]) -> bool:
        return max(anchor, default="") < FIRST_UNSPACED and all(self._patterns[number].is_whole for number in numbers)

    def _fresh(self) -> _Memory:
        if len(self._memory) >= MOST_KEPT // 2:
            self._older, self._memory = self._memory, {}
        return self._memory

    def _learn(self, pieces: Sequence[str], memory: _Memory, *, is_address: bool = False) -> None:
        """Find out what pieces hold that are not known yet."""
        new = list(set(pieces).difference(memory))
        if not is_address:
            memory.update({piece: self._older[piece] for piece in new if piece in self._older})
            new = [piece for piece in new if piece not in self._older]
        memory.update(dict.fromkeys(new))
        low = flat(" ".join(new))
        ends = list(accumulate(len(piece) + 1 for piece in new))
        numbers: dict[int, dict[int, None]] = defaultdict(dict)
        for anchor, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            if not (self._is_whole[anchor] and is_within_word(low, start, end)):
                numbers[bisect_right(ends, start)].update(dict.fromkeys(self._numbers[anchor]))
        for place, asked in numbers.items():
            memory[new[place]] = self._look(Chunk(new[place], is_address), asked)

    def _look(self, chunk: Chunk, numbers: Iterable[int]) -> _Known | None:
        patterns = [(number, self._patterns[number]) for number in numbers]
        local = [(number, pattern) for number, pattern in patterns if self._is_local[number]]
        hits = tuple((number, hit) for number, pattern in local for hit in pattern.in_chunk(chunk, case_tells=True))
        caseless = hits
        if not chunk.is_mixed:
            caseless = tuple((number, hit) for number, pattern in local for hit in pattern.in_chunk(chunk, case_tells=False))
        rows = [(number, pattern) for number, pattern in patterns if not self._is_local[number] and pattern.is_anchored(chunk)]
        if not (hits or caseless or rows):
            return None
        wider = _wider(rows, in_bytes=self._quick is not None)
        return _Known(hits, None if caseless == hits else caseless, wider, *_reach([pattern for _, pattern in rows]))


def _wider(rows: Sequence[tuple[int, Pattern]], *, in_bytes: bool) -> tuple[_Wider, ...]:
    by_string: dict[str, list[int]] = defaultdict(list)
    for number, pattern in rows:
        # The empty string is near everything.
        for string in pattern.beside or ("",):
            by_string[flat(string)].append(number)
    return tuple(_Wider(string, flat_bytes(string) if in_bytes else None, tuple(numbers)) for string, numbers in by_string.items())


def _reach(patterns: Iterable[Pattern]) -> tuple[int, int]:
    """Return how many characters before and behind a piece the patterns around it may take."""
    reaches = [pattern.reach for pattern in patterns]
    before, behind = (max((reach[side] for reach in reaches), default=0) for side in (0, 1))
    return (before + 1) * LONG_WORD if before else 0, (behind + 1) * LONG_WORD if behind else 0


def _place(text: str, piece: str, start: int) -> int:
    """Return where a piece next stands between spaces."""
    at = text.find(piece, start)
    while not ((at == 0 or text[at - 1].isspace()) and text[at + len(piece) : at + len(piece) + 1].strip() == ""):
        at = text.find(piece, at + 1)
    return at


def _quick(anchors: Collection[bytes]) -> Any:
    """Return an automaton for texts as bytes, None where it would not be quick."""
    import ahocorasick_rs

    if not anchors or len(anchors) > MOST_ANCHORS:
        return None
    kind = ahocorasick_rs.Implementation.DFA if len(anchors) <= MOST_FAST else None
    return ahocorasick_rs.BytesAhoCorasick(list(anchors), implementation=kind)
