"""Say which item is which: the keys that an item may be known under, and the hash of its content.

Newness is a question of identity, never of dates: dates are missing, wrong and moved at will.
"""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from monitor.core.address import canonical_url
from monitor.core.model import Item, Key
from monitor.core.state import Known
from monitor.errors import Unidentifiable

# A new way to hash must not make every stored item look edited: the version is part of the hash and changes with the way.
FINGERPRINT_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item with every key that it may be known under.

    ``is_shared``: another item of the same document has the same guid (or, without guids, the same address, or without both the same
    title). ``is_titled``: it even has the same address, or both have none, so that only the title tells them apart; ``guid_url`` is
    with the title then.
    ``heading`` is of items without guid and address: their title, or their text if they have none; ``content`` is with the text then.
    """

    item: Item
    fingerprint: str
    guid: Key | None
    guid_url: Key | None
    url: Key | None
    content: Key
    heading: Key | None = None
    is_shared: bool = False
    is_titled: bool = False

    @property
    def ladder(self) -> tuple[Key, ...]:
        """Return the keys that the item may be stored under, strongest first."""
        strong, weak = (self.guid_url, self.guid) if self.guid else (self.content, self.url or self.heading)
        # Asked several times of every item that is listed: no loop.
        if strong is None or weak is None:
            return tuple(filter(None, (strong, weak)))
        return strong, weak


def candidates(items: Iterable[Item]) -> tuple[Candidate, ...]:
    """Return the items of one document with their keys, each item once, in its order (those of one guid and address together).

    Items with nothing to tell them apart are left out. An item that is listed twice with the same guid and address is one item,
    edited perhaps: its first listing counts. But see ``_is_no_guid``.
    """
    listings: dict[tuple[Key, ...], dict[str | None, Candidate]] = defaultdict(dict)
    for item in items:
        try:
            candidate = _candidate(item)
        except Unidentifiable:
            continue
        listings[candidate.ladder].setdefault(item.title, candidate)
    found: list[Candidate] = []
    for listed in map(tuple, map(dict.values, listings.values())):
        found += map(_titled, listed) if _is_no_guid(listed) else listed[:1]
    users = Counter(map(outer_key, found))
    return tuple(replace(one, is_shared=True) if users[outer_key(one)] > 1 else one for one in found)


def _is_no_guid(listed: Sequence[Candidate]) -> bool:
    """Say whether what is listed under one guid and address, by different titles, are several items.

    Some feeds give all their items the guid and the address of their home page, or one guid and no address.
    """
    return listed[0].guid is not None and len(listed) > (2 if listed[0].url else 1)


def _titled(candidate: Candidate) -> Candidate:
    guid_url = Key("gu:" + _hash(*candidate.ladder, candidate.item.title or ""))
    return replace(candidate, guid_url=guid_url, is_titled=True)


def known_candidate(key: Key, known: Known) -> Candidate:
    """Return an item that is listed as it was when it was stored: it is found under ``key``, and has not changed.

    Only for keys that an item has alone, see ``outer_key``.
    """
    rung = key.partition(":")[0]
    item = Item(url=known.url, title=known.title)
    guid, url = (key if rung == one else None for one in ("g", "u"))
    return Candidate(item, known.fingerprint, guid=guid, guid_url=None, url=url, content=key)


def outer_key(candidate: Candidate) -> Key:
    """Return the key that items share which cannot be told apart by it: of the guid, without one of the address, else of the title."""
    return candidate.guid or candidate.url or candidate.heading or candidate.content


def fingerprint(item: Item) -> str:
    """Return the hash of what a reader sees of an item: title, summary and content, without the empty ones.

    The address and the dates are left out: sites change them without touching the text.
    """
    texts = [f"{name}\0{text}" for name, text in (("t", item.title), ("s", item.summary), ("c", item.content)) if text]
    return f"{FINGERPRINT_VERSION}:{_hash(*texts)}"


def _candidate(item: Item) -> Candidate:
    guid = _plain_guid(item.guid)
    url = canonical_url(item.url) if item.url else None
    heading = item.title or item.summary or item.content
    if not (guid or url or heading):
        raise Unidentifiable("an item has no guid, no address and no text")
    is_bare = not (guid or url)
    return Candidate(
        item,
        fingerprint(item),
        guid=Key("g:" + _hash(guid)) if guid else None,
        guid_url=Key("gu:" + _hash(guid, url)) if guid and url else None,
        url=Key("u:" + _hash(url)) if url else None,
        content=Key("c:" + (_hash("", item.title, item.summary, item.content) if is_bare else _hash(url or "", heading))),
        heading=Key("c:" + _hash("", heading)) if is_bare else None,
    )


def _plain_guid(guid: str | None) -> str:
    # The same guid arrives as "a &amp; b" or "a & b", depending on what else is broken in the document, and with spaces
    # or line breaks of the template; and WordPress guids flap between http and https when a site moves.
    text = " ".join(_unescaped(guid or "").split())
    if text.lower().startswith(("http://", "https://")):
        return canonical_url(text)
    return text


def _unescaped(text: str) -> str:
    # Some are escaped twice and more, and not in every poll; each turn makes the text shorter.
    while (plain := html.unescape(text)) != text:
        text = plain
    return text


def _hash(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
