"""The cases of the reference material, how a feed among them is read, and when two readings of it are the same."""

from __future__ import annotations

import html
import importlib.util
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from builders import NOON

from monitor.core.document import Parsed
from monitor.errors import ParseError
from monitor.parse.document import parse

FEEDS = "feeds/cases.jsonl.gz"
# Where the cases are read from: relative addresses are relative to it. Some suites expect this very host.
URL = "http://127.0.0.1:8097/x.xml"


def cases(shared: Path, index: str = FEEDS) -> Iterator[dict[str, Any]]:
    """Yield the cases of an index."""
    yield from _casesio(shared).cases(shared / "data", index)


def body_of(shared: Path, case: dict[str, Any]) -> bytes:
    """Return the bytes that a case is about."""
    return _casesio(shared).read_input(shared / "data", case["input_file"])


def type_of(case: dict[str, Any]) -> str:
    """Return the type that a feed's server gave, "" if it gave none."""
    headers = {name.lower(): value for name, value in (case.get("http_headers") or {}).items()}
    return headers.get("content-type") or case.get("content_type") or ""


def read(case: dict[str, Any], body: bytes) -> Parsed | None:
    """Return what is read of a feed; None if it is refused."""
    try:
        return parse(body, type_of(case), URL, NOON)
    except ParseError:
        return None


def same_text(wanted: str, got: str | None) -> bool:
    """Say whether two texts differ in nothing but the space around them and one level of escapes."""
    return _plain(wanted) == _plain(got or "")


def same_date(wanted: str, got: datetime | None) -> bool:
    """Say whether a moment is the one that is written in UTC."""
    return got is not None and datetime.fromisoformat(wanted.replace("Z", "+00:00")) == got


def _plain(text: str) -> str:
    return html.unescape(text.strip()).strip()


@cache
def _casesio(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("casesio", shared / "data" / "casesio.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
