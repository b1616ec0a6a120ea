"""Take values out of a table, and say what is wrong with them: all problems, not the first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

from monitor.config.lines import Lines
from monitor.config.values import duration, size_bytes, substituted

NOT_YET = "not available yet"


@dataclass(frozen=True, slots=True)
class Report:
    """Collects problems as ``FILE:LINE: PATH: what is wrong and what would be right``."""

    lines: Lines
    environ: Mapping[str, str]
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, path: str, problem: str) -> None:
        """Note a problem."""
        self.problems.append(f"{self.lines.at(path)}: {path}: {problem}")

    def in_order(self) -> list[str]:
        """Return the problems in the order of the file."""
        return sorted(self.problems, key=lambda problem: int(problem.removeprefix(f"{self.lines.file}:").partition(":")[0]))

    def warn(self, path: str, warning: str) -> None:
        """Note what is allowed and probably not meant."""
        self.warnings.append(f"{self.lines.at(path)}: {path}: {warning}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the config: with its variables replaced, and as it may be shown."""

    full: str
    shown: str
    path: str


class Table:
    """One table of the file. Every ``take`` marks its key as known; ``finish`` reports the others."""

    def __init__(self, values: object, path: str, report: Report) -> None:
        self.path = path
        self.report = report
        self._known: list[str] = []
        self._values: dict[str, Any] = {}
        if isinstance(values, dict):
            self._values = values
        else:
            report.add(path, f"must be a table, is {_kind(values)}")

    def has(self, key: str) -> bool:
        """Say whether the file gives this key."""
        return key in self._values

    def at(self, key: str) -> str:
        """Return the path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def add(self, key: str, problem: str) -> None:
        """Note a problem with a key."""
        self.report.add(self.at(key), problem)

    def raw(self, key: str, default: object = None) -> Any:
        """Return a value as it is."""
        self._known.append(key)
        return self._values.get(key, default)

    def text(self, key: str, default: str) -> Text:
        """Return a text with its variables replaced."""
        value = self.raw(key, default)
        if not isinstance(value, str):
            self.add(key, f'must be a text in quotes, is {_kind(value)}; the default is "{default}"')
            value = default
        return self._substituted(value, self.at(key))

    def plain(self, key: str, default: str) -> str:
        """Return a text that is no secret."""
        return self.text(key, default).full

    def choice(self, key: str, default: str, choices: Sequence[str], later: Collection[str] = ()) -> str:
        """Return one of ``choices``; those of ``later`` are "not available yet"."""
        value = self.plain(key, default)
        if value in later:
            self.add(key, f'"{value}" is {NOT_YET}; use {_one_of(choices)}')
            return default
        if value not in choices:
            self.add(key, f'"{value}" is not known; use {_one_of(choices)}{_did_you_mean(value, choices)}')
            return default
        return value

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
        self.add(key, f"must be a whole number from {low} to {high}, is {value if isinstance(value, int) else _kind(value)}")
        return default

    def span(self, key: str, default: str, low: timedelta = timedelta()) -> timedelta:
        """Return a duration that is longer than nothing and at least ``low``."""
        text = self.plain(key, default)
        value = duration(text)
        if value is None or value <= timedelta():
            self.add(key, f'"{text}" is no duration; write "30s", "15m", "6h" or "7d"')
        elif value < low:
            self.add(key, f'"{text}" is too short; the least is {low.total_seconds():g} s')
        else:
            return value
        return duration(default) or timedelta()

    def size(self, key: str, default: str) -> int:
        """Return a number of bytes."""
        text = self.plain(key, default)
        value = size_bytes(text)
        if value is None or value <= 0:
            self.add(key, f'"{text}" is no size; write "500kB" or "10MB"')
            return size_bytes(default) or 0
        return value

    def texts(self, key: str, default: Sequence[str] = ()) -> list[Text]:
        """Return a list of texts."""
        value = self.raw(key, list(default))
        if not isinstance(value, list):
            self.add(key, f'must be a list such as ["…"], is {_kind(value)}')
            return []
        found = []
        for number, one in enumerate(value):
            path = f"{self.at(key)}[{number}]"
            if isinstance(one, str):
                found.append(self._substituted(one, path))
            else:
                self.report.add(
                    path, f"{NOT_YET}: terms with settings of their own" if isinstance(one, dict) else f"must be a text, is {_kind(one)}"
                )
        return found

    def names(self, key: str, known: Collection[str], what: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """Return a list of names of which each must be ``known``."""
        found = []
        for text in self.texts(key, default):
            if text.full in known:
                found.append(text.full)
            else:
                self.report.add(text.path, f'there is no {what} "{text.full}"{_did_you_mean(text.full, known)}')
        return tuple(dict.fromkeys(found))

    def only_off(self, key: str, off: object, *others: object) -> None:
        """Take a setting whose feature is to come: the value that switches it off is accepted."""
        value = self.raw(key, off)
        if value != off and value not in others:
            self.add(key, f"{NOT_YET}; leave it out, or write {_toml(off)}")

    def finish(self) -> None:
        """Report the keys that nobody took."""
        for key in self._values:
            if key not in self._known:
                self.add(key, f"is not a known setting{_did_you_mean(key, self._known)}")

    def _substituted(self, value: str, path: str) -> Text:
        full, shown, missing = substituted(value, self.report.environ)
        for name in missing:
            self.report.add(path, f"the environment variable {name} is not set; set it, or write ${{{name}:-default}}")
        return Text(full, shown, path)


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return kinds.get(type(value), "a date")


def _one_of(choices: Sequence[str]) -> str:
    return " or ".join(f'"{choice}"' for choice in choices)


def _did_you_mean(word: str, known: Collection[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value).replace("{}", "{ }")
