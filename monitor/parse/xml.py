"""RSS, Atom and RDF -> model: the only place that knows feedparser, its words and its traps."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from monitor.core.document import Parsed
from monitor.core.model import Enclosure, Item
from monitor.errors import ParseError
from monitor.parse import limits, paging
from monitor.parse.dates import believable, read_date
from monitor.parse.hints import hints_of
from monitor.parse.sax import fast_feedparser

_ENCODING = re.compile(r"""^(\s*<\?xml\s[^>]{0,100}?)\s+encoding=["'][^"'>]*["']""")
# What is named so is no UTF-16 if its bytes do not look like it.
_WIDE_CHARSET = re.compile(r""";?\s*charset\s*=\s*["']?(?:utf-?16|ucs-2|iso-10646-ucs-2|unicode)[a-z-]*["']?""", re.IGNORECASE)
_WIDE_DECLARED = re.compile(
    rb"""^((?:\xef\xbb\xbf)?\s*<\?xml\s[^>]{0,100}?)\s+encoding=["'](?:utf-?16|ucs-2|unicode)[a-z-]*["']""", re.IGNORECASE
)
# feedparser sees a DOCTYPE only at the beginning of a line, and expat leaves out what such a document calls &uuml;.
_DOCTYPE_IN_LINE = re.compile(rb"^([^<]{0,10}(?:<\?[^>]{0,300}>\s*|<!--[^>]{0,1000}-->\s*){1,5})(?=<!DOCTYPE\s)", re.IGNORECASE)
_MARKUP = ("text/html", "application/xhtml+xml")
# What expat says of a document that ends too early.
_CUT = ("no element found", "unclosed token", "unclosed cdata", "partial character")
_ROOT_END = re.compile(rb"</\s*(?:[\w.-]+:)?(?:rss|feed|rdf|channel|atom)\s*>[\s\x00]*(?:<!--.*-->\s*)?$", re.IGNORECASE | re.DOTALL)
# How items begin and end.
_ITEM_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
# feedparser takes the address in a link's attribute, and loses the one in its text; some sites have their post on Bluesky there.
_AT_URI = re.compile(rb"""(<link)\s+uri\s*=\s*["']at:[^"'<>]*["']\s*>""")


def parse_xml(body: bytes, content_type: str, url: str, now: datetime) -> Parsed:
    """Read a document. Raises ``ParseError`` if it is no feed."""
    # Only bytes: a string would be opened as a file or an address. Only the type of the headers: a content-location
    # would become the base of guids, which must not change with the address.
    readable, content_type = _readable(body, content_type)
    headers = {"content-type": content_type} if content_type else {}
    document = fast_feedparser().parse(BytesIO(readable), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    version = document.get("version") or ""
    entries = document.entries
    if not version and not entries:
        raise ParseError(_what_it_is(body), is_page=_is_page(body))
    is_cut = _is_cut(document, body)
    is_half = is_cut and bool(entries) and _ends_in_item(readable)
    if is_half:
        # It may be without its guid or half of its text.
        entries = entries[:-1]
    notes = _notes(document, len(document.entries), is_cut=is_cut, is_half=is_half)
    channel = document.feed
    base = _channel_base(channel, version, url)
    return Parsed(
        version or "xml",
        _items(limits.newest(entries, lambda entry: _moment(entry, now)), channel, base, now, is_atom=version.startswith("atom")),
        limits.title_of(channel.get("title") or "", is_markup=True),
        limits.guid_of(channel.get("language")),
        is_cut or len(entries) > limits.ITEMS,
        notes,
        paging.older(channel, url),
        paging.is_wordpress(channel, entries),
        hints_of(channel, readable),
        is_well_formed=_is_well_formed(document),
        hub=_hub(channel, base),
    )


def _readable(body: bytes, content_type: str) -> tuple[bytes, str]:
    """Return the document and its type as feedparser reads them right.

    UTF-16 is known by its mark, or by its look (XML 1.0, appendix F.1), and returned as UTF-8: feedparser takes UTF-16 of plain
    ASCII, which is valid UTF-8 with NULs in it, for that. Nor is UTF-8 UTF-16 because it says so: .NET writes that into strings.
    """
    start, said = body[:4], _WIDE_CHARSET.sub("", content_type)
    if start[:2] in (BOM_UTF16_BE, BOM_UTF16_LE) and start[2:4] != b"\0\0":
        body, content_type = _as_utf8(body.decode("utf-16", "replace")), said
    elif start.count(0) == 2 and b"<" in (start[:1], start[1:2]):
        body, content_type = _as_utf8(body.decode("utf-16-le" if start[:1] == b"<" else "utf-16-be", "replace")), said
    elif 0 not in start:
        body, content_type = _WIDE_DECLARED.sub(rb"\1", body, count=1), said
    return _DOCTYPE_IN_LINE.sub(rb"\1\n", _AT_URI.sub(rb"\1>", body), count=1), content_type


def _as_utf8(text: str) -> bytes:
    return _ENCODING.sub(r"\1", text, count=1).encode("utf-8", "replace")


def _items(entries: Iterable[Any], channel: Any, base: str, now: datetime, *, is_atom: bool) -> tuple[Item, ...]:
    items = tuple(_item(entry, base, now, is_atom=is_atom) for entry in entries)
    # RFC 4287, 4.2.1: the feed's authors are those of the entries that name none. In RSS they may be its editors or webmasters.
    authors = _authors(channel) if is_atom else ()
    return tuple(item if item.authors else replace(item, authors=authors) for item in items) if authors else items


def _item(entry: Any, base: str, now: datetime, *, is_atom: bool) -> Item:
    own_base = _own_base(entry, base)
    guid = limits.guid_of(dict.get(entry, "id"))
    summary = _text(dict.get(entry, "summary_detail"), is_atom=is_atom)
    content = max((_text(one, is_atom=is_atom) for one in dict.get(entry, "content") or ()), key=len, default="")
    published = _date(entry, "published", now) or _date(entry, "created", now)
    updated = _date(entry, "updated", now)
    publisher, publisher_url = _publisher(entry, own_base)
    return Item(
        guid=guid,
        url=_link(entry, own_base, guid),
        title=_title(entry, is_atom=is_atom),
        summary="" if summary == content else summary,
        content=content,
        authors=_authors(entry),
        categories=limits.names_of(tag.get("term") or tag.get("label") or "" for tag in dict.get(entry, "tags") or ()),
        # RSS 1.0 has one date, dc:date, which feedparser calls "updated". In Atom it is no date of publication (RFC 4287, 4.2.15).
        published=published or (None if is_atom else updated),
        updated=updated,
        language=limits.guid_of((dict.get(entry, "title_detail") or {}).get("language")),
        comments_feed=_comments_feed(entry, own_base),
        comments_count=_count(dict.get(entry, "slash_comments") or dict.get(entry, "thr_total")),
        in_reply_to=limits.guid_of((dict.get(entry, "thr_in-reply-to") or {}).get("ref")),
        enclosures=_enclosures(entry, own_base),
        publisher=publisher,
        publisher_url=publisher_url,
    )


def _date(entry: Any, name: str, now: datetime) -> datetime | None:
    # As it was published: what feedparser makes of dates is not used, see there.
    return believable(read_date(dict.get(entry, name) or ""), now)


def _moment(entry: Any, now: datetime) -> datetime | None:
    return _date(entry, "published", now) or _date(entry, "updated", now)


def _title(entry: Any, *, is_atom: bool) -> str:
    # The detail only says what kind of text it is: its value is the last of all titles, that of an image in the item too.
    detail = dict.get(entry, "title_detail") or {}
    return limits.title_of(dict.get(entry, "title") or "", is_markup=_is_markup(detail, is_atom=is_atom))


def _text(detail: Any, *, is_atom: bool) -> str:
    return limits.text_of(detail.get("value") or "", is_markup=_is_markup(detail, is_atom=is_atom)) if detail else ""


def _is_markup(detail: Any, *, is_atom: bool) -> bool:
    # Atom says what a text is (RFC 4287, 3.1.1). RSS does not; in practice it is escaped HTML, titles too.
    return not is_atom or detail.get("type") in _MARKUP


def _channel_base(channel: Any, version: str, url: str) -> str:
    # RSS has no word on relative links: publishers mean them relative to their site. Atom: to the document (RFC 3986, 5.1).
    own = _own_base(channel, url)
    if own != url or version.startswith("atom"):
        return own
    return limits.address_of(dict.get(channel, "link"), url) or url


def _own_base(thing: Any, base: str) -> str:
    for name in ("title_detail", "summary_detail", "subtitle_detail"):
        declared = (dict.get(thing, name) or {}).get("base")
        if declared:
            return limits.address_of(declared, base) or base
    return base


def _link(entry: Any, base: str, guid: str | None) -> str | None:
    links = dict.get(entry, "links") or ()
    alternates = [link.get("href") for link in links if link.get("rel") == "alternate"]
    plain = dict.get(entry, "link")
    # feedparser takes every guid for a permalink, "1" too.
    others = [plain] if plain != guid or _is_web(guid) else []
    for candidate in (*alternates, *others):
        if address := limits.address_of(candidate, base):
            return address
    return limits.address_of(guid, base) if _is_web(guid) and dict.get(entry, "guidislink") is not False else None


def _is_web(guid: str | None) -> bool:
    return guid is not None and guid.startswith(("http://", "https://"))


def _authors(entry: Any) -> tuple[str, ...]:
    named = [author.get("name") or author.get("email") or "" for author in dict.get(entry, "authors") or ()]
    # Of "A. Name (mailto:name@example.org)" feedparser takes out the address, and leaves the rest.
    return limits.names_of(name.removesuffix("(mailto:") for name in named) or limits.names_of([dict.get(entry, "author") or ""])


def _publisher(entry: Any, base: str) -> tuple[str, str | None]:
    """Return whose article it is, and where its publisher is: RSS 2.0 <source>; Bing's <News:Source>, whose namespace is the query."""
    source = dict.get(entry, "source") or {}
    name = source.get("title") or dict.get(entry, "news_source") or ""
    return limits.title_of(name, is_markup=False), limits.address_of(source.get("href"), base)


def _comments_feed(entry: Any, base: str) -> str | None:
    if address := limits.address_of(dict.get(entry, "wfw_commentrss"), base):
        return address
    for link in dict.get(entry, "links") or ():
        # RFC 4685, 4: "replies" may also lead to a page; only a declared feed is one.
        if link.get("rel") == "replies" and (link.get("type") or "").split(";")[0] in ("application/atom+xml", "application/rss+xml"):
            return limits.address_of(link.get("href"), base)
    return None


def _count(text: Any) -> int | None:
    plain = str(text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else None


def _enclosures(entry: Any, base: str) -> tuple[Enclosure, ...]:
    found = []
    for one in dict.get(entry, "links") or ():
        address = limits.address_of(one.get("href"), base) if one.get("rel") == "enclosure" else None
        if address:
            found.append(Enclosure(address, limits.guid_of(one.get("type")), _count(one.get("length"))))
    return tuple(found[: limits.NAMES])


def _hub(channel: Any, base: str) -> str | None:
    # WebSub, 4: links with rel=hub. The first is enough: a publisher tells all of its hubs.
    hubs = (link.get("href") for link in dict.get(channel, "links") or () if link.get("rel") == "hub")
    return next((address for href in hubs if (address := limits.address_of(href, base))), None)


def _is_well_formed(document: Any) -> bool:
    # The two others are about the type that the server gave, not about the document.
    error = document.get("bozo_exception")
    return error is None or type(error).__name__ in ("NonXMLContentType", "CharacterEncodingOverride")


def _is_cut(document: Any, body: bytes) -> bool:
    error = document.get("bozo_exception")
    if error is None or type(error).__name__ not in ("SAXParseException", "ExpatError"):
        return False
    if any(words in str(error).lower() for words in _CUT):
        return True
    if "junk after document element" in str(error).lower():
        # Counters and error messages that a host puts behind every answer: the document itself was closed.
        return False
    # Another error came first, and the forgiving parser went on: the end tells whether the document is whole.
    return not _ROOT_END.search(body[-4000:].replace(b"\x00", b""))


def _ends_in_item(body: bytes) -> bool:
    tags = _ITEM_TAG.findall(body)
    return not tags or tags[-1] != b"/"


def _notes(document: Any, listed: int, *, is_cut: bool, is_half: bool) -> tuple[str, ...]:
    notes = []
    if is_cut:
        notes.append("the document is cut off" + (": its last item was left out" if is_half else " behind its last item"))
    if note := limits.too_many(listed):
        notes.append(note)
    error = document.get("bozo_exception")
    if error is not None and not is_cut:
        notes.append(f"not well-formed: {error}"[:200])
    return tuple(notes)


def _what_it_is(body: bytes) -> str:
    start = _start(body)
    if not start:
        return "the answer is empty, not a feed"
    if _is_page(body):
        return "the answer is an HTML page, not a feed"
    if start.startswith(b"<"):
        return "the answer is XML, but not a feed"
    return "the answer is not a feed"


def _is_page(body: bytes) -> bool:
    start = _start(body)
    return b"<html" in start or start.startswith(b"<!doctype html")


def _start(body: bytes) -> bytes:
    return body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
