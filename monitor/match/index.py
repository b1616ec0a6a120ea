"""All patterns of all rules at once over one text.

What a piece of a text between two spaces holds is found out once and remembered, and where such pieces are is seen at one look: with
up to some thousands of anchors by an Aho-Corasick automaton over the text, with more by asking for every piece what is known of it.
So a text costs about the same with a hundred patterns or a hundred thousand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate, compress, repeat
from typing import Any

from monitor.match.hits import Chunk, Hit, Pattern
from monitor.match.latin import IS_IN_WORD, SPACE, flat_bytes
from monitor.match.pieces import NEW, Flat, Known, Memory, around_piece
from monitor.match.sentences import is_caseless
from monitor.match.words import FIRST_UNSPACED, flat, is_within_word

# With more anchors nearly every piece has one, and an automaton is slow: its table is larger than what a processor has at hand.
MOST_ANCHORS = 5_000
# The fast kind of an automaton takes a kilobyte an anchor.
MOST_FAST = 2_000

# Hits of one piece: where it begins, and of each pattern its number and the hit, whose span counts from there.
Hits = tuple[int, Sequence[tuple[int, Hit]]]


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
        self._latin, self._other = Memory(flat_bytes), Memory(flat)

    def hits(self, text: str, *, is_address: bool = False) -> list[Hits]:
        """Return all that is found in a text, piece by piece."""
        if self._automaton is None:
            return []
        data = None if is_address else flat_bytes(text + " ")
        if data is None:
            # What is known of a piece in a sentence is not true of one in an address: there all is words.
            return self._by_pieces(text, flat(text + " "), Memory(flat) if is_address else self._other, is_address=is_address)
        return self._by_pieces(text, data, self._latin) if self._quick is None else self._by_anchors(text, data)

    def _by_anchors(self, text: str, data: bytes) -> list[Hits]:
        known_of = self._latin.fresh()
        found: list[Hits] = []
        is_whole, is_in_word = self._is_quick_whole, IS_IN_WORD
        end = 0
        # The first anchor that ends and may be a hit is enough to know that a piece is to be looked at. Before the first sign, at -1,
        # is the space behind the last.
        for anchor, start, stop in self._quick.find_matches_as_indexes(data, overlapping=True):
            if start < end or (is_whole[anchor] and (is_in_word[data[start - 1]] or is_in_word[data[stop]])):
                continue
            begin, end = data.rfind(SPACE, 0, start) + 1, data.find(SPACE, stop)
            piece = text[begin:end]
            known = known_of.get(piece, NEW)
            if known is NEW:
                self._learn([piece], self._latin)
                known = known_of[piece]
            if known is not None:
                self._add(found, known, data, text, begin, end)
        return found

    def _by_pieces(self, text: str, low: Flat, memory: Memory, *, is_address: bool = False) -> list[Hits]:
        pieces = text.split()
        known_of = memory.fresh()
        found: list[Hits] = []
        # Most pieces are known to hold nothing: the loops that leave them out are not Python's.
        kept = list(compress(pieces, map(known_of.get, pieces, repeat(NEW))))
        self._learn(kept, memory, is_address=is_address)
        end = 0
        for piece in kept:
            known = known_of[piece]
            if known is None:
                continue
            begin = _place(text, piece, end)
            end = begin + len(piece)
            self._add(found, known, low, text, begin, end)
        return found

    def _add(self, found: list[Hits], known: Known, low: Flat, text: str, begin: int, end: int) -> None:
        """Add what is known of a piece, and what really stands around it. ``low``: the flat text, and a space."""
        hits, caseless, wider = known
        if caseless is not None and is_caseless(text, begin, end):
            hits = caseless
        if hits:
            found.append((begin, hits))
        if wider is None or not (numbers := wider.near(low, begin, end)):
            return
        case_tells = not is_caseless(text, begin, end)
        for number in numbers:
            around = self._patterns[number].around(text, begin, end, case_tells=case_tells)
            if around:
                found.append((0, [(number, hit) for hit in around]))

    def _are_whole(self, anchor: str, numbers: Iterable[int]) -> bool:
        return max(anchor, default="") < FIRST_UNSPACED and all(self._patterns[number].is_whole for number in numbers)

    def _learn(self, pieces: Sequence[str], memory: Memory, *, is_address: bool = False) -> None:
        """Find out what pieces hold that are not known yet."""
        known_of = memory.kept
        new = memory.recall(set(pieces).difference(known_of))
        if not new:
            return
        known_of.update(dict.fromkeys(new))
        low = flat(" ".join(new))
        ends = list(accumulate(len(piece) + 1 for piece in new))
        numbers: dict[int, dict[int, None]] = defaultdict(dict)
        for anchor, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            if not (self._is_whole[anchor] and is_within_word(low, start, end)):
                numbers[bisect_right(ends, start)].update(dict.fromkeys(self._numbers[anchor]))
        for place, asked in numbers.items():
            known_of[new[place]] = self._look(Chunk(new[place], is_address), asked, memory)

    def _look(self, chunk: Chunk, numbers: Iterable[int], memory: Memory) -> Known | None:
        patterns = [(number, self._patterns[number]) for number in numbers]
        local = [(number, pattern) for number, pattern in patterns if self._is_local[number]]
        hits = tuple((number, hit) for number, pattern in local for hit in pattern.in_chunk(chunk, case_tells=True))
        caseless = hits
        if not chunk.is_mixed:
            caseless = tuple((number, hit) for number, pattern in local for hit in pattern.in_chunk(chunk, case_tells=False))
        rows = [(number, pattern) for number, pattern in patterns if not self._is_local[number] and pattern.is_anchored(chunk)]
        if not (hits or caseless or rows):
            return None
        return Known(hits, None if caseless == hits else caseless, around_piece(rows, memory.flatten))


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
