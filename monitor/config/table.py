"""Take values out of a table, and say what is wrong with them: all problems, not the first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from monitor.config.lines import Lines, join
from monitor.config.values import duration, printable, size_bytes, substituted
from monitor.errors import ConfigError

NOT_YET = "not available yet"
# Longer spans leave the calendar when they are taken off today.
LONGEST = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Report:
    """Collects problems as ``FILE:LINE: PATH: what is wrong and what would be right``.

    One a path: what follows from a problem ("is not set", hence "is empty") is no other problem.
    """

    lines: Lines
    environ: Mapping[str, str] = field(repr=False)
    problems: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    sketches: dict[str, str] = field(default_factory=dict)

    def add(self, path: str, problem: str, sketch: str = "") -> None:
        """Note a problem; ``sketch`` shows the place in an expression, on two lines."""
        if path not in self.problems and sketch:
            self.sketches[path] = sketch
        self.problems.setdefault(path, problem)

    def error(self) -> ConfigError | None:
        """Return all problems as one error, or None if there are none."""
        sketches = {self._line(path, self.problems[path]): sketch for path, sketch in self.sketches.items()}
        problems = self.in_order()
        return ConfigError(*problems, sketches=sketches) if problems else None

    def add_in(self, file: str, line: int, path: str, problem: str) -> None:
        """Note a problem in another file that a path of the config names."""
        self.elsewhere.append(printable(f"{file}:{line}: {path}: {problem}"))

    def has_below(self, path: str) -> bool:
        """Say whether there is a problem with a path, or with something in it."""
        return any(one == path or one.startswith((f"{path}.", f"{path}[")) for one in self.problems)

    def in_order(self) -> list[str]:
        """Return the problems in the order of the file, and then those of the files that it names."""
        found = sorted(self.problems.items(), key=lambda one: self.lines.line(one[0]))
        return [*(self._line(path, problem) for path, problem in found), *self.elsewhere]

    def _line(self, path: str, problem: str) -> str:
        return printable(f"{self.lines.at(path)}: {path}: {problem}")

    def warn(self, path: str, warning: str) -> None:
        """Note what is allowed and probably not meant."""
        self.warnings.append(self._line(path, warning))

    def warn_in(self, file: str, line: int, path: str, warning: str) -> None:
        """Note something of that kind in another file."""
        self.warnings.append(printable(f"{file}:{line}: {path}: {warning}"))


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the config: ``full`` with its variables replaced, ``shown`` with stars for them."""

    full: str = field(repr=False)
    shown: str
    path: str

    @property
    def is_as_written(self) -> bool:
        """Say whether it holds no variable, so that all of it may be shown."""
        return self.full == self.shown

    @property
    def quoted(self) -> str:
        """Return it as a problem may show it: in quotes, not too long."""
        return f'"{self.shown if len(self.shown) <= 60 else self.shown[:60] + "…"}"'


