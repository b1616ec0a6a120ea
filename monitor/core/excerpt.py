"""The part of a text that shows why it matched, with the hits marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.core.model import Evidence, Field

BEFORE = 120
LENGTH = 320
_SENTENCE_END = re.compile(r"[.!?:…]\s+|\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt; put together they are a part of the text, with "…" where it was cut."""

    text: str
    is_hit: bool = False


def excerpt(text: str, field: Field, evidence: Sequence[Evidence]) -> tuple[Piece, ...]:
    """Return about ``LENGTH`` characters around the first hit in this field, or the beginning of the text if it has none."""
    hits = sorted((one.start, one.end) for one in evidence if one.field == field and text[one.start : one.end] == one.text)
    start, end = _window(text, hits[0][0] if hits else 0)
    pieces = [Piece("… ")] if start > 0 else []
    position = start
    for hit_start, hit_end in hits:
        if hit_start < position or hit_end > end:
            continue
        pieces += [Piece(text[position:hit_start]), Piece(text[hit_start:hit_end], is_hit=True)]
        position = hit_end
    pieces += [Piece(text[position:end]), Piece(" …" if end < len(text) else "")]
    return tuple(Piece(piece.text.replace("\n", " "), piece.is_hit) for piece in pieces if piece.text)


def _window(text: str, hit: int) -> tuple[int, int]:
    """Return where an excerpt begins and ends: at the ends of sentences if they are near, else between words."""
    start = 0
    if hit > BEFORE:
        sentence = [found.end() for found in _SENTENCE_END.finditer(text, hit - BEFORE, hit)]
        start = sentence[0] if sentence else _after_space(text, hit - BEFORE, hit)
    end = len(text)
    if start + LENGTH < end:
        space = text.rfind(" ", max(hit + 1, start + LENGTH // 2), start + LENGTH)
        end = space if space > 0 else start + LENGTH
    return start, end


def _after_space(text: str, start: int, stop: int) -> int:
    space = text.find(" ", start, stop)
    return space + 1 if space >= 0 else start
