"""The parts of a whole, each made from the config and from what this machine has.

Heavy libraries are imported where a part is made, so that a command that only reads the database starts fast.
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.app import utc_now
from monitor.app.dictionaries import maker
from monitor.app.sources import user_agent
from monitor.config import Config
from monitor.errors import DictionaryMissing

if TYPE_CHECKING:
    from monitor.fetch.client import Client
    from monitor.match.engine import Engine
    from monitor.match.forms.lexicon import Lexicon
    from monitor.parse.pool import PageReader
    from monitor.render import Renderer
    from monitor.send.known import KnownAddresses
    from monitor.send.sender import Sender


def lexicon() -> Lexicon:
    """Open the dictionary of inflected forms, which is built once a machine, in the user's cache directory."""
    return _lexicon(cache_directory())


@cache
def _lexicon(directory: Path) -> Lexicon:
    # Once a process: what checks the rules and what runs them read the same dictionaries.
    from monitor.match.forms.lexicon import Lexicon

    return Lexicon.open(directory, on_make=_say_that_it_is_made, make=maker())


def _say_that_it_is_made(language: str) -> None:
    # On standard error, not in the log: who waits at a terminal is to know why, and the output of a command stays what it is.
    seconds = "10 to 20" if language == "de" else "a few"
    print(f"making the dictionary of word forms ({language}), once on this machine: {seconds} seconds", file=sys.stderr, flush=True)


def cache_directory() -> Path:
    """Return the directory for what is made once a machine and can be made again."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    # A service user may have no home at all.
    root = Path(cache) if os.access(Path(cache).parent, os.W_OK) else Path(tempfile.gettempdir())
    return root / "feedmonitor"


def rules_of(config: Config, words: Lexicon) -> Engine:
    """Compile the rules, for the languages of the feeds at once; the dictionaries of these are made if need be."""
    from monitor.match.engine import Engine

    engine = Engine(config.rules, config.entities, words)
    for language in {config.language, *(feed.language for feed in config.feeds)}:
        try:
            engine.warm(language)
        except DictionaryMissing as missing:
            lexicon().dictionary(missing.language)
            engine.warm(language)
    return engine


def renderer_of(config: Config) -> Renderer:
    """Build the renderer: the user's templates before the shipped ones."""
    from monitor import resources
    from monitor.render import Renderer

    return Renderer((config.templates, resources.templates()), language=config.language, timezone=config.timezone)


def client_of(config: Config) -> Client:
    """Build the HTTP client."""
    from monitor.fetch.client import Client, Limits

    limits = Limits(
        concurrency=config.concurrency,
        per_host=config.per_host,
        timeout=config.timeout,
        max_body_bytes=config.max_body_bytes,
        allow_private_networks=config.allow_private_networks,
    )
    return Client(limits, user_agent=user_agent(config), now=utc_now)


def sender_of(config: Config) -> Sender:
    """Build the sender. What ``console`` prints goes to standard output."""
    from monitor.send.sender import Sender

    return Sender(config.receivers, stdout=sys.stdout, services=lambda: known_addresses().read())


def known_addresses() -> KnownAddresses:
    """Return what was learned of receivers' addresses on this machine."""
    from monitor.send.known import KnownAddresses

    return KnownAddresses(cache_directory())


def page_reader() -> PageReader:
    """Build the reader of articles' pages; its child starts with the first of them."""
    from monitor.parse.pool import PageReader

    return PageReader()
