"""Which language is a text in? Told by the small words that every text is full of."""

from __future__ import annotations

from collections import Counter

from monitor.core.text import words_of

# A dozen of the commonest words of each language that are rare or unknown in the others. Names and headlines have few of
# them: then nothing is said.
_SMALL_WORDS = {
    "de": "der die und das nicht ist mit auf für von dem den eine ein sich auch wird nach bei im zu wie hat aus",
    "en": "the and of to in is that for with was on as are by this from be has at have it an",
    "fr": "le la les des et est une du dans que pour qui sur pas au avec par sont plus ce en",
    "es": "el la los las de que y en un una por con para es del se no su al lo como más",
    "it": "il di che è la per un in del della non con si le una sono da gli alla più",
    "nl": "de het een van en is dat op te in voor met zijn niet aan er om ook als bij",
    "pl": "w i z na się do nie że to jest o od po za przez jak dla są oraz",
    "ru": "и в не на что с по как это из к у от за для был о а но его",
    "uk": "і в на що не з та до у як це від за про для був його або але й",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_LANGUAGES = {word: [language for language, known in _WORDS.items() if word in known] for word in frozenset().union(*_WORDS.values())}
# Fewer words of a text say too little.
FEWEST = 8
LONGEST = 3000


def language_of(text: str) -> str | None:
    """Return the language of a text, or None if it is too short, or is not clearly one of those that are known."""
    words = words_of(text[:LONGEST].lower())
    if len(words) < FEWEST:
        return None
    # Every item that is read comes here: the words of no language are left out before any are counted.
    counts = dict.fromkeys(_WORDS, 0)
    for word, times in Counter(filter(_LANGUAGES.__contains__, words)).items():
        for language in _LANGUAGES[word]:
            counts[language] += times
    (best, most), (_, second) = sorted(counts.items(), key=lambda one: one[1], reverse=True)[:2]
    # "in", "de" and "la" are words of many: the best must lead, and have its share.
    return best if most >= max(2, len(words) * 0.12) and most >= second * 1.5 else None
