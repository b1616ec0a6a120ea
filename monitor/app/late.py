"""The rules, compiled when the first item is judged: most passes bring nothing new, and do without rules and dictionaries."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from monitor.core.model import Match
from monitor.core.verdict import Subject, Verdict

if TYPE_CHECKING:
    from monitor.match.engine import Engine


class LateRules:
    """An engine that is made once, by whoever needs it first; others wait for it."""

    def __init__(self, make: Callable[[], Engine]) -> None:
        self._make = make
        self._lock = Lock()
        self._engine: Engine | None = None

    def load(self) -> Engine:
        """Return the engine."""
        with self._lock:
            if self._engine is None:
                self._engine = self._make()
            return self._engine

    def match(self, subject: Subject) -> tuple[Match, ...]:
        """Return the rules that apply."""
        return self.load().match(subject)

    def explain(self, subject: Subject) -> tuple[Verdict, ...]:
        """Return what became of every rule."""
        return self.load().explain(subject)
