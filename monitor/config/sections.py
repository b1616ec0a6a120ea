"""The tables of the file, one reader each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, cast

from monitor.config.table import NOT_YET, Report, Table, Text
from monitor.config.terms import term_problem
from monitor.config.values import STARS, address_problem, is_private_host, shown_address, url_id
from monitor.core.model import FIELDS, SEVERITIES, Feed, Field, Kind, Severity, Target
from monitor.core.rule import Entity, Receiver, Rule
from monitor.core.secret import Secret

_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*")
MINUTE = timedelta(minutes=1)
CONSOLE = Receiver("console", ((Target("console", "console", "console"), Secret("console:")),))


@dataclass(frozen=True, slots=True)
class Defaults:
    """What feeds and rules have unless they say otherwise."""

    language: str
    interval: timedelta
    receivers: tuple[str, ...]


def language(table: Table, default: str) -> str:
    """Read a language code."""
    code = table.plain("language", default)
    if not _LANGUAGE.fullmatch(code):
        table.add("language", f'"{code}" is no language code; write "de" or "en"')
        return "de"
    return code


def interval(table: Table, default: str) -> timedelta:
    """Read a time between two polls."""
    return table.span("interval", default, timedelta(milliseconds=100))


def web(table: Table) -> None:
    """Read the web page's table: it is to come."""
    table.only_off("listen", "")
    # Given in every example of the page; they do nothing while there is none.
    table.text("password", "")
    table.text("public_url", "")
    table.finish()


def feed(table: Table, defaults: Defaults) -> Feed | None:
    """Read one feed; None if it has no name or address to go by."""
    name = table.plain("name", "")
    if not _NAME.fullmatch(name):
        table.add("name", f'"{name}" is no name for a feed; use letters, digits, - and _')
    for key in ("google_news", "bing_news", "region"):
        if table.raw(key) is not None:
            table.add(key, f"search feeds are {NOT_YET}; give the address of a feed as `url`")
    url = table.text("url", "")
    problem = address_problem(url.full) if table.has("url") else "is missing; write the address of the feed"
    if problem and not (table.has("google_news") or table.has("bing_news")):
        table.add("url", problem)
    every = interval(table, f"{defaults.interval.total_seconds()}s")
    if not problem and every < MINUTE and not is_private_host(url.full):
        table.add("interval", "under a minute only for private addresses: be polite to the sites you read")
    table.only_off("full_text", False)
    table.only_off("comments", "none")
    table.span("comments_for", "7d")
    table.only_off("strip", [])
    read = Feed(
        name,
        Secret(url.full),
        shown_address(url.full, url.shown),
        every,
        language(table, defaults.language),
        tuple(dict.fromkeys(text.full for text in table.texts("tags"))),
        _headers(table),
        enabled=table.flag("enabled", default=True),
    )
    table.finish()
    return read if name and not problem else None


def _headers(table: Table) -> tuple[tuple[str, Secret], ...]:
    headers = Table(table.raw("headers", {}), table.at("headers"), table.report)
    names = list(table.raw("headers", {})) if isinstance(table.raw("headers", {}), dict) else []
    found = []
    for name in names:
        value = headers.text(name, "").full
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or "\n" in value or "\r" in value:
            headers.add(name, "is no HTTP header")
        else:
            found.append((name, Secret(value)))
    return tuple(found)


def entity(name: str, table: Table) -> Entity:
    """Read one entity."""
    kind = table.choice("type", "topic", ("person", "organisation", "place", "topic"))
    label = table.plain("label", "")
    if not label.strip():
        table.add("label", "is missing; write the entity's usual name")
    for key in ("prefixes", "weak_aliases", "context", "exclude"):
        table.only_off(key, [])
    read = Entity(
        name, label, cast("Any", kind), _plain_terms(table, "aliases"), _plain_terms(table, "acronyms")
    )  # `choice` has checked it
    table.finish()
    return read


