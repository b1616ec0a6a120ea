"""What is known of whom: the entities, how often they were found, and how else their names are written in the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.app.archive import archive, main_language
from monitor.app.builders import lexicon
from monitor.config import Config
from monitor.core.rule import Entity
from monitor.errors import NotFound
from monitor.work.archive import Progress

if TYPE_CHECKING:
    from monitor.match.transliterate import Spelling, Spellings
    from monitor.store import Store


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity with its matches in the archive, and the words there that look like other spellings of its name."""

    entity: Entity
    matches: int
    also_seen: tuple[Spelling, ...] = ()


def entity_rows(config: Config, store: Store | None, only_list: str | None, limit: int | None, progress: Progress) -> tuple[EntityRow, ...]:
    """Return the entities, those with the most matches first; of one list only, if that is named.

    ``store`` None: there is no archive yet. Raises ``NotFound`` for a list that the config does not have.
    """
    chosen = [entity for entity in config.entities if only_list is None or entity.source == only_list]
    if only_list is not None and not chosen:
        names = dict.fromkeys(entity.source for entity in config.entities if entity.source)
        raise NotFound(f"no such list of entities: {only_list}; the config has {', '.join(names) or 'none'}")
    counts = store.matches_by_entity() if store else {}
    chosen.sort(key=lambda entity: -counts.get(entity.name, 0))
    seen = also_seen(config, store, chosen[:limit], None, progress) if store else {}
    return tuple(EntityRow(entity, counts.get(entity.name, 0), seen.get(entity.name, ())) for entity in chosen[:limit])


def also_seen(
    config: Config, store: Store, entities: Sequence[Entity], since: datetime | None, progress: Progress
) -> Mapping[str, tuple[Spelling, ...]]:
    """Return words of the archive that look like other spellings of the entities' names, by entity; none for most."""
    from monitor.match.transliterate import other_spellings

    if not entities:
        return {}
    spellings = _spellings(config, store, since, progress)
    others = {name.lower() for entity in config.entities for name in (entity.label, *entity.aliases, *entity.weak_aliases)}
    parts = {part for name in others for part in name.split()}
    found = ((entity.name, other_spellings(entity, spellings, parts)) for entity in entities)
    return {name: words for name, words in found if words}


def _spellings(config: Config, store: Store, since: datetime | None, progress: Progress) -> Spellings:
    """Return the capitalised words of the archive that no dictionary has, with the number of items in which they stand."""
    from monitor.match.dictionary import LanguageWords
    from monitor.match.transliterate import Spellings
    from monitor.match.words import words

    counts: Counter[str] = Counter()
    for item, _ in archive(config, store, since, progress):
        text = f"{item.item.title}\n{item.item.summary}\n{item.item.content}"
        counts.update({word.text for word in words(text) if word.text[:1].isupper() and len(word.text) > 3})
    known = LanguageWords(lexicon(), main_language(config.language))
    names = {word: count for word, count in counts.items() if not known.has(word)}
    return Spellings(_without_genitives(names))


def _without_genitives(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts in which "Zelenskyys" counts as "Zelenskyy", where that was seen too."""
    whole = dict(counts)
    for word, count in counts.items():
        if word.endswith("s") and word[:-1] in counts:
            whole[word[:-1]] += count
            del whole[word]
    return whole
