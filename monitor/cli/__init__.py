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
import sys

# Imports and parsed feeds make objects by the ten thousand and hardly any cycles: Python's own 700 cost a tenth of every start.
YOUNG_OBJECTS = 20_000


def main() -> None:
    """Run the command line and end the process with its exit status: 0 done, 1 something failed, 2 wrong command or config."""
    gc.set_threshold(YOUNG_OBJECTS)
    try:
        from monitor.cli.root import monitor

        for stream in (sys.stdout, sys.stderr):
            # A title that the terminal's encoding lacks is shown escaped, it does not end the command.
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    except KeyboardInterrupt:
        sys.exit(130)
    monitor(prog_name="monitor")
