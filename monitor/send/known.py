"""Addresses that Apprise was seen to know, kept in a file: to ask it loads all its services, half a second at every start."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

MOST = 10_000


class KnownAddresses:
    """Ids of addresses that the installed version of Apprise knows, each with the class of its service ("module:name").

    An id is a hash that tells nothing of its address.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / f"addresses-{version('apprise')}.json"

    def read(self) -> dict[str, str]:
        """Return the services by id; none if the file is not there, or spoilt: then Apprise is asked again."""
        try:
            services = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(one): str(service) for one, service in services.items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def write(self, services: Mapping[str, str]) -> None:
        """Keep these, if there is a place for them."""
        text = json.dumps(dict(sorted(services.items())[:MOST]))
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self._path)
