"""Regular expressions that users write: compiled at once, and ended when they take too long on a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.errors import MonitorError, PatternTimedOut

# Per text. Finding all of an honest pattern in 200 kB takes milliseconds.
TIMEOUT_S = 0.1
# A pattern that ran out of time so often is not tried any more: each try holds up a poll.
TRIES = 3


class PatternError(MonitorError):
    """A regular expression cannot be read; ``position`` is where, in characters, or None."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


class BoundedPattern:
    """One expression; ``^`` and ``$`` hold at every line. Its spans in a text come in order."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._compiled = _compiled(source)
        self._failures = 0

    def __call__(self, text: str) -> Sequence[tuple[int, int]]:
        """Return where it is found. Raises ``PatternTimedOut``, and at once after the third time."""
        if self._failures >= TRIES:
            raise PatternTimedOut(f"{self.source}: took too long {TRIES} times and is not tried any more; make it simpler")
        try:
            return [found.span() for found in self._compiled.finditer(text, timeout=TIMEOUT_S)]
        except TimeoutError as error:
            self._failures += 1
            raise PatternTimedOut(f"{self.source}: took longer than {TIMEOUT_S:g} s on this text") from error


def _compiled(source: str) -> Any:
    # Imported here: most configs have no such pattern.
    import regex

    try:
        return regex.compile(source, regex.MULTILINE)
    except (regex.error, RecursionError, OverflowError) as error:
        raise PatternError(f"{error}", getattr(error, "pos", None)) from error
