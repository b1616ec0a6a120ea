"""Add and remove feeds in the config file: what else stands in it, comments above all, stays as it is.

The new text is always read again: it must hold what the old one held, and the one feed more or less, or it is refused.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor.config.intake import Candidate, choose, free_name, title_to_name_by
from monitor.config.lines import Scan
from monitor.config.load import Config, parse, parse_toml, read
from monitor.config.opml import Outline
from monitor.config.sections import is_name
from monitor.config.values import address_problem, same_address, shown_address
from monitor.errors import ConfigError, NotFound

BOM = "\ufeff"
Setting = str | bool | tuple[str, ...]


def add_feed(path: Path, url: str, name: str | None, environ: Mapping[str, str], title: str = "") -> str:
    """Add a feed to the config file, after the last; return its name.

    If none is given, it is made from the address, or from the ``title`` where that has only numbers.

    Raises ``ConfigError``: the name or the address is there already, or the new file would not be right.
    """
    if problem := address_problem(url):
        raise ConfigError(f"{shown_address(url, url)}: the address {problem}")
    text = read(path)
    feeds = _feeds(_document(path, text))
    taken = _names_beside(name, feeds)
    addresses = ((str(feed.get("url")), feed.get("name")) for feed in feeds)
    # Told here, for the line that a check of the new text would tell is in no file.
    if same := [one for address, one in addresses if not address_problem(address) and same_address(address) == same_address(url)]:
        raise ConfigError(f"{shown_address(url, url)}: this address is there already, as {same[0]}")
    chosen = name or free_name(title_to_name_by(title, url), url, [one for one in taken if one])
    write(path, with_feed(path, text, chosen, url), environ)
    return chosen


def adopt(
    path: Path, outlines: Iterable[Outline], config: Config, environ: Mapping[str, str], name: str | None = None
) -> tuple[Candidate, ...]:
    """Add feeds that come from elsewhere to the config file, all at once or none; return what became of each.

    ``config`` is what the file holds now; ``name`` is for the only feed, if there is only one. Raises ``ConfigError``.
    """
    chosen = choose(outlines, config)
    if name:
        chosen = tuple(replace(one, name=name) if one.outcome == "added" else one for one in chosen)
    added = [one for one in chosen if one.outcome == "added"]
    if added:
        feeds = [{"name": one.name, "url": one.url} | ({"tags": one.tags} if one.tags else {}) for one in added]
        write(path, with_feeds(path, read(path), feeds), environ)
    return chosen


def add_search(path: Path, engine: str, query: str, name: str | None, settings: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """Add a search feed to the config file, after the last; return its name. Raises ``ConfigError``."""
    text = read(path)
    taken = _names_beside(name, _feeds(_document(path, text)))
    chosen = name or free_name(f"{engine.partition('_')[0]} {query}", "", [one for one in taken if one])
    write(path, with_feeds(path, text, [{"name": chosen, engine: query, **settings}]), environ)
    return chosen


def remove_feed(path: Path, name: str, environ: Mapping[str, str]) -> None:
    """Remove a feed from the config file. Raises ``NotFound``, or ``ConfigError`` if a rule still names it."""
    text = read(path)
    new = without_feed(path, text, name)
    # Told here, for the line that a check of the new text would tell is another one of the file.
    if rules := _rules_with(name, _document(path, text)):
        raise ConfigError(f"{path}: {name} is one of the `feeds` of {', '.join(rules)}; take it out there first")
    write(path, new, environ)


def with_feed(path: Path, text: str, name: str, url: str, **settings: Setting) -> str:
    """Return the text of the config file ``path`` with a feed more, after the last. Raises ``ConfigError``."""
    return with_feeds(path, text, [{"name": name, "url": url} | settings])


def with_feeds(path: Path, text: str, added: Iterable[Mapping[str, Setting]]) -> str:
    """Return the text of the config file ``path`` with these feeds more, after the last. Raises ``ConfigError``."""
    more = [{key: list(one) if isinstance(one, tuple) else one for key, one in feed.items()} for feed in added]
    document = _document(path, text)
    scan = Scan(text.removeprefix(BOM))
    feeds = _feeds(document)
    if "feeds" in document and "feeds[0]" not in scan.ends:
        new = _with_list(text, lambda listed: listed.extend(more))
    else:
        rows = text.split("\n")
        at = _block(scan, rows, len(feeds) - 1)[1] if feeds else len(rows) - (rows[-1] == "")
        new = _spliced(rows, at, at, _toml(more))
    return _verified(path, new, document | {"feeds": [*feeds, *more]})


def without_feed(path: Path, text: str, name: str) -> str:
    """Return the text of the config file ``path`` without a feed. Raises ``NotFound``, ``ConfigError``."""
    document = _document(path, text)
    scan = Scan(text.removeprefix(BOM))
    feeds = _feeds(document)
    position = next((number for number, feed in enumerate(feeds) if feed.get("name") == name), None)
    if position is None:
        raise NotFound(f"no feed {name} in {path}")
    left = [feed for number, feed in enumerate(feeds) if number != position]
    if "feeds[0]" not in scan.ends:
        return _verified(path, _with_list(text, lambda listed: listed.pop(position)), document | {"feeds": left})
    rows = text.split("\n")
    start, end = _block(scan, rows, position)
    expected = document | {"feeds": left} if left else {key: one for key, one in document.items() if key != "feeds"}
    return _verified(path, _spliced(rows, start, end, []), expected)


def write(path: Path, text: str, environ: Mapping[str, str]) -> None:
    """Replace the config file, as a whole or not at all; its mode stays, and a link to it.

    Raises ``ConfigError``: the new text is not a right config, or the directory refuses.
    """
    parse(path, text, environ)
    real = path.resolve()
    try:
        _replace(real, text)
    except OSError as error:
        raise ConfigError(f"{path}:1: the file cannot be written: {error.strerror}") from error


def _replace(real: Path, text: str) -> None:
    status = real.stat()
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # Only root can give a file away; then the daemon's user must still be able to read it.
        with suppress(PermissionError):
            os.chown(part, status.st_uid, status.st_gid)
        part.chmod(status.st_mode & 0o7777)
        part.replace(real)
    finally:
        part.unlink(missing_ok=True)
    # The new name is on the disk when its directory is.
    directory = os.open(real.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _document(path: Path, text: str) -> dict[str, Any]:
    return parse_toml(path, text.removeprefix(BOM))


def _names_beside(name: str | None, feeds: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return the names that feeds have. Raises ``ConfigError`` if ``name`` is none for another one."""
    if name and not is_name(name):
        raise ConfigError(f'"{name}" is no name for a feed; use letters, digits, - and _, 100 at most')
    taken = [feed.get("name") for feed in feeds]
    if name in taken:
        raise ConfigError(f"there is a feed {name} already; give this one another name with --name")
    return taken