def rule(
    table: Table, defaults: Defaults, feeds: Collection[str], tags: Collection[str], entities: Collection[str], receivers: Collection[str]
) -> Rule | None:
    """Read one rule; None if it has no name."""
    name = table.plain("name", "")
    if not name.strip() or "\n" in name:
        table.add("name", "is missing; give the rule a name")
    _refuse_to_come(table)
    fields = _subset(table, "fields", FIELDS, FIELDS)
    read = Rule(
        name,
        keywords=_plain_terms(table, "keywords"),
        entities=table.names("entities", entities, "entity"),
        all=_plain_terms(table, "all"),
        none=_plain_terms(table, "none"),
        mode=cast("Literal['exact', 'inflected']", table.choice("mode", "inflected", ("exact", "inflected"), ("family", "derived"))),
        fields=cast("tuple[Field, ...]", fields),
        feeds=table.names("feeds", feeds, "feed"),
        tags=table.names("tags", tags, "feed with the tag"),
        kinds=cast("tuple[Kind, ...]", _subset(table, "kinds", ("article", "comment"), ("article",))),
        severity=cast("Severity", table.choice("severity", "info", SEVERITIES)),
        receivers=table.names("receivers", receivers, "receiver", defaults.receivers),
        template=_template(table),
        must_match=tuple(text.full for text in table.texts("must_match")),
        must_not_match=tuple(text.full for text in table.texts("must_not_match")),
    )
    if not (table.has("keywords") or table.has("entities") or table.has("all") or table.has("query")):
        table.report.add(table.path, "asks for nothing; give it `keywords`, `entities` or `all`")
    elif not (read.keywords or read.entities or read.all) and not _has_problem_below(table):
        table.report.add(table.path, "asks for nothing: its lists are empty")
    table.finish()
    return read if name.strip() else None


def _has_problem_below(table: Table) -> bool:
    return any(f": {table.path}." in problem for problem in table.report.problems)


def _refuse_to_come(table: Table) -> None:
    if table.raw("query") is not None:
        table.add("query", f"queries are {NOT_YET}; use `keywords`, `entities`, `all` and `none`")
    table.only_off("except", [])
    table.only_off("min_count", 1)
    table.only_off("weights", {})
    table.only_off("min_score", 0)


def _template(table: Table) -> str:
    name = table.plain("template", "alert")
    if not _NAME.fullmatch(name):
        table.add("template", f'"{name}" is no name of a template; use letters, digits, - and _')
        return "alert"
    return name


def _subset(table: Table, key: str, choices: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
    found = table.names(key, choices, key.removesuffix("s"), default)
    if not found and table.has(key):
        table.add(key, f"is empty; use some of {', '.join(choices)}, or leave it out")
    return found or tuple(default)


def _plain_terms(table: Table, key: str) -> tuple[str, ...]:
    found = []
    for text in table.texts(key):
        if problem := term_problem(text.full):
            table.report.add(text.path, problem)
        else:
            found.append(text.full.strip())
    return tuple(dict.fromkeys(found))


def receiver(name: str, table: Table, directory: Path) -> Receiver:
    """Read one receiver."""
    if not _NAME.fullmatch(name):
        table.report.add(table.path, f'"{name}" is no name for a receiver; use letters, digits, - and _')
    pairs = []
    for number, text in enumerate(table.texts("urls"), 1):
        url = _url(text, directory, table.report)
        if url is None:
            continue
        scheme = url.partition(":")[0][:20]
        shown = scheme if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) and ":" in url else STARS
        pairs.append((Target(name, url_id(url), f"{name} #{number} ({shown})"), Secret(url)))
    if not table.has("urls"):
        table.add("urls", 'is missing; write the Apprise addresses, such as ["mailtos://user:password@host"]')
    severity = cast("Severity", table.choice("min_severity", "info", SEVERITIES))
    table.only_off("digest", "")
    table.only_off("quiet_hours", "")
    table.only_off("max_per_hour", 0)
    table.only_off("group", "none")
    table.finish()
    return Receiver(name, tuple(pairs), severity)


def _url(text: Text, directory: Path, report: Report) -> str | None:
    value = text.full.strip()
    if value.startswith("file:"):
        path = directory / value.removeprefix("file:").removeprefix("//")
        try:
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            report.add(text.path, f"the file {path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}")
            return None
    if not value:
        report.add(text.path, "is empty; write an Apprise address, or leave it out")
        return None
    return value


def doubled(values: Iterable[tuple[str, str]], report: Report, what: str) -> None:
    """Report values that stand twice; each comes with its path."""
    seen: dict[str, str] = {}
    for path, value in values:
        if value in seen:
            first = report.lines.at(seen[value]).rpartition(":")[2]
            report.add(path, f"{what} stands twice, the first time on line {first}")
        seen.setdefault(value, path)
