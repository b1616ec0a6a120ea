"""A rule held against what was found: everything that decides whether it applies, without a word for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from monitor.core.model import Evidence, Field
from monitor.core.rule import Rule
from monitor.core.verdict import Proof, Subject
from monitor.match.analysis import as_written
from monitor.match.evaluate import Evaluation, Outcome
from monitor.match.find import Found, Span
from monitor.match.plan import RulePlan
from monitor.match.words import fold

# How much a hit counts by where it stands.
_FACTORS: dict[Field, int] = {"title": 3, "summary": 2}
# Hits of one term that count for the score.
MOST_SCORED = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of each part of a rule. ``none`` are the outcomes of what must not be there."""

    plan: RulePlan
    found: Found
    is_place_right: bool
    keywords: Outcome | None
    entities: Outcome | None
    every: tuple[Outcome, ...]
    none: tuple[Outcome, ...]
    query: Outcome | None
    hits: int
    score: float

    @property
    def wanted(self) -> tuple[Outcome, ...]:
        """Return the outcomes of what must be there."""
        return tuple(one for one in (self.keywords, self.entities, *self.every, self.query) if one is not None)

    @property
    def held(self) -> bool:
        """Say whether the rule applies."""
        rule = self.plan.rule
        return (
            self.is_place_right
            and all(one.held for one in self.wanted)
            and not any(one.held for one in self.none)
            and (rule.min_count <= 1 or self.hits >= rule.min_count)
            and self.score >= rule.min_score
        )

    def spans(self) -> Iterator[Span]:
        """Yield the spans that show why it applies."""
        for outcome in self.wanted:
            yield from outcome.spans()


def judge(plan: RulePlan, found: Found, evaluate: Evaluation, terms: Mapping[int, str]) -> Judged:
    """Return what becomes of a rule. ``terms`` are what people call the leaves."""
    rule = plan.rule
    keywords = evaluate(plan.keywords, rule.fields) if plan.keywords else None
    entities = evaluate(plan.entities, rule.fields) if plan.entities else None
    every = tuple([evaluate(one, rule.fields) for one in plan.every])
    query = evaluate(plan.query, rule.fields) if plan.query else None
    judged = Judged(
        plan,
        found,
        is_place_right(rule, found.subject),
        keywords,
        entities,
        every,
        tuple([evaluate(one, rule.fields) for one in plan.none]),
        query,
        hits=len({span[:3] for span in keywords.spans()}) if keywords and rule.min_count > 1 else 0,
        score=0,
    )
    if not rule.min_score:
        return judged
    return _scored(judged, terms)


def is_place_right(rule: Rule, subject: Subject) -> bool:
    """Say whether the item is of a feed, a tag and a kind that the rule is for."""
    return (
        (not rule.feeds or subject.feed in rule.feeds)
        and (not rule.tags or any(tag in rule.tags for tag in subject.tags))
        and subject.kind in rule.kinds
    )


def _scored(judged: Judged, terms: Mapping[int, str]) -> Judged:
    weights = {fold(word): weight for word, weight in judged.plan.rule.weights}
    return replace(judged, score=score(list(judged.spans()), judged.found, weights, terms))


def score(spans: Sequence[Span], found: Found, weights: Mapping[str, float], terms: Mapping[int, str]) -> float:
    """Return the sum over the distinct words that were hit: weight × field factor, at most three of a term.

    The weight of a word is that of the word itself, else that of its term, else 1. ``weights`` are by folded words.
    """
    by_term: dict[int, dict[str, float]] = defaultdict(dict)
    for span in spans:
        word = fold(found.text(span))
        worth = _weight(word, fold(span.entity or terms[span.leaf]), weights) * _FACTORS.get(span.field, 1)
        by_term[span.leaf][word] = max(by_term[span.leaf].get(word, 0), worth)
    return sum(sum(sorted(words.values(), reverse=True)[:MOST_SCORED]) for words in by_term.values())


def _weight(word: str, term: str, weights: Mapping[str, float]) -> float:
    # The longest word of the list that it begins with or holds: "Sanktionspakets" has the weight of "Sanktionspaket".
    fitting = [key for key in weights if key in word]
    # "Zölle" holds no "Zoll", but is one.
    return weights[max(fitting, key=len)] if fitting else weights.get(term, 1)


def evidence(span: Span, terms: Mapping[int, str], found: Found) -> Evidence:
    """Return a span as it is kept and shown."""
    name, start, end, by, leaf, entity, _, entity_id = span
    return Evidence(entity or terms[leaf], entity, name, found.subject.texts[name][start:end], start, end, by, entity_id)


def proof(span: Span, terms: Mapping[int, str], found: Found) -> Proof:
    """Return a span as it is explained."""
    plain = evidence(span, terms, found)
    whole = {one.name: getattr(plain, one.name) for one in fields(plain)}
    return Proof(**whole, analysis=as_written(plain.text, span.analysis))
