"""Regular expressions of users: they know Unicode, and end when their time is up.

By the ``regex`` package, which is imported here only, and only when a rule has a regular expression: it takes 20 ms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from monitor.errors import QueryError, RegexTimeout

LIMIT_S = 0.2
LONGEST = 1000
_MAX_SPANS = 1000
# What repeats are slow on: the same sign many times, and then one that spoils it.
_PROBE_LENGTH = 1000
_PROBE_S = 0.05


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled regular expression."""

    source: str
    ignore_case: bool
    compiled: Any = field(repr=False, compare=False)  # regex.Pattern: its types are not published


def compile_regex(source: str, *, ignore_case: bool, at: int = 0, expression: str = "") -> Pattern:
    """Compile a regular expression; ``at`` is where it begins in its expression. Raises ``QueryError``."""
    import regex

    expression = expression or f"/{source}/"
    if len(source) > LONGEST:
        raise QueryError(f"a regular expression is longer than {LONGEST} characters", at, "write a list of words instead", expression)
    flags = regex.IGNORECASE | regex.FULLCASE if ignore_case else 0
    try:
        compiled = regex.compile(source, flags, cache_pattern=False)
    except regex.error as error:
        position = at + 1 + (error.pos or 0)
        raise QueryError(f"a regular expression does not compile: {error.msg}", position, "", expression) from error
    except (RecursionError, OverflowError, MemoryError, ValueError, KeyError, IndexError, TypeError) as error:
        # A parser in Python: what it does not expect, it does not translate.
        raise QueryError("a regular expression does not compile: it is too deep or too large", at, "", expression) from error
    pattern = Pattern(source, ignore_case, compiled)
    if _matches_nothing(pattern):
        hint = "give it something that must stand there: + instead of *"
        raise QueryError("a regular expression matches the empty text, so it would hold of every item", at, hint, expression)
    return pattern


def search(pattern: Pattern, text: str, limit_s: float = LIMIT_S) -> list[tuple[int, int]]:
    """Return the spans of all hits in a text, in order, not empty and not overlapping, a thousand at most.

    Raises ``RegexTimeout`` when it takes more than ``limit_s`` of the processor: whether it would have hit is not known then.
    """
    spans: list[tuple[int, int]] = []
    try:
        for found in pattern.compiled.finditer(text, timeout=limit_s):
            if found.end() > found.start():
                spans.append(found.span())
                if len(spans) == _MAX_SPANS:
                    break
    except TimeoutError as error:
        raise RegexTimeout(pattern.source, limit_s) from error
    return spans


def is_slow(pattern: Pattern) -> bool:
    """Say whether a regular expression runs out of time on short texts made of its own letters, as ``(a|aa)+$`` does."""
    signs = dict.fromkeys([*re.findall(r"[^\W_]", pattern.source)[:20], "a", "1", " "])
    try:
        for sign in signs:
            search(pattern, sign * _PROBE_LENGTH + "\0", _PROBE_S)
        search(pattern, "wort " * (_PROBE_LENGTH // 5) + "\0", _PROBE_S)
    except RegexTimeout:
        return True
    return False


def _matches_nothing(pattern: Pattern) -> bool:
    try:
        return pattern.compiled.search("", timeout=_PROBE_S) is not None
    except TimeoutError:
        return False
