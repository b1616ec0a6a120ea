"""What the program says while it runs: one line an event, with its facts as key=value."""

from __future__ import annotations

import logging
import time
from typing import TextIO

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class _Lines(logging.Formatter):
    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        moment = self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ")
        name = record.name.removeprefix("monitor.")
        facts = "".join(f" {key}={_plain(value)}" for key, value in vars(record).items() if key not in _STANDARD)
        line = f"{moment} {record.levelname} {name} {_printable(record.getMessage())}{facts}"
        return line + (_indented(self.formatException(record.exc_info)) if record.exc_info else "")


def configure(level: str, stream: TextIO) -> None:
    """Log to a stream from this level on. Libraries speak up from WARNING on: their chatter may hold addresses."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("monitor").setLevel(level.upper())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _plain(value: object) -> str:
    text = _printable(str(value))
    if text and not any(sign in text for sign in ' "='):
        return text
    quoted = text.replace('"', '\\"')
    return f'"{quoted}"'


def _indented(trace: str) -> str:
    # An error's text may hold a line break of a feed: indented, it passes for no event of its own.
    return "".join(f"\n    {_printable(line)}" for line in trace.split("\n"))


def _printable(text: str) -> str:
    # A feed's title in an error message must not write lines of its own, nor colour the terminal.
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
