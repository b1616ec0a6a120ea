"""Questions to the archive: what a term hits in it, and what a query would have brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from monitor.app.builders import lexicon
from monitor.app.noise import noise_of
from monitor.config import Config
from monitor.core.model import StoredItem
from monitor.core.rule import Mode, Rule
from monitor.core.verdict import Subject
from monitor.errors import NotFound, QueryError
from monitor.work.archive import Progress, Span, subjects
from monitor.work.trial import Trial, back_test

if TYPE_CHECKING:
    from monitor.match.language.tree import Node
    from monitor.store import Store

# What the rule that is tried is called beside those of the config, whose names are never empty.
_TRIED = ""


@dataclass(frozen=True, slots=True)
class TermWord:
    """A word that a term hits: in how many stored items it stands, by which step it is hit, and how it was cut."""

    word: str
    items: int
    by: str
    analysis: str
    source: Literal["archive", "dictionary"]


def archive(config: Config, store: Store, since: datetime | None, progress: Progress) -> Iterator[tuple[StoredItem, Subject]]:
    """Yield all stored items from ``since`` on, oldest first, as the rules see them."""
    return subjects(store, noise_of, {feed.name: feed for feed in config.feeds}, Span(since=since), progress)


def words_of(config: Config, store: Store | None, term: str, mode: Mode, language: str | None, progress: Progress) -> tuple[TermWord, ...]:
    """Return the words that a term hits in the archive and in the dictionary, the noisiest first.

    ``language``: only texts in it, and its dictionary; None: all texts, each by its own language, and the dictionary of the
    config's. ``store`` None: there is no archive yet. Raises ``QueryError``.
    """
    from monitor.match.language.parser import parse
    from monitor.match.preview import Preview, TermHit

    _refuse_unknown(term, parse(term, is_entry=True), config)
    preview = Preview(term, mode, config.entities, lexicon())
    counts: Counter[str] = Counter()
    hits: dict[str, TermHit] = {}
    for _, looked_at in archive(config, store, None, progress) if store else ():
        if language is None or main_language(looked_at.language) == language:
            found = {hit.word: hit for hit in preview.in_subject(looked_at)}
            counts.update(found.keys())
            hits = found | hits
    found_words = [TermWord(word, counts[word], hit.by, hit.analysis, "archive") for word, hit in hits.items()]
    known = preview.in_dictionary(language or main_language(config.language))
    found_words += [TermWord(hit.word, 0, hit.by, hit.analysis, "dictionary") for hit in known if hit.word not in hits]
    return tuple(sorted(found_words, key=lambda one: (-one.items, one.word.lower(), one.word)))


def tried(
    config: Config,
    store: Store,
    query: str,
    mode: Mode | None,
    against: str | None,
    span: tuple[datetime | None, datetime],
    progress: Progress,
) -> Trial:
    """Try a query on the archive; ``against`` names a rule to compare it with. Raises ``QueryError``, ``NotFound``.

    With ``against``, the query looks where that rule looks: in its fields, feeds, tags and kinds.
    """
    from monitor.match.engine import Engine

    old = _named(config, against) if against else None
    rule = tried_rule(query, mode, old)
    _refuse_wrong(query, config)
    engine = Engine([rule, *([old] if old else [])], config.entities, lexicon())
    return back_test(archive(config, store, span[0], progress), engine, _TRIED, against, store.baselines(), span)


def tried_rule(query: str, mode: Mode | None, old: Rule | None) -> Rule:
    """Return the rule that a query stands for; in place of what ``old`` looks for, if that is given."""
    if old is None:
        return Rule(_TRIED, query=query, mode=mode or "family")
    where = Rule(_TRIED, fields=old.fields, feeds=old.feeds, tags=old.tags, kinds=old.kinds)
    return replace(where, query=query, mode=mode or old.mode)


def main_language(language: str) -> str:
    """Return the language of a code: "de" of "de-AT"."""
    return language.replace("_", "-").partition("-")[0].lower()


def _named(config: Config, name: str) -> Rule:
    found = next((rule for rule in config.rules if rule.name == name), None)
    if found is None:
        raise NotFound(f"no such rule: {name}; the config has {', '.join(rule.name for rule in config.rules) or 'none'}")
    return found


def _refuse_wrong(query: str, config: Config) -> None:
    """Raise ``QueryError`` for a query that the config would not take."""
    from monitor.match.language.parser import parse
    from monitor.match.language.tree import Regex, holds_of_nothing, leaves
    from monitor.match.regexes import compile_regex

    whole = parse(query, is_entry=False)
    _refuse_unknown(query, whole, config)
    for leaf in leaves(whole):
        if isinstance(leaf, Regex):
            compile_regex(leaf.source, ignore_case=leaf.ignore_case, at=leaf.at, expression=query)
    if holds_of_nothing(whole):
        raise QueryError(
            "would hold of every item that has none of its words", 0, "NOT needs something beside it that must be there", query
        )


def _refuse_unknown(query: str, whole: Node, config: Config) -> None:
    """Raise ``QueryError`` for a name that the config does not have."""
    from monitor.match.language.tree import EntityRef, leaves

    known = {name for entity in config.entities for name in (entity.name, entity.source)}
    for leaf in leaves(whole):
        if isinstance(leaf, EntityRef) and leaf.name not in known:
            raise QueryError(f'there is no entity "{leaf.name}"', leaf.at, "`monitor entities` shows those there are", query)
