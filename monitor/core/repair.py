"""A walk to older pages: where they are, what was claimed, and what a page brought."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from monitor.core.document import Parsed
from monitor.core.habits import Learned
from monitor.core.ids import FeedId
from monitor.core.model import Feed
from monitor.core.older import Older
from monitor.core.record import Recorded
from monitor.core.secret import Secret


@dataclass(frozen=True, slots=True)
class PageRecord:
    """What one older page brought: committed in one transaction with the place where the walk goes on, or not at all.

    ``next`` None: the walk is over, for the reason in ``ended``. ``next_try`` is when the next page may be fetched, by
    the same ``owner`` until ``lease_until``, or (None) by anybody. ``owner`` None: the walk is nobody's repair, it was asked for by hand.
    ``learned`` None: nothing new about the feed's noise.
    """

    feed: FeedId
    at: datetime
    owner: str | None = None
    recorded: tuple[Recorded, ...] = ()
    learned: Learned | None = None
    next: Older | None = None
    next_try: datetime | None = None
    lease_until: datetime | None = None
    tries: int = 0
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """A claimed gap: items published between ``since`` (the last good poll before it) and ``gap`` may be on older pages.

    ``moved_to`` is where the feed has moved, and its pages with it.
    """

    feed: FeedId
    name: str
    page: Older
    gap: datetime
    since: datetime | None
    tries: int = 0
    moved_to: str | None = None


def first(feed: Feed, parsed: Parsed) -> Older | None:
    """Return where the items before those of the feed's own document are, or None if the site has no older pages that we know of."""
    page = after(Older(1), parsed)
    if page is not None and page.url is not None and feed.address.reveal() != feed.shown_url:
        # The address of the next page may hold the same token, which is not for the database: the walk begins at the feed itself.
        return Older(1)
    return page


def after(page: Older, parsed: Parsed) -> Older | None:
    """Return the page after this one, by what its document says; None: there is none.

    Source: RFC 5005, 3 and 4; WordPress pages every feed of posts with ``?paged=``, from 2 on.
    """
    if parsed.older is not None:
        return Older(page.number + 1, parsed.older)
    return Older(page.number + 1) if parsed.is_wordpress else None


def located(feed: Feed, page: Older) -> Feed | None:
    """Return a feed whose address is that of the page; None: it must not be visited.

    What was meant for the feed's site (a password, a token) is not told another, and nobody is led from https to http.
    """
    own = feed.address.reveal()
    if page.url is None:
        return feed if page.number == 1 else replace(feed, address=Secret(_paged(own, page.number)))
    here, there = urlsplit(own), urlsplit(page.url)
    if here.scheme == "https" and there.scheme != "https":
        return None
    is_same_site = (here.scheme, here.netloc) == (there.scheme, there.netloc)
    return replace(feed, address=Secret(page.url), headers=feed.headers if is_same_site else ())


def _paged(url: str, number: int) -> str:
    parts = urlsplit(url)
    # Added at the end, and nothing else is changed: an address may be signed.
    kept = "&".join(one for one in parts.query.split("&") if one and not one.startswith("paged="))
    return urlunsplit(parts._replace(query=f"{kept}&paged={number}" if kept else f"paged={number}", fragment=""))
