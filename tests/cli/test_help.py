from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from monitor.cli.root import COMMANDS, monitor

LATER = ("silence",)


def commands(group: click.Group = monitor, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*words, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))


ALL = {" ".join(words): command for words, command in commands()}


def example_lines(command: click.Command) -> list[str]:
    epilog = command.epilog or ""
    return [line.strip() for line in epilog.splitlines() if line.startswith("  ")]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_help_of_a_lazy_command_is_its_own(name):
    command = monitor.get_command(click.Context(monitor), name)

    assert command.name == name
    assert COMMANDS[name][1] == command.get_short_help_str(200)


@pytest.mark.parametrize("words", ALL)
def test_every_command_shows_help_with_examples(words):
    result = CliRunner().invoke(monitor, [*words.split(), "--help"], prog_name="monitor")

    assert result.exit_code == 0
    assert "  Examples:\n    monitor " in result.output
    assert example_lines(ALL[words])


@pytest.mark.parametrize("line", [line for command in (monitor, *ALL.values()) for line in example_lines(command)])
def test_every_example_is_a_command_line_that_is_understood(line):
    program, *words = shlex.split(line)

    context = monitor.make_context(program, words)
    command: click.Command = monitor
    while isinstance(command, click.Group):
        name, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, words, parent=context)

    assert program == "monitor"


def test_what_does_not_exist_yet_is_not_listed():
    assert not {word for words in ALL for word in words.split()} & set(LATER)


def test_a_mistyped_command_is_told_what_was_meant():
    result = CliRunner().invoke(monitor, ["matchs"])

    assert result.exit_code == 2
    assert "did you mean matches" in result.output


def test_the_version_is_printed():
    result = CliRunner().invoke(monitor, ["--version"])

    assert (result.exit_code, result.output.split()[0]) == (0, "monitor")


def test_without_a_command_the_help_is_shown_and_nothing_is_done():
    result = CliRunner().invoke(monitor, [])

    assert result.exit_code == 2
    assert "matches" in result.output
