"""Text to words with their places, and words to the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Combining marks and invisible joiners belong to the word around them: Python's \w leaves them out.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
# Scripts that are written without spaces: each sign is a word, and a term of them is a phrase.
_UNSPACED = "\u0e00-\u0e30\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}_])[\w{_MARKS}{_INVISIBLE}])+")
# Addresses are no words: a keyword does not stand in them.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+|[\w.+-]+@[\w-]+\.[\w.-]+")
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
_APOSTROPHES = "'\u2019\u2018\u00b4`"
_QUOTES = "\"'\u201e\u201c\u201d\u00ab\u00bb\u2039\u203a\u2018\u2019\u201a"

_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "ae", "œ": "oe"})
_DROPPED = re.compile(f"[{_INVISIBLE}]")


@dataclass(frozen=True, slots=True)
class Word:
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


def words(text: str) -> list[Word]:
    """Return the words of a text in their order, without those of addresses. Goes over the text once."""
    found: list[Word] = []
    blocked = [address.span() for address in _ADDRESS.finditer(text)] if "@" in text or "www." in text or "://" in text else []
    folds: dict[str, str] = {}
    last_end, next_block = 0, 0
    for one in _WORD.finditer(text):
        start, end = one.span()
        while next_block < len(blocked) and blocked[next_block][1] <= start:
            next_block += 1
        if next_block < len(blocked) and blocked[next_block][0] <= start:
            continue
        raw = one[0]
        folded = folds.get(raw)
        if folded is None:
            folded = folds[raw] = fold(raw)
        if folded:
            found.append(Word(raw, folded, start, end, gap_kind(text[last_end:start])))
            last_end = end
    return found


def fold(word: str) -> str:
    """Return a word as it is compared: case and diacritics are gone, umlauts are two letters.

    ä becomes ae and never a: "Rat" is not "Räte", "Merz" not "März".
    """
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", _DROPPED.sub("", word)).casefold())
    return _without_marks(plain.translate(_DIGRAPHS))


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
