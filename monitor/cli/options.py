"""What several commands share: the session, and the options that mean the same everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from monitor.cli import times

if TYPE_CHECKING:
    from monitor.config import Config

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

FORMATS = ("table", "json", "jsonl", "csv")
KINDS = ("article", "comment")


@dataclass(frozen=True, slots=True)
class Session:
    """What the words before the command say: which config file."""

    path: Path

    def config(self) -> Config:
        """Read the config. Raises ``ConfigError``."""
        from monitor.config import load

        return load(self.path, os.environ)


pass_session = click.make_pass_decorator(Session)


class WhenType(click.ParamType[times.When]):
    """A span back from now, a day or a time."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> times.When:
        """Read what was typed, or fail as a wrong command line."""
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]  # click hands over a value it has converted before
        try:
            return times.parse_when(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def format_option(command: Decorated) -> Decorated:
    """Add ``--format``."""
    option = click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="table for people; json, jsonl and csv are complete and stable, with times in UTC",
    )
    return option(command)


def since_option(command: Decorated) -> Decorated:
    """Add ``--since``."""
    return click.option("--since", type=WhenType(), help='from then on: "30d", "12h", a day (2026-11-01) or a time')(command)


def until_option(command: Decorated) -> Decorated:
    """Add ``--until``."""
    return click.option("--until", type=WhenType(), help="until then; a day is meant with all its hours")(command)


def limit_option(command: Decorated) -> Decorated:
    """Add ``--limit``."""
    text = "at most so many, the first  [default: 50 in a table, else all]"
    return click.option("--limit", type=click.IntRange(min=1), metavar="N", help=text)(command)


def mode_option(command: Decorated) -> Decorated:
    """Add ``--mode``."""
    # Most commands have none, and start without what rules are made of.
    from monitor.core.rule import MODES

    return click.option("--mode", type=click.Choice(MODES), help="of plain words  [default: family]")(command)


def kind_option(command: Decorated) -> Decorated:
    """Add ``--kind``."""
    return click.option("--kind", type=click.Choice(KINDS), help="only articles, or only comments")(command)


def feed_option(command: Decorated) -> Decorated:
    """Add ``--feed``."""
    return click.option("--feed", metavar="FEED", help="only of this feed")(command)


def examples(*lines: str) -> str:
    """Return the end of a command's help: its examples, one a line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
