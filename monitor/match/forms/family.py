"""What a German word looks like inside a compound: its linking letters, its clipped stem, and what each costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from monitor.match.forms.compact import FOREVER, Compact
from monitor.match.forms.german import links_behind
from monitor.match.forms.inflect import Inflection, without_dative
from monitor.match.forms.lattice import UNSEEN_LEFT, Lattice
from monitor.match.forms.term import Family
from monitor.match.words import fold

# A term that the dictionary does not know, or that ends no word of it.
UNSEEN_TAIL = 10.0
OWN_WORD = 2.0


def family(inflection: Inflection, dictionary: Compact, lattice: Callable[[str, bool], Lattice]) -> Family:
    """Return the parts of compounds that are a word."""
    tails = {fold(form): _tail_cost(fold(form), inflection, dictionary, lattice) for form in inflection.forms}
    return Family(_lefts(inflection, dictionary, lattice), tails, inflection.is_noun)


def ends_only(inflection: Inflection, dictionary: Compact, lattice: Callable[[str, bool], Lattice]) -> Family:
    """Return the last parts of compounds that are a word which begins none."""
    tails = {fold(form): _tail_cost(fold(form), inflection, dictionary, lattice) for form in inflection.forms}
    return Family({}, tails, is_noun=False)


def _lefts(inflection: Inflection, dictionary: Compact, lattice: Callable[[str, bool], Lattice]) -> dict[str, float]:
    base = fold(inflection.lemma)
    forms = dict.fromkeys([base, *(fold(form) for form in without_dative(inflection))])
    lefts: dict[str, float] = {}
    # A linking letter stands behind the base form; what stands behind another form is a form itself: "Kinder·arzt".
    for string in dict.fromkeys([*forms, *(base + link for link in links_behind(base))]):
        if not _belongs_to_another(string, forms, dictionary):
            cost = _left_cost(string, dictionary, lattice)
            if cost < FOREVER or string == base:
                lefts[string] = min(cost, UNSEEN_LEFT)
    return lefts | _clipped(base, forms, dictionary)


def _belongs_to_another(string: str, forms: Iterable[str], dictionary: Compact) -> bool:
    """Say whether it is a noun of its own, or a verb's: "kurs" is not "Kur" with a linking letter, nor "wander" "Wand"."""
    if string in forms:
        return False
    if dictionary.is_other(string + "n"):
        return True
    if not dictionary.is_noun(string):
        return False
    # "Kohl" ends as many compounds as it begins, "Kirch" (a village) begins them only: there it is of "Kirche".
    return dictionary.tail_cost(string, is_noun=True) <= dictionary.left_cost(string) + OWN_WORD


def _left_cost(string: str, dictionary: Compact, lattice: Callable[[str, bool], Lattice]) -> float:
    learnt = dictionary.left_cost(string)
    return learnt if learnt < FOREVER else lattice(string, True).before(len(string))


def _clipped(base: str, forms: Iterable[str], dictionary: Compact) -> dict[str, float]:
    """Return the stem without -e ("Miet·", "Schul·"), unless that is a word of its own ("Kohl")."""
    if not base.endswith("e") or len(base) < 5:
        return {}
    stem = base[:-1]
    if _belongs_to_another(stem, forms, dictionary):
        return {}
    return {
        string: min(dictionary.left_cost(string), UNSEEN_LEFT)
        for string in (stem, stem + "s")
        if string == stem or dictionary.left_cost(string) < FOREVER
    }


def _tail_cost(folded: str, inflection: Inflection, dictionary: Compact, lattice: Callable[[str, bool], Lattice]) -> float:
    learnt = dictionary.tail_cost(folded, is_noun=inflection.is_noun)
    return min(learnt if learnt < FOREVER else lattice(folded, inflection.is_noun).rest(0), UNSEEN_TAIL)
