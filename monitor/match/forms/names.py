"""One word of a name: with its case, its genitive, as a part of hyphened words. Never cut, never bent like a noun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor.match.forms.term import Step, TermForms
from monitor.match.forms.tokens import anchors, clean, is_small, without_genitive
from monitor.match.words import fold, fold_bare

NameMode = Literal["exact", "inflected", "family"]
_NO_GENITIVE = ("s", "x", "z", "ss", "ce")


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
    keys = frozenset({fold(word), fold_bare(word)})
    forms = set(keys)
    if mode != "exact":
        if is_last:
            forms |= {key + "s" for key in keys if not key.endswith(_NO_GENITIVE)}
        elif word.endswith("e"):
            forms |= {key + ending for key in keys for ending in "nrsm"}
    may_bend = mode != "exact" and is_last
    return NameForms(keys, frozenset(forms), word[:1].isupper(), may_bend, mode == "family", anchors(set(keys), word))
