"""What is allowed in a config and probably not meant: told by ``check``, and by the daemon when it starts. It never refuses anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from monitor.app import utc_now
from monitor.app.archive import main_language
from monitor.app.builders import lexicon
from monitor.app.entities import also_seen
from monitor.config import Config, path_in
from monitor.core.rule import Entity, Rule
from monitor.work.archive import Progress

if TYPE_CHECKING:
    from monitor.match.language.advice import Dictionary
    from monitor.match.transliterate import Spelling
    from monitor.store import Store

# So much is told of one rule, and of one list of entities.
MOST_OF_RULE = 20
MOST_OF_LIST = 10
# How far back other spellings of names are looked for.
RECENT = timedelta(days=30)
MOST_SPELLINGS = 5


def rule_warnings(config: Config) -> tuple[str, ...]:
    """Return what to say of rules and entities, each as ``FILE:LINE: PATH: message``, in the order of the config."""
    return (*_of_rules(config), *_of_entities(config))


def spelling_warnings(config: Config, store: Store, progress: Progress) -> tuple[str, ...]:
    """Return which words of the last month's items look like other spellings of the config's own entities."""
    own = [entity for entity in config.entities if entity.source is None]
    seen = also_seen(config, store, own, utc_now() - RECENT, progress)
    paths = ((path_in("entities", name), words) for name, words in seen.items())
    return tuple(_line(config, path, _spelt(words)) for path, words in paths if not _has_variable(config, path))


def _spelt(words: Sequence[Spelling]) -> str:
    told = ", ".join(f"{one.word} {one.count}x" for one in words[:MOST_SPELLINGS])
    return f"also seen: {told}; add to aliases what is the same name"


def _of_rules(config: Config) -> Iterator[str]:
    from monitor.match.dictionary import LanguageWords
    from monitor.match.language.advice import rule_advice

    opened = lexicon()
    languages = {feed.name: main_language(feed.language) for feed in config.feeds}
    for number, rule in enumerate(config.rules):
        if _has_variable(config, f"rules[{number}]"):
            continue
        words = LanguageWords(opened, _language(rule, languages, main_language(config.language)))
        found = rule_advice(rule, words)
        for one in found[:MOST_OF_RULE]:
            yield _line(config, f"rules[{number}].{one.key}", one.message)
        if (more := len(found) - MOST_OF_RULE) > 0:
            yield _line(config, f"rules[{number}]", f"and {more} more of this kind")


def _language(rule: Rule, languages: Mapping[str, str], default: str) -> str:
    """Return the language of the feeds that a rule is for, if it is one."""
    spoken = {languages[feed] for feed in rule.feeds if feed in languages}
    return spoken.pop() if len(spoken) == 1 else default


def _of_entities(config: Config) -> Iterator[str]:
    from monitor.match.dictionary import LanguageWords
    from monitor.match.language.advice import entity_advice, shared_names

    words = LanguageWords(lexicon(), main_language(config.language))
    own = [one for one in config.entities if one.source is None and not _has_variable(config, path_in("entities", one.name))]
    for entity in own:
        for one in entity_advice(entity, words):
            yield _line(config, f"{path_in('entities', entity.name)}.{one.key}", one.message)
    for entity, one in shared_names(own):
        yield _line(config, f"{path_in('entities', entity.name)}.{one.key}", one.message)
    listed: dict[str, list[Entity]] = defaultdict(list)
    for entity in config.entities:
        if entity.source is not None:
            listed[entity.source].append(entity)
    for number, (name, entities) in enumerate(listed.items()):
        if common := [told for entity in entities for told in _common(entity, words)]:
            yield _line(config, f"entity_lists[{number}]", _of_list(name, common))


def _common(entity: Entity, words: Dictionary) -> Iterator[str]:
    from monitor.match.language.advice import entity_advice

    for one in entity_advice(entity, words):
        number = one.key.removeprefix("aliases[").removesuffix("]")
        yield entity.label if one.key == "label" else entity.aliases[int(number)]


def _of_list(name: str, common: Sequence[str]) -> str:
    told = ", ".join(dict.fromkeys(common[:MOST_OF_LIST]))
    more = f" and {len(common) - MOST_OF_LIST} more" if len(common) > MOST_OF_LIST else ""
    return (
        f"names of {name} are common words too, and would be found where nobody means them: {told}{more}; "
        "take them out of the file, or write such an entity with weak_aliases as [entities.…]"
    )


def _has_variable(config: Config, path: str) -> bool:
    """Say whether a variable stands in a table: it may be a secret, and advice quotes what it speaks of."""
    first, *others = config.lines.text.splitlines()[config.lines.line(path) - 1 :] or [""]
    return "${" in first or any("${" in row for row in takewhile(lambda row: not row.lstrip().startswith("["), others))


def _line(config: Config, path: str, message: str) -> str:
    return f"{config.lines.at(path)}: {path}: {message}"
