"""Add and remove feeds in the config file, keeping its comments and its form."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Collection, Mapping
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monitor.errors import ConfigError, NotFound


def add_feed(path: Path, url: str, name: str | None, environ: Mapping[str, str]) -> str:
    """Add a feed to the config file, after the last; return its name, made from the address if none is given.

    Raises ``ConfigError``: the name or the address is there already, or the new file would not be right.
    """
    import tomlkit

    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    feeds: Any = document.get("feeds")
    taken = [str(feed.get("name")) for feed in feeds or ()]
    if name in taken:
        raise ConfigError(f"there is a feed {name} already; give this one another name with --name")
    chosen = name or _free_name(url, taken)
    table = tomlkit.table()
    table.add("name", chosen)
    table.add("url", url)
    if feeds is None:
        feeds = tomlkit.aot()
        document.append("feeds", feeds)
    feeds.append(table)
    # A blank line before each table, as people write them.
    write(path, tomlkit.dumps(document).replace('"\n[[feeds]]', '"\n\n[[feeds]]'), environ)
    return chosen


def remove_feed(path: Path, name: str, environ: Mapping[str, str]) -> None:
    """Remove a feed from the config file. Raises ``NotFound``, or ``ConfigError`` if a rule still names it."""
    import tomlkit

    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    feeds: Any = document.get("feeds") or []
    position = next((number for number, feed in enumerate(feeds) if feed.get("name") == name), None)
    if position is None:
        raise NotFound(f"no feed {name} in {path}")
    del feeds[position]
    if not len(feeds):
        del document["feeds"]
    write(path, tomlkit.dumps(document), environ)


def write(path: Path, text: str, environ: Mapping[str, str]) -> None:
    """Replace the config file, as a whole or not at all. Raises ``ConfigError`` if the new text is not a right config."""
    from monitor.config.load import load

    real = path.resolve()
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        load(part, environ)
        part.chmod(real.stat().st_mode & 0o777)
        part.replace(real)
    except ConfigError as error:
        raise ConfigError(*(problem.replace(str(part), str(path)) for problem in error.problems)) from error
    finally:
        part.unlink(missing_ok=True)


def _free_name(url: str, taken: Collection[str]) -> str:
    host = (urlsplit(url).hostname or "feed").removeprefix("www.").rpartition(".")[0] or "feed"
    base = re.sub(r"[^A-Za-z0-9_-]+", "-", host).strip("-") or "feed"
    numbered = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(name for name in numbered if name not in taken)
