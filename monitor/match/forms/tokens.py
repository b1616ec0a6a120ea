"""A token of a text as the forms see it: without its apostrophe, cut at its hyphens."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_HYPHENS = re.compile("[\u2010-\u2013\u2212]")
_APOSTROPHE = re.compile(r"['\u2019\u2018\u00b4`]([sS]?)$")


@lru_cache(maxsize=4096)
def clean(token: str) -> str:
    """Return a token with plain hyphens and digits and without signs that are not seen: "CO₂" is "CO2"."""
    if token.isascii():
        return token
    return unicodedata.normalize("NFKC", _HYPHENS.sub("-", _INVISIBLE.sub("", token)))


def without_genitive(token: str) -> tuple[str, bool]:
    """Return a token without its apostrophe, and whether it had one: "Merkel's", "Merz'"."""
    found = _APOSTROPHE.search(token)
    return (token, False) if found is None else (token[: found.start()], True)


def is_acronym(text: str) -> bool:
    """Say whether a word is written in capitals throughout: EU, CO2, AfD is none."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= 2 and all(letter.isupper() for letter in letters)


def is_small(part: str) -> bool:
    """Say whether a word begins with a small letter."""
    return part[:1].islower()


def spellings(folded: str) -> set[str]:
    """Return how a folded string may stand in a text in lower case: "maerkte" and "märkte", "strasse" and "straße"."""
    found = {folded}
    for digraph, sign in (("ae", "ä"), ("oe", "ö"), ("ue", "ü"), ("ss", "ß")):
        found |= {one.replace(digraph, sign) for one in found}
    return found


def cover(strings: set[str]) -> frozenset[str]:
    """Return the fewest strings such that each of the given contains one of them."""
    kept: list[str] = []
    for string in sorted(strings, key=lambda one: (len(one), one)):
        if not any(shorter in string for shorter in kept):
            kept.append(string)
    return frozenset(kept)


def anchors(folded: set[str], *written: str) -> frozenset[str]:
    """Return what a token in lower case contains if its folded form contains one of the given strings.

    ``written``: the term as it is spelt, for its other diacritics: "Erdoğan".
    """
    return cover({spelling for string in cover(folded) for spelling in spellings(string)} | {word.lower() for word in written})
