"""The rules: their lists and queries, what they ask for, and whom they tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

from monitor.config.entities import words
from monitor.config.sections import filled, is_name
from monitor.config.table import Table, Text
from monitor.config.terms import checked, exception_problem, name_problem
from monitor.core.model import FIELDS, SEVERITIES, Field, Kind, Severity
from monitor.core.rule import MODES, Entry, Mode, Rule

_LISTS = ("keywords", "entities", "all", "query")


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a rule may name, and the receivers of a rule that names none: None if nobody can know.

    ``entities`` are entities of the config and lists; ``listed`` are the entities of lists.
    """

    feeds: Collection[str]
    tags: Collection[str]
    entities: Collection[str]
    receivers: Collection[str]
    default_receivers: tuple[str, ...] | None
    listed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class _Entries:
    """The entries of a list; ``holding`` says of each whether it holds of an item in which none of its words stands."""

    entries: tuple[Entry, ...]
    holding: tuple[bool, ...]


def rule(table: Table, known: Known) -> Rule:
    """Read one rule."""
    keywords, every, none = (_entries(table, key, known) for key in ("keywords", "all", "none"))
    query, is_query_holding = _query(table, known)
    read = Rule(
        _rule_name(table),
        keywords=keywords.entries,
        entities=table.names("entities", known.entities, "entity", known.listed),
        all=every.entries,
        none=none.entries,
        query=query,
        mode=cast("Mode", table.choice("mode", "family", MODES)),
        exceptions=words(table, "except", exception_problem),
        min_count=table.number("min_count", 1, 1, 1000),
        weights=_weights(table),
        min_score=table.amount("min_score", 0, 0, 1_000_000),
        fields=cast("tuple[Field, ...]", _subset(table, "fields", FIELDS, FIELDS)),
        feeds=table.names("feeds", known.feeds, "feed"),
        tags=table.names("tags", known.tags, "feed with the tag"),
        kinds=cast("tuple[Kind, ...]", _subset(table, "kinds", ("article", "comment"), ("article",))),
        severity=cast("Severity", table.choice("severity", "info", SEVERITIES)),
        receivers=_rule_receivers(table, known),
        template=_template(table),
        must_match=filled(table, "must_match"),
        must_not_match=filled(table, "must_not_match"),
    )
    # As `combined` and `holds_of_nothing` of the language say it of the whole tree.
    is_holding = (
        (not keywords.entries or any(keywords.holding))
        and not read.entities
        and all(every.holding)
        and not any(none.holding)
        and is_query_holding
    )
    _check_whole(table, read, is_holding=is_holding)
    table.finish()
    return read


def _check_whole(table: Table, read: Rule, *, is_holding: bool) -> None:
    """Report what is wrong with a rule as a whole, if its parts are right."""
    if not table.is_table or any(table.report.has_below(table.at(key)) for key in (*_LISTS, "none")):
        return
    if not (read.keywords or read.entities or read.all or read.query):
        table.report.add(table.path, "asks for nothing; give it `keywords`, `entities`, `all` or `query`")
    elif is_holding:
        path = table.at("query") if read.query else table.path
        table.report.add(path, "would hold of every item that has none of its words: NOT needs something beside it that must be there")
    if read.min_count > 1 and not read.keywords:
        table.add("min_count", "counts the hits of `keywords`, and there are none; write Sanktion{3} in an expression")
    if read.weights and not read.min_score:
        table.report.warn(table.at("weights"), "weights do nothing without `min_score`")


def _entries(table: Table, key: str, known: Known) -> _Entries:
    entries, holding = [], []
    for one in table.texts_and_tables(key):
        entry, text = _entry(one) if isinstance(one, Table) else (Entry(one.full.strip()), one)
        if text is None:
            continue
        found = checked(text, known.entities, known.listed, is_entry=True)
        if found.problem:
            table.report.add(text.path, found.problem, found.sketch)
        else:
            entries.append(entry)
            holding.append(found.holds_of_nothing)
    return _Entries(tuple(entries), tuple(holding))


def _entry(table: Table) -> tuple[Entry, Text | None]:
    """Read an entry that is a table. Its text is None if it has none."""
    term = table.text("term", "")
    mode = cast("Mode", table.choice("mode", "family", MODES)) if table.has("mode") else None
    entry = Entry(term.full.strip(), mode, words(table, "except", exception_problem))
    if not table.has("term"):
        table.add("term", "is missing; write the word, phrase or expression")
    table.finish()
    return entry, term if table.has("term") and not table.report.has_below(term.path) else None


def _query(table: Table, known: Known) -> tuple[str, bool]:
    """Read the query, and whether it holds of an item in which none of its words stands: no query holds of every item."""
    text = table.text("query", "")
    if not text.full.strip():
        return "", True
    found = checked(text, known.entities, known.listed, is_entry=False)
    if found.problem:
        table.report.add(table.at("query"), found.problem, found.sketch)
    return text.full.strip(), found.holds_of_nothing


def _weights(table: Table) -> tuple[tuple[str, float], ...]:
    weights = Table(table.raw("weights", {}), table.at("weights"), table.report)
    found = []
    for word in weights.given:
        if problem := name_problem(word):
            weights.add(word, problem)
        else:
            found.append((word.strip(), weights.amount(word, 1, -1000, 1000)))
    return tuple(found)


def _rule_name(table: Table) -> str:
    name = table.text("name", "")
    if not name.full.strip():
        table.add("name", "is missing; give the rule a name")
    elif not name.full.isprintable() or len(name.full) > 100:
        table.add("name", "must be one line of at most 100 characters")
    return name.full


def _rule_receivers(table: Table, known: Known) -> tuple[str, ...]:
    found = table.names("receivers", known.receivers, "receiver") or known.default_receivers
    if found is None and not table.report.has_below(table.at("receivers")):
        table.add("receivers", "nobody is told: there are several receivers; name some here, or for all rules in [monitor]")
    return found or ()


def _template(table: Table) -> str:
    name = table.text("template", "alert")
    if is_name(name.full):
        return name.full
    table.add("template", f"{name.quoted} is no name of a template; use letters, digits, - and _")
    return "alert"


def _subset(table: Table, key: str, choices: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
    found = table.names(key, choices, key.removesuffix("s"))
    if not found and table.has(key) and not table.report.has_below(table.at(key)):
        table.add(key, f"is empty; use some of {', '.join(choices)}, or leave it out")
    return found or tuple(default)
