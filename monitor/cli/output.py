"""Rows on standard output: a table for people; json, jsonl and csv for scripts, complete and stable."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, redirect_stdout
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import click

from monitor.cli.shapes import Column, Shape
from monitor.cli.terminal import UNSAFE, Cell, one_line, print_table, visible

TABLE_LIMIT = 50


def print_rows(rows: Sequence[Any], form: str, shape: Shape, cells: Sequence[Cell], nothing: str) -> None:
    """Print rows in one of the formats. ``nothing`` is what people are told on standard error if there are none."""
    if form == "json":
        _print_json(rows, shape)
    elif form == "jsonl":
        _write("".join(f"{dumps(as_object(row, shape))}\n" for row in rows))
    elif form == "csv":
        _print_csv(rows, shape)
    elif rows:
        print_table(rows, cells)
    else:
        click.echo(nothing, err=True)


def print_limited(rows: Sequence[Any], limit: int | None, form: str, shape: Shape, cells: Sequence[Cell], nothing: str) -> None:
    """Print rows that were asked for with ``asked(limit, form)``; a table that is cut says so."""
    is_cut = form == "table" and limit is None and len(rows) > TABLE_LIMIT
    print_rows(rows[:TABLE_LIMIT] if is_cut else rows, form, shape, cells, nothing)
    if is_cut:
        click.echo(f"the first {TABLE_LIMIT}; --limit shows more", err=True)


def asked(limit: int | None, form: str) -> int | None:
    """Return how many rows to ask for: all for scripts, for a table one more than it shows."""
    return TABLE_LIMIT + 1 if limit is None and form == "table" else limit


def print_object(value: Any, form: str, facts: Callable[[Any], Sequence[tuple[str, str]]]) -> None:
    """Print one dataclass: for scripts its fields as keys, for people the facts that ``facts`` makes of it."""
    if form == "csv":
        _print_csv([value], tuple(Column(field.name, attrgetter(field.name)) for field in fields(value)))
    elif form != "table":
        _write(dumps(plain(value)) + "\n")
    else:
        made = facts(value)
        wide = max(len(name) for name, _ in made)
        _write("".join(f"{name:<{wide}}  {one_line(text)}\n" for name, text in made))


@contextmanager
def rows_only(form: str) -> Iterator[None]:
    """Keep standard output for the rows of a script: what the receiver ``console`` prints goes to standard error."""
    with nullcontext() if form == "table" else redirect_stdout(sys.stderr):
        yield


def as_object(row: Any, shape: Shape) -> dict[str, Any]:
    """Return a row as json has it."""
    whole: dict[str, Any] = {}
    for column in shape:
        value = plain(column.value(row))
        if value is None and column.is_optional:
            continue
        *above, key = column.key.split(".")
        place = whole
        for name in above:
            place = place.setdefault(name, {})
        place[key] = value
    return whole


def plain(value: object) -> Any:
    """Return a value as json has it: moments in UTC with ``Z`` and whole seconds, spans in seconds."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return utc(value)
        case timedelta():
            return value.total_seconds()
        case tuple() | list():
            return [plain(one) for one in value]
        case _ if is_dataclass(value):
            # What is optional and missing is left out: scripts know the other keys of the contract.
            pairs = ((one.name, plain(getattr(value, one.name)), "optional" in one.metadata) for one in fields(value))
            return {name: part for name, part, is_optional in pairs if part is not None or not is_optional}
        case _:
            return str(value)


def utc(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC, in whole seconds."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def dumps(value: object) -> str:
    """Return json that people can read and no terminal obeys. Json is UTF-8: to an output of another encoding it goes as ASCII."""
    text = json.dumps(value, ensure_ascii=(sys.stdout.encoding or "").lower() not in ("utf-8", "utf8"))
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _print_json(rows: Iterable[Any], shape: Shape) -> None:
    # One row a line, so that diff and grep see rows.
    lines = ",\n ".join(dumps(as_object(row, shape)) for row in rows)
    _write(f"[{lines}]\n")


def _print_csv(rows: Iterable[Any], shape: Shape) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([column.key.replace(".", "_") for column in shape])
    writer.writerows([_csv_cell(column.value(row)) for column in shape] for row in rows)


def _csv_cell(value: object) -> object:
    match plain(value):
        case str() as text:
            return visible(text)
        case bool() as flag:
            return str(flag).lower()
        case list() as several if all(isinstance(one, str) for one in several):
            return visible("; ".join(several))
        case list() as several:
            return dumps(several)
        case other:
            return other


def _write(text: str) -> None:
    sys.stdout.write(text)
