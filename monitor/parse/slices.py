"""What did not change is not parsed: cut a document at its items, and leave out those that are known.

Only bytes are looked at. A known slice was read before, in a document that was well-formed and had the same frame; so
leaving it out changes nothing of how the rest is read, and the whole is well-formed if the rest is. Whoever is not sure of
all that hands over the whole document: a cut is an economy, never a way to read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from hashlib import blake2b

from monitor.core.document import Fetched, Parsed
from monitor.core.identity import FINGERPRINT_VERSION
from monitor.parse import limits

# Another way to read an item must read all of them again: raise it with every change to what an item becomes.
READER_VERSION = "4"
# Larger ones take seconds to parse anyway, and the loop must not wait while they are cut.
MAX_BYTES = 1_000_000
MAX_FRAME_BYTES = 100_000
HASH_BYTES = 16

_ROOT = re.compile(rb"<(?:rdf:)?(rss|RDF|feed)[\s>]")
_AFTER_NAME = b" \t\r\n>/"
# What may hide a tag, so that it is none.
_HIDING = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"), (b"<?", b"?>"))
_ROOT_BASE = re.compile(rb"""<(?:rss|feed|rdf:RDF)\s[^<>]*\sxml:base\s*=\s*["']https?://""")
_BASE = re.compile(rb"base\s*=")
_LANG = re.compile(rb"lang\s*=")
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
# Sought from its letters back to its sign: letters are found several times as fast as either of two signs.
_DIV = re.compile(rb"div(?<=[<:]div)[\s/>]")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]+)""", re.IGNORECASE)
# In these a byte below 128 is always the ASCII sign, so that a cut at "<" is a cut between characters.
_SAFE_ENCODINGS = re.compile(r"utf-8|ascii|iso8859-\d+|cp125\d|koi8-[ru]")
# What publishers change in the frame with every visit, and no item depends on: moments, comments, RSS 1.0's list of what follows.
# Only pieces that cannot make a document ill-formed.
_PASSING = re.compile(
    rb"<(lastBuildDate|pubDate|updated|modified|dc:date|atom:updated|dcterms:modified|sy:updateBase)>[A-Za-z0-9:+., -]*</\1>"
    rb"|<!--(?:[\t\n\r\x20-\x2c\x2e-\x7e]|-(?!-))*-->"
    rb"|<items>\s*<rdf:Seq>(?:\s*<rdf:li (?:[^<>&]|&amp;)*/>)*\s*</rdf:Seq>\s*</items>"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the parser of record is to read of a document.

    ``hashes`` has every slice, in order, and is empty if the document could not be cut; ``body`` is empty if nothing is new.
    """

    body: bytes
    hashes: tuple[bytes, ...] = ()
    new: int = 0

    def completed(self, parsed: Parsed) -> Parsed | None:
        """Return a parsed ``body`` with its slices, or None if items and slices are not the same."""
        if not self.hashes or not parsed.is_well_formed or parsed.is_partial or len(parsed.items) != self.new:
            return None
        return replace(parsed, slices=self.hashes)


def plan(fetched: Fetched, known: Collection[bytes]) -> Plan:
    """Return what is to be read of a body, if the slices in ``known`` need not be."""
    whole = Plan(fetched.body)
    spans = _spans(fetched.body) if len(fetched.body) <= MAX_BYTES else None
    if not spans or len(spans) > limits.ITEMS:
        return whole
    frame = _Frame(fetched.body[: spans[0][0]], fetched.body[spans[-1][1] :])
    context = frame.context(fetched)
    if context is None or _carries_over(frame.head, fetched.body[spans[0][0] : spans[-1][1]]):
        return whole
    pieces = [fetched.body[start:end] for start, end in spans]
    hashes = tuple(blake2b(piece, digest_size=HASH_BYTES, key=context).digest() for piece in pieces)
    new = [piece for piece, name in zip(pieces, hashes, strict=True) if name not in known]
    if not new:
        return Plan(b"", hashes)
    body = fetched.body if len(new) == len(pieces) else b"".join([frame.head, *new, frame.tail])
    return Plan(body, hashes, len(new)) if _decodes(body, fetched.content_type) else whole


