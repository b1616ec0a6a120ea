"""Tables on a terminal: a real one, from the kernel."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest


def on_terminal(home, *words: str, columns: int = 100, **environ: str) -> str:
    """Call a command whose standard output is a terminal, and return what reached it."""
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "monitor", "--config", str(home.config), *words]
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    with subprocess.Popen(command, stdout=its, env=plain | {"TERM": "xterm", "COLUMNS": str(columns)} | environ):
        os.close(its)
        said = b""
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end has hung up
                break
            if not more:
                break
            said += more
    os.close(ours)
    return said.decode()


def test_a_table_is_as_wide_as_the_terminal(home, publish):
    publish(rule="ceasefire", title="Waffenruhe " * 40)

    lines = on_terminal(home, "matches", columns=100, NO_COLOR="1").splitlines()

    assert len(lines) == 2
    assert max(map(len, lines)) <= 100
    assert "…" in lines[1]


def test_colours_are_on_a_terminal_only_and_never_against_no_color(home, publish):
    publish(rule="ceasefire")

    assert "\x1b[" in on_terminal(home, "matches")
    assert "\x1b" not in on_terminal(home, "matches", NO_COLOR="1")
    assert "\x1b" not in on_terminal(home, "matches", TERM="dumb")


@pytest.mark.parametrize("title", ["\x1b]0;owned\x07", "\x9b31mred", "[bold red]markup[/]", "a\r\nb"])
def test_a_title_on_a_terminal_is_shown_and_not_obeyed(home, publish, title):
    publish(rule="ceasefire", title=title)

    said = on_terminal(home, "matches", columns=200, NO_COLOR="1")

    assert not {"\x1b", "\x07", "\x9b"} & set(said)
    assert len(said.splitlines()) == 2
    assert "[bold red]markup[/]" in said or "markup" not in title
