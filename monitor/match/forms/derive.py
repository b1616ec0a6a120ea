"""A German noun to the words made of it by endings and prefixes: Sanktion, sanktionieren; Wahl, Wähler; Streik, bestreiken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.match.forms.compact import Compact
from monitor.match.forms.german import listed

# What may stand behind the stem of a noun in the base form of a noun that is made of it …
NOUN_ENDINGS = listed(
    """er ler ner iker ist istin erin in innen lerin nerin ung erung ierung isierung ismus ium ariat heit igkeit losigkeit lichkeit
    chen lein le ling schaft erei är onär onärin ation ator ing ier ismen"""
)
# … of a verb …
VERB_ENDINGS = listed("en n eln ern ieren isieren lichen igen")
# … and of an adjective.
ADJECTIVE_ENDINGS = listed("lich erlich ig isch istisch erisch atisch los bar sam mäßig är ell iell haft ierend end ig ant")
# What may stand before it: be·streiken, ver·zinsen, un·gesetzlich.
BEFORE = ("be", "ver", "ent", "un")
_UMLAUTS = {"au": "äu", "a": "ä", "o": "ö", "u": "ü"}
# Endings of the noun itself that are gone in what is made of it: Regier·ung, regieren; Schul·e, schulisch.
_OWN_ENDINGS = ("ung", "en", "ie", "e", "er", "ling")
SHORTEST_STEM = 3


def derived(lemma: str, dictionary: Compact) -> tuple[str, ...]:
    """Return the base forms of the dictionary that are made of a noun, without those of compounds."""
    starts = dict.fromkeys(before + stem for stem in _stems(lemma) for before in ("", *BEFORE))
    nouns = (start.capitalize() + ending for start in starts for ending in NOUN_ENDINGS)
    others = (start + ending for start in starts for ending in VERB_ENDINGS | ADJECTIVE_ENDINGS)
    # Of "Demonstr·ation" the verb only: "informell" is not of "Information".
    verb = lemma.lower().removesuffix("ation") + "ieren"
    of_ation = [verb] if lemma.endswith("ation") and len(verb) >= SHORTEST_STEM + len("ieren") else []
    made = [word for word in (*nouns, *others, *of_ation) if word != lemma and dictionary.is_base(word)]
    return tuple(dict.fromkeys([*made, *_participles(made, dictionary)]))


def _participles(made: Iterable[str], dictionary: Compact) -> Iterator[str]:
    """Yield the participles that the dictionary takes for adjectives, and not for forms of their verb: sanktioniert."""
    for word in made:
        if word.islower() and word.endswith("en") and dictionary.is_base(participle := word.removesuffix("en") + "t"):
            yield participle


def _stems(lemma: str) -> list[str]:
    low = lemma.lower()
    # Verhand·lung is of verhand·eln, Förder·ung of förd·ern.
    stems = [
        low,
        *([low.removesuffix("lung") + "el"] if low.endswith("lung") else []),
        *(low.removesuffix(end) for end in _OWN_ENDINGS if low.endswith(end)),
    ]
    stems = [stem for stem in stems if len(stem) >= SHORTEST_STEM]
    return list(dict.fromkeys([*stems, *(bent for stem in stems for bent in _bent(stem))]))


def _bent(stem: str) -> list[str]:
    """Return a stem with its last vowel as an umlaut: Wahl, wähl; Haus, häus."""
    for at in range(len(stem) - 1, -1, -1):
        for vowel, umlaut in _UMLAUTS.items():
            if stem[at : at + len(vowel)] == vowel:
                if vowel == "u" and stem[at - 1 : at] == "a":
                    return [stem[: at - 1] + "äu" + stem[at + 1 :]]
                return [] if vowel == "u" and stem[at - 1 : at] == "e" else [stem[:at] + umlaut + stem[at + len(vowel) :]]
        if stem[at] in "eiäöüy":
            return []
    return []
