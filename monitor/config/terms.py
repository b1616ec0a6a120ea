"""What may stand in a rule's lists and in the names of entities."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.config.table import Text, did_you_mean
from monitor.errors import QueryError

if TYPE_CHECKING:
    from monitor.match.language.tree import Node

LONGEST = 300
_MOST_NAMES = 5
# What the language takes for an operator; a test holds this and the language together.
OPERATORS = frozenset({"AND", "UND", "OR", "ODER", "NOT", "NICHT", "NEAR", "ONEAR"})
_ADDRESS = r"(?:https?://|www\.)[^\s<>\"]+|[\w.+-]+@[\w-]+\.[\w.-]+"


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with an expression, or None; and whether it holds of an item in which none of its words stands.

    ``sketch`` shows the place of the problem, on two lines; "" where that would show what a variable gave.
    """

    problem: str | None = None
    holds_of_nothing: bool = False
    sketch: str = ""


def checked(text: Text, entities: Collection[str], listed: Collection[str], *, is_entry: bool) -> Checked:
    """Check an expression. ``entities`` are the names that it may name and that may be proposed, ``listed`` further ones."""
    if is_entry and is_plain(text.full):
        # Most entries are: then nothing of the language need be loaded, which costs each command 5 ms.
        return Checked()
    if not text.full.strip():
        return Checked("is empty; write a word or a phrase, or leave it out")
    from monitor.match.language.parser import parse
    from monitor.match.language.tree import holds_of_nothing

    try:
        tree = parse(text.full, is_entry=is_entry)
        _compile(tree, text.full)
    except QueryError as error:
        return Checked(_told(error, text), sketch=error.sketch if text.is_as_written else "")
    if unknown := _unknown_names(tree, text, entities, listed):
        return Checked("; and ".join(_told(error, text) for error in unknown), sketch=unknown[0].sketch if text.is_as_written else "")
    return Checked(None, holds_of_nothing(tree))


def is_plain(term: str) -> bool:
    """Say whether an entry is only words of letters, digits and inner hyphens, so that there is nothing to check."""
    parts = term.split()
    return (
        0 < len(term) <= LONGEST
        and term.isprintable()
        and bool(parts)
        and all(part.replace("-", "").isalnum() and part[0] != "-" and part[-1] != "-" and part not in OPERATORS for part in parts)
    )


def name_problem(name: str) -> str | None:
    """Return what is wrong with a name of an entity, or None. Names are no expressions: "Procter AND Gamble (USA)" is one."""
    if "*" in name:
        return "holds a *, and names have no wildcards; write the name out"
    return unfindable(name)


def unfindable(name: str) -> str | None:
    """Return why a name could never be found, or None."""
    plain = name.strip()
    if not plain:
        return "is empty; write a word or a phrase, or leave it out"
    if len(plain) > LONGEST:
        return f"is longer than {LONGEST} characters; write the words that matter"
    if "\n" in plain or "\r" in plain:
        return "goes over more than one line; write one word or phrase an entry"
    if not any(map(str.isalnum, plain)):
        return "has no letter and no digit, so it can never be found"
    # The matching's own pattern; a test holds the two together. To import the matching here would cost each command 3 ms.
    is_address = ("://" in plain or "www." in plain or "@" in plain) and not any(map(str.isalnum, re.sub(_ADDRESS, "", plain)))
    return "is an address: texts are searched without the addresses in them" if is_address else None


def exception_problem(word: str) -> str | None:
    """Return what is wrong with an exception, or None: it is one word, in which * stands for any letters or none."""
    plain = word.strip()
    if len(plain.split()) > 1:
        return "is more than one word; write one word an entry, such as Chefposten or *posten"
    return unfindable(plain)


def _compile(tree: Node, expression: str) -> None:
    from monitor.match.language.tree import Regex, leaves

    for leaf in leaves(tree):
        if isinstance(leaf, Regex):
            from monitor.match.regexes import compile_regex

            compile_regex(leaf.source, ignore_case=leaf.ignore_case, at=leaf.at, expression=expression)


def _unknown_names(tree: Node, text: Text, entities: Collection[str], listed: Collection[str]) -> list[QueryError]:
    from monitor.match.language.tree import EntityRef, leaves

    found: list[QueryError] = []
    for leaf in leaves(tree):
        if isinstance(leaf, EntityRef) and leaf.name not in entities and leaf.name not in listed and len(found) < _MOST_NAMES:
            hint = did_you_mean(leaf.name, entities).removeprefix("; ")
            found.append(QueryError(f'there is no entity "{leaf.name}"', leaf.at, hint, text.full))
    return found


def _told(error: QueryError, text: Text) -> str:
    # A message quotes the expression, and a variable in it may be a secret.
    return str(error) if text.is_as_written else f"is no right expression, at character {error.position + 1} with its variables replaced"
