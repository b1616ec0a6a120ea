"""How much of anything a feed may say, and addresses that may be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from monitor.core.text import clean, clean_paragraphs, plain_text

T = TypeVar("T")

ITEMS = 5000
TITLE = 1000
LINK = 4000
TEXT = 200_000
NAME = 500
NAMES = 100
PAGE_BYTES = 5 * 1024 * 1024


# An item that is pinned to the top is not what a document begins with.
_AT_AN_END = 10


def newest(entries: Sequence[T], moment: Callable[[T], datetime | None]) -> Sequence[T]:
    """Return as many entries as are read of a document: from its beginning, or from its end if the newest stand there."""
    if len(entries) <= ITEMS:
        return entries
    first, last = (max((at for one in some if (at := moment(one))), default=None) for some in (entries[:_AT_AN_END], entries[-_AT_AN_END:]))
    return entries[-ITEMS:] if first and last and first < last else entries[:ITEMS]


def too_many(listed: int) -> str | None:
    """Return what is said of a document that lists so many items; None if it is not more than are read."""
    return f"the document lists {listed} items, the newest {ITEMS} were read" if listed > ITEMS else None


def title_of(text: str, *, is_markup: bool) -> str:
    """Return a title as one line of plain text."""
    return clean(plain_text(text[:TEXT]) if is_markup else text, TITLE)


def text_of(text: str, *, is_markup: bool) -> str:
    """Return a body as plain text, its paragraphs on lines of their own."""
    # Cut before reading too: markup may be ten times as long as what it says.
    source = text[: 10 * TEXT]
    return (plain_text(source) if is_markup else clean_paragraphs(source, TEXT))[:TEXT]


def names_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Return names, each once, in their order."""
    found = dict.fromkeys(clean(text, NAME) for text in texts)
    return tuple(name for name in found if name)[:NAMES]


def guid_of(text: str | None) -> str | None:
    """Return a guid as published, without what cannot be stored; None if it is empty."""
    plain = clean(text or "", LINK)
    return plain or None


def address_of(text: str | None, base: str) -> str | None:
    """Return an absolute http(s) address, or None: nothing else is ever kept as an address to visit or to show.

    Source: RFC 3986, 5.2 for relative references.
    """
    # Line breaks inside of addresses are slips of templates; browsers take them out too (WHATWG URL, 4.4).
    plain = "".join((text or "").split("\n")).replace("\r", "").replace("\t", "").strip()
    # Escaped once more than it is read: "&lt;![CDATA[https://…]]&gt;".
    plain = clean(plain, LINK + 1).removeprefix("<![CDATA[").removesuffix("]]>")
    if not plain or len(plain) > LINK:
        return None
    try:
        own = urlsplit(plain)
        if (own.scheme or plain.startswith("//")) and not own.netloc:
            # "https://" and "//" are slips of templates; joined to the base they would become the base.
            return None
        absolute = urljoin(base, plain)
        parts = urlsplit(absolute)
    except ValueError:
        return None
    return absolute if parts.scheme in ("http", "https") and parts.hostname else None
