"""What is wrong with a config that reads well: told by ``check``, and before a daemon starts or goes over to a new config."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.app.builders import client_of, known_addresses, lexicon, renderer_of, sender_of
from monitor.app.examples import example_problems
from monitor.app.passes import read_feed
from monitor.config import Config
from monitor.core.model import Feed, Target
from monitor.core.searches import TERMS
from monitor.errors import ConfigError, FetchError, ParseError

if TYPE_CHECKING:
    from monitor.parse.pool import Parser
    from monitor.send.sender import Sender


async def get_ready(config: Config, parser: Parser, sender: Sender) -> None:
    """Start children, and raise ``ConfigError`` if there are ``problems``."""
    # Children get ready while we load and check what we need ourselves: the first alert after a start comes sooner.
    await sender.warm()
    await parser.warm()
    await asyncio.to_thread(refuse_wrong, config)


def refuse_wrong(config: Config) -> None:
    """Raise ``ConfigError`` with all ``problems``, if there are any. Not for a thread with a running event loop."""
    if found := problems(config):
        raise ConfigError(*found)


def problems(config: Config) -> list[str]:
    """Return what is wrong with a config that reads well: rules' own examples, templates, Apprise addresses.

    Each as ``FILE:LINE: PATH: what is wrong``. Nothing is fetched or sent.
    """
    at = config.lines.at
    found = example_problems(config, lexicon)
    for name, number in {rule.template: number for number, rule in enumerate(config.rules)}.items():
        path = f"rules[{number}].template"
        found += [f"{at(path)}: {path}: {message}" for message in renderer_of(config).check([name])]
    found += [f"{at('monitor.templates')}: monitor.templates: {message}" for message in renderer_of(config).check(["source"])]
    for target, message in asyncio.run(_unknown_addresses(config)):
        path = f"receivers.{target.receiver}.urls"
        found.append(f"{at(path)}: {path}: {target.label}: {message}")
    return found


async def _unknown_addresses(config: Config) -> tuple[tuple[Target, str], ...]:
    kept = known_addresses()
    before, sender = kept.read(), sender_of(config)
    try:
        services, unknown = await sender.describe()
    finally:
        await sender.close()
    if services.keys() - before.keys():
        kept.write(before | services)
    return unknown


def notes(config: Config) -> list[str]:
    """Return what one must know before using a config that is right: the terms of the search feeds, once an engine."""
    found: dict[str, str] = {}
    for number, feed in enumerate(config.feeds):
        if feed.engine and feed.engine not in found:
            path = f"feeds[{number}].{feed.search.engine if feed.search else 'url'}"
            found[feed.engine] = f"{config.lines.at(path)}: {path}: {TERMS[feed.engine]}"
    return list(found.values())


def online_problems(config: Config) -> list[str]:
    """Visit every enabled feed, and look up the hosts of receivers; return what failed."""
    return asyncio.run(_online_problems(config))


async def _online_problems(config: Config) -> list[str]:
    from monitor.parse.pool import Parser

    client, parser = client_of(config), Parser()
    found = []

    async def look(number: int, feed: Feed) -> None:
        try:
            await read_feed(client, parser, feed)
        except (FetchError, ParseError) as error:
            path = f"feeds[{number}].{feed.search.engine if feed.search else 'url'}"
            found.append(f"{config.lines.at(path)}: {path}: {feed.name}: {error}")

    try:
        await asyncio.gather(*(look(number, feed) for number, feed in enumerate(config.feeds) if feed.enabled))
        return sorted(found) + await asyncio.to_thread(_unknown_hosts, config)
    finally:
        await client.close()
        await parser.close()


def _unknown_hosts(config: Config) -> list[str]:
    """Return the receivers whose host cannot be looked up. Chat services have tokens where others have hosts: those are left out."""
    found = []
    for receiver in config.receivers:
        for number, (target, url) in enumerate(receiver.urls):
            parts = urlsplit(url.reveal())
            if parts.scheme.removesuffix("s") not in ("mailto", "json", "xml", "form", "ntfy", "gotify", "matrix") or not parts.hostname:
                continue
            try:
                socket.getaddrinfo(parts.hostname, None)
            except OSError:
                path = f"receivers.{receiver.name}.urls[{number}]"
                found.append(f"{config.lines.at(path)}: {path}: {target.label}: its host cannot be looked up")
    return found
