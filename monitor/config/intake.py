"""Feeds that come from elsewhere, a list or a page, become feeds of the config: names, doubles, what cannot be taken.

Nothing that a stranger wrote may mean more in the config than it says: ``${NAME}`` would be replaced by a secret.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Literal
from urllib.parse import urlsplit

from monitor.config.load import Config
from monitor.config.opml import Outline
from monitor.config.values import STARS, address_problem, is_private_host, same_address, shown_address

# Hosts that sites give their feeds, and what stands before a country as if it were a name: feeds.example.co.uk is "example".
_OF_FEEDS = frozenset({"www", "feed", "feeds", "rss"})
_UNDER_COUNTRIES = frozenset({"ac", "co", "com", "gov", "gv", "net", "or", "org"})
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that came from elsewhere, and what becomes of it. ``shown_url`` may be printed; ``reason`` says why it is not added."""

    outcome: Literal["added", "known", "invalid"]
    name: str
    url: str
    shown_url: str
    title: str
    tags: tuple[str, ...]
    reason: str = ""


def choose(outlines: Iterable[Outline], config: Config) -> tuple[Candidate, ...]:
    """Return what is to become of each feed: added under a name of its own, known already, or invalid."""
    names = {feed.name for feed in config.feeds}
    known = {same_address(feed.address.reveal()): feed.name for feed in config.feeds}
    chosen = []
    for outline in outlines:
        one = _candidate(outline, names, known, may_be_private=config.allow_private_networks)
        if one.outcome == "added":
            names.add(one.name)
            known[same_address(one.url)] = one.name
        chosen.append(one)
    return tuple(chosen)


def outlines_of(config: Config) -> tuple[tuple[Outline, ...], tuple[str, ...]]:
    """Return the feeds of the config as a list has them, and the names of those whose address has stars for a secret."""
    outlines = tuple(Outline(feed.shown_url, feed.name, feed.tags) for feed in config.feeds)
    return outlines, tuple(feed.name for feed in config.feeds if feed.shown_url != feed.address.reveal())


def _candidate(outline: Outline, names: Collection[str], known: dict[str, str], *, may_be_private: bool) -> Candidate:
    url = _plain_address(outline.url)
    tags = tuple(_harmless(tag) for tag in outline.tags)
    facts = (url, shown_address(url, url), outline.title, tags)
    problem = _problem(url)
    if not problem and not may_be_private and is_private_host(url):
        problem = "leads into a private network; set allow_private_networks to visit such addresses"
    if problem:
        return Candidate("invalid", "", *facts, reason=f"the address {problem}")
    if name := known.get(same_address(url)):
        return Candidate("known", name, *facts, reason=f"is there already, as {name}")
    return Candidate("added", free_name(outline.title, url, names), *facts)


def _plain_address(url: str) -> str:
    # "feed:" was made for browsers: "feed://host/path" and "feed:https://host/path".
    plain = re.sub(r"^feed:(?://)?(?=https?://)", "", url, flags=re.IGNORECASE)
    plain = re.sub(r"^feed://", "https://", plain, flags=re.IGNORECASE)
    return plain.replace("${", "%24%7B")


def _problem(url: str) -> str | None:
    if STARS in url:
        return "has stars where a secret was; write the secret"
    return address_problem(url)


def _harmless(text: str) -> str:
    return text.replace("${", "$ {")


def free_name(title: str, url: str, taken: Collection[str]) -> str:
    """Return a name for a feed, made from its title, or else its host; with a number if it is taken."""
    base = _slug(title) or name_of_host(url) or "feed"
    numbered = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(name for name in numbered if name not in taken)


def title_to_name_by(title: str, url: str) -> str:
    """Return the title of a feed that is added by itself, if it is to be named for that: its host has no name. Else ""."""
    return "" if name_of_host(url) else title


def name_of_host(url: str) -> str:
    """Return a name for a feed, made from its site's: "zeit" for www.zeit.de; "" where there is none, as for IP addresses."""
    host = urlsplit(url).hostname or ""
    with suppress(UnicodeError):
        host = host.encode("ascii").decode("idna")
    labels = host.strip(".").split(".")
    if len(labels) < 2 or labels[-1] == "localhost" or ":" in host or labels[-1].isdigit():
        return ""
    labels.pop()
    if len(labels) > 1 and len(labels[-1]) <= 3 and labels[-1] in _UNDER_COUNTRIES:
        labels.pop()
    while len(labels) > 1 and labels[0] in _OF_FEEDS:
        labels.pop(0)
    return _slug("-".join(labels))


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().translate(_SPELLED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")
