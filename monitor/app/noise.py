"""What the config says of a feed's page noise, its patterns compiled once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from urllib.parse import urlsplit

from monitor.core.model import Feed
from monitor.core.noise import Pattern, Settings


def noise_of(feed: Feed) -> Settings:
    """Return a feed's settings. Datelines may be signed with its name or its host's."""
    return Settings(_patterns(feed.strip), _patterns(feed.keep), (feed.name, urlsplit(feed.shown_url).hostname or ""))


def _patterns(sources: Sequence[str]) -> tuple[Pattern, ...]:
    return tuple(_pattern(source) for source in sources)


@cache
def _pattern(source: str) -> Pattern:
    from monitor.match.regexes import BoundedRegex

    return Pattern(source, BoundedRegex(source, by_lines=True))
