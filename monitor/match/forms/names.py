"""One word of a name: with its case, its genitive, as a part of hyphened words. Never cut, never bent like a noun."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from monitor.match.forms.term import Step, TermForms
from monitor.match.forms.tokens import anchors, clean, is_small, without_genitive
from monitor.match.words import fold, fold_bare

NameMode = Literal["exact", "inflected", "family"]
_NO_GENITIVE = ("s", "x", "z", "ce")
# Nouns that names of institutions and lands end in, which have the genitive -es too: des Bundestages, des Saarlandes. A family's
# name has not: Brandes is another than Brand.
_LONG_GENITIVE_NOUNS = """
    amt bad berg bund dienst feld fluss gericht halbmond haus hof kreis kreuz land meer rat reich ring schutz staat tag verband wald werk
"""
_LONG_GENITIVE = tuple(_LONG_GENITIVE_NOUNS.split())
# Adjectives that names begin with: by their endings (Duden, Grammatik: Adjektivsuffixe), and short ones. "Peter" and "Johannes" are none.
_ADJECTIVE = re.compile(
    r"(.*(?:isch|utsch|lich|ig|al|ell|iv|aer|sam|einigt|eint)"
    r"|rot|weiss|schwarz|blau|gruen|gelb|golden|gross|klein|hoh|neu|alt|jung|frei|erst|zweit|dritt)e[rs]"
)


@dataclass(frozen=True, slots=True)
class NameForms(TermForms):
    """One word of an alias. ``forms``: folded, both umlaut keys of the alias; the text has only its own."""

    keys: frozenset[str]
    forms: frozenset[str]
    needs_capital: bool
    may_have_genitive: bool
    may_be_part: bool
    anchors: frozenset[str]

    def judge(self, token: str, *, case_tells: bool = True) -> Step | None:
        """See ``TermForms.judge``."""
        plain, had_apostrophe = without_genitive(clean(token))
        if had_apostrophe and not self.may_have_genitive:
            return None
        if self._is(plain, case_tells=case_tells):
            return Step("exact" if fold(plain) in self.keys and not had_apostrophe else "inflected")
        if self.may_be_part and "-" in plain and any(self._is(part, case_tells=case_tells) for part in plain.split("-")):
            return Step("compound", plain.replace("-", "-·"))
        return None

    def _is(self, word: str, *, case_tells: bool) -> bool:
        return fold(word) in self.forms and not (self.needs_capital and case_tells and is_small(word))


def name_forms(word: str, mode: NameMode, *, is_last: bool = True) -> NameForms:
    """Return the forms of a word of a name.

    The last word takes the genitive only; a word before it the endings of an adjective: "der Deutschen Bank".
    Özil also finds Ozil, but Lange never Länge: the bare key is the alias's, not the text's.
    """
    keys = name_keys(word)
    forms = keys if mode == "exact" else keys | bent_forms(keys, is_last=is_last)
    may_bend = mode != "exact" and is_last
    return NameForms(keys, forms, word[:1].isupper(), may_bend, mode == "family", anchors(set(forms), word))


def name_keys(word: str) -> frozenset[str]:
    """Return a word of a name as it is compared: with both umlaut keys."""
    return frozenset({fold(word), fold_bare(word)})


def bent_forms(keys: Iterable[str], *, is_last: bool) -> frozenset[str]:
    """Return the other forms of a word of a name: of the last its genitives, of others those of an adjective."""
    return frozenset(bent for key in keys for bent in (_genitives(key) if is_last else _as_adjective(key)))


def _genitives(key: str) -> Iterator[str]:
    if not key.endswith(_NO_GENITIVE):
        yield key + "s"
    if key.endswith(_LONG_GENITIVE):
        yield key + "es"


def _as_adjective(key: str) -> Sequence[str]:
    if key.endswith("e"):
        return [key + ending for ending in "nrsm"]
    adjective = _ADJECTIVE.fullmatch(key)
    return [f"{adjective[1]}e{ending}" for ending in ("", *"nrsm")] if adjective else ()