def _spans(body: bytes) -> list[tuple[int, int]] | None:
    """Return where the items stand, or None: there are none, or something is not as it usually is.

    Usual are items in a row, with nothing but space between them. Every byte is looked at a fixed number of times.
    """
    root = _ROOT.search(body, 0, 4096)
    if root is None:
        return None
    name = b"<entry" if root[1] == b"feed" else b"<item"
    closing = b"</" + name[1:] + b">"
    found: list[tuple[int, int]] = []
    start = _tag(body, name, root.end(), len(body))
    if start < 0 or _is_hidden(body, 0, start) or body.find(b"<!ENTITY", 0, start) >= 0:
        return None
    while start >= 0:
        end = body.find(closing, start)
        if end < 0 or _is_hidden(body, start, end):
            return None
        end += len(closing)
        found.append((start, end))
        start = _tag(body, name, start + 1, len(body))
        if 0 <= start < end or (start > end and not body[end:start].isspace()):
            return None
    return found


def _tag(body: bytes, name: bytes, start: int, end: int) -> int:
    """Return where an element of this very name begins, or -1: "<items" is another."""
    at = body.find(name, start, end)
    while at >= 0 and body[at + len(name) : at + len(name) + 1] not in _AFTER_NAME:
        at = body.find(name, at + 1, end)
    return at


def _is_hidden(body: bytes, start: int, end: int) -> bool:
    """Say whether what stands at ``end`` may be part of a comment, CDATA or an instruction that begins after ``start``."""
    for opening, closing in _HIDING:
        last = body.rfind(opening, start, end)
        if last >= 0 and body.find(closing, last + len(opening), end) < 0:
            return True
    return False


def _carries_over(head: bytes, items: bytes) -> bool:
    """Say whether the parser may carry a base or a language from one item over to the next.

    feedparser does not go back from a base to none (6.0.14, ``unknown_endtag``), and forgets to go back at all after a raw
    ``div`` in a text that is declared as HTML.
    """
    has_base = _BASE.search(items) is not None
    if has_base and not _ROOT_BASE.search(head):
        return True
    return (has_base or _LANG.search(items) is not None) and _DIV.search(_CDATA.sub(b"", items)) is not None


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around the items."""

    head: bytes
    tail: bytes

    def context(self, fetched: Fetched) -> bytes | None:
        """Return the hash of all that decides, beside its own bytes, how an item is read; None if that is too much to look at."""
        if len(self.head) + len(self.tail) > MAX_FRAME_BYTES:
            return None
        context = blake2b(digest_size=32, person=b"slices")
        for part in (READER_VERSION.encode(), FINGERPRINT_VERSION.encode(), fetched.content_type.encode(), fetched.url.encode()):
            context.update(len(part).to_bytes(4, "big") + part)
        for part in (self.head, self.tail):
            lasting = _PASSING.sub(b"", part).strip()
            context.update(len(lasting).to_bytes(4, "big") + lasting)
        return context.digest()


def _decodes(body: bytes, content_type: str) -> bool:
    """Say whether there is no choice of encodings, in which what is left out could have a say.

    The parser takes the first that fits of what the type says, what the document says, and its own guesses.
    """
    encoding = _encoding(body, content_type)
    if encoding is None or body.isascii():
        return encoding is not None
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _encoding(body: bytes, content_type: str) -> str | None:
    by_type, by_document = _CHARSET.search(content_type), _DECLARED.match(body.removeprefix(codecs.BOM_UTF8))
    names = {name for name in (by_type and by_type[1], by_document and by_document[1].decode()) if name}
    if not names:
        # Without a word of it, a text is guessed at (RFC 3023, 3.1), unless it is plain.
        return "ascii" if content_type.startswith("text/") else "utf-8"
    try:
        known = {codecs.lookup(name).name for name in names}
    except LookupError:
        return None
    encoding = known.pop()
    return encoding if not known and _SAFE_ENCODINGS.fullmatch(encoding) else None
