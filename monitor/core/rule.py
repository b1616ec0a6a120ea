"""What to look for and whom to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor.core.model import FIELDS, Field, Kind, Severity, Target
from monitor.core.secret import Secret

Mode = Literal["exact", "inflected", "family", "derived"]
EntityType = Literal["person", "organisation", "place", "topic"]

MODES: tuple[Mode, ...] = ("exact", "inflected", "family", "derived")
ENTITY_TYPES: tuple[EntityType, ...] = ("person", "organisation", "place", "topic")


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation, place or topic with the names it goes by.

    ``weak_aliases`` count only if another name or one of ``context`` stands in the same item; ``exclude`` near it undoes a hit.
    Of an entity list, ``source`` is the list's name and ``id`` what the file calls the entity; else both are None.
    """

    name: str
    label: str
    type: EntityType = "topic"
    aliases: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    weak_aliases: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    id: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a rule's list: an expression; as a table in the file it has a mode and exceptions of its own."""

    expression: str
    mode: Mode | None = None  # None: the rule's
    exceptions: tuple[str, ...] = ()  # words that its terms would hit and must not, * allowed


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for and whom to tell. The lists combine as CONTRACT says: OR within, AND between, nothing of ``none``.

    ``entities`` are names of entities or of entity lists. ``query`` is an expression that must hold too; "" if there is none.
    ``weights`` are pairs of a word and its weight.
    """

    name: str
    keywords: tuple[Entry, ...] = ()
    entities: tuple[str, ...] = ()
    all: tuple[Entry, ...] = ()
    none: tuple[Entry, ...] = ()
    query: str = ""
    mode: Mode = "family"
    exceptions: tuple[str, ...] = ()
    min_count: int = 1
    weights: tuple[tuple[str, float], ...] = ()
    min_score: float = 0
    fields: tuple[Field, ...] = FIELDS
    feeds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ("article",)
    severity: Severity = "info"
    receivers: tuple[str, ...] = ()
    template: str = "alert"
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receiver:
    """A named group of addresses. ``targets`` and ``urls`` go in pairs; the built-in ``console`` has a target and no URL."""

    name: str
    urls: tuple[tuple[Target, Secret], ...]
    min_severity: Severity = "info"
