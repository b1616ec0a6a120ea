"""All rules over an item: conditions, verdicts, matches.

``match`` is ``explain`` without the misses: both come from ``_judged``, but for plain lists, which ``match`` decides faster.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.model import Field, Match
from monitor.core.rule import Entity, Rule
from monitor.core.text import clean_paragraphs
from monitor.core.verdict import Subject, Verdict
from monitor.errors import RegexTimeout
from monitor.match.compile import Compiler
from monitor.match.evaluate import Evaluation
from monitor.match.explain import Explainer
from monitor.match.find import Finder, Found, Span, touches
from monitor.match.forms.lexicon import Lexicon
from monitor.match.judged import Judged, evidence, judge
from monitor.match.language import tree
from monitor.match.lists import Lists
from monitor.match.near import NearMisses
from monitor.match.plan import Leaves, RulePlan, triggers
from monitor.match.regexes import BoundedRegex, compile_regex

log = logging.getLogger(__name__)

MAX_EVIDENCE = 50
# Languages that are compiled: those of the feeds, and what items say of themselves.
MOST_LANGUAGES = 8


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """What is wrong with a rule; ``key`` is the path within it, as in "must_match[0]"."""

    rule: str
    key: str
    message: str


class Engine:
    """All rules, compiled for each language when an item of it comes. Raises ``QueryError`` for a rule that does not parse."""

    def __init__(self, rules: Sequence[Rule], entities: Sequence[Entity], lexicon: Lexicon) -> None:
        leaves = Leaves()
        self._plans = tuple(leaves.rule(rule) for rule in rules)
        self._terms = leaves.terms()
        self._compiler = Compiler(leaves, entities, lexicon)
        self._finders: dict[str, Finder] = {}
        self._regexes = _Regexes()
        exceptions = {number: key.exceptions for key, number in leaves.numbers.items()}
        self._explainer = Explainer(self._terms, NearMisses(self._terms, exceptions, entities, lexicon))
        self._lists = Lists(self._plans)
        others = [number for number in range(len(self._plans)) if number not in self._lists]
        self._by_leaf, self._always = _candidates({number: self._plans[number] for number in others})

    def match(self, subject: Subject) -> tuple[Match, ...]:
        """Return the rules that apply, in the order of the config. Only rules of which a wanted word was seen are looked at."""
        found = self._find(subject)
        held = self._lists.held(found)
        seen = {number for leaf in found.spans for number in self._by_leaf.get(leaf, ())}
        for number in seen | self._always:
            judged = self._judged(self._plans[number], found)
            if judged.held:
                held[number] = list(judged.spans())
        return tuple([self._match(self._plans[number].rule, held[number], found) for number in sorted(held)])

    def explain(self, subject: Subject) -> tuple[Verdict, ...]:
        """Return what became of every rule, condition by condition."""
        found = self._find(subject)
        return tuple(self._verdict(plan, found) for plan in self._plans)

    def surprise(self, number: int, subject: Subject, *, is_wanted: bool) -> Verdict | None:
        """Return what became of one rule, by its place among the rules, if that is not what is wanted."""
        plan, found = self._plans[number], self._find(subject)
        return None if self._judged(plan, found).held == is_wanted else self._verdict(plan, found)

    def warm(self, language: str) -> None:
        """Compile the rules for a language now, and not when its first item comes."""
        self._finder(language)

    def _find(self, subject: Subject) -> Found:
        return self._finder(subject.language)(subject)

    def _finder(self, language: str) -> Finder:
        main = language.replace("_", "-").partition("-")[0].lower()
        if main not in self._finders:
            if len(self._finders) >= MOST_LANGUAGES:
                main = ""
            self._finders.setdefault(main, self._compiler.finder(main))
        return self._finders[main]

    def _judged(self, plan: RulePlan, found: Found) -> Judged:
        return judge(plan, found, Evaluation(found, self._regexes), self._terms)

    def _verdict(self, plan: RulePlan, found: Found) -> Verdict:
        judged = self._judged(plan, found)
        conditions = self._explainer.conditions(judged, found)
        return Verdict(plan.rule.name, conditions, self._match(plan.rule, list(judged.spans()), found) if judged.held else None)

    def _match(self, rule: Rule, spans: Sequence[Span], found: Found) -> Match:
        if len(spans) > 1:
            spans = sorted(dict.fromkeys(spans), key=_place)[:MAX_EVIDENCE]
        return Match(rule.name, rule.severity, tuple([evidence(span, self._terms, found) for span in spans]))


class _Regexes:
    """Searches regular expressions, each compiled once, and leaves out those that are given up."""

    def __init__(self) -> None:
        self._compiled: dict[tree.Regex, BoundedRegex] = {}

    def __call__(self, leaf: int, regex: tree.Regex, found: Found, scope: Sequence[Field]) -> list[Span]:
        if regex not in self._compiled:
            self._compiled[regex] = compile_regex(regex.source, ignore_case=regex.ignore_case)
        compiled = self._compiled[regex]
        spans = []
        for field in scope:
            text, noise = found.subject.texts.get(field), found.subject.removed.get(field, ())
            hits = _searched(compiled, text) if text else ()
            spans += [Span(field, start, end, "regex", leaf) for start, end in hits if not touches(noise, start, end)]
        return spans


def _searched(regex: BoundedRegex, text: str) -> Iterable[tuple[int, int]]:
    if regex.is_given_up:
        return ()
    try:
        return regex(text)
    except RegexTimeout as error:
        what = "a regular expression is not searched any more" if regex.is_given_up else "a regular expression took too long"
        log.warning(what, extra={"reason": str(error)})
        return ()


def check_rules(rules: Sequence[Rule], entities: Sequence[Entity], lexicon: Lexicon, language: str) -> tuple[RuleProblem, ...]:
    """Run the rules' own examples; return those that turn out otherwise than the rule says.

    An example is looked at as an item's content (or the first of the rule's fields), wherever the rule's feeds are, and like that
    without signs that nobody sees: examples are copied from pages. All rules that have examples are compiled together, and
    explained only where one is wrong.
    """
    tested = [replace(rule, feeds=(), tags=(), kinds=("article",)) for rule in rules if rule.must_match or rule.must_not_match]
    engine = Engine(tested, entities, lexicon)
    problems = []
    for number, rule in enumerate(tested):
        field: Field = "content" if "content" in rule.fields else rule.fields[0]
        for key, examples, is_wanted in (("must_match", rule.must_match, True), ("must_not_match", rule.must_not_match, False)):
            for place, example in enumerate(examples):
                subject = Subject("", (), "article", language, {field: clean_paragraphs(example, len(example) + 1)})
                if verdict := engine.surprise(number, subject, is_wanted=is_wanted):
                    problems.append(RuleProblem(rule.name, f"{key}[{place}]", _surprise(verdict)))
    return tuple(problems)


def _surprise(verdict: Verdict) -> str:
    if verdict.match is None:
        failed = "; ".join(f"{one.name}: {one.why}" for one in verdict.conditions if not one.held)
        return f"the rule does not match this example: {failed}"
    hits = ", ".join(f"“{span.text}” ({span.by}, by {span.entity or span.term})" for span in verdict.match.evidence[:5])
    return f"the rule matches this example by {hits}"


def _candidates(plans: Mapping[int, RulePlan]) -> tuple[dict[int, list[int]], frozenset[int]]:
    """Return the rules that may hold when a leaf is found, and those that may hold of an item without any."""
    by_leaf: dict[int, list[int]] = defaultdict(list)
    always = set()
    for number, plan in plans.items():
        groups = [one for one in map(triggers, plan.wanted) if one is not None]
        if not groups:
            always.add(number)
            continue
        for leaf in min(groups, key=len):
            by_leaf[leaf].append(number)
    return dict(by_leaf), frozenset(always)


_ORDER = {name: number for number, name in enumerate(("title", "summary", "content", "author", "category", "feed", "url", "lang"))}


def _place(span: Span) -> tuple[int, int, int]:
    return _ORDER[span.field], span.start, span.end
