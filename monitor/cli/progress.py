"""A progress bar on standard error, where that is a terminal; elsewhere nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Told(Protocol):
    """Is told how much is done, and of how much if that is known."""

    def __call__(self, done: int, total: int | None = None, /) -> None: ...  # noqa: D102


@contextmanager
def progress(label: str) -> Iterator[Told]:
    """Give a function that moves the bar."""
    if not sys.stderr.isatty():
        yield _ignored
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
        task = bars.add_task(label, total=None)

        def told(done: int, total: int | None = None, /) -> None:
            bars.update(task, completed=done, total=total)

        yield told


def _ignored(_done: int, _total: int | None = None, /) -> None:
    """Nobody watches."""
