"""What to look for and whom to tell, and what becomes of a rule applied to an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from monitor.core.habits import Removed
from monitor.core.model import FIELDS, Evidence, Field, Kind, Match, Severity, Target
from monitor.core.secret import Secret


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation, place or topic with the names it goes by."""

    name: str
    label: str
    type: Literal["person", "organisation", "place", "topic"] = "topic"
    aliases: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for and whom to tell. The lists combine as CONTRACT says: OR within, AND between, nothing of ``none``."""

    name: str
    keywords: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    mode: Literal["exact", "inflected"] = "inflected"
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


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rules look at: an item's texts, and where it comes from. What is ``removed`` of them is page noise, and no hit."""

    feed: str
    tags: tuple[str, ...]
    kind: Kind
    language: str
    texts: Mapping[Field, str]
    removed: Mapping[Field, tuple[Removed, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule: did it hold, and the words that say why or why not."""

    name: str
    held: bool
    why: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule applied to a subject, condition by condition. ``match`` is None if one of them failed."""

    rule: str
    conditions: tuple[Condition, ...]
    match: Match | None = None
