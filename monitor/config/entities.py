"""Entities: the tables of those written in the config, and of the lists of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from monitor.config.sections import name_of
from monitor.config.table import Table
from monitor.config.terms import name_problem
from monitor.core.rule import ENTITY_TYPES, Entity, EntityType

if TYPE_CHECKING:
    from monitor.config.entity_list import Listed

_MOST_TOLD = 20
_HYPHENS = "-\u2010\u2011\u2013"


@dataclass(frozen=True, slots=True)
class EntityList:
    """A list of entities with its name."""

    name: str
    entities: tuple[Entity, ...] = ()


def entity(name: str, table: Table) -> Entity:
    """Read one entity."""
    if not name.strip() or not name.isprintable():
        table.report.add(table.path, "has no name; write [entities.name]")
    kind = table.choice("type", "topic", ENTITY_TYPES)
    label = table.text("label", "")
    if not label.full.strip():
        table.add("label", "is missing; write the entity's usual name")
    elif problem := name_problem(label.full):
        table.add("label", problem)
    read = Entity(
        name,
        label.full,
        cast("EntityType", kind),  # `choice` has checked it
        aliases=words(table, "aliases"),
        acronyms=words(table, "acronyms"),
        prefixes=tuple(one.rstrip(_HYPHENS) for one in words(table, "prefixes")),
        weak_aliases=words(table, "weak_aliases"),
        context=words(table, "context"),
        exclude=words(table, "exclude"),
    )
    table.finish()
    return read


def words(table: Table, key: str, problem_of: Callable[[str], str | None] = name_problem) -> tuple[str, ...]:
    """Read a list of names, words or phrases, each once."""
    found = []
    for text in table.texts(key):
        if problem := problem_of(text.full):
            table.report.add(text.path, problem)
        else:
            found.append(text.full.strip())
    return tuple(dict.fromkeys(found))


def entity_list(table: Table, directory: Path) -> EntityList:
    """Read a list of entities from its file, which is relative to ``directory``."""
    from monitor.config.entity_list import Columns, read_entities

    name = name_of(table, "list")
    file = table.text("file", "")
    separator = table.plain("separator", ";")
    if not separator.strip(" "):
        table.add("separator", 'is empty; write the sign between two aliases, such as ";"')
    columns = Columns(
        label=table.plain("label", "name"),
        id=table.plain("id", "id"),
        aliases=table.plain("aliases", "aliases"),
        separator=separator or ";",
        asked=frozenset(key for key in ("id", "aliases") if table.has(key)),
    )
    kind = cast("EntityType", table.choice("type", "topic", ENTITY_TYPES))  # `choice` has checked it
    table.finish()
    if not file.full.strip():
        table.add("file", "is missing; write the name of a CSV file")
        return EntityList(name)
    try:
        content = (directory / file.full).read_bytes()
    except (OSError, ValueError) as error:
        table.add("file", f"the file {file.shown} cannot be read: {getattr(error, 'strerror', None) or 'no such name'}")
        return EntityList(name)
    read = read_entities(content, name, columns, kind)
    _tell(read, str(directory / file.shown), table)
    return EntityList(name, read.entities)


def _tell(read: Listed, file: str, table: Table) -> None:
    for line, problem in read.problems[:_MOST_TOLD]:
        table.report.add_in(file, line, table.path, problem)
    if (more := len(read.problems) - _MOST_TOLD) > 0:
        table.report.add_in(file, read.problems[-1][0], table.path, f"and {more} more problems to here")
    for line, warning in read.warnings[:_MOST_TOLD]:
        table.report.warn_in(file, line, table.path, warning)
    if (more := len(read.warnings) - _MOST_TOLD) > 0:
        table.report.warn_in(file, read.warnings[-1][0], table.path, f"and {more} more such names to here")
