"""What is allowed in a rule and probably not meant: warnings for `check`, with their place.

The dictionary comes in as an argument: what it does not know of a language, nothing is said about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, assert_never

from monitor.core.rule import Entity, Entry, Mode, Rule
from monitor.errors import place_in
from monitor.match.language.parser import Reading, read
from monitor.match.language.tree import ANY_WORD, EntityRef, Leaf, Phrase, Regex, Wildcard, Word, leaves
from monitor.match.words import fold

SHORT = 3
_HYPHENS = re.compile("[-‐‑–]")
_WEAK = "move it to weak_aliases, which count only beside another name or one of context"


class Dictionary(Protocol):
    """The words of a language. Case counts: "Recht" is a noun, "recht" is another word."""

    def is_known(self, word: str) -> bool:
        """Say whether a word, as it is written, is a word of the language in any of its forms, or a compound of such."""

    def nearest(self, word: str) -> str | None:
        """Return the known word that a mistyped one was probably meant to be, or None."""

    def is_noun(self, word: str) -> bool:
        """Say whether a word with its capital is a common noun."""

    def is_base(self, word: str) -> bool:
        """Say whether a word, as it is written, is the base form of one: "lang", not "verlangt"."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A warning. ``key`` is the path within the rule or entity, as in "keywords[0]"; ``message`` is one line with the place in it."""

    key: str
    message: str


@dataclass(frozen=True, slots=True)
class _Remark:
    message: str
    at: int
    hint: str


def rule_advice(rule: Rule, dictionary: Dictionary) -> tuple[Advice, ...]:
    """Return what to say about a rule's lists and query. Its expressions must parse."""
    lists: tuple[tuple[str, tuple[Entry, ...]], ...] = (("keywords", rule.keywords), ("all", rule.all), ("none", rule.none))
    found = [
        Advice(f"{key}[{number}]", message)
        for key, entries in lists
        for number, entry in enumerate(entries)
        for message in advise(entry.expression, entry.mode or rule.mode, dictionary, is_entry=True)
    ]
    if rule.query:
        found += [Advice("query", message) for message in advise(rule.query, rule.mode, dictionary, is_entry=False)]
    return tuple(found)


def entity_advice(entity: Entity, dictionary: Dictionary) -> tuple[Advice, ...]:
    """Return which names of an entity are common words too, or letters: they would be found where nobody means the entity."""
    return tuple(Advice(key, f"“{name}” {problem}") for key, name in _named(entity) if (problem := _problem_of_name(name, dictionary)))


def shared_names(entities: Iterable[Entity]) -> Iterator[tuple[Entity, Advice]]:
    """Yield which names of an entity are also names of another, in the order of the entities."""
    owners: dict[str, dict[str, None]] = defaultdict(dict)
    entities = tuple(entities)
    for entity in entities:
        for _, name in _named(entity):
            owners[fold(name)][entity.name] = None
    for entity in entities:
        for key, name in _named(entity):
            if others := [one for one in owners[fold(name)] if one != entity.name]:
                told = f"“{name}” is a name of {others[0]} too, and each would be found where the other is meant; {_WEAK}"
                yield entity, Advice(key, told)


def _named(entity: Entity) -> Iterator[tuple[str, str]]:
    yield "label", entity.label
    for number, alias in enumerate(entity.aliases):
        yield f"aliases[{number}]", alias


def _problem_of_name(name: str, dictionary: Dictionary) -> str:
    if len(name) == 1:
        return "is one letter, and would be found where nobody means the name; write more of it"
    return f"is a common word too, and would be found where nobody means the name; {_WEAK}" if _is_common(name, dictionary) else ""


def advise(expression: str, mode: Mode, dictionary: Dictionary, *, is_entry: bool) -> tuple[str, ...]:
    """Return what to say about an expression, in the order of its text; ``mode`` is that of its plain words. Raises ``QueryError``."""
    reading = read(expression, is_entry=is_entry)
    remarks = [*_on_operators(reading, is_entry=is_entry)]
    for leaf in leaves(reading.tree):
        remarks += _on_leaf(leaf, mode, dictionary)
    remarks.sort(key=lambda one: one.at)
    return tuple(f"{one.message}, {place_in(expression, one.at)}; {one.hint}" for one in remarks)


