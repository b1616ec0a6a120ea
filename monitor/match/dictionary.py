"""A language's dictionary as the advice on rules asks it."""

from __future__ import annotations

from difflib import SequenceMatcher

from monitor.match.forms.lexicon import Lexicon
from monitor.match.words import fold

# One letter wrong in seven: in shorter words a slip cannot be told from a name.
LIKE = 0.86


class LanguageWords:
    """The words of one language. Of a language without a dictionary nothing is said: all its words are known, and none is common."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        self._lexicon = lexicon
        self._language = language

    def is_known(self, word: str) -> bool:
        """See ``advice.Dictionary``."""
        dictionary = self._lexicon.dictionary(self._language)
        if dictionary is not None and word.islower() and dictionary.is_noun(fold(word)):
            return dictionary.is_other(fold(word))
        return self._lexicon.is_known(word, self._language)

    def nearest(self, word: str) -> str | None:
        """See ``advice.Dictionary``. What is farther off was not meant: "Charkiw" is not "Charlie"."""
        near = self._lexicon.nearest(word, self._language)
        return next((one for one in near if SequenceMatcher(None, word, one).ratio() >= LIKE), None)

    def is_noun(self, word: str) -> bool:
        """See ``advice.Dictionary``.

        Dictionaries have names too: Merkel, Merkels. What has more forms than these, such as Koch, Köche, is a noun.
        """
        dictionary = self._lexicon.dictionary(self._language)
        for spelling in dictionary.spellings(word) if dictionary else ():
            lemma = dictionary.lemma(spelling) if dictionary else None
            if dictionary and lemma and lemma[:1].isupper():
                names = {fold(lemma), fold(lemma) + "s", fold(lemma) + "'"}
                return any(fold(form) not in names for form in dictionary.paradigm(lemma))
        return False

    def is_base(self, word: str) -> bool:
        """See ``advice.Dictionary``."""
        dictionary = self._lexicon.dictionary(self._language)
        return dictionary is not None and any(dictionary.is_base(spelling) for spelling in dictionary.spellings(word))

    def has(self, word: str) -> bool:
        """Say whether a word stands in the dictionary itself, in whatever case."""
        dictionary = self._lexicon.dictionary(self._language)
        return dictionary is not None and (dictionary.is_noun(fold(word)) or dictionary.is_other(fold(word)))
