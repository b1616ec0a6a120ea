"""Does an expression hold of what was found? The one answer that ``match`` and ``explain`` both give."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, assert_never

from monitor.core.model import Field
from monitor.match.find import MOST_SPANS, Found, Span
from monitor.match.language import tree
from monitor.match.plan import All, Close, Find, In, Nowhere, Plan, Some

# Gives the spans of a leaf that is a regular expression in these fields.
Searching = Callable[[int, tree.Regex, Found, Sequence[Field]], list[Span]]


class Group(NamedTuple):
    """Spans that are near each other, from the first to the last."""

    field: Field
    start: int
    end: int
    spans: tuple[Span, ...]


# What takes part in a distance.
Unit = Span | Group


@dataclass(slots=True)
class Outcome:
    """What became of a plan. ``parts`` are the outcomes below that were looked at; of ``Some`` only those that were found."""

    plan: Plan
    held: bool
    units: Sequence[Unit] = ()
    parts: Sequence[Outcome] = ()

    def spans(self) -> Iterator[Span]:
        """Yield the spans that made it hold."""
        if not self.held:
            return
        if self.units:
            for unit in self.units:
                yield from unit.spans
        else:
            for part in self.parts:
                yield from part.spans()


class Evaluation:
    """Evaluates plans on what was found in one subject."""

    def __init__(self, found: Found, search: Searching) -> None:
        self._found = found
        self._search = search

    def __call__(self, plan: Plan, scope: Sequence[Field]) -> Outcome:
        """Return what becomes of a plan in these fields."""
        match plan:
            case Find():
                return self._find(plan, scope)
            case All(parts):
                outcomes = [self(part, scope) for part in parts]
                return Outcome(plan, all(one.held for one in outcomes), (), outcomes)
            case Some():
                return self._some(plan, scope)
            case Nowhere(part):
                inner = self(part, scope)
                return Outcome(plan, not inner.held, (), (inner,) if inner.held else ())
            case Close():
                return self._close(plan, scope)
            case In(fields, part):
                inner = self(part, fields)
                return Outcome(plan, inner.held, inner.units, (inner,))
        assert_never(plan)

    def _find(self, plan: Find, scope: Sequence[Field]) -> Outcome:
        if isinstance(plan.source, tree.Regex):
            spans: Iterable[Span] = self._search(plan.leaf, plan.source, self._found, scope)
        else:
            spans = self._found.spans.get(plan.leaf, ())
        units = [span for span in spans if span.field in scope]
        if plan.count > 1:
            return Outcome(plan, len({unit[:3] for unit in units}) >= plan.count, units)
        return Outcome(plan, bool(units), units)

    def _some(self, plan: Some, scope: Sequence[Field]) -> Outcome:
        # Of a thousand words only those that were found are looked at.
        found, by_leaf = self._found.spans, plan.by_leaf
        fewer, other = (found, by_leaf) if len(found) < len(by_leaf) else (by_leaf, found)
        there = [by_leaf[leaf] for leaf in fewer if leaf in other]
        outcomes = [self(plan.parts[number], scope) for number in sorted([*there, *plan.others])]
        held = [one for one in outcomes if one.held]
        units = [unit for one in held for unit in one.units]
        return Outcome(plan, len(held) >= plan.n, units if all(one.units for one in held) else (), outcomes)

    def _close(self, plan: Close, scope: Sequence[Field]) -> Outcome:
        left, right = self(plan.left, scope), self(plan.right, scope)
        units = list(self._pairs(plan, left.units, right.units)) if left.held and right.held else []
        return Outcome(plan, bool(units), units, (left, right))

    def _pairs(self, plan: Close, left: Sequence[Unit], right: Sequence[Unit]) -> Iterator[Unit]:
        ordered = sorted(right, key=lambda unit: (unit.field, unit.start))
        starts = [(unit.field, unit.start) for unit in ordered]
        for one in left:
            # The nearest of each side is enough: what is farther off is no nearer.
            at = bisect_left(starts, (one.field, one.start))
            candidates = ordered[max(at - MOST_NEIGHBOURS, 0) : at + MOST_NEIGHBOURS]
            for other in candidates:
                if one.field == other.field and self.is_close(plan, one, other):
                    yield Group(one.field, min(one.start, other.start), max(one.end, other.end), one.spans + other.spans)

    def is_close(self, plan: Close, one: Unit, other: Unit) -> bool:
        """Say whether two units of one field are as near as the plan wants, one not within the other."""
        if one.start < other.end and other.start < one.end:
            return False
        if plan.is_ordered and other.start < one.start:
            return False
        distance = self.distance(one, other, plan.within)
        return distance is not None and (isinstance(plan.within, str) or distance <= plan.within)

    def distance(self, one: Unit, other: Unit, within: int | Literal["s", "p"]) -> int | None:
        """Return how many words stand between two units; None: another field or paragraph, or for "s" another sentence."""
        if one.field != other.field:
            return None
        first, second = (one, other) if one.start <= other.start else (other, one)
        places = self._found.place(one.field)
        if not places.is_one_paragraph(first.end, second.start):
            return None
        if within == "s" and places.sentence(first.end - 1) != places.sentence(second.start):
            return None
        return max(places.word(second.start) - places.word(first.end - 1) - 1, 0)


# A pair that is close is among so many neighbours on either side, unless one word stands there again and again.
MOST_NEIGHBOURS = 20
assert MOST_NEIGHBOURS < MOST_SPANS
