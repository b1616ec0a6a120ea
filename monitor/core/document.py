"""What a fetch and a parse give: a body, and what it lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.core.health import Hints
from monitor.core.model import Item
from monitor.core.state import Validators


@dataclass(frozen=True, slots=True)
class Fetched:
    """A complete body. ``url`` is where it came from after redirects; ``body`` is decoded, never cut.

    ``permanent_url`` is where permanent redirects led, of an address that holds no secret; ``fresh_for`` the cache hint.
    """

    url: str
    status: int
    body: bytes
    content_type: str
    validators: Validators
    permanent_url: str | None = None
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that nothing changed (304). ``validators`` are the ones to send next time."""

    validators: Validators
    permanent_url: str | None = None
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A feed document. ``is_partial``: the body was cut or broken, so what it does not list may still exist.

    ``older``: the address of the items before these. ``is_wordpress``: the site pages feeds by ``?paged=``.
    ``slices`` has the hash of every item's bytes, in order, if the document could be cut at its items; then ``items``
    has only those that were not known, in order. ``has_head`` false: nothing was new, so not even the head was read, and
    what was known of the feed itself holds. ``hub`` is where changes are announced (WebSub).
    """

    format: str
    items: tuple[Item, ...]
    title: str = ""
    language: str | None = None
    is_partial: bool = False
    notes: tuple[str, ...] = ()
    older: str | None = None
    is_wordpress: bool = False
    hints: Hints = Hints()
    is_well_formed: bool = False
    has_head: bool = True
    hub: str | None = None
    slices: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The article of a page as plain text, its paragraphs on lines of their own; "" and None where the page does not say.

    ``summary`` is the teaser that the page gives of itself: many show it above the text and nowhere in it. ``text`` is empty if
    nothing but ``comments_feed`` was found.
    """

    text: str
    title: str = ""
    summary: str = ""
    language: str | None = None
    comments_feed: str | None = None
