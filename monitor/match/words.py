"""Text to words with their places, and words to the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

# Combining marks and invisible joiners belong to the word around them: Python's \w leaves them out.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
# Scripts that are written without spaces: each sign is a word, and a term of them is a phrase.
FIRST_UNSPACED = "\u0e00"
_UNSPACED = "\u0e00-\u0e30\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}_])[\w{_MARKS}{_INVISIBLE}])+")
# Addresses are no words: a keyword does not stand in them.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+|[\w.+-]+@[\w-]+\.[\w.-]+")
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
_APOSTROPHES = "'\u2019\u2018\u00b4`"
_QUOTES = "\"'\u201e\u201c\u201d\u00ab\u00bb\u2039\u203a\u2018\u2019\u201a"

_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "ae", "œ": "oe"})
_FOLDED = _DIGRAPHS | dict.fromkeys(map(ord, _HYPHENS), "-")
# Letters whose marks are dropped where words are looked for first; not the German ones, not signs, not Cyrillic.
_FOREIGN = re.compile("[^\x00-\x7fäöüß\u2000-\u206f\u0400-\u04ff]")
_OTHER_SPACES = re.compile(r"[^\S ]")
_DROPPED = re.compile(f"[{_INVISIBLE}]")


class Word(NamedTuple):
    """A word of a text. ``text == source[start:end]``; ``gap`` is what stands between it and the word before: see ``gap_kind``."""

    text: str
    folded: str
    start: int
    end: int
    gap: str

    @property
    def is_upper(self) -> bool:
        """Say whether it begins with a capital letter or has no case."""
        first = self.text[:1]
        return not first.islower()


class Token(NamedTuple):
    """A word, or words joined by hyphens, with its genitive apostrophe: "EU-Sanktionspaket", "Merkel's"."""

    text: str
    start: int
    end: int
    gap: str


def words(text: str, *, with_addresses: bool = False) -> list[Word]:
    """Return the words of a text in their order, without those of addresses. Goes over the text once."""
    found: list[Word] = []
    has_address = not with_addresses and ("@" in text or "www." in text or "://" in text)
    blocked = [address.span() for address in _ADDRESS.finditer(text)] if has_address else []
    last_end, next_block = 0, 0
    for one in _WORD.finditer(text):
        start, end = one.span()
        while next_block < len(blocked) and blocked[next_block][1] <= start:
            next_block += 1
        if next_block < len(blocked) and blocked[next_block][0] <= start:
            continue
        raw = one[0]
        folded = fold(raw)
        if folded:
            found.append(Word(raw, folded, start, end, gap_kind(text[last_end:start])))
            last_end = end
    return found


def tokens(text: str, row: Sequence[Word]) -> list[Token]:
    """Return the words of a text with those that are joined by hyphens as one."""
    found: list[Token] = []
    for word in row:
        is_genitive = word.gap == "'" and word.folded == "s"
        if found and found[-1].end < word.start and (word.gap == "-" or is_genitive) and word.start - found[-1].end == 1:
            before = found.pop()
            found.append(Token(text[before.start : word.end], before.start, word.end, before.gap))
        else:
            found.append(Token(word.text, word.start, word.end, word.gap))
    return found


def is_within_word(text: str, start: int, end: int) -> bool:
    """Say whether a word goes on before or behind a span that has no sign of a script without spaces."""
    before, behind = text[start - 1 : start], text[end : end + 1]
    return (before.isalnum() and before < FIRST_UNSPACED) or (behind.isalnum() and behind < FIRST_UNSPACED)


@lru_cache(maxsize=16384)
def fold(word: str) -> str:
    """Return a word as it is compared: case and diacritics are gone, umlauts are two letters, all hyphens are one sign.

    ä becomes ae and never a: "Rat" is not "Räte", "Merz" not "März".
    """
    if word.isascii():
        return word.lower()
    low = word.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    if low.isascii():
        return low
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", _DROPPED.sub("", word)).casefold())
    return _without_marks(plain.translate(_FOLDED))


def fold_bare(word: str) -> str:
    """Return a name as people write it who have no umlauts: Özil as Ozil. For names in the config only, never for texts."""
    return _without_marks(unicodedata.normalize("NFKC", _DROPPED.sub("", word)).casefold().replace("ß", "ss"))


def gap_kind(gap: str) -> str:
    """Return what stands between two words, as one of few kinds: "" nothing, " " spaces and quotes, "-" a hyphen,

    "'" an apostrophe, "\\n" the end of a paragraph, else the signs themselves.
    """
    if gap in ("", " ", "-"):
        return gap
    if "\n" in gap:
        return "\n"
    if len(gap) == 1:
        if gap in _HYPHENS:
            return "-"
        if gap in _APOSTROPHES:
            return "'"
    plain = "".join(sign for sign in gap if sign not in _QUOTES and not sign.isspace())
    return plain or " "


def _without_marks(text: str) -> str:
    if text.isascii():
        return text
    signs = []
    for sign in text:
        # Cyrillic й and ё are letters of their own, not и and е with a mark.
        base = unicodedata.normalize("NFD", sign)
        signs.append(base[0] if len(base) > 1 and base[0].isascii() else sign)
    return "".join(sign for sign in signs if not "\u0300" <= sign <= "\u036f")


def flat(text: str) -> str:
    """Return a text as anchors are looked for in it: lower case, all hyphens one, letters of other languages without their marks.

    It has as many characters as the text: what is found in the one stands there in the other. Umlauts and ß stay.
    """
    low = text.lower()
    if len(low) != len(text):
        # "İ" becomes two.
        low = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    if not low.isascii() and _FOREIGN.search(low):
        low = _FOREIGN.sub(_unmarked, low)
    for hyphen in () if low.isascii() else _HYPHENS[1:]:
        low = low.replace(hyphen, "-")
    low = low.replace("\n", " ")
    return low if low.isprintable() else _OTHER_SPACES.sub(" ", low)


def _unmarked(found: re.Match[str]) -> str:
    plain = fold(found[0])
    return plain if len(plain) == 1 else found[0]
