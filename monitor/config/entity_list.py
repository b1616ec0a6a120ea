"""A CSV file of entities, one a row: its bytes -> entities, with what is wrong by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from monitor.config.table import did_you_mean
from monitor.config.terms import unfindable
from monitor.core.rule import Entity, EntityType

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns to read, by their names in the head. Those in ``asked`` must be there; ``label`` always must."""

    label: str
    id: str
    aliases: str
    separator: str
    asked: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, str, str]:
        """Return the names of the columns."""
        return (self.label, self.id, self.aliases)


@dataclass(frozen=True, slots=True)
class Listed:
    """The entities of a file; problems and warnings with their line, counted from 1."""

    entities: tuple[Entity, ...] = ()
    problems: tuple[tuple[int, str], ...] = ()
    warnings: tuple[tuple[int, str], ...] = ()


def read_entities(content: bytes, source: str, columns: Columns, kind: EntityType) -> Listed:
    """Read a CSV file: UTF-8, with commas, semicolons or tabs. ``source`` is the list's name; entities are named after it and their id.

    A label that stands twice is two entities. What can never be found is kept, with a warning.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _failed(content.count(b"\n", 0, error.start) + 1, "the file is not UTF-8; save it as UTF-8")
    if not text.strip():
        return _failed(1, "the file is empty; its first line names the columns")
    reading = _Reading(source, columns, kind)
    rows = _rows(text, _delimiter(text, columns))
    try:
        line, head = next(rows)
        places = _places(head, columns)
        if isinstance(places, str):
            return _failed(line, places)
        for line, row in rows:
            reading.add(line, row, places, len(head))
    except _Broken as error:
        reading.problems.append((error.line, error.problem))
    if not reading.entities and not reading.problems:
        reading.warnings.append((1, "the file has no entities, only its head"))
    return Listed(tuple(reading.entities), tuple(reading.problems), tuple(reading.warnings))


class _Broken(Exception):
    """The file is no CSV from a line on."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class _Places:
    label: int
    id: int | None
    aliases: int | None

    @property
    def last(self) -> int:
        return max(self.label, self.id or 0, self.aliases or 0)


@dataclass(slots=True)
class _Reading:
    source: str
    columns: Columns
    kind: EntityType
    entities: list[Entity] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)

    def add(self, line: int, row: list[str], places: _Places, width: int) -> None:
        if len(row) <= places.last:
            self.problems.append((line, f"the row is too short: it has {_values(len(row))}, the head names {width}"))
            return
        if len(row) > width and any(row[width:]):
            hint = "put a value that holds the delimiter in quotes"
            self.problems.append((line, f"the row is too long: it has {_values(len(row))}, the head names {width}; {hint}"))
            return
        label = _one_line(row[places.label])
        if not label:
            self.problems.append((line, f'the label is empty; write a name in column "{self.columns.label}"'))
            return
        id_ = row[places.id].strip() if places.id is not None else ""
        aliases = self._aliases(row[places.aliases], label) if places.aliases is not None else ()
        for name in (label, *aliases):
            if reason := unfindable(name):
                self.warnings.append((line, f'"{name[:60]}" {reason}'))
        self.entities.append(
            Entity(self._name(id_, line), label, self.kind, aliases, id=id_ or None, source=self.source),
        )

    def _aliases(self, text: str, label: str) -> tuple[str, ...]:
        if not text:
            return ()
        found = dict.fromkeys(_one_line(alias) for alias in text.split(self.columns.separator))
        return tuple(alias for alias in found if alias and alias != label)

    def _name(self, id_: str, line: int) -> str:
        name = f"{self.source}:{_one_line(id_) or f'line {line}'}"
        # An id that stands twice is two entities: each needs a name of its own.
        name = f"{name} (line {line})" if name in self._names else name
        self._names.add(name)
        return name


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, with the line on which each begins. Raises ``_Broken``."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error) or "field limit" in str(error):
            raise _Broken(line, "a quote that opens in this row is never closed") from error
        raise _Broken(line, 'a quote stands within a value; write "" for a quote in a value in quotes') from error


def _delimiter(text: str, columns: Columns) -> str:
    """Return the delimiter by which the head has the wanted columns, or else the most columns."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            head = [name.strip() for name in next(_rows(text, delimiter))[1]]
        except (_Broken, StopIteration):
            return (0, 0)
        return (sum(name in head for name in columns.names), len(head))

    return max(_DELIMITERS, key=score)


def _places(head: list[str], columns: Columns) -> _Places | str:
    """Return where the columns are, or what is wrong with the head."""
    names = [_one_line(name) for name in head]
    asked = {columns.label, *(name for key, name in (("id", columns.id), ("aliases", columns.aliases)) if key in columns.asked)}
    missing = [name for name in columns.names if name in asked and name not in names]
    if missing:
        shown = ", ".join(f'"{name}"' for name in missing)
        which = f"there is no column {shown}" if len(missing) == 1 else f"there are no columns {shown}"
        return f"{which}; the head has {', '.join(names)[:200]}{did_you_mean(missing[0], names)}"
    return _Places(
        names.index(columns.label),
        names.index(columns.id) if columns.id in names else None,
        names.index(columns.aliases) if columns.aliases in names else None,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count} values"


def _failed(line: int, problem: str) -> Listed:
    return Listed(problems=((line, problem),))


def head_of(content: bytes, rows: int = 50) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns of a CSV file, and its first rows; () where it is no CSV or not UTF-8."""
    text = content.decode("utf-8-sig", "replace")
    found: list[list[str]] = []
    # What is broken is told when the config is read with it.
    with suppress(_Broken):
        for _, row in islice(_rows(text, _delimiter(text, Columns("name", "id", "aliases", ";"))), rows + 1):
            found.append(row)
    return [_one_line(name) for name in found[0]] if found else [], found[1:]
