"""Add an entity list to the config file: the columns of its CSV file are told by their names, the rest of the config stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.config.edit import write
from monitor.config.entity_list import head_of
from monitor.config.load import parse_toml, read
from monitor.core.rule import EntityType
from monitor.errors import ConfigError

# What lists that are published call these columns, the likeliest first; case and signs do not count.
_LABELS = ("label", "name", "fullname", "caption", "wholename", "title", "bezeichnung", "titel", "person", "organisation")
_IDS = ("id", "entityid", "entnum", "uid", "qid", "wikidata", "referencenumber", "nummer", "key")
_ALIASES = ("aliases", "alias", "aka", "akas", "alsoknownas", "othernames", "alternativenames", "names", "aliasnames", "weitere")
_SEPARATORS = (";", "|")


@dataclass(frozen=True, slots=True)
class AddedList:
    """What was added. ``id`` and ``aliases`` are the columns that were found, or None."""

    name: str
    label: str
    id: str | None
    aliases: str | None


def add_list(path: Path, file: Path, name: str | None, kind: EntityType | None, environ: Mapping[str, str]) -> AddedList:
    """Add a list of entities to the config file, at its end; it is called ``name``, or after the file.

    Raises ``ConfigError``: the name is there already, no column can be the label, or the new config would not be right.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}:1: the file cannot be read: {error.strerror}") from error
    head, sample = head_of(content)
    added = _columns(name or _name(file), head, file)
    text = read(path)
    document = parse_toml(path, text.removeprefix("\ufeff"))
    _refuse_taken(path, document, added.name)
    settings = {"name": added.name, "file": _relative(file, path.parent)}
    settings |= {"label": added.label} | ({"id": added.id} if added.id else {}) | ({"aliases": added.aliases} if added.aliases else {})
    if added.aliases and (separator := _separator(sample, head.index(added.aliases))) != ";":
        settings["separator"] = separator
    if kind:
        settings["type"] = kind
    write(path, _appended(text, settings), environ)
    return added


def _columns(name: str, head: Sequence[str], file: Path) -> AddedList:
    label = _first(head, _LABELS)
    if label is None:
        told = ", ".join(head)[:200] or "nothing"
        raise ConfigError(f"{file}:1: no column of the head can be the name: it has {told}; call one of them name")
    return AddedList(name, label, _first(head, _IDS), _first(head, _ALIASES))


def _first(head: Sequence[str], wanted: Sequence[str]) -> str | None:
    plain = {re.sub(r"[^a-z]", "", column.lower()): column for column in reversed(head)}
    return next((plain[name] for name in wanted if name in plain), None)


def _separator(rows: Sequence[Sequence[str]], column: int) -> str:
    """Return the sign that stands between aliases: the one that the first rows have most."""
    text = "".join(row[column] for row in rows if len(row) > column)
    return max(_SEPARATORS, key=text.count)


def _name(file: Path) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", file.stem).strip("-") or "list"


def _relative(file: Path, directory: Path) -> str:
    """Return a file's path from the config's directory if it is below it, so that both may be moved together."""
    whole, above = file.resolve(), directory.resolve()
    return str(whole.relative_to(above)) if whole.is_relative_to(above) else str(whole)


def _refuse_taken(path: Path, document: Mapping[str, object], name: str) -> None:
    lists = document.get("entity_lists", [])
    if not isinstance(lists, list) or not all(isinstance(one, dict) for one in lists):
        raise ConfigError(f"{path}:1: entity_lists: must be tables such as [[entity_lists]]")
    if name in [one.get("name") for one in lists]:
        raise ConfigError(f"{path}:1: entity_lists: there is a list {name} already; give this one another name with --name")


def _appended(text: str, settings: Mapping[str, str]) -> str:
    import tomlkit

    # A table may stand at the end of any file; one that writes its lists as `entity_lists = […]` is refused when it is read again.
    line_end = "\r\n" if "\r\n" in text else "\n"
    rows = ["[[entity_lists]]", *(f"{key} = {tomlkit.item(value).as_string()}" for key, value in settings.items()), ""]
    before = text if not text or text.endswith("\n") else text + line_end
    return before + (line_end if before.strip() else "") + line_end.join(rows)
