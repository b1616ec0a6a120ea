"""Where in a TOML text a key stands: parsers of TOML do not tell.

The text has been accepted by a parser already, so it is enough to walk over strings, brackets and comments.
Nothing is walked over before someone asks: a file without a problem costs nothing here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines by path: ``at("rules[0].keywords[1]")`` is "config.toml:17", or the line of the nearest key around it."""

    file: str
    text: str = field(repr=False)
    _starts: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def at(self, path: str) -> str:
        """Return FILE:LINE of a path."""
        return f"{self.file}:{self.line(path)}"

    def line(self, path: str) -> int:
        """Return the line of a path, counted from 1."""
        if not self._starts:
            self._starts.update(Scan(self.text).starts)
        while path and path not in self._starts:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self._starts.get(path, 1)


def join(path: str, key: str) -> str:
    """Return the path of a key in the table at ``path``. A key that needs quotes in TOML has them here too."""
    is_bare = key.isascii() and key.replace("-", "a").replace("_", "a").isalnum()
    part = key if is_bare else '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{path}.{part}" if path else part


class Scan:
    """Goes once over a TOML text that a parser has accepted.

    ``starts`` has the line of every table, key and list entry, by path; ``ends`` the last line of every table that has a
    header, its own keys only. Lines are counted from 1.
    """

    def __init__(self, text: str) -> None:
        self.starts: dict[str, int] = {}
        self.ends: dict[str, int] = {}
        self._text = text.replace("\r\n", "\n")
        self._counts: dict[str, int] = {}
        self._table = ""
        # Positions only grow, so the newlines are counted once.
        self._line, self._counted = 1, 0
        self._part = re.compile(r"\s*(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.?)")
        self._string = re.compile(r"\"\"\"(?:[^\\]|\\.)*?\"\"\"+|'''.*?'''+|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'", re.DOTALL)
        self._run()

    def _run(self) -> None:
        position = 0
        while position < len(self._text):
            sign = self._text[position]
            if sign in " \t\n":
                position += 1
            elif sign == "#":
                position = self._end_of_line(position)
            elif sign == "[":
                self._header(position)
                position = self._end_of_line(position)
            else:
                position = self._pair(position, self._table)
                self.ends[self._table] = self._line_at(position)

    def _header(self, position: int) -> None:
        is_array = self._text.startswith("[[", position)
        parts, _ = self._key(position + (2 if is_array else 1))
        path = ""
        for number, part in enumerate(parts):
            path = join(path, part)
            if is_array and number == len(parts) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                self._note(path, position)
                path = f"{path}[{self._counts[path]}]"
        self._table = path
        self._note(path, position)
        self.ends[path] = self._line_at(position)

    def _pair(self, position: int, table: str) -> int:
        parts, after = self._key(position)
        path = table
        for part in parts:
            path = join(path, part)
            self._note(path, position)
        return self._value(self._text.index("=", after) + 1, path)

    def _value(self, position: int, path: str) -> int:
        while position < len(self._text) and self._text[position] in " \t":
            position += 1
        sign = self._text[position : position + 1]
        if sign == "[":
            return self._array(position + 1, path)
        if sign == "{":
            return self._inline_table(position + 1, path)
        if sign in ("'", '"'):
            found = self._string.match(self._text, position)
            return found.end() if found else self._end_of_line(position)
        while position < len(self._text) and self._text[position] not in ",]}#\n":
            position += 1
        return position

    def _array(self, position: int, path: str) -> int:
        number = 0
        while position < len(self._text):
            position = self._blank(position)
            sign = self._text[position : position + 1]
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
        while position < len(self._text):
            position = self._blank(position)
            sign = self._text[position : position + 1]
            if sign == "}":
                return position + 1
            position = position + 1 if sign == "," else self._pair(position, path)
        return position

    def _blank(self, position: int) -> int:
        while position < len(self._text) and self._text[position] in " \t\n#":
            position = self._end_of_line(position) if self._text[position] == "#" else position + 1
        return position

    def _key(self, position: int) -> tuple[list[str], int]:
        parts = []
        while found := self._part.match(self._text, position):
            quoted, literal, bare, dot = found.groups()
            parts.append(_unescaped(quoted) if quoted is not None else literal if literal is not None else bare)
            position = found.end()
            if not dot:
                break
        return parts, position

    def _end_of_line(self, position: int) -> int:
        end = self._text.find("\n", position)
        return len(self._text) if end < 0 else end

    def _note(self, path: str, position: int) -> None:
        self.starts.setdefault(path, self._line_at(position))

    def _line_at(self, position: int) -> int:
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line


def _unescaped(quoted: str) -> str:
    if "\\" not in quoted:
        return quoted
    import tomllib

    return str(tomllib.loads(f'k = "{quoted}"')["k"])
