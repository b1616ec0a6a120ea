"""What feeds repeat, packed: one small value a feed."""

from __future__ import annotations

import struct
import zlib

from monitor.core.habits import Learned, Seen
from monitor.core.ids import FeedId
from monitor.store.connection import Database

# Written before every value: one that is packed in another way is as good as none, for a feed soon shows its noise again.
_FORMAT = 1
_HEAD = struct.Struct("<IBB")
# In the place of a number among the masks: the item has no first sentence, or it is not remembered.
_NONE = 255


class Noise:
    """The part of the store that remembers page noise."""

    _db: Database

    def learned(self, feed: FeedId) -> Learned:
        """Return what is known of a feed's habits."""
        row = self._db.row("SELECT learned FROM noise WHERE feed_id = ?", [feed])
        return unpacked(row["learned"]) if row else Learned()

    def learned_of(self, name: str) -> Learned:
        """Return what is known of the habits of the feed with this name."""
        row = self._db.row("SELECT n.learned FROM noise n JOIN feeds f ON f.id = n.feed_id WHERE f.name = ?", [name])
        return unpacked(row["learned"]) if row else Learned()

    def _keep_learned(self, feed: FeedId, learned: Learned) -> None:
        sql = """
            INSERT INTO noise (feed_id, learned) VALUES (:feed, :learned)
            ON CONFLICT (feed_id) DO UPDATE SET learned = :learned
        """
        self._db.run(sql, {"feed": feed, "learned": packed(learned)})


def packed(learned: Learned) -> bytes:
    """Return a value to store. Lines that repeat are the same bytes in the same order, so they take next to no room."""
    return bytes([_FORMAT]) + zlib.compress(b"".join(_packed_one(one) for one in learned.seen), 6)


def _packed_one(one: Seen) -> bytes:
    lead = one.masks.index(one.lead) if one.lead in one.masks else _NONE
    return struct.pack(f"<IBB{len(one.masks)}I", one.item, lead, len(one.masks), *one.masks)


def unpacked(value: bytes) -> Learned:
    """Return what ``packed`` packed; nothing, if it was packed by another version."""
    if not value or value[0] != _FORMAT:
        return Learned()
    rest, at, seen = zlib.decompress(value[1:]), 0, []
    while at < len(rest):
        item, lead, count = _HEAD.unpack_from(rest, at)
        at += _HEAD.size
        masks = struct.unpack_from(f"<{count}I", rest, at)
        seen.append(Seen(item, 0 if lead == _NONE else masks[lead], masks))
        at += 4 * count
    return Learned(tuple(seen))
