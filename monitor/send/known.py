"""Addresses that Apprise was seen to know, kept in a file: to ask it takes half a second, at every start."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

MOST = 10_000


class KnownAddresses:
    """The ids of addresses that the installed version of Apprise knows. An id is a hash that tells nothing of its address."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / f"addresses-{version('apprise')}.json"

    def read(self) -> frozenset[str]:
        """Return the ids; none if the file is not there, or spoilt: then Apprise is asked again."""
        try:
            ids = json.loads(self._path.read_text(encoding="utf-8"))
            return frozenset(one for one in ids if isinstance(one, str))
        except (OSError, ValueError, TypeError):
            return frozenset()

    def write(self, ids: Iterable[str]) -> None:
        """Keep these ids, if there is a place for them."""
        text = json.dumps(sorted(ids)[:MOST])
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self._path)
