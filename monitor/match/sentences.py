"""Where sentences and paragraphs end."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from monitor.match.words import tokens, words

# What is written with a full stop and goes on, in German mostly with a capital: "5 Mrd. Euro", "Dr. Weber", "Nr. 4".
_SHORTENED = """
    Abb Abs Aufl Bd Bsp Chr Co Dipl Dr Fa Frhr Hbf Hr Hrn Hrsg Jh Kap Mio Mr Mrd Mrs Nr Okt Prof Sept St Std Tel Tsd Ziff
    abzgl bspw bzgl bzw ca etc evtl geb gem gest ggf inkl insb rd sog usw vgl vs zzgl
"""
# … nor does a letter alone, "z. B.", "H. Weber", or the number of a day, "12. März".
_NO_END = "".join(rf"(?<!\b{word})" for word in [*_SHORTENED.split(), r"\d", r"\d\d"])
_END = re.compile(rf"(?<![\s.]\w){_NO_END}[.!?…][\"”“«»'’)\]]*\s+(?=\S)|\n")
_CUTS = (". ", "! ", "? ", "\n")
_REACH = 300


def is_caseless(text: str, start: int, end: int) -> bool:
    """Say whether the sentence around a span is all in small letters or all in capitals, so that capitals tell nothing.

    Headlines are: "SANKTIONEN GEGEN RUSSLAND", and some sites write all small. A rough cut is enough, and asked for often.
    """
    piece = text[start:end]
    if piece not in (piece.lower(), piece.upper()):
        return False
    begin = max(text.rfind(sign, max(0, start - _REACH), start) for sign in _CUTS)
    stop = min((at for sign in _CUTS if (at := text.find(sign, end, end + _REACH)) >= 0), default=end + _REACH)
    sentence = text[max(begin, 0, start - _REACH) : stop].strip(". !?\n")
    return " " in sentence and (sentence.islower() or sentence.isupper())


class Places:
    """Where in a text its words, sentences and paragraphs are, found when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _words(self) -> list[int]:
        return [token.start for token in tokens(self._text, words(self._text))]

    @cached_property
    def _sentences(self) -> list[int]:
        return [found.end() for found in _END.finditer(self._text)]

    def word(self, position: int) -> int:
        """Return the number of the word at a position."""
        return bisect_right(self._words, position)

    def sentence(self, position: int) -> int:
        """Return the number of the sentence at a position."""
        return bisect_right(self._sentences, position)

    def is_one_paragraph(self, start: int, end: int) -> bool:
        """Say whether no paragraph ends between two positions."""
        return "\n" not in self._text[start:end]
