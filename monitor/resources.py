"""Find the files that come with the program: in a checkout beside the package, in a wheel inside of it."""

from __future__ import annotations

from pathlib import Path

from monitor.errors import NotFound

_PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """Return the directory of the shipped templates."""
    return _find("templates")


def example_config() -> str:
    """Return the text of the example config."""
    return _find("config.example.toml").read_text(encoding="utf-8")


def _find(name: str) -> Path:
    for place in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if place.exists():
            return place
    raise NotFound(f"{name} does not come with this installation; install the program again")