def _on_operators(reading: Reading, *, is_entry: bool) -> Iterator[_Remark]:
    for at in reading.mixed_at:
        yield _Remark("AND and OR stand together without brackets, and AND binds tighter", at, "write brackets: a OR (b AND c)")
    for at in reading.ampersands:
        yield _Remark("& means AND here", at, 'put a name with & in it in quotes: "Ernst & Young"')
    if is_entry and reading.joined_at:
        message = "this entry holds a sign of the language, so its words are joined by AND"
        yield _Remark(message, reading.joined_at[0], "put words that belong together in quotes, or write AND")


def _on_leaf(leaf: Leaf, mode: Mode, dictionary: Dictionary) -> Iterator[_Remark]:
    match leaf:
        case Word(text, own, at=at):
            if not leaf.is_verbatim:
                yield from _on_word(text, own or mode, at, dictionary)
        case Phrase(parts, at=at):
            if not leaf.is_verbatim:
                for part in parts:
                    yield from _on_spelling(part.strip(".,;:!?"), at, dictionary)
        case Wildcard(pattern, at=at):
            yield from _on_wildcard(pattern, at, dictionary)
        case Regex(source, ignore_case, at):
            yield from _on_regex(source, at, ignore_case=ignore_case)
        case EntityRef():
            return
        case _:
            assert_never(leaf)


def _on_word(text: str, mode: Mode, at: int, dictionary: Dictionary) -> Iterator[_Remark]:
    # A word in capitals is searched with its case, and in compounds only behind a hyphen.
    is_acronym = len(text) > 1 and text.isupper()
    if mode in ("family", "derived") and text.isalpha() and len(text) <= SHORT and not is_acronym:
        message = f"“{text}” is short, and in mode {mode} a short word is found in many others"
        yield _Remark(message, at, f"see `monitor words {text}`; name others in except, or write mode inflected")
    if is_acronym and len(text) > SHORT and dictionary.is_noun(text.capitalize()):
        yield _Remark(f"“{text}” is in capitals, so it is found only in capitals", at, f"write {text.capitalize()}")
    yield from _on_spelling(text, at, dictionary)
    capital = text[:1].upper() + text[1:]
    if text.isalpha() and text.islower() and dictionary.is_noun(capital) and not dictionary.is_known(text):
        yield _Remark(f"“{text}” is a noun written small", at, f"write {capital}, which is told from other words by its capital")


def _on_spelling(text: str, at: int, dictionary: Dictionary) -> Iterator[_Remark]:
    for part in _HYPHENS.split(text):
        if part == ANY_WORD or not part.isalpha() or len(part) <= SHORT or part.isupper():
            continue
        if dictionary.is_known(part) or dictionary.is_noun(part[:1].upper() + part[1:]):
            continue
        # Most words that no dictionary has are names: only one that is like another word is worth a line.
        if near := dictionary.nearest(part):
            yield _Remark(f"“{part}” is in no dictionary", at, f"did you mean {near}?")


def _on_wildcard(pattern: str, at: int, dictionary: Dictionary) -> Iterator[_Remark]:
    stem = pattern.strip("*")
    capital = stem[:1].upper() + stem[1:]
    if stem.isalpha() and len(stem) > SHORT and (dictionary.is_known(stem) or dictionary.is_noun(capital)):
        word = capital if dictionary.is_noun(capital) else stem
        yield _Remark(
            f"“{pattern}” finds all that has these letters", at, f"~{word} finds the forms and compounds of the word, and no other"
        )


def _on_regex(source: str, at: int, *, ignore_case: bool) -> Iterator[_Remark]:
    from monitor.match.regexes import is_slow

    if is_slow(source, ignore_case=ignore_case):
        message = f"/{source[:40]}/ runs out of time on some texts, and then does not count"
        yield _Remark(message, at, "take nested repeats such as (a+)+ apart")


def _is_common(name: str, dictionary: Dictionary) -> bool:
    from monitor.match.names import LONGEST_ACRONYM

    if not name.isalpha() or (1 < len(name) <= LONGEST_ACRONYM and name.isupper()):
        return False
    # Lists write names in capitals: "SOMMER" is found as "Sommer".
    written = name.capitalize() if name.isupper() else name
    return dictionary.is_noun(written) or dictionary.is_base(written.lower())
