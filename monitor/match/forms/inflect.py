"""A word to its inflected forms: those of the dictionary, of its last part, or the regular ones. Never by stemming."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.match.forms.compact import Compact
from monitor.match.words import fold

SHORTEST_TAIL = 4
MOST_FORMS = 200
# What ends several compounds of the dictionary is a word of its own: "Eisen".
COMMON_TAIL = 11.5
FEMININE = ("ung", "heit", "keit", "ion", "schaft", "e")
ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em")


@dataclass(frozen=True, slots=True)
class Inflection:
    """The forms of a word, its base form first. ``is_noun``: German writes it with a capital letter."""

    lemma: str
    forms: tuple[str, ...]
    is_noun: bool


def inflect(word: str, dictionary: Compact, language: str) -> Inflection:
    """Return the forms of a word as a user writes it: base form or not, umlaut or digraph, known or not.

    A word that is both a base form and a form of another counts as the base form.
    """
    is_german = language == "de"
    for spelling in [*dictionary.spellings(word), *dictionary.spellings(_other_case(word))]:
        if is_german and word[:1].isupper() and spelling[:1].islower() and not _is_adjective(spelling, dictionary):
            continue
        lemma = spelling if dictionary.paradigm(spelling) else dictionary.lemma(spelling)
        if lemma is not None:
            known = [*dictionary.paradigm(lemma), *(_twin_forms(lemma, dictionary) if is_german else ())]
            more = _german_more(lemma, known, dictionary) if is_german and lemma[:1].isupper() else []
            return Inflection(lemma, _unique([lemma, word, *known, *more]), lemma[:1].isupper())
    if not is_german:
        return Inflection(word, (word,), word[:1].isupper())
    tail = _by_tail(word, dictionary)
    return Inflection(word, _unique([word, *(tail or regular(word))]), word[:1].isupper())


def inflect_adjective(word: str, dictionary: Compact) -> Inflection | None:
    """Return the forms of an adjective that is written with a capital as it begins a name: "Künstliche"; None: it is none."""
    low = word.lower()
    lemma = dictionary.lemma(low)
    if lemma is None or low == lemma or not _is_adjective(low, dictionary):
        return None
    return Inflection(lemma, _unique([lemma, word, *dictionary.paradigm(lemma)]), is_noun=False)


def _twin_forms(lemma: str, dictionary: Compact) -> list[str]:
    """Return the forms that the dictionary has under another base form of the same word.

    "Beschlüsse" is of "Beschluß" there and "Beschlusse" of "Beschluss", as the spelling was changed; "ein Grüner" is of "Grüner".
    """
    if lemma.endswith(("ss", "ß")):
        twin = lemma.removesuffix("ss") + "ß" if lemma.endswith("ss") else lemma.removesuffix("ß") + "ss"
        return dictionary.paradigm(twin)
    own = dictionary.lemma(lemma)
    return dictionary.paradigm(own) if own == lemma + "r" else []


def _other_case(word: str) -> str:
    return word.lower() if word[:1].isupper() else word.capitalize()


def _is_adjective(form: str, dictionary: Compact) -> bool:
    """Say whether a form is an adjective's: "Künstliche" begins a name and is "künstlich"."""
    lemma = dictionary.lemma(form)
    return lemma is not None and form.removeprefix(lemma) in ("", *ADJECTIVE_ENDINGS) and lemma + "e" in dictionary.paradigm(lemma)


def _german_more(lemma: str, known: Iterable[str], dictionary: Compact) -> list[str]:
    """Return regular forms of a noun that the dictionary has not: it is 99 % complete, and the rest is regular."""
    forms = set(known)
    genitives = []
    if len(forms) == 1 and lemma[-1:] not in "sxzß" and not lemma.endswith(FEMININE):
        # Names of places have no entry for their genitive: Russland, Russlands.
        genitives.append(lemma + "s")
    if {lemma + "s", lemma + "es"} & forms and lemma[-1:] not in "aeiouyäöüsxzß":
        genitives += [lemma + "s", lemma + "es"]
    if lemma.endswith("er") and lemma + "s" not in forms:
        genitives.append(lemma + "s")
    datives = [form + "n" for form in _plurals(lemma, forms) if form.endswith(("e", "er", "el"))]
    if lemma.endswith("lande"):
        # The dictionary has a slip of the pen in the base form of "den Niederlanden".
        datives.append(lemma + "n")
    more = [form for form in genitives + datives if not _is_another(form, lemma, dictionary)]
    return [form for form in more if form not in forms]


def _plurals(lemma: str, forms: set[str]) -> set[str]:
    """Return the forms that are plural, as far as they tell: "Lande" is none, as there is "Länder"."""
    dative = lemma + "e"
    return {form for form in forms if form not in (lemma, lemma + "s", lemma + "es", dative)} or forms & {dative}


def _is_another(form: str, lemma: str, dictionary: Compact) -> bool:
    """Say whether a form is one of another word, and not only a family name ("Brandes") or an infinitive ("Zelten")."""
    other = dictionary.lemma(form)
    if other is None or other == lemma:
        return False
    return len(dictionary.paradigm(other)) > 2 or dictionary.tail_cost(fold(form), is_noun=True) < COMMON_TAIL


def without_dative(inflection: Inflection) -> tuple[str, ...]:
    """Return the forms but for the archaic dative ("dem Lande"), which no compound has in its middle."""
    dative = inflection.lemma + "e"
    is_plural = dative + "n" in inflection.forms
    return tuple(form for form in inflection.forms if form != dative or is_plural)


def _by_tail(word: str, dictionary: Compact) -> list[str]:
    """Return the forms of an unknown compound: it bends as its longest known end, Heizungs|gesetz."""
    for cut in range(2, len(word) - SHORTEST_TAIL + 1):
        tail = word[cut:].capitalize() if word[:1].isupper() else word[cut:]
        for spelling in dictionary.spellings(tail):
            lemma = spelling if dictionary.paradigm(spelling) else dictionary.lemma(spelling)
            forms = [] if lemma is None else [*dictionary.paradigm(lemma), *_twin_forms(lemma, dictionary)]
            if len(forms) > 1 and lemma is not None and not dictionary.is_name(fold(lemma)):
                return [word[:cut] + form.lower() for form in [lemma, *forms, *_german_more(lemma, forms, dictionary)]]
    return []


def regular(word: str) -> list[str]:
    """Return the endings that an unknown German word may have."""
    if len(word) < 3 or not word.isalpha() or not (word.islower() or word[1:].islower()):
        return []
    if word.endswith("e"):
        return [word + "n", word + "s"]
    if word[-1:] in "sxzß":
        return [word + "e", word + "en", word + "es"]
    return [word + "s", word + "en", word + "es"]


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:MOST_FORMS]
