"""Compare what a document lists with what is known: new, updated, unchanged; and see a gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from monitor.core.identity import Candidate, canonical_url
from monitor.core.model import Change, Identified, Item, Key, Known, New, Rung, Unchanged, Updated


def keys_of(listed: Iterable[Candidate]) -> set[Key]:
    """Return every key that the store is to be asked for."""
    return {key for candidate in listed for key in candidate.ladder}


def url_keys_of(listed: Iterable[Candidate], known: Mapping[Key, Known]) -> set[Key]:
    """Return the addresses to ask for: those of items whose guid is not known."""
    return {one.url for one in listed if one.guid and one.url and not any(key in known for key in one.ladder)}


def compare(listed: Sequence[Candidate], known: Mapping[Key, Known], by_url: Mapping[Key, Known]) -> tuple[Change, ...]:
    """Return what each listed item is to us, in the order of the document, each stored item at most once.

    ``known`` has what the store knows of ``keys_of(listed)``, ``by_url`` of ``url_keys_of(listed, known)``.

    The ladder: the guid; guid and address, if the guid is used for several items; without a guid the
    address; title and address, if the address is used for several items. An unknown guid at a known
    address with the same title is the known item: the publisher changed its guids.
    """
    changes: dict[Key, Change] = {}
    present = {one.key for candidate in listed if (one := _known_under(candidate, known))}
    for candidate in listed:
        stored = _known_under(candidate, known) or _moved(candidate, by_url, present)
        key, rung = (stored.key, _rung_of(stored.key)) if stored else _new_key(candidate, known, changes)
        changes.setdefault(key, _change(candidate, key, rung, stored))
    return tuple(changes.values())


def is_gap(changes: Sequence[Change]) -> bool:
    """Say whether a document shares no item with what was known: something may have come and gone unseen."""
    return bool(changes) and all(isinstance(change, New) for change in changes)


def _change(candidate: Candidate, key: Key, rung: Rung, stored: Known | None) -> Change:
    if stored is not None and stored.fingerprint == candidate.fingerprint:
        return Unchanged(stored)
    identified = Identified(key, rung, candidate.fingerprint, candidate.item, candidate.url)
    return New(identified) if stored is None else Updated(identified, stored)


def _known_under(candidate: Candidate, known: Mapping[Key, Known]) -> Known | None:
    strong, weak = (candidate.guid_url, candidate.guid) if candidate.guid else (candidate.content, candidate.url)
    if strong is not None and strong in known:
        return known[strong]
    stored = known.get(weak) if weak else None
    if stored is None or _is_reused(candidate, stored):
        return None
    return stored


def _is_reused(candidate: Candidate, stored: Known) -> bool:
    """Say whether a guid, or without guids an address, that several items of this document share stands for another than the stored one.

    A guid of one item alone is trusted, even if the address and the title both changed: ZEIT and SRF move and rename
    articles under one guid. See ``is_another_story`` for what that means for alerts.
    """
    if not candidate.is_shared:
        return False
    return _has_new_url(candidate.item, stored) if candidate.guid else _has_new_title(candidate.item, stored)


def is_another_story(item: Item, known: Known) -> bool:
    """Say whether an updated item has a new address and a new title at once: it may be other news under an old guid.

    Whoever was told of the old news is told of these.
    """
    return _has_new_url(item, known) and _has_new_title(item, known)


def _has_new_url(item: Item, known: Known) -> bool:
    return bool(known.url and item.url) and canonical_url(known.url or "") != canonical_url(item.url or "")


def _has_new_title(item: Item, known: Known) -> bool:
    # A forgotten title says nothing.
    return bool(known.title and item.title) and known.title != item.title


def _moved(candidate: Candidate, by_url: Mapping[Key, Known], present: set[Key]) -> Known | None:
    stored = by_url.get(candidate.url) if candidate.guid and candidate.url else None
    if stored is None or stored.key in present:
        return None
    return stored if stored.title == candidate.item.title or stored.fingerprint == candidate.fingerprint else None


def _new_key(candidate: Candidate, known: Mapping[Key, Known], taken: Mapping[Key, Change]) -> tuple[Key, Rung]:
    if candidate.guid:
        if candidate.guid_url and (candidate.guid in known or candidate.guid in taken):
            return candidate.guid_url, "guid+url"
        return candidate.guid, "guid"
    if candidate.url and not candidate.is_shared and candidate.url not in known:
        return candidate.url, "url"
    return candidate.content, "content"


def _rung_of(key: Key) -> Rung:
    rungs: dict[str, Rung] = {"g": "guid", "gu": "guid+url", "u": "url", "c": "content"}
    return rungs[key.partition(":")[0]]
