"""Opens the compact dictionaries, making them once a machine, and gives terms and names their forms."""

from __future__ import annotations

import contextlib
import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from monitor.errors import DictionaryMissing
from monitor.match.forms.compact import Compact, Spoilt
from monitor.match.forms.derive import derived
from monitor.match.forms.family import ends_only, family
from monitor.match.forms.german import NOUN_PARTICLES
from monitor.match.forms.inflect import Inflection, inflect, inflect_adjective
from monitor.match.forms.lattice import Lattice, first_parts
from monitor.match.forms.making import ChildMaker
from monitor.match.forms.names import NameMode, name_forms
from monitor.match.forms.nearest import nearest
from monitor.match.forms.pack import FORMAT
from monitor.match.forms.term import AcronymForms, By, ExactForms, Family, FamilyForms, InflectedForms, Step, TermForms
from monitor.match.forms.tokens import anchors, clean, cover, is_acronym
from monitor.match.words import fold

log = logging.getLogger(__name__)

Mode = Literal["exact", "inflected", "family", "derived"]
Make = Callable[[Path, str, str], None]
OnMake = Callable[[str], None]

LATTICES = 1024


def _say_nothing(_: str) -> None:
    return


class Lexicon:
    """The forms of words by language. A language without a dictionary has exact forms and folding only."""

    def __init__(self, directory: Path, make: Make, on_make: OnMake = _say_nothing) -> None:
        self._directory = directory
        self._make = make
        self._on_make = on_make
        self._opened: dict[str, Compact | None] = {}
        self._makes = True
        self._cut: Callable[[str, bool], Lattice] | None = None

    @classmethod
    def open(cls, directory: Path, on_make: OnMake = _say_nothing, make: Make | None = None) -> Lexicon:
        """Use the dictionaries in a directory, which need not exist yet. Each is opened when first asked for.

        ``on_make`` is told the language of a dictionary before it is made, which takes seconds; ``make`` makes it, as a rule
        in a child process. What ``make`` raises is the caller's, but for ``OSError``.
        """
        return cls(directory, make or ChildMaker(), on_make)

    def ready_only(self) -> Lexicon:
        """Return the same dictionaries, for whoever must not wait: one that is not made yet raises ``DictionaryMissing``."""
        other = copy(self)
        other._makes = False
        return other

    def forms(self, word: str, mode: Mode, language: str) -> TermForms:
        """Return the forms of one query word in a mode; ``language`` is "de", "en", … or unknown."""
        if is_acronym(word):
            return _acronym(word, mode)
        dictionary = None if mode == "exact" else self.dictionary(language)
        if dictionary is None:
            return ExactForms(fold(word), anchors({fold(word)}, word))
        inflection = inflect(word, dictionary, language)
        inflected = _inflected(word, inflection, language, may_be_part=mode != "inflected")
        if mode == "inflected" or language != "de":
            return inflected
        return self._family(inflection, inflected, dictionary, with_derived=mode == "derived")

    def phrase_forms(self, word: str, mode: Mode, language: str) -> TermForms:
        """Return the forms of a word of a phrase: as a query word's, but "Künstliche" is the adjective, whatever its case."""
        dictionary = self.dictionary(language) if language == "de" and mode != "exact" and word[:1].isupper() else None
        adjective = None if dictionary is None else inflect_adjective(word, dictionary)
        return self.forms(word, mode, language) if adjective is None else _inflected(word, adjective, language, may_be_part=False)

    def names(self, word: str, mode: NameMode = "family", *, is_last: bool = True) -> TermForms:
        """Return the forms of one word of a name; see ``names.name_forms``. In capitals it is an acronym."""
        return _acronym(word, mode) if is_acronym(word) else name_forms(word, mode, is_last=is_last)

    def is_known(self, word: str, language: str) -> bool:
        """Say whether a word, or a compound of known words, stands in the dictionary; True where there is none."""
        dictionary = self.dictionary(language)
        if dictionary is None or dictionary.is_noun(fold(word)) or dictionary.is_other(fold(word)):
            return True
        return language == "de" and self._lattice(dictionary)(fold(word), word[:1].isupper()).cut_rest(0) != [fold(word)]

    def nearest(self, word: str, language: str) -> list[str]:
        """Return known words that look like an unknown one, the likeliest first."""
        dictionary = self.dictionary(language)
        return [] if dictionary is None else nearest(word, dictionary)

    def dictionary_hits(self, forms: TermForms, language: str) -> Iterator[tuple[str, Step]]:
        """Yield the words of the dictionary that a term hits."""
        dictionary = self.dictionary(language)
        return iter(()) if dictionary is None else hits(forms, dictionary.words())

    def dictionary(self, language: str) -> Compact | None:
        """Return the opened dictionary of a language; None: there is none, or it cannot be made."""
        if language not in self._opened:
            if not self._makes and has_dictionary(language) and not self.is_made(language):
                raise DictionaryMissing(language)
            self._opened[language] = self._open(language)
        return self._opened[language]

    def is_made(self, language: str) -> bool:
        """Say whether a language's dictionary is there already: to ask for it makes it otherwise, which takes seconds."""
        return language in self._opened or self._path(language).exists()

    def _path(self, language: str) -> Path:
        return self._directory / f"forms-{language}-{_stamp()}.bin"

    def _open(self, language: str) -> Compact | None:
        if not has_dictionary(language):
            return None
        stamp, path = _stamp(), self._path(language)
        with contextlib.suppress(OSError, Spoilt):
            return Compact.open(path, stamp)
        self._on_make(language)
        try:
            self._make(path, language, stamp)
            return Compact.open(path, stamp)
        except (OSError, Spoilt) as error:
            log.info("the dictionary cannot be kept, it is made at every start", extra={"language": language, "reason": str(error)})
        try:
            with tempfile.TemporaryDirectory() as directory:
                path = Path(directory) / path.name
                self._make(path, language, stamp)
                # What is mapped stays readable after its file is gone.
                return Compact.open(path, stamp)
        except (OSError, Spoilt) as error:
            log.error("the dictionary cannot be made, terms match as they are written", extra={"language": language, "reason": str(error)})
            return None

    def _family(self, inflection: Inflection, inflected: InflectedForms, dictionary: Compact, *, with_derived: bool) -> FamilyForms:
        lattice = self._lattice(dictionary)
        families: list[tuple[By, Family]] = [("compound", family(inflection, dictionary, lattice))]
        prefixed: set[str] = set()
        for compound in _prefixed(inflection, dictionary):
            families.append(("compound", family(compound, dictionary, lattice)))
            prefixed |= {fold(form) for form in compound.forms}
        made: dict[str, bool] = {}
        for lemma in derived(inflection.lemma, dictionary) if with_derived and inflection.is_noun else ():
            other = Inflection(lemma, tuple(dictionary.paradigm(lemma)), lemma[:1].isupper())
            made |= {fold(form): other.is_noun and made.get(fold(form), True) for form in other.forms}
            # A verb begins no compound: "gast" is a form of "gasen" and not of the "Gasthaus".
            families.append(("derived", (family if other.is_noun else ends_only)(other, dictionary, lattice)))
        stems = cover({*inflected.forms, *made, *prefixed, *(part for _, one in families for part in (*one.lefts, *one.tails))})
        return FamilyForms(inflected, tuple(families), made, frozenset(prefixed), anchors(set(stems)), lattice, dictionary, tuple(stems))

    def _lattice(self, dictionary: Compact) -> Callable[[str, bool], Lattice]:
        if self._cut is None:
            first = first_parts(dictionary)
            self._cut = lru_cache(maxsize=LATTICES)(lambda text, is_noun: Lattice(text, is_noun, dictionary, first))
        return self._cut


