"""A page -> the feeds that it announces, or seems to link to. Nothing is visited here.

Source: RSS Advisory Board, RSS Autodiscovery; HTML Standard, 4.6.7.1 (``alternate``) and 2.4.1 (``base``).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from monitor.core.discovery import FeedLink, Listing
from monitor.parse import limits

MOST_LINKS = 100
MOST_ANCHORS = 20
MAX_BYTES = 5_000_000

_FEED_TYPE = re.compile(r"(?:application|text)/(?:x-)?(?:rss|atom|rdf|rss\+xml|atom\+xml|rdf\+xml|feed\+json|xml|json)")
_FEED_PATH = re.compile(
    r"/(?:feeds?|rss|atom)(?:/[^/]*)?/?$|\.(?:rss|atom|rdf)$|/(?:rss|feed|atom|index|news)[^/]*\.(?:xml|json|php)$", re.IGNORECASE
)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|alt|output)=(?:rss|atom|rdf|feed)", re.IGNORECASE)
_COMMENTS_PATH = re.compile(r"/comments?(?:/|$)|(?:^|[&/=])comments(?:[-_]rss|=)", re.IGNORECASE)
_COMMENTS_TITLE = re.compile(r"\b(?:comments?|kommentare?|commentaires?|comentarios?|commenti|reacties)\b|kommentar-?feed", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)


def feed_links(body: bytes, content_type: str, url: str) -> tuple[FeedLink, ...]:
    """Return the addresses at which the page of ``url`` says, or seems to say, that there are feeds; announced ones first.

    Links to WordPress' programming interface and to embeddable snippets are none, whatever their type says.
    """
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(_text(body[:MAX_BYTES], content_type))
    base = _base(page, url)
    links = {one.url: one for one in _announced(page, base)}
    for one in _linked(page, base):
        links.setdefault(one.url, one)
    return tuple(one for one in links.values() if one.url != url)


def _base(page: Any, url: str) -> str:
    first = page.css_first("base[href]")
    return (limits.address_of(first.attributes.get("href"), url) or url) if first else url


def _announced(page: Any, base: str) -> Iterator[FeedLink]:
    for number, node in enumerate(page.css("link[href]")):
        if number >= 20 * MOST_LINKS:
            return
        rel = (node.attributes.get("rel") or "").lower().split()
        kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        is_feed = _FEED_TYPE.fullmatch(kind) if "alternate" in rel else not kind and "feed" in rel
        address = limits.address_of(node.attributes.get("href"), base) if is_feed and "stylesheet" not in rel else None
        if address and not _is_interface(address):
            title = limits.title_of(node.attributes.get("title") or "", is_markup=False)
            yield FeedLink(address, "link", title, _listing(address, title))


def _linked(page: Any, base: str) -> Iterator[FeedLink]:
    count = 0
    for node in page.css("a[href]"):
        href = node.attributes.get("href") or ""
        if not re.search(r"rss|atom|feed|rdf|xml|json", href, re.IGNORECASE):
            continue
        address = limits.address_of(href, base)
        if address and _looks_like_feed(address) and not _is_interface(address):
            title = limits.title_of(node.text() or "", is_markup=False)
            yield FeedLink(address, "anchor", title, _listing(address, title))
            count += 1
        if count >= MOST_ANCHORS:
            return


def _looks_like_feed(address: str) -> bool:
    parts = urlsplit(address)
    return bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query))


def _is_interface(address: str) -> bool:
    parts = urlsplit(address)
    return "/wp-json" in parts.path or "rest_route=" in parts.query or "/oembed" in parts.path


def _listing(address: str, title: str) -> Listing:
    parts = urlsplit(address)
    is_comments = _COMMENTS_PATH.search(parts.path) or _COMMENTS_PATH.search(parts.query) or _COMMENTS_TITLE.search(title)
    return "comments" if is_comments else "articles"


def _text(body: bytes, content_type: str) -> str:
    declared = re.search(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", content_type, re.IGNORECASE)
    inside = _CHARSET.search(body, 0, 4096)
    for name in (declared and declared[1], inside and inside[1].decode()):
        try:
            if name and codecs.lookup(name):
                return body.decode(name, "replace")
        except LookupError:
            continue
    return body.decode("utf-8", "replace")
