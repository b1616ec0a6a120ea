"""Permanent redirects (301, 308): when they are believed, and what is asked where meanwhile.

The config stays as it is: it says where a feed is looked for again when the new address fails.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from monitor.core.health import Health, Move
from monitor.core.model import Feed
from monitor.core.secret import Secret

# A hotel's network and a parked domain redirect "for good" too, for a day.
DAYS_TO_BELIEVE = 3


def visited(feed: Feed, moved_to: str | None) -> Feed:
    """Return the feed as it is visited: at its new address, if it has one. Another site is not told its headers."""
    if moved_to is None:
        return feed
    headers = feed.headers if origin_of(moved_to) == origin_of(feed.shown_url) else ()
    return replace(feed, address=Secret(moved_to), shown_url=moved_to, headers=headers)


def followed(health: Health, permanent_url: str | None, now: datetime, own: str) -> Health:
    """Return where the feed is after a visit. The same redirect on different days, without another answer between, is believed.

    One that leads to ``own``, the address of the config, ends the move: the feed is back.
    """
    if permanent_url is None:
        return replace(health, move=None) if health.move else health
    day = int(now.astimezone(UTC).timestamp() // 86400)
    before = health.move
    if before is None or before.to != permanent_url:
        return replace(health, move=Move(permanent_url, 1, day))
    if day <= before.day:
        return health
    if before.days + 1 < DAYS_TO_BELIEVE:
        return replace(health, move=Move(permanent_url, before.days + 1, day))
    return replace(health, move=None, moved_to=None if _is_same(permanent_url, own) else permanent_url)


def _is_same(one: str, other: str) -> bool:
    # Not the canonical address: from http to https is a move.
    try:
        parts, others = urlsplit(one), urlsplit(other)
    except ValueError:
        return False
    same_page = (parts.path or "/", parts.query) == (others.path or "/", others.query)
    return same_page and origin_of(one) == origin_of(other)


def origin_of(url: str) -> tuple[str, str]:
    """Return scheme and host of an address: what may be told the same secrets."""
    parts = urlsplit(url)
    return parts.scheme, host_of(url)


def host_of(url: str) -> str:
    """Return the host that answers for an address, with its port if that is not the scheme's own; "" if it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return (parts.hostname or "") + (f":{port}" if port and port != usual else "")