def _acronym(word: str, mode: Mode) -> AcronymForms:
    return AcronymForms(clean(word), mode != "exact", mode in ("family", "derived"), anchors({fold(word)}, word))


def _prefixed(inflection: Inflection, dictionary: Compact) -> Iterator[Inflection]:
    base = fold(inflection.lemma)
    for particle in NOUN_PARTICLES if inflection.is_noun else ():
        if dictionary.is_prefixed(particle + base) and (spelt := dictionary.spellings((particle + base).capitalize())):
            yield inflect(spelt[0], dictionary, "de")


def _inflected(word: str, inflection: Inflection, language: str, *, may_be_part: bool) -> InflectedForms:
    forms = frozenset(fold(form) for form in inflection.forms)
    needs_capital = language == "de" and word[:1].isupper() and inflection.is_noun
    return InflectedForms(fold(word), forms, needs_capital, may_be_part, anchors(set(forms)))


@cache
def _stamp() -> str:
    return f"{version('simplemma')}-{FORMAT}"


def has_dictionary(language: str) -> bool:
    """Say whether simplemma has a dictionary of a language, without importing it."""
    spec = find_spec("simplemma")
    places = spec.submodule_search_locations if spec else None
    return language.isalpha() and any(
        (Path(place) / "strategies/dictionaries/data" / f"{language}.plzma").is_file() for place in places or ()
    )


def hits(forms: TermForms, words: Iterable[str]) -> Iterator[tuple[str, Step]]:
    """Yield those of the words that a term hits, each with the step that tells why."""
    for word in words:
        low = word.lower()
        if any(anchor in low for anchor in forms.anchors) and (step := forms.judge(word)):
            yield word, step
