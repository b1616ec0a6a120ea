"""Rules made ready: expressions whose leaves are numbers, so that what all rules ask for is looked for once.

A leaf is one thing that is looked for. Its patterns depend on the language of the text, its number does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, assert_never

from monitor.core.model import Field
from monitor.core.rule import Entry, Mode, Rule
from monitor.match.language import tree
from monitor.match.language.parser import parse


@dataclass(frozen=True, slots=True)
class Find:
    """A leaf, at least ``count`` times."""

    leaf: int
    count: int
    source: tree.Leaf


@dataclass(frozen=True, slots=True)
class All:
    """All of them."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least ``n`` different ones of them. ``by_leaf``: which parts are leaves, to go to those that were found at once."""

    n: int
    parts: tuple[Plan, ...]
    by_leaf: Mapping[int, int] = field(default_factory=dict)
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Not in the fields that are looked at."""

    part: Plan


@dataclass(frozen=True, slots=True)
class Close:
    """Both near each other; see ``tree.Near``."""

    left: Plan
    right: Plan
    within: int | Literal["s", "p"]
    is_ordered: bool


@dataclass(frozen=True, slots=True)
class In:
    """In these fields."""

    fields: tuple[Field, ...]
    part: Plan


Plan = Find | All | Some | Nowhere | Close | In


@dataclass(frozen=True, slots=True)
class LeafKey:
    """What makes two leaves the same: what is looked for, its mode resolved, and what it must not be."""

    leaf: tree.Leaf
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulePlan:
    """A rule made ready. Lists that are not given are None or empty."""

    rule: Rule
    keywords: Plan | None
    entities: Plan | None
    every: tuple[Plan, ...]
    none: tuple[Plan, ...]
    query: Plan | None

    @property
    def wanted(self) -> tuple[Plan, ...]:
        """Return what must be there."""
        return tuple(one for one in (self.keywords, self.entities, *self.every, self.query) if one is not None)


class Leaves:
    """The leaves of all rules, each with a number."""

    def __init__(self) -> None:
        self.numbers: dict[LeafKey, int] = {}
        self.fields: set[Field] = set()

    def rule(self, rule: Rule) -> RulePlan:
        """Make a rule ready. Raises ``QueryError`` for an expression that does not parse."""
        self.fields.update(rule.fields)
        entities = [self._plan(tree.EntityRef(name), rule.mode, ()) for name in rule.entities]
        query = parse(rule.query, is_entry=False) if rule.query else None
        return RulePlan(
            rule,
            keywords=_some(1, self._entries(rule.keywords, rule)),
            entities=_some(1, entities),
            every=self._entries(rule.all, rule),
            none=self._entries(rule.none, rule),
            query=self._plan(query, rule.mode, rule.exceptions) if query else None,
        )

    def terms(self) -> dict[int, str]:
        """Return what people call each leaf: the word or phrase as the rule has it, without its signs."""
        return {number: _term(key.leaf) for key, number in self.numbers.items()}

    def _entries(self, entries: Sequence[Entry], rule: Rule) -> tuple[Plan, ...]:
        return tuple(
            self._plan(parse(one.expression, is_entry=True), one.mode or rule.mode, rule.exceptions + one.exceptions) for one in entries
        )

    def _plan(self, node: tree.Node, mode: Mode, exceptions: tuple[str, ...]) -> Plan:
        match node:
            case tree.And(parts):
                return All(tuple(self._plan(part, mode, exceptions) for part in parts))
            case tree.Or(parts):
                return _some(1, [self._plan(part, mode, exceptions) for part in parts]) or All(())
            case tree.AtLeast(n, parts):
                return _some(n, [self._plan(part, mode, exceptions) for part in parts]) or All(())
            case tree.Not(part):
                return Nowhere(self._plan(part, mode, exceptions))
            case tree.Near(left, right, within, is_ordered):
                return Close(self._plan(left, mode, exceptions), self._plan(right, mode, exceptions), within, is_ordered)
            case tree.InField(fields, part):
                self.fields.update(fields)
                return In(fields, self._plan(part, mode, exceptions))
            case tree.Word() | tree.Phrase() | tree.Wildcard() | tree.EntityRef() | tree.Regex():
                return self._leaf(node, mode, exceptions)
        assert_never(node)

    def _leaf(self, leaf: tree.Leaf, mode: Mode, exceptions: tuple[str, ...]) -> Find:
        match leaf:
            case tree.Word() | tree.Phrase():
                key = LeafKey(replace(leaf, mode=leaf.mode or mode, count=1), exceptions)
            case tree.Wildcard():
                key = LeafKey(replace(leaf, count=1), exceptions)
            case tree.EntityRef() | tree.Regex():
                key = LeafKey(leaf)
            case _:
                assert_never(leaf)
        count = 1 if isinstance(leaf, tree.EntityRef | tree.Regex) else leaf.count
        return Find(self.numbers.setdefault(key, len(self.numbers)), count, key.leaf)


def _term(leaf: tree.Leaf) -> str:
    match leaf:
        case tree.Word(text):
            return text
        case tree.Phrase(parts):
            return " ".join(parts)
        case tree.Wildcard(pattern):
            return pattern
        case tree.EntityRef(name):
            return name
        case tree.Regex():
            return tree.render(leaf)
    assert_never(leaf)


def _some(n: int, parts: Sequence[Plan]) -> Plan | None:
    if not parts:
        return None
    if len(parts) == 1 and n == 1:
        return parts[0]
    by_leaf: dict[int, int] = {}
    others = []
    for number, part in enumerate(parts):
        if isinstance(part, Find) and part.leaf not in by_leaf:
            by_leaf[part.leaf] = number
        else:
            others.append(number)
    return Some(n, tuple(parts), by_leaf, tuple(others))


def triggers(plan: Plan) -> frozenset[int] | None:
    """Return leaves of which one must be found for the plan to hold, or None: it may hold of an item without any."""
    match plan:
        case Find(leaf, _, source):
            # A regular expression is searched only where a rule asks.
            return None if isinstance(source, tree.Regex) else frozenset({leaf})
        case All(parts):
            found = [one for one in map(triggers, parts) if one is not None]
            return min(found, key=len) if found else None
        case Some(n, parts):
            groups = [triggers(part) for part in parts]
            open_ones = sum(one is None for one in groups)
            return None if open_ones >= n else frozenset().union(*(one for one in groups if one is not None))
        case Nowhere():
            return None
        case Close(left, right):
            found = [one for one in (triggers(left), triggers(right)) if one is not None]
            return min(found, key=len) if found else None
        case In(_, part):
            return triggers(part)
    assert_never(plan)
