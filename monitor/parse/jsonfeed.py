"""JSON Feed -> model. Source: JSON Feed 1 and 1.1, https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from monitor.core.document import Parsed
from monitor.core.model import Enclosure, Item
from monitor.errors import ParseError
from monitor.parse import limits
from monitor.parse.dates import believable, read_date


def looks_like_json(body: bytes) -> bool:
    """Say whether a body begins as JSON does."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def parse_json(body: bytes, url: str, now: datetime) -> Parsed:
    """Read a document. Raises ``ParseError`` if it is not JSON, or no feed.

    Lenient where publishers are: numbers as ids (the specification asks readers for it), ``author`` of version 1, a plain
    number as the version; fields of a wrong type are left out.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"the answer looks like JSON and is not: {error}"[:200]) from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise ParseError("the answer is JSON, but not a JSON Feed: it has no list of items")
    version = _text(document.get("version"))
    if "jsonfeed.org" not in version and version not in ("1", "1.0", "1.1"):
        raise ParseError("the answer is JSON, but not a JSON Feed: its version does not say so")
    entries = [entry for entry in document["items"] if isinstance(entry, dict)]
    language = limits.guid_of(_text(document.get("language")))
    # JSON Feed 1.1, top-level "authors": of the items that name none.
    authors = limits.names_of(_authors(document))
    return Parsed(
        "json11" if version.endswith("1.1") else "json1",
        tuple(_item(entry, url, authors, now) for entry in limits.newest(entries, lambda entry: _date(entry, "date_published", now))),
        limits.title_of(_text(document.get("title")), is_markup=False),
        language,
        bool(note := limits.too_many(len(entries))),
        (note,) if note else (),
        older=limits.address_of(_text(document.get("next_url")), url),
        is_well_formed=True,
        hub=_hub(document, url),
    )


def _date(entry: dict[str, Any], name: str, now: datetime) -> datetime | None:
    return believable(read_date(_text(entry.get(name))), now)


def _hub(document: dict[str, Any], base: str) -> str | None:
    hubs = (hub for hub in _list(document.get("hubs")) if isinstance(hub, dict) and _text(hub.get("type")).lower() == "websub")
    return next((address for hub in hubs if (address := limits.address_of(_text(hub.get("url")), base))), None)


def _item(entry: dict[str, Any], base: str, authors: tuple[str, ...], now: datetime) -> Item:
    html, text = _text(entry.get("content_html")), _text(entry.get("content_text"))
    content = limits.text_of(html, is_markup=True) if html else limits.text_of(text, is_markup=False)
    return Item(
        guid=limits.guid_of(_text(entry.get("id"))),
        url=limits.address_of(_text(entry.get("url")) or _text(entry.get("external_url")), base),
        title=limits.title_of(_text(entry.get("title")), is_markup=False),
        summary=limits.text_of(_text(entry.get("summary")), is_markup=False),
        content=content,
        authors=limits.names_of(_authors(entry)) or authors,
        categories=limits.names_of(_text(tag) for tag in _list(entry.get("tags"))),
        published=_date(entry, "date_published", now),
        updated=_date(entry, "date_modified", now),
        language=limits.guid_of(_text(entry.get("language"))),
        enclosures=tuple(_enclosures(entry, base)),
    )


def _authors(entry: dict[str, Any]) -> Iterable[str]:
    named = [*_list(entry.get("authors")), entry.get("author")]
    return (_text(author.get("name")) for author in named if isinstance(author, dict))


def _enclosures(entry: dict[str, Any], base: str) -> Iterable[Enclosure]:
    for one in _list(entry.get("attachments"))[: limits.NAMES]:
        address = limits.address_of(_text(one.get("url")), base) if isinstance(one, dict) else None
        if address:
            size = one.get("size_in_bytes")
            is_size = isinstance(size, int) and 0 <= size < 2**53
            yield Enclosure(address, limits.guid_of(_text(one.get("mime_type"))), size if is_size else None)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    # An id may be a number; true and false are no texts.
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18 else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