def _feeds(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    feeds = document.get("feeds", [])
    return feeds if isinstance(feeds, list) and all(isinstance(feed, dict) for feed in feeds) else []


def _rules_with(name: str, document: Mapping[str, Any]) -> list[str]:
    """Return the rules that name a feed, for people."""
    rules = document.get("rules", [])
    tables = [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    return [f"the rule {rule.get('name')}" for rule in tables if isinstance(rule.get("feeds"), list) and name in rule["feeds"]]


def _verified(path: Path, text: str, expected: Mapping[str, Any]) -> str:
    if _document(path, text) != expected:
        raise ConfigError(f"{path}:1: feeds: the file is written in a way that cannot be edited here; edit it by hand")
    return text


def _block(scan: Scan, rows: list[str], position: int) -> tuple[int, int]:
    """Return the rows of a feed, from the first to the one after the last, with the comments that belong to its settings."""
    path = f"feeds[{position}]"
    start = scan.starts[path] - 1
    end = max(last for table, last in scan.ends.items() if table == path or table.startswith(f"{path}."))
    after = end
    while after < len(rows) and rows[after].lstrip().startswith("#"):
        after += 1
    # Comments right above the next table are its own; those that end with a blank row are this feed's.
    is_of_next = after < len(rows) and rows[after].strip() != ""
    return start, end if is_of_next else after


def _spliced(rows: list[str], start: int, end: int, new: list[str]) -> str:
    """Return the text with other rows in place of some; tables stay apart by one blank row."""
    line_end = "\r" if rows[0].endswith("\r") else ""
    before, after = rows[:start], rows[end:]
    if new:
        block = [row + line_end for row in new]
        gap = [line_end] if before and before[-1].strip() else []
        rest = [line_end, *after] if after and after[0].strip() else after or [""]
        return "\n".join([*before, *gap, *block, *rest])
    if after and not after[0].strip() and (not before or not before[-1].strip()):
        after = after[1:]
    return "\n".join([*before, *after])


def _toml(feeds: Iterable[Mapping[str, object]]) -> list[str]:
    """Return feeds as rows, with a blank one between them."""
    import tomlkit

    rows: list[str] = []
    for feed in feeds:
        pairs = [f"{key} = {tomlkit.item(value).as_string()}" for key, value in feed.items()]
        rows += ["", "[[feeds]]", *pairs] if rows else ["[[feeds]]", *pairs]
    return rows


def _with_list(text: str, change: Any) -> str:
    """Return the text with its ``feeds = […]`` changed."""
    import tomlkit

    document = tomlkit.parse(text.removeprefix(BOM))
    change(document["feeds"])
    return (BOM if text.startswith(BOM) else "") + tomlkit.dumps(document)
