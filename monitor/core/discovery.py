"""Feeds of a page: what the page says of them, what a visit shows, and where feeds usually are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urljoin, urlsplit

from monitor.core.document import Parsed

# "link": announced in the page's head; "anchor": a plain link that looks like one; "usual": nothing said so, it was tried.
How = Literal["page", "link", "anchor", "usual"]
Listing = Literal["articles", "comments"]

# Where the common programs put their feed, the most common first. Source: their defaults (WordPress, Ghost, Drupal, Hugo, Jekyll).
_USUAL = ("feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json")


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address at which there may be a feed."""

    url: str
    how: How
    title: str = ""
    lists: Listing = "articles"


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was visited. ``latest`` is the moment of its newest item that has one."""

    url: str
    title: str
    format: str
    items: int
    latest: datetime | None
    lists: Listing
    how: How


def found(link: FeedLink, parsed: Parsed) -> FoundFeed:
    """Return what a visit of an address showed."""
    moments = [moment for item in parsed.items if (moment := item.dated)]
    title = parsed.title or link.title
    return FoundFeed(link.url, title, parsed.format, len(parsed.items), max(moments, default=None), link.lists, link.how)


def usual_links(page: str) -> tuple[FeedLink, ...]:
    """Return where a page that announces nothing may have a feed: beneath itself, then at the root of its site."""
    path = urlsplit(page).path
    places = [urljoin(page, "/")]
    if path.strip("/") and "." not in path.rpartition("/")[2]:
        own = urljoin(page, path.rstrip("/") + "/")
        return tuple(FeedLink(urljoin(place, name), "usual") for place, names in ((own, _USUAL[:1]), (places[0], _USUAL)) for name in names)
    return tuple(FeedLink(urljoin(places[0], name), "usual") for name in _USUAL)
