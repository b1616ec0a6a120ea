"""The file -> Config."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, tzinfo
from pathlib import Path

from monitor.config import sections
from monitor.config.entities import EntityList, entity, entity_list
from monitor.config.lines import Lines, join
from monitor.config.rules import Known, rule
from monitor.config.table import NOT_YET, Report, Table
from monitor.config.values import address_problem, printable, same_address, shown_address
from monitor.core.model import Feed, Target
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
    public_url: str = ""

    @property
    def targets(self) -> dict[str, tuple[Target, ...]]:
        """Return the addresses of each receiver by its name."""
        return {one.name: tuple(target for target, _ in one.urls) for one in self.receivers}


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """Read and check a config file. Raises ``ConfigError`` with every problem, one line each."""
    return parse(path, read(path), environ)


def parse(path: Path, text: str, environ: Mapping[str, str]) -> Config:
    """Check the text of a config as the file ``path`` would have it. Raises ``ConfigError`` with every problem, one line each."""
    text = text.removeprefix("\ufeff")
    document = parse_toml(path, text)
    report = Report(Lines(str(path), text), environ)
    config = _config(path, document, report)
    if error := report.error():
        raise error
    return config


def read(path: Path) -> str:
    """Return the text of a config file as it is, line ends and byte order mark too. Raises ``ConfigError``."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(f"{path}:1: there is no such file; `monitor init` writes one to start from") from error
    except OSError as error:
        raise ConfigError(f"{path}:1: the file cannot be read: {error.strerror}") from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: the file is not UTF-8; save it as UTF-8") from error


