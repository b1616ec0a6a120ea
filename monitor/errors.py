"""Every error that this program raises on purpose.

MonitorError                 message: what is wrong and what to do; ``retry``: does another try make sense
├── ConfigError              the config file or the command line is wrong (exit 2); ``problems`` has all of them
├── QueryError               an expression of a rule does not parse; ``position`` says where
├── RegexError               a regular expression of a user cannot be read
├── RegexTimeout             a regular expression of a user took longer over a text than it may
├── DictionaryMissing        the dictionary of a language is not made yet, and whoever asked must not wait
├── DictionaryStopped        … and is not made, because the program is to end
├── NotFound                 a feed, item, rule, receiver or delivery that was named does not exist (exit 1)
├── FetchError               a feed could not be fetched; ``reason`` is a fixed word, see ``FetchReason``
│   ├── Blocked              … because its address may not be visited
│   └── HostWaits            … because its host asked everybody to wait: it was not asked
├── ParseError               a body is no feed, or could not be read within its limits
│   └── NoArticle            … a page that has no article
├── Unidentifiable           an item has nothing that could tell it from another
├── StoreError               the database refused
│   ├── StoreBusy            … because another process holds it
│   ├── StoreFull            … because the disk is full
│   ├── StoreMissing         … because there is no database yet
│   └── StoreDamaged         … because the file is no database of ours, or is broken
├── AlreadyRunning           a second daemon on the same database
├── TemplateError            a template does not compile or names an unknown variable
└── ChildError               a child process took too long, took too much, or died
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

FetchReason = Literal[
    "blocked",
    "scheme",
    "dns",
    "connect",
    "tls",
    "timeout",
    "protocol",
    "status",
    "redirect",
    "encoding",
    "too_big",
    "cut",
    "empty",
    "postponed",
]


class MonitorError(Exception):
    """The root of the tree: a problem with a message for people, and a word on whether to try again."""

    retry = False


class ConfigError(MonitorError):
    """The config file or the command line is wrong.

    ``problems`` holds every problem, one line each, ready to print: ``FILE:LINE: PATH: what is wrong``. ``sketches`` has
    two lines more for some of them, for people: an expression, and a caret under the place.
    """

    def __init__(self, *problems: str, sketches: Mapping[str, str] | None = None) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.sketches = dict(sketches or {})


class QueryError(MonitorError):
    """An expression of a rule does not parse.

    ``position`` is in characters of ``expression``, from 0; ``hint`` says what would be right. The message is one line;
    ``sketch`` has the expression with a caret under the place, for a terminal.
    """

    def __init__(self, message: str, position: int, hint: str = "", expression: str = "") -> None:
        place = place_in(expression, position)
        super().__init__(f"{message}, {place}" + (f"; {hint}" if hint else ""))
        self.message = message
        self.position = position
        self.hint = hint
        self.expression = expression

    @property
    def sketch(self) -> str:
        """Return two lines: the part of the expression around the place, and a caret under it."""
        start = max(self.expression.rfind("\n", 0, self.position) + 1, self.position - 60)
        end = self.expression.find("\n", self.position)
        row = self.expression[start : end if end >= 0 else None][:100]
        shown = "".join(sign if sign.isprintable() else " " for sign in row)
        return f"{shown}\n{' ' * (self.position - start)}^"


def place_in(expression: str, position: int) -> str:
    """Return in words where a position is: ``at character 14, before "OR Zoll"``. Characters and lines count from 1."""
    before = expression[:position]
    line, column = before.count("\n") + 1, position - before.rfind("\n")
    rest = " ".join(expression[position : position + 40].split())
    shown = f'before "{rest[:24]}{"…" if len(rest) > 24 else ""}"' if rest else "at the end"
    return f"in its line {line} at character {column}, {shown}" if "\n" in expression.strip() else f"at character {column}, {shown}"


class RegexError(MonitorError):
    """A regular expression of a user cannot be read.

    ``position`` is in its characters, from 0, or None; ``hint`` says what would be right.
    """

    def __init__(self, message: str, position: int | None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.hint = hint


class RegexTimeout(MonitorError):
    """A regular expression of a user took longer over a text than it may: that it found nothing is not known."""

    def __init__(self, source: str, limit_s: float) -> None:
        super().__init__(f"the regular expression /{source}/ took longer than {limit_s:g} s; nested repeats such as (a+)+ do that")
        self.source = source
        self.limit_s = limit_s


class DictionaryMissing(MonitorError):
    """The dictionary of a ``language`` is not made yet, and whoever asked must not wait for it."""

    def __init__(self, language: str) -> None:
        super().__init__(f"the dictionary of word forms ({language}) is not made yet")
        self.language = language


class DictionaryStopped(MonitorError):
    """The dictionary of a language was being made when the program was told to end."""

    def __init__(self, language: str) -> None:
        super().__init__(f"interrupted while the dictionary of word forms ({language}) was made; the next start makes it")


class NotFound(MonitorError):
    """Something that was named does not exist."""


class FetchError(MonitorError):
    """A document could not be fetched.

    ``status`` is the HTTP status if there was an answer, ``host`` the one that gave it; ``retry_after_s`` is the wait in
    seconds that the server asked for.
    """

    retry = True

    def __init__(
        self, reason: FetchReason, message: str, *, status: int | None = None, retry_after_s: float | None = None, host: str = ""
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.status = status
        self.retry_after_s = retry_after_s
        self.host = host


class HostWaits(FetchError):
    """The host asked everybody to leave it alone for a while, by an answer to another feed: it was not asked."""

    def __init__(self, host: str, wait_s: float) -> None:
        super().__init__("postponed", f"{host} asked to be left alone for {wait_s:.0f} s more", retry_after_s=wait_s, host=host)


class Blocked(FetchError):
    """The address that a name, a redirect or a literal leads to may not be visited."""

    retry = False

    def __init__(self, message: str) -> None:
        super().__init__("blocked", message)


class ParseError(MonitorError):
    """A body is no feed, or reading it took too long or too much. ``is_page``: it is a web page."""

    def __init__(self, message: str, *, is_page: bool = False) -> None:
        super().__init__(message)
        self.is_page = is_page


class NoArticle(ParseError):
    """A page was read and holds no article: a list, a form, a video, a question for consent."""


class Unidentifiable(MonitorError):
    """An item has no guid, no URL, no title and no content."""


class StoreError(MonitorError):
    """The database refused."""


class StoreBusy(StoreError):
    """Another process holds the database."""

    retry = True


class StoreFull(StoreError):
    """There is no room left on the disk."""

    retry = True


class StoreMissing(StoreError):
    """There is no database at this path yet."""


class StoreDamaged(StoreError):
    """The file is not a database of ours, is newer than this program, or is broken."""


class AlreadyRunning(MonitorError):
    """Another daemon works on the same database."""


class TemplateError(MonitorError):
    """A template does not compile, or names a variable that does not exist."""


class ChildError(MonitorError):
    """A child process took too long, took too much memory, or died.

    ``timed_out`` is true when it was ended for the time it took: the outcome of what it did is unknown.
    """

    retry = True

    def __init__(self, message: str, *, timed_out: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out
