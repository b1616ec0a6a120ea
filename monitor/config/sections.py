"""The tables of the file, one reader each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

from monitor.config.searches import SEARCHES, search
from monitor.config.table import Report, Table, Text
from monitor.config.values import STARS, address_problem, is_private_host, shown_address, url_id
from monitor.core.comments import is_comments_address
from monitor.core.model import POLICIES, SEVERITIES, Feed, Policy, Severity, Target
from monitor.core.rule import Receiver
from monitor.core.secret import Secret
from monitor.errors import RegexError

MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)
SHORTEST_INTERVAL = timedelta(milliseconds=100)
CONSOLE = Receiver("console", ((Target("console", "console", "console"), Secret("console:")),))


@dataclass(frozen=True, slots=True)
class Defaults:
    """What feeds have unless they say otherwise."""

    language: str
    interval: timedelta


def language(table: Table, default: str) -> str:
    """Read a language code."""
    code = table.text("language", default)
    if re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*", code.full):
        return code.full
    table.add("language", f'{code.quoted} is no language code; write "de" or "en"')
    return default


def web(table: Table) -> str:
    """Read the web page's table: it is to come. Return its address, as it may be shown to the sites that are read."""
    table.only_off("listen", "")
    # Given in every example of the page; it does nothing while there is none.
    table.text("password", "")
    address = table.text("public_url", "")
    if address.full and (problem := address_problem(address.full)):
        table.add("public_url", problem)
    table.finish()
    # It becomes part of a header, which takes ASCII only.
    shown = shown_address(address.full, address.shown) if address.full else ""
    return shown if shown.isascii() else ""


def feed(table: Table, defaults: Defaults) -> Feed:
    """Read one feed. One with problems is returned too, so that rules which name it are not wrong as well."""
    name = name_of(table, "feed")
    spoken = language(table, defaults.language)
    found, url = search(table, spoken)
    problem = None if found else _url_problem(table, url)
    every = table.span("interval", defaults.interval, SHORTEST_INTERVAL)
    if not problem and every < MINUTE and not is_private_host(url.full):
        # The line to change is the feed's own, or else the one in [monitor].
        path = table.at("interval") if table.has("interval") else "monitor.interval"
        table.report.add(path, "under a minute only for private addresses: be polite to the sites you read")
    read = Feed(
        name,
        Secret(url.full),
        shown_address(url.full, url.shown),
        every,
        spoken,
        filled(table, "tags"),
        _headers(table, url.full),
        enabled=table.flag("enabled", default=True),
        strip=_patterns(table, "strip"),
        keep=_patterns(table, "keep"),
        is_language_given=table.has("language"),
        search=found,
        kind="comment" if is_comments_address(url.full) else "article",
        comments=cast("Policy", table.choice("comments", "none", POLICIES)),
        comments_for=table.span("comments_for", WEEK),
        full_text=table.flag("full_text", default=False),
    )
    table.finish()
    return read


def source_key(feed: Feed) -> str:
    """Return the key that says where a feed is: of its address, or of what it searches for."""
    return feed.search.engine if feed.search else "url"


def _patterns(table: Table, key: str) -> tuple[str, ...]:
    """Read a list of regular expressions."""
    from monitor.match.regexes import BoundedRegex

    found = []
    for text in table.texts(key):
        try:
            BoundedRegex(text.full, by_lines=True)
            found.append(text.full)
        except RegexError as error:
            table.report.add(text.path, f"{text.quoted} {error.message}" + (f"; {error.hint}" if error.hint else ""))
    return tuple(dict.fromkeys(found))


def name_of(table: Table, what: str) -> str:
    """Read the name of a feed or a list."""
    name = table.text("name", "")
    if not table.has("name"):
        table.add("name", f"is missing; give the {what} a name")
    elif not is_name(name.full):
        table.add("name", f"{name.quoted} is no name for a {what}; use letters, digits, - and _, 100 at most")
    return name.full


