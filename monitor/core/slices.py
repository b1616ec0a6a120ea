"""What is remembered of a feed's last document: which item each of its slices is, so that it need not be read again.

Remembered is only what is plain: an item that has its guid (or, without one, its address) alone, and is stored as the
slice has it. Then an unchanged slice is that item, unchanged, whatever else the document lists; unless something new in it
lays claim to the same guid, and then the whole document is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from monitor.core.document import Parsed
from monitor.core.identity import Candidate, known_candidate, outer_key
from monitor.core.model import Key
from monitor.core.record import Change, Unchanged
from monitor.core.state import Known

HASH_BYTES = 16


def pack(memory: Mapping[bytes, Key]) -> bytes:
    """Return slices and their keys as they are stored: hash, length of the key, key."""
    return b"".join(name + bytes([len(key)]) + key.encode("ascii") for name, key in memory.items())


def unpack(packed: bytes) -> dict[bytes, Key]:
    """Return what was packed."""
    memory, at = {}, 0
    while at < len(packed):
        start = at + HASH_BYTES + 1
        end = start + packed[start - 1]
        memory[packed[at : start - 1]] = Key(packed[start:end].decode("ascii"))
        at = end
    return memory


def unchanged_keys(parsed: Parsed, memory: Mapping[bytes, Key]) -> list[Key]:
    """Return the keys of the listed items that were not read because they are known."""
    return list(dict.fromkeys(memory[name] for name in parsed.slices if name in memory))


def listed(unchanged: Sequence[Key], fresh: Sequence[Candidate], known: Mapping[Key, Known]) -> tuple[Candidate, ...] | None:
    """Return all items of a document, those that were not read too; None if the whole document has to be read after all.

    ``known`` has what the store knows of all their keys.
    """
    missing = any(key not in known for key in unchanged)
    if missing or {outer_key(candidate) for candidate in fresh} & set(unchanged):
        return None
    return (*(known_candidate(key, known[key]) for key in unchanged), *fresh)


def remembered(parsed: Parsed, memory: Mapping[bytes, Key], fresh: Iterable[Candidate], seen: Iterable[Change]) -> dict[bytes, Key]:
    """Return what to remember of a document: the slices of items that are stored as they are listed."""
    stored = {_key(change): change for change in seen}
    plain = {id(one.item): outer_key(one) for one in fresh if not one.is_shared and _is_stored(one, stored.get(outer_key(one)))}
    items = iter(parsed.items)
    keys = ((name, memory[name] if name in memory else plain.get(id(next(items)))) for name in parsed.slices)
    return {name: key for name, key in keys if key is not None}


def _key(change: Change) -> Key:
    return change.known.key if isinstance(change, Unchanged) else change.identified.key


def _is_stored(candidate: Candidate, change: Change | None) -> bool:
    match change:
        case None:
            return False
        case Unchanged(known):
            return known.fingerprint == candidate.fingerprint
        case _:
            return change.identified.item is candidate.item
