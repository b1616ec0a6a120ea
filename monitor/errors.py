"""Every error that this program raises on purpose.

MonitorError                 message: what is wrong and what to do; ``retry``: does another try make sense
├── ConfigError              the config file or the command line is wrong (exit 2); ``problems`` has all of them
├── NotFound                 a feed, item, rule, receiver or delivery that was named does not exist (exit 1)
├── FetchError               a feed could not be fetched; ``reason`` is a fixed word, see ``FetchReason``
│   └── Blocked              … because its address may not be visited
├── ParseError               a body is no feed, or could not be read within its limits
│   └── NoArticle            … a page that has no article
├── PatternTimedOut          a user's regular expression took too long on a text
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
]


class MonitorError(Exception):
    """The root of the tree: a problem with a message for people, and a word on whether to try again."""

    retry = False


class ConfigError(MonitorError):
    """The config file or the command line is wrong.

    ``problems`` holds every problem, one line each, ready to print: ``FILE:LINE: PATH: what is wrong``.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class NotFound(MonitorError):
    """Something that was named does not exist."""


class FetchError(MonitorError):
    """A document could not be fetched.

    ``status`` is the HTTP status if there was an answer; ``retry_after_s`` is the wait in seconds that the server asked for.
    """

    retry = True

    def __init__(self, reason: FetchReason, message: str, *, status: int | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.status = status
        self.retry_after_s = retry_after_s


class Blocked(FetchError):
    """The address that a name, a redirect or a literal leads to may not be visited."""

    retry = False

    def __init__(self, message: str) -> None:
        super().__init__("blocked", message)


class ParseError(MonitorError):
    """A body is no feed, or reading it took too long or too much."""


class NoArticle(ParseError):
    """A page was read and holds no article: a list, a form, a video, a question for consent."""


class PatternTimedOut(MonitorError):
    """A user's regular expression took too long on a text; the text is as if the expression were not there."""


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
