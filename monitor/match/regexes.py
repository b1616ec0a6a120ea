"""Regular expressions of users, in rules and for page noise: they know Unicode, and end when their time is up.

By the ``regex`` package, which is imported here only, and only when there is such an expression: it takes 20 ms.
"""

from __future__ import annotations

import re
from typing import Any

from monitor.errors import QueryError, RegexError, RegexTimeout

# Of the processor, per text. Finding all of an honest one in 200 kB takes milliseconds.
LIMIT_S = 0.2
# An expression that ran out of time so often is not searched any more: each try holds up a poll.
MOST_TIMEOUTS = 3
LONGEST = 1000
_MOST_SPANS = 10_000
# What repeats are slow on: the same sign many times, and then one that spoils it.
_PROBE_LENGTH = 1000
_PROBE_S = 0.05


class BoundedRegex:
    """A compiled regular expression. ``by_lines``: ``^`` and ``$`` hold at every line."""

    __slots__ = ("_compiled", "_timeouts", "source")

    def __init__(self, source: str, *, ignore_case: bool = False, by_lines: bool = False) -> None:
        self.source = source
        self._compiled = _compiled(source, ignore_case=ignore_case, by_lines=by_lines)
        self._timeouts = 0
        if self._matches_nothing():
            raise RegexError(
                "matches the empty text, so it is found everywhere", None, "give it something that must stand there: + instead of *"
            )

    @property
    def is_given_up(self) -> bool:
        """Say whether it ran out of time too often."""
        return self._timeouts >= MOST_TIMEOUTS

    def __call__(self, text: str, limit_s: float = LIMIT_S) -> list[tuple[int, int]]:
        """Return the spans of all hits in a text, in order, not empty and not overlapping, ten thousand at most.

        Raises ``RegexTimeout`` when it takes more than ``limit_s`` of the processor, and at once when it is given up: whether
        it would have hit is not known then.
        """
        if self.is_given_up:
            raise RegexTimeout(self.source, limit_s)
        spans: list[tuple[int, int]] = []
        try:
            for found in self._compiled.finditer(text, timeout=limit_s):
                if found.end() > found.start():
                    spans.append(found.span())
                    if len(spans) == _MOST_SPANS:
                        break
        except TimeoutError as error:
            self._timeouts += 1
            raise RegexTimeout(self.source, limit_s) from error
        return spans

    def _matches_nothing(self) -> bool:
        try:
            return self._compiled.search("", timeout=_PROBE_S) is not None
        except TimeoutError:
            return False


def compile_regex(source: str, *, ignore_case: bool, at: int = 0, expression: str = "") -> BoundedRegex:
    """Compile a regular expression of a rule; ``at`` is where it begins in its expression. Raises ``QueryError``."""
    try:
        return BoundedRegex(source, ignore_case=ignore_case)
    except RegexError as error:
        # Behind the slash, if a place in it is known.
        place = at + 1 + error.position if error.position is not None else at
        raise QueryError(f"a regular expression {error.message}", place, error.hint, expression or f"/{source}/") from error


def is_slow(source: str, *, ignore_case: bool) -> bool:
    """Say whether a regular expression runs out of time on short texts made of its own letters, as ``(a|aa)+$`` does."""
    pattern = BoundedRegex(source, ignore_case=ignore_case)
    signs = dict.fromkeys([*re.findall(r"[^\W_]", source)[:20], "a", "1", " "])
    try:
        for sign in signs:
            pattern(sign * _PROBE_LENGTH + "\0", _PROBE_S)
        pattern("wort " * (_PROBE_LENGTH // 5) + "\0", _PROBE_S)
    except RegexTimeout:
        return True
    return False


def _compiled(source: str, *, ignore_case: bool, by_lines: bool) -> Any:  # regex.Pattern: its types are not published
    import regex

    if len(source) > LONGEST:
        raise RegexError(f"is longer than {LONGEST} characters", None, "write a list of words instead")
    flags = (regex.IGNORECASE | regex.FULLCASE if ignore_case else 0) | (regex.MULTILINE if by_lines else 0)
    try:
        return regex.compile(source, flags, cache_pattern=False)
    except regex.error as error:
        raise RegexError(f"does not compile: {error.msg}", error.pos or 0) from error
    except (RecursionError, OverflowError, MemoryError, ValueError, KeyError, IndexError, TypeError) as error:
        # A parser in Python: what it does not expect, it does not translate.
        raise RegexError("does not compile: it is too deep or too large", None) from error
