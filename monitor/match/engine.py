"""All rules over an item: conditions, verdicts, matches.

``match`` is ``explain`` without the misses: both come from ``_verdict``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from monitor.core.model import Evidence, Field, Match
from monitor.core.rule import Condition, Entity, Entry, Rule, Subject, Verdict
from monitor.errors import ConfigError
from monitor.match.index import Hit, Index
from monitor.match.language.parser import parse
from monitor.match.language.tree import Phrase, Word
from monitor.match.lexicon import Inflection, Lexicon
from monitor.match.terms import Pattern, entity_patterns, term_pattern, term_words

MAX_EVIDENCE = 50
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """What is wrong with a rule; ``key`` is the path within it, as in "must_match[0]"."""

    rule: str
    key: str
    message: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What a pattern stands for: a term in a mode, or an entity."""

    term: str
    mode: str
    entity: str | None = None


Found = dict[_Source, list[Evidence]]


class _Language:
    """The patterns of all rules for texts in one language."""

    def __init__(self, sources: Sequence[tuple[_Source, Pattern]]) -> None:
        self._sources = [source for source, _ in sources]
        self._index = Index([pattern for _, pattern in sources])

    def find(self, texts: Mapping[Field, str]) -> Found:
        """Return what is found in the texts: each is gone over once."""
        found: Found = defaultdict(list)
        for field, text in texts.items():
            for hit in self._index.hits(text) if text else ():
                source = self._sources[hit.pattern]
                found[source].append(_evidence(source, field, text, hit))
        return {source: _longest(spans) for source, spans in found.items()}


class Engine:
    """All rules, compiled for the languages of the feeds."""

    def __init__(
        self, rules: Sequence[Rule], entities: Sequence[Entity], lexicon: Lexicon, languages: Collection[str] = ("de", "en")
    ) -> None:
        self._rules = tuple(rules)
        by_name = {entity.name: entity for entity in entities}
        lists: dict[str, list[str]] = defaultdict(list)
        for entity in entities:
            if entity.source is not None:
                lists[entity.source].append(entity.name)
        self._sources = {rule.name: _rule_sources(rule, lists) for rule in rules}
        terms = _unique(source for of_rule in self._sources.values() for group in of_rule.values() for source in group)
        build = _builder(terms, by_name, lexicon)
        self._languages = {language: build(language) for language in {_main(language) for language in languages}}
        self._plain = build("")
        self._rules_of = self._by_source()

    def match(self, subject: Subject) -> tuple[Match, ...]:
        """Return the rules that apply, in the order of the config. Only rules of which a wanted word was seen are looked at."""
        found = self._find(subject)
        seen = {number for source in found for number in self._rules_of.get(source, ())}
        verdicts = (self._verdict(self._rules[number], subject, found) for number in sorted(seen))
        return tuple(verdict.match for verdict in verdicts if verdict.match is not None)

    def explain(self, subject: Subject) -> tuple[Verdict, ...]:
        """Return what became of every rule, condition by condition."""
        found = self._find(subject)
        return tuple(self._verdict(rule, subject, found) for rule in self._rules)

    def _find(self, subject: Subject) -> Found:
        return self._languages.get(_main(subject.language), self._plain).find(subject.texts)

    def _by_source(self) -> dict[_Source, list[int]]:
        numbers: dict[_Source, list[int]] = defaultdict(list)
        for number, rule in enumerate(self._rules):
            groups = self._sources[rule.name]
            for source in _unique([*groups["keywords"], *groups["entities"], *groups["all"]]):
                numbers[source].append(number)
        return dict(numbers)

    def _verdict(self, rule: Rule, subject: Subject, found: Found) -> Verdict:
        conditions = [*_place_conditions(rule, subject)]
        groups = self._sources[rule.name]
        if groups["keywords"]:
            conditions.append(_any_of("keywords", groups["keywords"], rule, found))
        if groups["entities"]:
            conditions.append(_any_of("entities", groups["entities"], rule, found))
        if groups["all"]:
            conditions.append(_every_one(groups["all"], rule, found))
        if groups["none"]:
            conditions.append(_none_of(groups["none"], rule, found))
        if not all(condition.held for condition in conditions):
            return Verdict(rule.name, tuple(conditions))
        spans = [span for condition in conditions for span in condition.evidence]
        return Verdict(rule.name, tuple(conditions), Match(rule.name, rule.severity, _ordered(spans)))


def check_rules(rules: Sequence[Rule], entities: Sequence[Entity], lexicon: Lexicon, language: str) -> tuple[RuleProblem, ...]:
    """Run the rules' own examples; return those that turn out otherwise than the rule says.

    An example is looked at as an item's content (or the first of the rule's fields), wherever the rule's feeds are.
    """
    if not any(rule.must_match or rule.must_not_match for rule in rules):
        return ()
    anywhere = [replace(rule, feeds=(), tags=(), kinds=("article",)) for rule in rules]
    engine = Engine(anywhere, entities, lexicon, (language,))
    problems = []
    for rule in rules:
        field: Field = "content" if "content" in rule.fields else rule.fields[0]
        for key, examples, is_wanted in (("must_match", rule.must_match, True), ("must_not_match", rule.must_not_match, False)):
            for number, example in enumerate(examples):
                subject = Subject("", (), "article", language, {field: example})
                verdict = next(one for one in engine.explain(subject) if one.rule == rule.name)
                if (verdict.match is not None) != is_wanted:
                    problems.append(RuleProblem(rule.name, f"{key}[{number}]", _surprise(verdict)))
    return tuple(problems)


