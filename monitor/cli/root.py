"""The group ``monitor``: which commands there are, where they live, and what an error means for the exit status.

A command's module is imported when the command is called, so that ``--help`` and the reading commands start fast.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from monitor import __version__
from monitor.cli.options import Session, examples
from monitor.cli.terminal import visible
from monitor.errors import ConfigError, MonitorError

LEVELS = ("debug", "info", "warning", "error")
INTERRUPTED = 130

# Name: module, and the line of help, which a test holds against the command's own.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("running", "Poll, match and alert until told to stop."),
    "poll": ("polling", "Poll feeds once, now."),
    "backfill": ("polling", "Run stored items through the rules as they are now."),
    "matches": ("reading", "List matches, newest first."),
    "items": ("reading", "List stored items, newest first."),
    "search": ("reading", "Search the texts of stored items."),
    "explain": ("explaining", "Say why each rule did or did not match an item."),
    "words": ("trying", "Show the words that a term hits."),
    "try": ("trying", "Try a query on the stored items."),
    "status": ("running", "Show how the daemon is."),
    "feeds": ("feeds", "List, find, add and remove feeds."),
    "entities": ("entities", "List entities, and bring in lists of them."),
    "alerts": ("alerts", "List deliveries, and send dead ones again."),
    "check": ("setup", "Check the config, the rules' examples and the templates."),
    "test": ("setup", "Send a sample alert to a receiver."),
    "db": ("database", "Look after the database."),
    "init": ("setup", "Write a config file to start from."),
    "demo": ("setup", "Try everything out, on this machine only."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names, in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command, or return None if there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"monitor.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a mistyped one is answered with those that look like it."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            like = get_close_matches(name, COMMANDS)
            ctx.fail(f"no such command {name!r}" + (f"; did you mean {' or '.join(like)}?" if like else ""))
        return super().resolve_command(ctx, args)

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        """Read the words before the command; ``--help`` and ``--version`` print here."""
        with _errors_told():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. The one place where an error becomes a line and an exit status."""
        with _errors_told():
            try:
                result = super().invoke(ctx)
            except click.exceptions.Exit:
                sys.stdout.flush()
                raise
            sys.stdout.flush()
            return result


@contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        for problem in error.problems:
            _tell("", [problem])
            # Only for people: whoever reads a pipe gets one line a problem.
            if sys.stderr.isatty():
                _tell("    ", error.sketches.get(problem, "").splitlines())
        raise click.exceptions.Exit(2) from error
    except MonitorError as error:
        _tell("monitor: ", str(error).splitlines())
        raise click.exceptions.Exit(1) from error
    except KeyboardInterrupt as error:
        click.echo("interrupted", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from error
    except BrokenPipeError as error:
        # `monitor matches | head`: whoever reads has enough.
        _forget_output()
        raise click.exceptions.Exit(0) from error
    except OSError as error:
        if not _is_output_broken():
            raise
        _forget_output()
        _tell("monitor: ", [f"standard output cannot be written: {error.strerror}"])
        raise click.exceptions.Exit(1) from error


def _is_output_broken() -> bool:
    try:
        # Before the traceback of another error a line end does no harm.
        os.write(sys.stdout.fileno(), b"\n")
    except OSError:
        return True
    return False


def _forget_output() -> None:
    # Python flushes once more at the end, so give it a place to.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(prefix: str, lines: Iterable[str]) -> None:
    # What a server or a feed said may stand in an error, and a terminal must not obey it.
    for line in lines:
        click.echo(prefix + visible(line), err=True)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=examples(
        "monitor init",
        "monitor check",
        "monitor run",
        "monitor matches --rule waffenstillstand --since 7d",
        "monitor --config news.toml poll --no-deliver",
    ),
)
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path),
    envvar="MONITOR_CONFIG",
    default=Path("config.toml"),
    help="the config file  [default: $MONITOR_CONFIG, then ./config.toml]",
)
@click.option(
    "--log-level",
    "level",
    type=click.Choice(LEVELS, case_sensitive=False),
    help="how much is logged on standard error  [default: info for run, else error]",
)
@click.version_option(__version__, message="monitor %(version)s")
@click.pass_context
def monitor(ctx: click.Context, path: Path, level: str | None) -> None:
    """Watch feeds, match rules, send alerts: a feed monitor that loses nothing and can say why."""
    from monitor import log

    log.configure(level or ("info" if ctx.invoked_subcommand == "run" else "error"), sys.stderr)
    ctx.obj = Session(path)
