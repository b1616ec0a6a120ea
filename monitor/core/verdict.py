"""What rules look at, and what becomes of a rule applied to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.core.habits import Removed
from monitor.core.model import Evidence, Field, Kind, Match


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
class Proof(Evidence):
    """Evidence as it is explained: ``analysis`` is how the word was cut, "Waffen·stillstand·s·verhandlungen", or ""."""

    analysis: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule: did it hold, and the words that say why or why not.

    ``parts`` are what it is made of, in the order of the rule; a condition that did not hold has ``near``: what almost made it hold.
    """

    name: str
    held: bool
    why: str
    evidence: tuple[Proof, ...] = ()
    parts: tuple[Condition, ...] = ()
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule applied to a subject, condition by condition. ``match`` is None if one of them failed."""

    rule: str
    conditions: tuple[Condition, ...]
    match: Match | None = None

    @property
    def first_failed(self) -> tuple[str, ...]:
        """Return the first condition that failed, then the first part of it that failed, and so on down; () if the rule matches."""
        names: list[str] = []
        conditions = self.conditions if self.match is None else ()
        while failed := next((one for one in conditions if not one.held), None):
            names.append(failed.name)
            conditions = failed.parts
        return tuple(names)
