"""Where in a TOML text a key stands: parsers of TOML do not tell.

The text has been accepted by a parser already, so it is enough to walk over strings, brackets and comments.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

_PART = re.compile(r"\s*(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.?)")
_STRING = re.compile(r"\"\"\"(?:[^\\]|\\.)*?\"\"\"+|'''.*?'''+|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines by path: ``at("rules[0].keywords[1]")`` is "config.toml:17", or the line of the nearest key around it."""

    file: str
    by_path: dict[str, int]

    def at(self, path: str) -> str:
        """Return FILE:LINE of a path."""
        return f"{self.file}:{self.line(path)}"

    def line(self, path: str) -> int:
        """Return the line of a path, counted from 1."""
        while path and path not in self.by_path:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.by_path.get(path, 1)


def find_lines(file: str, text: str) -> Lines:
    """Return the lines of all keys of a TOML text that a parser has accepted."""
    scan = _Scan(text.replace("\r\n", "\n"))
    scan.run()
    return Lines(file, scan.found)


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self.table = ""

    def run(self) -> None:
        position = 0
        while position < len(self.text):
            sign = self.text[position]
            if sign in " \t\n":
                position += 1
            elif sign == "#":
                position = self._end_of_line(position)
            elif sign == "[":
                self._header(position)
                position = self._end_of_line(position)
            else:
                position = self._pair(position, self.table)

    def _header(self, position: int) -> None:
        is_array = self.text.startswith("[[", position)
        parts, _ = self._key(position + (2 if is_array else 1))
        path = ""
        for number, part in enumerate(parts):
            path = f"{path}.{part}" if path else part
            is_last = number == len(parts) - 1
            if is_array and is_last:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                self._note(path, position)
                path = f"{path}[{self.counts[path]}]"
        self.table = path
        self._note(path, position)

    def _pair(self, position: int, table: str) -> int:
        parts, after = self._key(position)
        path = table
        for part in parts:
            path = f"{path}.{part}" if path else part
            self._note(path, position)
        return self._value(self.text.index("=", after) + 1, path)

    def _value(self, position: int, path: str) -> int:
        while position < len(self.text) and self.text[position] in " \t":
            position += 1
        sign = self.text[position : position + 1]
        if sign == "[":
            return self._array(position + 1, path)
        if sign == "{":
            return self._inline_table(position + 1, path)
        if sign in ("'", '"'):
            found = _STRING.match(self.text, position)
            return found.end() if found else self._end_of_line(position)
        while position < len(self.text) and self.text[position] not in ",]}#\n":
            position += 1
        return position

    def _array(self, position: int, path: str) -> int:
        number = 0
        while position < len(self.text):
            position = self._blank(position)
            sign = self.text[position : position + 1]
            if sign == "]":
                return position + 1
            if sign == ",":
                number += 1
                position += 1
                continue
            self._note(f"{path}[{number}]", position)
            position = self._value(position, f"{path}[{number}]")
        return position

    def _inline_table(self, position: int, path: str) -> int:
        while position < len(self.text):
            position = self._blank(position)
            sign = self.text[position : position + 1]
            if sign == "}":
                return position + 1
            position = position + 1 if sign == "," else self._pair(position, path)
        return position

    def _blank(self, position: int) -> int:
        while position < len(self.text) and self.text[position] in " \t\n#":
            position = self._end_of_line(position) if self.text[position] == "#" else position + 1
        return position

    def _key(self, position: int) -> tuple[list[str], int]:
        parts = []
        while found := _PART.match(self.text, position):
            quoted, literal, bare, dot = found.groups()
            parts.append(tomllib.loads(f'k = "{quoted}"')["k"] if quoted is not None else literal if literal is not None else bare)
            position = found.end()
            if not dot:
                break
        return parts, position

    def _end_of_line(self, position: int) -> int:
        end = self.text.find("\n", position)
        return len(self.text) if end < 0 else end

    def _note(self, path: str, position: int) -> None:
        self.found.setdefault(path, self.text.count("\n", 0, position) + 1)
