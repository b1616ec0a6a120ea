"""The command line: reads arguments, asks ``app`` or the store, prints rows.

root        the command group, lazy loading, errors to exit statuses
options     the options that several commands share
times       "30d", "2026-11-01" or RFC 3339 to a moment
output      rows as json, jsonl, csv and table
terminal    what may reach a terminal, and how a table is drawn there
the rest    one file a group of commands
"""

from __future__ import annotations

import gc
import os
import sys

# Imports and parsed feeds make objects by the ten thousand and hardly any cycles: Python's own 700 cost a tenth of every start.
YOUNG_OBJECTS = 20_000
STDERR = 2


def main() -> None:
    """Run the command line and end the process with its exit status: 0 done, 1 something failed, 2 wrong command or config."""
    gc.set_threshold(YOUNG_OBJECTS)
    try:
        _open_closed_streams()
        from monitor.cli.root import monitor

        for stream in (sys.stdout, sys.stderr):
            # A title that the terminal's encoding lacks is shown escaped, it does not end the command.
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    except KeyboardInterrupt:
        sys.exit(130)
    monitor([_text(word) for word in sys.argv[1:]], prog_name="monitor")


def _open_closed_streams() -> None:
    """Open what the caller closed (``>&-``), before a database or a socket gets its number and is written into."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is taken. What is written to standard output fails, for it would be lost: it can be read only.
            os.open(os.devnull, os.O_WRONLY if number == STDERR else os.O_RDONLY)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = sys.stderr or os.fdopen(STDERR, "w", encoding="utf-8")


def _text(word: str) -> str:
    """Return a word of the command line as text: what is not UTF-8 comes as halves of surrogate pairs, which no database takes."""
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeError:
        sys.stderr.write(f"monitor: {word!a} is not UTF-8\n")
        sys.exit(2)
