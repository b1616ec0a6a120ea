"""What was judged, in words: condition by condition, with what was found, what failed, and what almost made it hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from monitor.core.model import Field, Kind
from monitor.core.rule import Mode
from monitor.core.verdict import Condition
from monitor.match.analysis import as_written
from monitor.match.evaluate import Outcome
from monitor.match.find import Found, Span
from monitor.match.judged import Judged, proof
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
            yield Condition("none", True, f"nothing of {_listed(judged.plan.none)} is in {_named(fields)}")

    def _tree(self, name: str, outcome: Outcome, fields: Sequence[Field], found: Found) -> Condition:
        fields = outcome.plan.fields if isinstance(outcome.plan, In) else fields
        if outcome.held:
            spans = list(dict.fromkeys(outcome.spans()))
            shown = tuple(proof(span, self._terms, found) for span in spans)
            return Condition(name, True, self._held(outcome, spans, fields, found), shown, self._parts(_told(outcome), fields, found))
        parts = self._parts(_told(outcome), fields, found)
        return Condition(name, False, _why_not(outcome, fields), (), parts, self._near_misses(outcome, fields, found))

    def _parts(self, outcomes: Iterable[Outcome], fields: Sequence[Field], found: Found) -> tuple[Condition, ...]:
        return tuple(self._tree(_text(one.plan), one, fields, found) for one in list(outcomes)[:MOST_PARTS])

    def _held(self, outcome: Outcome, spans: Sequence[Span], fields: Sequence[Field], found: Found) -> str:
        if isinstance(outcome.plan, Nowhere):
            return f"{_text(outcome.plan.part)} is nowhere in {_named(fields)}"
        return self._seen(spans, found) or "holds"

    def _seen(self, spans: Sequence[Span], found: Found) -> str:
        first = dict.fromkeys(_span(span, found) for span in spans)
        more = len(first) - MOST_SHOWN
        return ", ".join(list(first)[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")

    def _near_misses(self, outcome: Outcome, fields: Sequence[Field], found: Found) -> tuple[str, ...]:
        match outcome.plan:
            case Find():
                return self._near.of_leaf(outcome.plan, fields, found)
            case Some(_, parts):
                held = [one.plan for one in outcome.parts]
                leaves = [part for part in parts if isinstance(part, Find) and part not in held]
                return self._near.of_leaves(leaves, fields, found)
            case Close():
                return self._near.of_distance(outcome.plan, outcome.parts, found)
            case In(inner):
                return () if _told(outcome) else self._near_misses(outcome.parts[0], inner, found)
        return ()


def _span(span: Span, found: Found) -> str:
    text = found.subject.texts[span.field][span.start : span.end]
    shown = as_written(text, span.analysis)
    return f"“{text}” in {span.field} ({span.by}{': ' if shown else ''}{shown})"


def _why_not(outcome: Outcome, fields: Sequence[Field]) -> str:
    plan = outcome.plan
    match plan:
        case Find():
            return _missing(plan, outcome, fields)
        case All():
            failed = next(one for one in outcome.parts if not one.held)
            return f"not all of it holds; the first that fails is {_text(failed.plan)}"
        case Some(n, parts):
            if n == 1:
                return f"none of {_listed(parts)} is in {_named(fields)}"
            held = [_text(one.plan) for one in outcome.parts if one.held]
            return f"{n} of {_listed(parts)} are wanted, {f'only {_joined(held)} held' if held else 'none held'}"
        case Nowhere(part):
            return f"{_text(part)} is there, and must not be"
        case Close(within=within, is_ordered=is_ordered):
            missing = [_text(one.plan) for one in outcome.parts if not one.held]
            order = "in this order " if is_ordered else ""
            return f"missing: {', '.join(missing)}" if missing else f"both are there, but not {order}{_distance(within)}"
        case In():
            return _why_not(outcome.parts[0], plan.fields)
    assert_never(plan)


def _missing(plan: Find, outcome: Outcome, fields: Sequence[Field]) -> str:
    where, text = _named(fields), _text(replace(plan, count=1))
    if outcome.units:
        times = len({unit[:3] for unit in outcome.units})
        return f"{text} is there {'once' if times == 1 else f'{times} times'}, wanted {plan.count} times"
    match plan.source:
        case tree.Word(mode=mode, is_verbatim=is_verbatim):
            return f"{'' if is_verbatim else _FORMS[mode or 'exact']}{text} is in {where}"
        case tree.EntityRef():
            return f"no name of {text} is in {where}"
        case tree.Wildcard() | tree.Regex():
            return f"nothing like {text} is in {where}"
        case tree.Phrase():
            return f"{text} is not in {where}"
    assert_never(plan.source)


# What a mode looks for, before "… is in title, summary or content".
_FORMS: dict[Mode, str] = {
    "exact": "the exact word is missing: no ",
    "inflected": "no form of ",
    "family": "no form or compound of ",
    "derived": "no form, compound or derivation of ",
}


def _distance(within: int | str) -> str:
    return {"s": "in one sentence", "p": "in one paragraph"}.get(str(within), f"with at most {within} words between them")


def _named(fields: Sequence[Field]) -> str:
    return _joined(fields, "or")


def _joined(names: Sequence[str], word: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def _told(outcome: Outcome) -> Sequence[Outcome]:
    """Return the parts of an outcome that are told: not the only one of a field, not each of a list of words that are all missing."""
    match outcome.plan:
        case In(part=Find()):
            return ()
        case Some(n=1, parts=parts) if not outcome.held and all(isinstance(part, Find) for part in parts):
            return ()
    return outcome.parts


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
        yield Condition("feeds", held, f"the item is of feed {subject.feed}" + ("" if held else f", not of {_joined(rule.feeds, 'or')}"))
    if rule.tags:
        shared = [tag for tag in subject.tags if tag in rule.tags]
        why = f"the feed has tag {', '.join(shared)}" if shared else f"the feed has none of the tags {', '.join(rule.tags)}"
        yield Condition("tags", bool(shared), why)
    held = subject.kind in rule.kinds
    yield Condition(
        "kinds",
        held,
        f"the item is {_KINDS[subject.kind]}" + ("" if held else f", not {_joined([_KINDS[kind] for kind in rule.kinds], 'or')}"),
    )


_KINDS: dict[Kind, str] = {"article": "an article", "comment": "a comment"}


def _numbers(judged: Judged) -> Iterator[Condition]:
    rule = judged.plan.rule
    if rule.min_count > 1:
        held = judged.hits >= rule.min_count
        yield Condition("min_count", held, f"keywords stand there {judged.hits} times, wanted {rule.min_count} times")
    if rule.min_score:
        held = judged.score >= rule.min_score
        yield Condition("min_score", held, f"the score is {judged.score:g}, wanted {rule.min_score:g}")
