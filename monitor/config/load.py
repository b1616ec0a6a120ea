"""The file -> Config."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from pathlib import Path

from monitor.config import sections
from monitor.config.lines import Lines, find_lines
from monitor.config.table import NOT_YET, Report, Table
from monitor.config.values import address_problem, shown_address
from monitor.core.model import Feed
from monitor.core.rule import Entity, Receiver, Rule
from monitor.core.secret import Secret
from monitor.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Config:
    """The whole config, checked. ``lines`` tells where a path such as "rules[0].keywords" stands; ``templates`` need not exist."""

    path: Path
    database: Path
    timezone: tzinfo
    language: str
    interval: timedelta
    max_interval: timedelta
    concurrency: int
    per_host: int
    timeout: timedelta
    max_body_bytes: int
    allow_private_networks: bool
    retention: timedelta
    templates: Path
    default_receivers: tuple[str, ...]
    alert_first_poll: bool
    feeds: tuple[Feed, ...]
    entities: tuple[Entity, ...]
    rules: tuple[Rule, ...]
    receivers: tuple[Receiver, ...]
    lines: Lines
    warnings: tuple[str, ...] = ()


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """Read and check a config file. Raises ``ConfigError`` with every problem, one line each."""
    text = _read(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax(path, str(error))) from error
    report = Report(find_lines(str(path), text), environ)
    config = _config(path, document, report)
    if report.problems:
        raise ConfigError(*report.in_order())
    return config


def feed_of_url(url: str, config: Config) -> Feed:
    """Return a feed of this address that the config does not have, as `feeds add` visits it. Raises ``ConfigError``."""
    if problem := address_problem(url):
        raise ConfigError(f"{shown_address(url, url)}: the address {problem}")
    return Feed("visited", Secret(url), shown_address(url, url), config.interval, config.language)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"{path}:1: there is no such file; `monitor init` writes one to start from") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}:1: the file is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{path}:1: the file cannot be read: {error.strerror}") from error


def _syntax(path: Path, message: str) -> str:
    # tomllib ends its messages with "(at line 3, column 5)" or "(at end of document)".
    what, _, where = message.rpartition(" (at ")
    line = where.removeprefix("line ").partition(",")[0] if where.startswith("line ") else "1"
    return f"{path}:{line}: not TOML: {what[:1].lower()}{what[1:]} (at {where}"


def _config(path: Path, document: dict[str, object], report: Report) -> Config:
    top = Table(document, "", report)
    main = Table(top.raw("monitor", {}), "monitor", report)
    sections.web(Table(top.raw("web", {}), "web", report))
    if top.raw("entity_lists"):
        top.add("entity_lists", f"lists of entities are {NOT_YET}; write entities one by one")
    directory = path.parent
    receivers = _receivers(top, directory, report)
    names = [one.name for one in receivers]
    default_names = (
        [one.name for one in receivers if one.name != "console"][:1] if len(names) == 2 else ["console"] if len(names) == 1 else []
    )
    defaults = sections.Defaults(
        sections.language(main, "de"),
        sections.interval(main, "15m"),
        main.names("receivers", names, "receiver", default_names if not main.has("receivers") else ()),
    )
    feeds = _feeds(top, defaults, report)
    entities = tuple(
        sections.entity(name, Table(value, f"entities.{name}", report)) for name, value in _tables(top, "entities", report).items()
    )
    rules = _rules(top, defaults, feeds, entities, names, report)
    config = Config(
        path=path,
        database=_database(main, directory),
        timezone=_timezone(main),
        language=defaults.language,
        interval=defaults.interval,
        max_interval=main.span("max_interval", "6h"),
        concurrency=main.number("concurrency", 100, 1, 2000),
        per_host=main.number("per_host", 2, 1, 1000),
        timeout=main.span("timeout", "30s"),
        max_body_bytes=main.size("max_body", "10MB"),
        allow_private_networks=main.flag("allow_private_networks", default=False),
        retention=main.span("retention", "365d", timedelta(days=1)),
        templates=directory / main.plain("templates", "templates"),
        default_receivers=defaults.receivers,
        alert_first_poll=main.flag("alert_first_poll", default=False),
        feeds=feeds,
        entities=entities,
        rules=rules,
        receivers=receivers,
        lines=report.lines,
        warnings=(),
    )
    main.finish()
    top.finish()
    return _with_warnings(config, report)


def _receivers(top: Table, directory: Path, report: Report) -> tuple[Receiver, ...]:
    tables = _tables(top, "receivers", report)
    named = tuple(sections.receiver(name, Table(value, f"receivers.{name}", report), directory) for name, value in tables.items())
    # The built-in receiver may be named like any other, and is all there is if the file has none.
    return named if "console" in tables else (*named, sections.CONSOLE)


def _feeds(top: Table, defaults: sections.Defaults, report: Report) -> tuple[Feed, ...]:
    read = [(number, sections.feed(table, defaults)) for number, table in enumerate(_array(top, "feeds", report))]
    found = [(number, feed) for number, feed in read if feed is not None]
    sections.doubled(((f"feeds[{number}].name", feed.name) for number, feed in found), report, "this name")
    sections.doubled(((f"feeds[{number}].url", feed.address.reveal()) for number, feed in found), report, "this address")
    return tuple(feed for _, feed in found)


def _rules(
    top: Table,
    defaults: sections.Defaults,
    feeds: tuple[Feed, ...],
    entities: tuple[Entity, ...],
    receivers: list[str],
    report: Report,
) -> tuple[Rule, ...]:
    feed_names = [feed.name for feed in feeds]
    tags = list(dict.fromkeys(tag for feed in feeds for tag in feed.tags))
    entity_names = [entity.name for entity in entities]
    read = [
        (number, sections.rule(table, defaults, feed_names, tags, entity_names, receivers))
        for number, table in enumerate(_array(top, "rules", report))
    ]
    found = [(number, rule) for number, rule in read if rule is not None]
    sections.doubled(((f"rules[{number}].name", rule.name) for number, rule in found), report, "this name")
    return tuple(rule for _, rule in found)


def _tables(top: Table, key: str, report: Report) -> dict[str, object]:
    value = top.raw(key, {})
    if isinstance(value, dict):
        return value
    report.add(key, f"must be tables such as [{key}.name]")
    return {}


def _array(top: Table, key: str, report: Report) -> list[Table]:
    value = top.raw(key, [])
    if isinstance(value, list):
        return [Table(one, f"{key}[{number}]", report) for number, one in enumerate(value)]
    report.add(key, f"must be tables such as [[{key}]]")
    return []


def _database(main: Table, directory: Path) -> Path:
    text = main.plain("database", "monitor.db")
    if text.startswith(("postgresql:", "postgres:")):
        main.add("database", f"PostgreSQL is {NOT_YET}; name a file")
    elif "://" in text or not text.strip():
        main.add("database", "must be the name of a file")
    return Path(os.path.normpath(directory / text))


def _timezone(main: Table) -> tzinfo:
    from zoneinfo import ZoneInfo

    name = main.plain("timezone", "Europe/Berlin")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        main.add("timezone", f'"{name}" is no time zone; write one such as "Europe/Berlin" or "UTC"')
        return ZoneInfo("UTC")


def _with_warnings(config: Config, report: Report) -> Config:
    from dataclasses import replace

    if not config.feeds:
        report.warn("feeds", "there are no feeds; nothing is polled")
    if not config.rules:
        report.warn("rules", "there are no rules; nothing is ever found")
    off = {feed.name for feed in config.feeds if not feed.enabled}
    for number, rule in enumerate(config.rules):
        if rule.feeds and set(rule.feeds) <= off:
            report.warn(f"rules[{number}].feeds", "all of these feeds are switched off")
        if not rule.receivers:
            report.warn(f"rules[{number}]", "has no receivers, and there are no default ones: nobody is told")
    return replace(config, warnings=tuple(report.warnings))
