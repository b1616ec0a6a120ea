"""What may reach a terminal, and how a table is drawn: nothing a feed says is a command to it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Literal, TextIO

# C0 and C1 controls (escape sequences begin with one), DEL, what turns the direction of writing, separators of lines,
# and halves of surrogate pairs, which no encoding can print.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

GAP = "  "


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a table for people. ``is_long``: it is cut first when the terminal is narrow."""

    header: str
    text: Callable[[Any], str]
    is_long: bool = False
    is_number: bool = False


def visible(text: str) -> str:
    r"""Return ``text`` with every character that a terminal would obey written out: ``\x1b``, ``\u202e``."""
    return UNSAFE.sub(_written_out, text)


def one_line(text: str) -> str:
    """Return ``text`` on one line, and visible."""
    return visible(" ".join(text.split()))


def local(moment: datetime | None, zone: tzinfo) -> str:
    """Return a moment as people of ``zone`` read it, or a dash."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "-"


def is_colourful(stream: TextIO) -> bool:
    """Say whether colours may be used: on a terminal that has them, unless the user wants none (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") not in ("dumb", "unknown")


def can_show(text: str, stream: TextIO) -> bool:
    """Say whether the encoding of ``stream`` has all characters of ``text``."""
    try:
        text.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def print_table(rows: Iterable[Any], cells: Sequence[Cell]) -> None:
    """Draw a table on standard output: as wide as the terminal, or elsewhere with nothing cut and nothing coloured."""
    lines = [[one_line(cell.text(row)) for cell in cells] for row in rows]
    if sys.stdout.isatty():
        _draw(lines, cells)
    else:
        _write(lines, cells)


def _draw(lines: Sequence[Sequence[str]], cells: Sequence[Cell]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, len(GAP), 0, 0), header_style="bold", expand=True)
    for cell in cells:
        justify: Literal["left", "right"] = "right" if cell.is_number else "left"
        table.add_column(cell.header, justify=justify, no_wrap=True, overflow="ellipsis", ratio=1 if cell.is_long else None)
    for line in lines:
        table.add_row(*map(Text, line))
    colours: Literal["auto"] | None = "auto" if is_colourful(sys.stdout) else None
    Console(file=sys.stdout, color_system=colours, highlight=False).print(table)


def _write(lines: Sequence[Sequence[str]], cells: Sequence[Cell]) -> None:
    whole = [[cell.header for cell in cells], *lines]
    widths = [max(width(line[place]) for line in whole) for place in range(len(cells))]
    for line in whole:
        fields = (_padded(text, wide, cell) for text, wide, cell in zip(line, widths, cells, strict=True))
        sys.stdout.write(GAP.join(fields).rstrip() + "\n")


def width(text: str) -> int:
    """Return how many places of a terminal a text takes."""
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, wide: int, cell: Cell) -> str:
    blanks = " " * (wide - width(text))
    return blanks + text if cell.is_number else text + blanks


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
