"""What the sites that are read are told of us, and what is told of them."""

from __future__ import annotations

from monitor import __version__
from monitor.app import open_store
from monitor.config import Config
from monitor.errors import StoreMissing


def user_agent(config: Config) -> str:
    """Return how we call ourselves: with the address where whoever minds us finds who runs this, if the config has one."""
    contact = f"; +{config.public_url}" if config.public_url else ""
    return f"feedmonitor/{__version__} (feed reader{contact})"


def moved(config: Config) -> list[str]:
    """Return what to write for feeds that have moved, each as ``FILE:LINE: PATH: what to write``; empty if there is no database."""
    try:
        with open_store(config, create=False) as store:
            found = store.moved_feeds()
    except StoreMissing:
        return []
    paths = [(f"feeds[{number}].url", feed.name) for number, feed in enumerate(config.feeds)]
    return [f'{config.lines.at(path)}: {path}: {name} has moved; write url = "{found[name]}"' for path, name in paths if name in found]
