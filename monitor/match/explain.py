"""What was judged, in words: condition by condition, with what was found, what failed, and what almost made it hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from monitor.core.model import Evidence, Field
from monitor.core.rule import Condition
from monitor.match.evaluate import Outcome
from monitor.match.find import Found, Span
from monitor.match.judged import Judged, evidence
from monitor.match.language import tree
from monitor.match.near import NearMisses
from monitor.match.plan import All, Close, Find, In, Nowhere, Plan, Some

MOST_SHOWN = 5
# Alternatives that are told one by one; of a list of a thousand words only those that were found are.
MOST_PARTS = 12


class Explainer:
    """Turns judgements into conditions. ``terms`` are what people call the leaves."""

    def __init__(self, terms: Mapping[int, str], near: NearMisses) -> None:
        self._terms = terms
        self._near = near

    def conditions(self, judged: Judged, found: Found) -> tuple[Condition, ...]:
        """Return a rule's conditions in the order of the contract: where the item is from, the lists, the query, the numbers."""
        rule = judged.plan.rule
        return (
            *_places(judged, found),
            *self._named(judged, found),
            *(self._none(judged, found)),
            *((self._tree("query", judged.query, rule.fields, found),) if judged.query else ()),
            *_numbers(judged),
        )

    def _named(self, judged: Judged, found: Found) -> Iterator[Condition]:
        fields = judged.plan.rule.fields
        if judged.keywords:
            yield self._tree("keywords", judged.keywords, fields, found)
        if judged.entities:
            yield self._tree("entities", judged.entities, fields, found)
        for number, outcome in enumerate(judged.every):
            name = "all" if len(judged.every) == 1 else f"all[{number}]"
            yield self._tree(name, outcome, fields, found)

    def _none(self, judged: Judged, found: Found) -> Iterator[Condition]:
        if not judged.none:
            return
        fields = judged.plan.rule.fields
        seen = [span for outcome in judged.none for span in outcome.spans()]
        if any(outcome.held for outcome in judged.none):
            what = self._seen(seen, found) or "an expression that must not hold does"
            yield Condition("none", False, f"{what}, which the rule does not want", parts=self._parts(judged.none, fields, found))
        else:
            names = ", ".join(_text(plan) for plan in judged.plan.none)
            yield Condition("none", True, f"nothing of {names} is in {', '.join(fields)}")

    def _tree(self, name: str, outcome: Outcome, fields: Sequence[Field], found: Found) -> Condition:
        spans = list(dict.fromkeys(outcome.spans()))
        shown: tuple[Evidence, ...] = tuple(evidence(span, self._terms, found) for span in spans)
        if outcome.held:
            return Condition(name, True, self._held(outcome, spans, found), shown, self._parts(outcome.parts, fields, found))
        return Condition(
            name,
            False,
            self._why_not(outcome, fields),
            (),
            self._parts(_told(outcome), fields, found),
            self._near_misses(outcome, fields, found),
        )

    def _parts(self, outcomes: Iterable[Outcome], fields: Sequence[Field], found: Found) -> tuple[Condition, ...]:
        return tuple(self._tree(_text(one.plan), one, _scope(one.plan, fields), found) for one in list(outcomes)[:MOST_PARTS])

    def _held(self, outcome: Outcome, spans: Sequence[Span], found: Found) -> str:
        if isinstance(outcome.plan, Nowhere):
            return f"{_text(outcome.plan.part)} is nowhere"
        return self._seen(spans, found) or "holds"

    def _seen(self, spans: Sequence[Span], found: Found) -> str:
        first = dict.fromkeys(self._span(span, found) for span in spans)
        more = len(first) - MOST_SHOWN
        return ", ".join(list(first)[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")

    def _span(self, span: Span, found: Found) -> str:
        text = found.subject.texts[span.field][span.start : span.end]
        how = f"{span.by}: {span.analysis}" if "·" in span.analysis else span.by
        return f"“{text}” in {span.field} ({how})"

    def _why_not(self, outcome: Outcome, fields: Sequence[Field]) -> str:
        plan, where = outcome.plan, ", ".join(fields)
        match plan:
            case Find(_, count, source):
                if outcome.units:
                    return f"{tree.render(source)} stands {len({unit[:3] for unit in outcome.units})} times, wanted {count}"
                return f"{tree.render(source)} is not in {where}"
            case All():
                failed = next(one for one in outcome.parts if not one.held)
                return f"failed first: {_text(failed.plan)}"
            case Some(n, parts):
                held = sum(one.held for one in outcome.parts)
                if n > 1:
                    return f"{held} of {len(parts)} hold, wanted {n}"
                return f"none of {_listed(parts)} is in {where}"
            case Nowhere(part):
                return f"{_text(part)} is there"
            case Close():
                if all(one.held for one in outcome.parts):
                    return "both are there, not near enough"
                return f"missing: {', '.join(_text(one.plan) for one in outcome.parts if not one.held)}"
            case In(_, part):
                return f"{_text(part)} is not in {', '.join(plan.fields)}"
        assert_never(plan)

    def _near_misses(self, outcome: Outcome, fields: Sequence[Field], found: Found) -> tuple[str, ...]:
        match outcome.plan:
            case Find():
                return self._near.of_leaf(outcome.plan, fields, found)
            case Some(n, parts) if n == 1:
                leaves = [part for part in parts if isinstance(part, Find)]
                return self._near.of_leaves(leaves, fields, found)
            case Close():
                return self._near.of_distance(outcome.plan, outcome.parts, found)
        return ()


def _told(outcome: Outcome) -> Sequence[Outcome]:
    """Return the parts of a failed outcome that are told: not each of a list of words that are all missing."""
    if isinstance(outcome.plan, Some) and outcome.plan.n == 1 and all(isinstance(part, Find) for part in outcome.plan.parts):
        return ()
    return outcome.parts


def _scope(plan: Plan, fields: Sequence[Field]) -> Sequence[Field]:
    return plan.fields if isinstance(plan, In) else fields


def _listed(parts: Sequence[Plan]) -> str:
    names = [_text(part) for part in parts[:MOST_PARTS]]
    return ", ".join(names) + (f" and {len(parts) - MOST_PARTS} more" if len(parts) > MOST_PARTS else "")


def _text(plan: Plan) -> str:
    """Return an expression for people: as it would be written, short."""
    match plan:
        case Find(_, count, source):
            return tree.render(source).lstrip("=~%") + (f"{{{count}}}" if count > 1 else "")
        case All(parts):
            return " AND ".join(_bracketed(part) for part in parts)
        case Some(1, parts):
            return f"({' OR '.join(_text(part) for part in parts[:3])}{' OR …' if len(parts) > 3 else ''})"
        case Some(n, parts):
            return f"{n} OF ({_listed(parts)})"
        case Nowhere(part):
            return f"NOT {_bracketed(part)}"
        case Close(left, right, within, is_ordered):
            return f"{_bracketed(left)} {'O' if is_ordered else ''}NEAR/{within} {_bracketed(right)}"
        case In(fields, part):
            return f"{fields[0] if len(fields) == 1 else 'text'}:{_bracketed(part)}"
    assert_never(plan)


def _bracketed(plan: Plan) -> str:
    text = _text(plan)
    return text if isinstance(plan, Find | In) or text.startswith("(") else f"({text})"


def _places(judged: Judged, found: Found) -> Iterator[Condition]:
    rule, subject = judged.plan.rule, found.subject
    if rule.feeds:
        held = subject.feed in rule.feeds
        yield Condition("feeds", held, f"the item is of feed {subject.feed}" + ("" if held else f", not of {', '.join(rule.feeds)}"))
    if rule.tags:
        shared = [tag for tag in subject.tags if tag in rule.tags]
        why = f"the feed has tag {', '.join(shared)}" if shared else f"the feed has none of the tags {', '.join(rule.tags)}"
        yield Condition("tags", bool(shared), why)
    held = subject.kind in rule.kinds
    yield Condition("kinds", held, f"the item is of kind {subject.kind}" + ("" if held else f", not {' or '.join(rule.kinds)}"))


def _numbers(judged: Judged) -> Iterator[Condition]:
    rule = judged.plan.rule
    if rule.min_count > 1:
        held = judged.hits >= rule.min_count
        yield Condition("min_count", held, f"keywords were hit {judged.hits} times, wanted {rule.min_count}")
    if rule.min_score:
        held = judged.score >= rule.min_score
        yield Condition("min_score", held, f"the score is {judged.score:g}, wanted {rule.min_score:g}")