def is_name(text: str) -> bool:
    """Say whether a text is a name of letters, digits, - and _."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,100}", text) is not None


def _url_problem(table: Table, url: Text) -> str | None:
    if not table.has("url"):
        # A search with something wrong in it is no second problem.
        if not any(table.has(key) for key in SEARCHES):
            table.add("url", "is missing; write the address of the feed, or a search as `google_news`")
        return "is missing"
    if problem := address_problem(url.full):
        table.add("url", problem)
        return problem
    return None


def filled(table: Table, key: str) -> tuple[str, ...]:
    """Read a list of texts that are not empty."""
    found = table.texts(key)
    for text in found:
        if not text.full.strip():
            table.report.add(text.path, "is empty; write something, or leave it out")
    return tuple(dict.fromkeys(text.full for text in found))


def _headers(table: Table, url: str) -> tuple[tuple[str, Secret], ...]:
    headers = Table(table.raw("headers", {}), table.at("headers"), table.report)
    found = []
    for name in headers.given:
        value = headers.text(name, "").full
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            headers.add(name, "is no name of an HTTP header")
        elif any((sign < " " and sign != "\t") or sign == "\x7f" for sign in value):
            headers.add(name, "holds a line break or a control character, which no HTTP header can")
        elif name.lower() == "authorization" and "@" in url.partition("://")[2].partition("/")[0]:
            headers.add(name, "url has a name and a password already, a site takes one of the two; remove one")
        else:
            found.append((name, Secret(value)))
    return tuple(found)


def receiver(name: str, table: Table, directory: Path) -> Receiver:
    """Read one receiver. Its files are relative to ``directory``."""
    if not is_name(name):
        table.report.add(table.path, "is no name for a receiver; use letters, digits, - and _, 100 at most")
    pairs = []
    for number, text in enumerate(table.texts("urls"), 1):
        if url := _receiver_url(text, directory, table.report):
            pairs.append((Target(name, url_id(url), f"{name} #{number} ({_scheme(url)})"), Secret(url)))
    if not table.has("urls"):
        table.add("urls", 'is missing; write the Apprise addresses, such as ["mailtos://user:password@host"]')
    severity = cast("Severity", table.choice("min_severity", "info", SEVERITIES))
    table.only_off("digest", "")
    table.only_off("quiet_hours", "")
    table.only_off("max_per_hour", 0)
    table.only_off("group", "none")
    table.finish()
    return Receiver(name, tuple(pairs), severity)


def _scheme(url: str) -> str:
    # Without "://" it is no address: what stands before a colon then may be a user, or the half of a token.
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]{0,19})://", url)
    return found[1] if found else "console" if url == "console:" else STARS


def _receiver_url(text: Text, directory: Path, report: Report) -> str | None:
    value, where = text.full.strip(), "is empty"
    if value.startswith("file:"):
        name = value.removeprefix("file:").removeprefix("//")
        shown = text.shown.strip().removeprefix("file:").removeprefix("//")
        where = f"the file {shown} is empty"
        try:
            value = (directory / name).read_text(encoding="utf-8-sig").strip()
        except OSError as error:
            report.add(text.path, f"the file {shown} cannot be read: {error.strerror}; it holds the address of a receiver")
            return None
        except UnicodeDecodeError:
            report.add(text.path, f"the file {shown} cannot be read: it is not UTF-8")
            return None
    if not value:
        report.add(text.path, f"{where}; write an Apprise address, or leave it out")
    elif not value.isprintable():
        report.add(text.path, "is more than one address, or holds a control character; write one address an entry, or a file")
    else:
        return value
    return None


def doubled(values: Iterable[tuple[str, str]], report: Report, what: str) -> None:
    """Report values that stand twice; each comes with its path. Those that are empty, or wrong in another way, do not count."""
    seen: dict[str, str] = {}
    for path, value in values:
        if not value or path in report.problems:
            continue
        if value in seen:
            report.add(path, f"{what} stands twice, the first time on line {report.lines.line(seen[value])}")
        seen.setdefault(value, path)
