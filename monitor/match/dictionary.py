"""The inflected forms of words, by simplemma's dictionaries turned round: not "what is this a form of", but "what are its forms".

Runs in a child process of its own: a dictionary has a million entries and takes 150 MB, its answers a few bytes.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

SHORTEST_TAIL = 4
MAX_FORMS = 200


def forms(word: str, lemma_of: Callable[[str], str | None], forms_of: Mapping[str, list[str]]) -> tuple[list[str], bool]:
    """Return all inflected forms of a word, itself first, and whether it is a noun (or unknown and capitalised).

    ``lemma_of`` gives the base form of a form or None, ``forms_of`` all forms of a base form. A word that is both a base
    form and a form of another counts as the base form. An unknown word bends as its longest known end: Heizungs|gesetz.
    """
    if stem := _adjective(word, lemma_of):
        return _unique([word, *forms_of.get(stem, [stem])]), False
    lemma = word if word in forms_of else lemma_of(word)
    if lemma is None and word[:1].isupper():
        lemma = lemma_of(word.lower())
    if lemma is not None:
        known = forms_of.get(lemma) or [lemma]
        is_noun = lemma[:1].isupper()
        # Names of places have no entry for their genitive: Russland, Russlands.
        more = _genitive(lemma) if is_noun and len(known) == 1 else []
        return _unique([word, *known, *more]), is_noun
    tail = _known_tail(word, lemma_of, forms_of)
    return _unique([word, *(tail or _regular(word))]), word[:1].isupper()


def _adjective(word: str, lemma_of: Callable[[str], str | None]) -> str | None:
    """Return the base form of an adjective that begins a name or a phrase with a capital: "Künstliche" is künstlich."""
    low = word.lower()
    stem = lemma_of(low)
    return stem if stem and low != stem and low.removeprefix(stem) in ("e", "en", "er", "es", "em") else None


def _known_tail(word: str, lemma_of: Callable[[str], str | None], forms_of: Mapping[str, list[str]]) -> list[str]:
    for cut in range(2, len(word) - SHORTEST_TAIL + 1):
        tail = word[cut:].capitalize() if word[:1].isupper() else word[cut:]
        lemma = tail if tail in forms_of else lemma_of(tail)
        if lemma is not None and len(forms_of.get(lemma, ())) > 1:
            return [word[:cut] + form.lower() for form in forms_of[lemma]]
    return []


def _regular(word: str) -> list[str]:
    if len(word) < 3 or not word.isalpha():
        return []
    if word.endswith("e"):
        return [word + "n", word + "s"]
    return [*_genitive(word), word + "en", word + "es"]


def _genitive(word: str) -> list[str]:
    return [] if word.endswith(("s", "x", "z", "ß")) else [word + "s"]


def _unique(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))[:MAX_FORMS]


def main() -> None:
    """Read {"language", "words"} as JSON from standard input, write {word: [forms, is_noun]}; {} for a language without a dictionary."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    question = json.load(sys.stdin)
    try:
        lemmas = DefaultDictionaryFactory().get_dictionary(question["language"])
    except ValueError:
        json.dump({}, sys.stdout)
        return
    inverse: dict[str, list[str]] = defaultdict(list)
    for form, lemma in lemmas.items():
        inverse[lemma].append(form)
    # No entry may come to be by being asked for.
    forms_of = dict(inverse)
    found = {word: forms(word, lemmas.get, forms_of) for word in question["words"]}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