def _surprise(verdict: Verdict) -> str:
    if verdict.match is None:
        failed = "; ".join(f"{one.name}: {one.why}" for one in verdict.conditions if not one.held)
        return f"the rule does not match this example: {failed}"
    hits = ", ".join(f"“{span.text}” ({span.by}, by {span.entity or span.term})" for span in verdict.match.evidence[:5])
    return f"the rule matches this example by {hits}"


def _rule_sources(rule: Rule, lists: Mapping[str, Sequence[str]]) -> dict[str, tuple[_Source, ...]]:
    return {
        "keywords": tuple(_entry_source(entry, rule) for entry in rule.keywords),
        "entities": tuple(
            _Source(one, "entity", one) for name in rule.entities for one in (name, *lists.get(name, ())) if one not in lists
        ),
        "all": tuple(_entry_source(entry, rule) for entry in rule.all),
        "none": tuple(_entry_source(entry, rule) for entry in rule.none),
    }


def _entry_source(entry: Entry, rule: Rule) -> _Source:
    tree = parse(entry.expression, is_entry=True)
    if not isinstance(tree, Word | Phrase):
        raise ConfigError(f'rule "{rule.name}": {entry.expression} is more than this engine can find')
    mode = tree.mode or entry.mode or rule.mode
    return _Source(tree.text if isinstance(tree, Word) else " ".join(tree.parts), "exact" if mode == "exact" else "inflected")


def _builder(sources: Sequence[_Source], entities: Mapping[str, Entity], lexicon: Lexicon) -> Callable[[str], _Language]:
    wanted = {word for source in sources if source.mode == "inflected" for word in term_words(source.term)}

    def build(language: str) -> _Language:
        inflections = lexicon.inflections(wanted, language) if wanted and language else {}
        patterns = [(source, pattern) for source in sources for pattern in _patterns(source, entities, inflections, language)]
        return _Language(patterns)

    return build


def _patterns(source: _Source, entities: Mapping[str, Entity], inflections: Mapping[str, Inflection], language: str) -> Iterable[Pattern]:
    if source.entity is not None:
        return entity_patterns(entities[source.entity])
    return (term_pattern(source.term, inflections if source.mode == "inflected" else None, language),)


def _place_conditions(rule: Rule, subject: Subject) -> Iterable[Condition]:
    if rule.feeds:
        held = subject.feed in rule.feeds
        yield Condition("feeds", held, f"the item is of feed {subject.feed}" + ("" if held else f", not of {', '.join(rule.feeds)}"))
    if rule.tags:
        shared = [tag for tag in subject.tags if tag in rule.tags]
        why = f"the feed has tag {', '.join(shared)}" if shared else f"the feed has none of the tags {', '.join(rule.tags)}"
        yield Condition("tags", bool(shared), why)
    held = subject.kind in rule.kinds
    yield Condition("kinds", held, f"the item is of kind {subject.kind}" + ("" if held else f", not {' or '.join(rule.kinds)}"))


def _any_of(name: str, sources: Sequence[_Source], rule: Rule, found: Found) -> Condition:
    spans = [span for source in sources for span in _spans(source, rule, found)]
    if spans:
        return Condition(name, True, _seen(spans), tuple(spans))
    names = ", ".join(source.term for source in sources)
    return Condition(name, False, f"none of {names} is in {_fields(rule)}")


def _every_one(sources: Sequence[_Source], rule: Rule, found: Found) -> Condition:
    by_source = {source: _spans(source, rule, found) for source in sources}
    missing = [source.term for source, spans in by_source.items() if not spans]
    if missing:
        return Condition("all", False, f"{', '.join(missing)} is not in {_fields(rule)}")
    spans = [span for of_one in by_source.values() for span in of_one]
    return Condition("all", True, _seen(spans), tuple(spans))


def _none_of(sources: Sequence[_Source], rule: Rule, found: Found) -> Condition:
    spans = [span for source in sources for span in _spans(source, rule, found)]
    if spans:
        return Condition("none", False, _seen(spans) + ", which the rule does not want", ())
    return Condition("none", True, f"none of {', '.join(source.term for source in sources)} is in {_fields(rule)}")


def _spans(source: _Source, rule: Rule, found: Found) -> list[Evidence]:
    return [span for span in found.get(source, ()) if span.field in rule.fields]


def _seen(spans: Sequence[Evidence]) -> str:
    first = dict.fromkeys(f"“{span.text}” in {span.field} ({span.by})" for span in spans)
    shown = list(first)[:5]
    more = len(first) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _fields(rule: Rule) -> str:
    return ", ".join(rule.fields)


def _ordered(spans: Sequence[Evidence]) -> tuple[Evidence, ...]:
    order = {field: number for number, field in enumerate(("title", "summary", "content"))}
    return tuple(sorted(_unique(spans), key=lambda span: (order[span.field], span.start, span.end))[:MAX_EVIDENCE])


def _evidence(source: _Source, field: Field, text: str, hit: Hit) -> Evidence:
    shown = text[hit.start : hit.end]
    return Evidence(source.term, source.entity, field, shown, hit.start, hit.end, hit.by)


def _longest(spans: list[Evidence]) -> list[Evidence]:
    """Leave out what stands within another span: "Brandt" within "Helena Brandt"."""
    kept: list[Evidence] = []
    for span in sorted(spans, key=lambda one: (one.field, one.start, -one.end)):
        if not (kept and kept[-1].field == span.field and span.end <= kept[-1].end):
            kept.append(span)
    return kept


def _unique(values: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(values))


def _main(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
