"""Compare what a document lists with what is known: new, updated, unchanged; and see a gap, and a change of all guids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from monitor.core.address import canonical_url, path_of
from monitor.core.identity import Candidate
from monitor.core.model import Identified, Item, Key, Rung
from monitor.core.record import Alias, Change, New, Unchanged, Updated
from monitor.core.state import Known

# A publisher that gives its items other guids does it to all of them: fewer than these are items of their own.
MIGRATION_ITEMS = 3


def keys_of(listed: Iterable[Candidate]) -> set[Key]:
    """Return every key that the store is to be asked for."""
    return {key for candidate in listed for key in candidate.ladder}


def url_keys_of(listed: Iterable[Candidate], known: Mapping[Key, Known]) -> set[Key]:
    """Return the addresses to ask for: those of items that no key is known of."""
    return {one.url for one in listed if one.url and not any(key in known for key in one.ladder)}


def titles_of(listed: Sequence[Candidate], known: Mapping[Key, Known], by_url: Mapping[Key, Known]) -> set[str]:
    """Return the titles to ask for: those of unknown items at unknown addresses."""
    unknown = [one for one in listed if not _known_under(one, known)]
    return {one.item.title for one in unknown if one.item.title and not (one.url and one.url in by_url)}


def compare(
    listed: Sequence[Candidate],
    known: Mapping[Key, Known],
    by_url: Mapping[Key, Known],
    by_title: Mapping[str, Sequence[Known]] | None = None,
) -> tuple[Change, ...]:
    """Return what each listed item is to us, in the order of the document, each stored item at most once.

    ``known`` has what the store knows of ``keys_of(listed)``, ``by_url`` of ``url_keys_of(listed, known)``, ``by_title`` of
    ``titles_of(listed, known, by_url)``.

    The ladder: the guid; guid and address, if the guid is used for several items, with the title where the address is, too; without
    a guid the address; title and address, if the address is used for several items; without both the title, and with the text if
    several items have it. An unknown guid at a known address with the same title is the known item: the publisher changed its guids;
    so is one that only stands at another host, see ``_at_another_host``. If most of a document is unknown by
    its keys, and most of that is known by address, or by title and date, all of that is known: see ``_second_identities``.
    """
    changes: dict[Key, Change] = {}
    under = [_known_under(candidate, known) for candidate in listed]
    present = {one.key for one in under if one}
    unknown = [candidate for candidate, one in zip(listed, under, strict=True) if one is None]
    second = _second_identities(listed, unknown, known, by_url, by_title or {}, present)
    for candidate, one in zip(listed, under, strict=True):
        stored = one or second.get(candidate.ladder) or _moved(candidate, by_url, present)
        stored = stored or _at_another_host(candidate, by_title or {}, present)
        key, rung = (stored.key, _rung_of(stored.key)) if stored else _new_key(candidate, known, changes)
        changes.setdefault(key, _change(candidate, key, rung, stored, known))
    return tuple(changes.values())


def aliases_of(changes: Iterable[Change]) -> tuple[Alias, ...]:
    """Return the other keys under which known items are listed now."""
    return tuple(change.alias for change in changes if not isinstance(change, New) and change.alias)


def migrated(changes: Sequence[Change]) -> int:
    """Return how many known items got other keys at once, or 0 if it is not most of a document."""
    moved = len(aliases_of(changes))
    return moved if moved >= MIGRATION_ITEMS and _is_most(moved, len(changes)) else 0


def is_gap(changes: Sequence[Change]) -> bool:
    """Say whether a document shares no item with what was known: something may have come and gone unseen."""
    return bool(changes) and all(isinstance(change, New) for change in changes)


def _change(candidate: Candidate, key: Key, rung: Rung, stored: Known | None, known: Mapping[Key, Known]) -> Change:
    identified = Identified(key, rung, candidate.fingerprint, candidate.item, candidate.url)
    if stored is None:
        return New(identified)
    alias = _alias(candidate, stored, known)
    if stored.fingerprint == candidate.fingerprint:
        return Unchanged(stored, alias)
    return Updated(identified, stored, alias)


def _alias(candidate: Candidate, stored: Known, known: Mapping[Key, Known]) -> Alias | None:
    strong, weak = candidate.ladder[0], candidate.ladder[-1]
    if strong in known or weak in known:
        return None
    # The plain key, without the address or the text, unless several share it: it lasts longer.
    key = strong if candidate.is_shared else weak
    return Alias(stored.id, key, candidate.item.guid, candidate.item.url, candidate.url)


def _second_identities(
    listed: Sequence[Candidate],
    unknown: Sequence[Candidate],
    known: Mapping[Key, Known],
    by_url: Mapping[Key, Known],
    by_title: Mapping[str, Sequence[Known]],
    present: set[Key],
) -> dict[tuple[Key, ...], Known]:
    """Return the stored item of each item that is ``unknown`` by its keys, if a whole document was given other keys; else nothing.

    Titles repeat ("Das Wetter") and an address may show something else every day, so neither says much of one item alone.
    That most of a document is unknown and most of the unknown has a known second identity is no chance.
    """
    if not _is_most(len(unknown), len(listed)):
        return {}
    urls = Counter(one.url for one in listed)
    found: dict[tuple[Key, ...], Known] = {}
    taken = {known_one.id for known_one in known.values() if known_one.key in present}
    for one in unknown:
        stored = next((other for other in _seconds(one, urls, by_url, by_title) if other.id not in taken), None)
        if stored is not None:
            found[one.ladder] = stored
            taken.add(stored.id)
    return found if len(found) >= MIGRATION_ITEMS and _is_most(len(found), len(unknown)) else {}


def _seconds(
    one: Candidate, urls: Mapping[Key | None, int], by_url: Mapping[Key, Known], by_title: Mapping[str, Sequence[Known]]
) -> Iterator[Known]:
    if one.url and urls[one.url] == 1 and one.url in by_url:
        yield by_url[one.url]
    yield from (stored for stored in by_title.get(one.item.title, ()) if _is_same_news(one, stored))


def _is_same_news(one: Candidate, stored: Known) -> bool:
    """Say whether two items of one title are one: by their date, their whole text, or the path when only the host moved."""
    if one.item.published and stored.published:
        return one.item.published == stored.published
    return one.fingerprint == stored.fingerprint or _is_same_path(one, stored)


def _is_same_path(one: Candidate, stored: Known) -> bool:
    return bool(stored.url and one.item.url) and path_of(stored.url or "") == path_of(one.item.url or "") != ""


def _is_most(part: int, whole: int) -> bool:
    return 2 * part > whole


def _known_under(candidate: Candidate, known: Mapping[Key, Known]) -> Known | None:
    strong, weak = (candidate.guid_url, candidate.guid) if candidate.guid else (candidate.content, candidate.url or candidate.heading)
    if strong is not None and strong in known:
        return known[strong]
    stored = known.get(weak) if weak else None
    if stored is None or _is_reused(candidate, stored):
        return None
    return stored


def _is_reused(candidate: Candidate, stored: Known) -> bool:
    """Say whether what several items of this document share (a guid, an address, a title) stands for another than the stored one.

    A guid of one item alone is trusted, even if the address and the title both changed: ZEIT and SRF move and rename
    articles under one guid. See ``is_another_story`` for what that means for alerts.
    """
    if not candidate.is_shared:
        return False
    if candidate.heading:
        return candidate.fingerprint != stored.fingerprint
    if candidate.guid and _has_new_url(candidate.item, stored):
        return True
    if candidate.guid_url and not stored.url and _has_new_title(candidate.item, stored):
        return True
    return (candidate.is_titled or not candidate.guid) and _has_new_title(candidate.item, stored)


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
    stored = by_url.get(candidate.url) if candidate.url else None
    if stored is None or stored.key in present:
        return None
    return stored if stored.title == candidate.item.title or stored.fingerprint == candidate.fingerprint else None


def _at_another_host(candidate: Candidate, by_title: Mapping[str, Sequence[Known]], present: set[Key]) -> Known | None:
    """Return the stored item that differs by nothing but its host: of a site that moves back, or that answers under several names.

    Then most of a document is known, and no migration is seen. Path, title and date (or, without dates, the text) are enough.
    """
    for stored in by_title.get(candidate.item.title, ()):
        if stored.key not in present and _is_same_path(candidate, stored) and _is_same_moment(candidate, stored):
            return stored
    return None


def _is_same_moment(one: Candidate, stored: Known) -> bool:
    if one.item.published and stored.published:
        return one.item.published == stored.published
    return one.fingerprint == stored.fingerprint


def _new_key(candidate: Candidate, known: Mapping[Key, Known], taken: Mapping[Key, Change]) -> tuple[Key, Rung]:
    if candidate.guid:
        if candidate.guid_url and (candidate.guid in known or candidate.guid in taken):
            return candidate.guid_url, "guid+url"
        return candidate.guid, "guid"
    if candidate.url and not candidate.is_shared and candidate.url not in known:
        return candidate.url, "url"
    if candidate.heading and candidate.heading not in known and candidate.heading not in taken:
        return candidate.heading, "content"
    return candidate.content, "content"


def _rung_of(key: Key) -> Rung:
    rungs: dict[str, Rung] = {"g": "guid", "gu": "guid+url", "u": "url", "c": "content"}
    return rungs[key.partition(":")[0]]
