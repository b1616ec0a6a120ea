"""Leaves to patterns, for the language of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import ClassVar, assert_never

from monitor.core.rule import Entity
from monitor.match.find import Finder, Known, NameOwner
from monitor.match.forms.lexicon import Lexicon
from monitor.match.forms.term import Step, TermForms
from monitor.match.forms.tokens import clean
from monitor.match.hits import Pattern
from monitor.match.language import tree
from monitor.match.names import NamePattern, PrefixPattern
from monitor.match.persons import first_names, own_words
from monitor.match.plan import LeafKey, Leaves
from monitor.match.rows import refusing, term_pattern
from monitor.match.wildcards import wildcard_pattern
from monitor.match.words import words


class Compiler:
    """Makes the finder of a language. What does not depend on the language is made once."""

    def __init__(self, leaves: Leaves, entities: Sequence[Entity], lexicon: Lexicon) -> None:
        self._leaves = leaves
        self._lexicon = lexicon
        self._known = tuple(_known(leaves, entities))
        self._first_names = first_names(entities)

    def finder(self, language: str) -> Finder:
        """Return the finder for texts in a language; "" if it is not known."""
        # Many phrases share a word.
        forms, bent = cache(partial(self._lexicon.forms, language=language)), cache(partial(self._lexicon.phrase_forms, language=language))
        patterns = ((_term(key, forms, bent), leaf) for key, leaf in self._leaves.numbers.items())
        terms = [(pattern, leaf) for pattern, leaf in patterns if pattern is not None]
        # Many entities share a word of their context, and some a name.
        names: dict[Pattern, list[NameOwner]] = {}
        for number, known in enumerate(self._known):
            for pattern, role in _names(known.entity):
                names.setdefault(pattern, []).append(NameOwner(number, role))
        return Finder(terms, tuple(names.items()), self._known, self._leaves.fields, self._first_names)


def _term(key: LeafKey, forms: Callable[..., TermForms], bent: Callable[..., TermForms]) -> Pattern | None:
    refuses = refusing(key.exceptions)
    match key.leaf:
        case tree.Word(text, mode, is_verbatim):
            word = verbatim if is_verbatim else partial(forms, mode=mode or "exact")
            return term_pattern(text, word, word, refuses)
        case tree.Phrase(parts, mode, is_verbatim, slop):
            word = verbatim if is_verbatim else partial(forms, mode=mode or "exact")
            inner = verbatim if is_verbatim else partial(bent, mode=mode or "exact")
            return term_pattern(" ".join(parts), word, inner, refuses, slop)
        case tree.Wildcard(pattern):
            return wildcard_pattern(pattern, refuses)
        case tree.EntityRef() | tree.Regex():
            return None
    assert_never(key.leaf)


def _names(entity: Entity) -> Iterator[tuple[Pattern, str]]:
    for name, by in _named(entity):
        if words(name):
            yield NamePattern(name, by), "name"
    for alias in entity.weak_aliases:
        yield NamePattern(alias, "weak"), "weak"
    for prefix in entity.prefixes:
        yield PrefixPattern(prefix), "name"
    # Of a hyphenated word any part is enough: "EVP" stands in "EVP-Chef".
    for word in entity.context:
        yield NamePattern(word, "context"), "context"
    for word in entity.exclude:
        yield NamePattern(word, "exclude"), "exclude"


def _named(entity: Entity) -> Iterator[tuple[str, str]]:
    yield entity.label, "label"
    for alias in entity.aliases:
        yield alias, "alias"
    for acronym in entity.acronyms:
        yield acronym, "acronym"


def _known(leaves: Leaves, entities: Iterable[Entity]) -> Iterator[Known]:
    """Yield the entities that rules ask for, by their name or by the name of their list."""
    asked = {key.leaf.name: leaf for key, leaf in leaves.numbers.items() if isinstance(key.leaf, tree.EntityRef)}
    for entity in entities:
        names = [entity.name, *([entity.source] if entity.source else [])]
        of_it = tuple(asked[name] for name in names if name in asked)
        if of_it:
            yield Known(entity, of_it, own_words(entity))


class _Verbatim(TermForms):
    """A word as it is written, its case too."""

    is_whole: ClassVar[bool] = True

    def __init__(self, word: str) -> None:
        self._word = clean(word)
        self.anchors = frozenset({self._word.lower()})

    def judge(self, token: str, *, case_tells: bool = True) -> Step | None:  # noqa: ARG002
        """See ``TermForms.judge``."""
        return Step("exact") if clean(token) == self._word else None


def verbatim(word: str) -> TermForms:
    """Return the forms of a word that is meant as it is written."""
    return _Verbatim(word)
