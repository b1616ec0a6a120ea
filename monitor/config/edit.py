"""Add and remove feeds in the config file, keeping its comments and its form."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError, NotFound


def add_feed(text: str, name: str, url: str) -> str:
    """Return the config's text with one more feed, after the last."""
    import tomlkit

    document = tomlkit.parse(text)
    feeds = document.get("feeds")
    if any(feed.get("name") == name for feed in feeds or ()):
        raise ConfigError(f"there is a feed {name} already; give this one another name with --name")
    table = tomlkit.table()
    table.add("name", name)
    table.add("url", url)
    if feeds is None:
        feeds = tomlkit.aot()
        document.append("feeds", feeds)
    feeds.append(table)
    return _spaced(tomlkit.dumps(document))


def remove_feed(text: str, name: str) -> str:
    """Return the config's text without a feed. Raises ``NotFound``."""
    import tomlkit

    document = tomlkit.parse(text)
    feeds: Any = document.get("feeds") or []
    position = next((number for number, feed in enumerate(feeds) if feed.get("name") == name), None)
    if position is None:
        raise NotFound(f"no feed {name} in the config file")
    del feeds[position]
    if not len(feeds):
        del document["feeds"]
    return tomlkit.dumps(document)


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


def _spaced(text: str) -> str:
    # A blank line before each table, as people write them.
    return text.replace('"\n[[feeds]]', '"\n\n[[feeds]]')