class Table:
    """One table of the file. What is taken is known; ``finish`` reports the other keys."""

    def __init__(self, values: object, path: str, report: Report) -> None:
        self.path = path
        self.report = report
        self.is_table = isinstance(values, dict)
        self._known: set[str] = set()
        self._values: dict[str, Any] = values if isinstance(values, dict) else {}
        if not self.is_table:
            report.add(path, f"must be a table, is {_kind(values)}")

    def has(self, key: str) -> bool:
        """Say whether the file gives this key."""
        return key in self._values

    @property
    def given(self) -> tuple[str, ...]:
        """Return the keys that the file gives."""
        return tuple(self._values)

    def at(self, key: str) -> str:
        """Return the path of a key."""
        return join(self.path, key)

    def add(self, key: str, problem: str) -> None:
        """Note a problem with a key."""
        self.report.add(self.at(key), problem)

    def raw(self, key: str, default: object = None) -> Any:
        """Return a value as it is."""
        self._known.add(key)
        return self._values.get(key, default)

    def text(self, key: str, default: str, what: str = "a text in quotes") -> Text:
        """Return a text with its variables replaced."""
        value = self.raw(key, default)
        if not isinstance(value, str):
            self.add(key, f"must be {what}, is {_kind(value)}")
            value = default
        return self._substituted(value, self.at(key))

    def plain(self, key: str, default: str) -> str:
        """Return a text that is no secret."""
        return self.text(key, default).full

    def choice(self, key: str, default: str, choices: Sequence[str], later: Collection[str] = ()) -> str:
        """Return one of ``choices``; those of ``later`` are "not available yet"."""
        text = self.text(key, default)
        if text.full in choices:
            return text.full
        if text.full in later:
            self.add(key, f"{text.quoted} is {NOT_YET}; use {_one_of(choices)}")
        else:
            self.add(key, f"{text.quoted} is not known; use {_one_of(choices)}{did_you_mean(text.full, choices)}")
        return default

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.raw(key, default)
        if isinstance(value, bool):
            return value
        self.add(key, f"must be true or false, is {_kind(value)}")
        return default

    def number(self, key: str, default: int, low: int, high: int) -> int:
        """Return a whole number between two others."""
        value = self.raw(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        self.add(key, f"must be a whole number from {low} to {high}, is {value if is_number else _kind(value)}")
        return default

    def amount(self, key: str, default: float, low: float, high: float) -> float:
        """Return a number between two others, whole or not."""
        value = self.raw(key, default)
        # NaN is between no two numbers.
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return value
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        self.add(key, f"must be a number from {low:g} to {high:g}, is {value if is_number else _kind(value)}")
        return default

    def span(self, key: str, default: timedelta, low: timedelta = timedelta()) -> timedelta:
        """Return a duration that is longer than nothing, at least ``low``, and within a century."""
        text = self.text(key, "", 'a duration in quotes such as "15m"')
        if not self.has(key):
            return default
        value = duration(text.full)
        if value is None or value <= timedelta():
            self.add(key, f'{text.quoted} is no duration; write "30s", "15m", "6h" or "7d"')
        elif value < low:
            self.add(key, f"{text.quoted} is too short; the least is {low.total_seconds():g} s")
        elif value > LONGEST:
            self.add(key, f'{text.quoted} is too long; the most is "{LONGEST.days}d"')
        else:
            return value
        return default

    def size(self, key: str, default: int) -> int:
        """Return a number of bytes."""
        text = self.text(key, "", 'a size in quotes such as "10MB"')
        if not self.has(key):
            return default
        value = size_bytes(text.full)
        if value:
            return value
        self.add(key, f'{text.quoted} is no size; write "500kB" or "10MB"')
        return default

    def texts(self, key: str) -> list[Text]:
        """Return a list of texts, empty if the file gives none."""
        found = []
        for path, one in self._listed(key):
            if isinstance(one, str):
                found.append(self._substituted(one, path))
            else:
                self.report.add(path, f"must be a text in quotes, is {_kind(one)}")
        return found

    def texts_and_tables(self, key: str) -> list[Text | Table]:
        """Return a list whose entries are texts or tables, empty if the file gives none."""
        found: list[Text | Table] = []
        for path, one in self._listed(key):
            if isinstance(one, str):
                found.append(self._substituted(one, path))
            elif isinstance(one, dict):
                found.append(Table(one, path, self.report))
            else:
                self.report.add(path, f"must be a text in quotes or a table, is {_kind(one)}")
        return found

    def _listed(self, key: str) -> list[tuple[str, object]]:
        value = self.raw(key, [])
        if isinstance(value, list):
            return [(f"{self.at(key)}[{number}]", one) for number, one in enumerate(value)]
        self.add(key, f'must be a list such as ["…"], is {_kind(value)}')
        return []

    def names(self, key: str, known: Collection[str], what: str, also: Collection[str] = ()) -> tuple[str, ...]:
        """Return a list of names of which each must be ``known``, or in ``also``: too many to propose one of them."""
        found = []
        for text in self.texts(key):
            if text.full in known or text.full in also:
                found.append(text.full)
            else:
                self.report.add(text.path, f"there is no {what} {text.quoted}{did_you_mean(text.full, known)}")
        return tuple(dict.fromkeys(found))

    def only_off(self, key: str, off: object) -> None:
        """Take a setting whose feature is to come: the value that switches it off is accepted."""
        value = self.raw(key, off)
        if isinstance(value, str):
            value = self._substituted(value, self.at(key)).full
        # 0 == False in Python, not in TOML.
        if value != off or isinstance(value, bool) != isinstance(off, bool):
            self.add(key, f"{NOT_YET}; leave it out, or write {_toml(off)}")

    def finish(self) -> None:
        """Report the keys that nobody took."""
        for key in self._values:
            if key not in self._known:
                self.add(key, f"is not a known setting{did_you_mean(key, self._known)}")

    def _substituted(self, value: str, path: str) -> Text:
        full, shown, problem = substituted(value, self.report.environ)
        if problem:
            self.report.add(path, problem)
        # Neither a path nor an address can hold one.
        if "\0" in full:
            self.report.add(path, "holds a character that is none (NUL); take it out")
            full = full.replace("\0", "")
        return Text(full, shown, path)


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return kinds.get(type(value), "a date")


def _one_of(choices: Sequence[str]) -> str:
    return " or ".join(f'"{choice}"' for choice in choices)


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return "; did you mean …?" with the known word that is nearest, or ""."""
    from difflib import get_close_matches

    close = get_close_matches(word[:100], sorted(known), n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