def parse_toml(path: Path, text: str) -> dict[str, object]:
    """Return what a TOML text holds. Raises ``ConfigError``."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError(f"{path}:1: not TOML that can be read: its lists or tables are nested too deep") from error
    except ValueError as error:
        # Not only what is no TOML: a number of thousands of digits is refused by Python itself.
        raise ConfigError(_syntax(path, text, str(error))) from error


def feed_of_url(url: str, config: Config) -> Feed:
    """Return a feed of this address that the config does not have, as `feeds add` visits it. Raises ``ConfigError``."""
    if problem := address_problem(url):
        raise ConfigError(f"{shown_address(url, url)}: the address {problem}")
    return Feed("visited", Secret(url), shown_address(url, url), config.interval, config.language)


def _syntax(path: Path, text: str, message: str) -> str:
    # tomllib ends its messages with "(at line 3, column 5)" or "(at end of document)".
    what, _, where = message.rpartition(" (at ")
    if not what:
        return f"{path}:1: not TOML: a number is too long"
    last = text.rstrip("\n").count("\n") + 1
    # What is never closed is noticed behind the last line.
    line = min(int(where.removeprefix("line ").partition(",")[0]), last) if where.startswith("line ") else last
    return printable(f"{path}:{line}: not TOML: {what[:1].lower()}{what[1:]} (at {where}")


def _config(path: Path, document: dict[str, object], report: Report) -> Config:
    top = Table(document, "", report)
    main = Table(top.raw("monitor", {}), "monitor", report)
    public_url = sections.web(Table(top.raw("web", {}), "web", report))
    receivers = _receivers(top, path.parent, report)
    default_receivers = _default_receivers(main, receivers)
    defaults = sections.Defaults(
        sections.language(main, "de"),
        main.span("interval", timedelta(minutes=15), sections.SHORTEST_INTERVAL),
    )
    feeds = _feeds(top, defaults, report)
    own, lists = _entities(top, report), _entity_lists(top, path.parent, report)
    listed = tuple(entity for one in lists for entity in one.entities)
    known = Known(
        feeds={feed.name for feed in feeds},
        tags={tag for feed in feeds for tag in feed.tags},
        entities={entity.name for entity in own} | {one.name for one in lists},
        listed=frozenset(entity.name for entity in listed),
        receivers={one.name for one in receivers},
        default_receivers=default_receivers,
    )
    config = Config(
        path=path,
        database=_database(main, path.parent),
        timezone=_timezone(main),
        language=defaults.language,
        interval=defaults.interval,
        max_interval=main.span("max_interval", timedelta(hours=6)),
        concurrency=main.number("concurrency", 100, 1, 2000),
        per_host=main.number("per_host", 2, 1, 1000),
        timeout=main.span("timeout", timedelta(seconds=30)),
        max_body_bytes=main.size("max_body", 10_000_000),
        allow_private_networks=main.flag("allow_private_networks", default=False),
        retention=main.span("retention", timedelta(days=365), timedelta(days=1)),
        templates=path.parent / main.plain("templates", "templates"),
        default_receivers=default_receivers or (),
        alert_first_poll=main.flag("alert_first_poll", default=False),
        feeds=feeds,
        entities=own + listed,
        rules=_rules(top, known, report),
        receivers=receivers,
        lines=report.lines,
        warnings=(),
        public_url=public_url,
    )
    main.finish()
    top.finish()
    return _with_warnings(config, report)


def _default_receivers(main: Table, receivers: tuple[Receiver, ...]) -> tuple[str, ...] | None:
    """Return whom rules tell that name nobody; () if the file says so, None if nobody can know."""
    found = main.names("receivers", {one.name for one in receivers}, "receiver")
    own = tuple(one.name for one in receivers if one is not sections.CONSOLE)
    if found or not own:
        return found or ("console",)
    if main.has("receivers"):
        return ()
    # With one receiver it is clear who is meant.
    return own if len(own) == 1 else None


def _receivers(top: Table, directory: Path, report: Report) -> tuple[Receiver, ...]:
    tables = _tables(top, "receivers", report)
    named = tuple(sections.receiver(name, Table(value, join("receivers", name), report), directory) for name, value in tables.items())
    # The built-in receiver may be named like any other, and is all there is if the file has none.
    return named if "console" in tables else (*named, sections.CONSOLE)


def _feeds(top: Table, defaults: sections.Defaults, report: Report) -> tuple[Feed, ...]:
    tables = _array(top, "feeds", report)
    feeds = tuple(sections.feed(table, defaults) for table in tables)
    sections.doubled(((table.at("name"), feed.name) for table, feed in zip(tables, feeds, strict=True)), report, "this name")
    addresses = ((table.at(sections.source_key(feed)), feed.address.reveal()) for table, feed in zip(tables, feeds, strict=True))
    right = ((path, same_address(url)) for path, url in addresses if not address_problem(url))
    sections.doubled(right, report, "this address")
    return feeds


def _entities(top: Table, report: Report) -> tuple[Entity, ...]:
    tables = _tables(top, "entities", report)
    return tuple(entity(name, Table(value, join("entities", name), report)) for name, value in tables.items())


def _entity_lists(top: Table, directory: Path, report: Report) -> tuple[EntityList, ...]:
    tables = _array(top, "entity_lists", report)
    lists = tuple(entity_list(table, directory) for table in tables)
    sections.doubled(((table.at("name"), one.name) for table, one in zip(tables, lists, strict=True)), report, "this name")
    entities = top.raw("entities", {})
    for table, one in zip(tables, lists, strict=True):
        if isinstance(entities, dict) and one.name in entities:
            table.add("name", f"there is an entity of this name too, on line {report.lines.line(join('entities', one.name))}")
    return lists


def _rules(top: Table, known: Known, report: Report) -> tuple[Rule, ...]:
    tables = _array(top, "rules", report)
    rules = tuple(rule(table, known) for table in tables)
    sections.doubled(((table.at("name"), rule.name) for table, rule in zip(tables, rules, strict=True)), report, "this name")
    return rules


def _tables(top: Table, key: str, report: Report) -> dict[str, object]:
    value = top.raw(key, {})
    if isinstance(value, dict):
        return value
    report.add(key, f"must be tables such as [{key}.name]")
    return {}


def _array(top: Table, key: str, report: Report) -> list[Table]:
    value = top.raw(key, [])
    if not isinstance(value, list):
        report.add(key, f"must be tables such as [[{key}]]")
        return []
    # What is no table is told, and not read: it would have nothing but missing keys.
    tables = [Table(one, f"{key}[{number}]", report) for number, one in enumerate(value)]
    return [table for table in tables if table.is_table]


def _database(main: Table, directory: Path) -> Path:
    text = main.plain("database", "monitor.db")
    if text.startswith(("postgresql:", "postgres:")):
        main.add("database", f"PostgreSQL is {NOT_YET}; name a file")
    elif "://" in text or not text.strip():
        main.add("database", "must be the name of a file")
    return Path(os.path.normpath(directory / text))


def _timezone(main: Table) -> tzinfo:
    from zoneinfo import ZoneInfo

    name = main.text("timezone", "Europe/Berlin")
    try:
        return ZoneInfo(name.full)
    except (ValueError, OSError, KeyError):
        main.add("timezone", f'{name.quoted} is no time zone; write one such as "Europe/Berlin" or "UTC"')
        return UTC


def _with_warnings(config: Config, report: Report) -> Config:
    off = {feed.name for feed in config.feeds if not feed.enabled}
    off_tags = {tag for feed in config.feeds for tag in feed.tags} - {tag for feed in config.feeds if feed.enabled for tag in feed.tags}
    if not config.feeds:
        report.warn("feeds", "there are no feeds; nothing is polled")
    elif len(off) == len(config.feeds):
        report.warn("feeds", "all feeds are switched off; nothing is polled")
    if not config.rules:
        report.warn("rules", "there are no rules; nothing is ever found")
    for number, one in enumerate(config.rules):
        if one.feeds and set(one.feeds) <= off:
            report.warn(f"rules[{number}].feeds", "all of these feeds are switched off")
        if one.tags and set(one.tags) <= off_tags:
            report.warn(f"rules[{number}].tags", "all feeds with these tags are switched off")
        if not one.receivers:
            report.warn(f"rules[{number}]", "has no receivers, and there are no default ones: nobody is told")
    for receiver in config.receivers:
        if not receiver.urls:
            report.warn(f"receivers.{receiver.name}.urls", "there is no address: nobody is told")
    return replace(config, warnings=tuple(report.warnings))
