"""Comment feeds: rows of ``feeds`` with an owner. They are added with the items, claimed on their own, and end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import blake2b

from monitor.core.comments import SWITCHED_OFF
from monitor.core.following import Facts, Follow, Hint
from monitor.core.ids import FeedId, ItemId
from monitor.core.model import Feed, Key
from monitor.core.moves import host_of
from monitor.core.record import PollRecord
from monitor.core.state import FeedState
from monitor.store.connection import Database, number
from monitor.store.feeds import CLAIM
from monitor.store.rows import as_list
from monitor.store.sources import WELCOME
from monitor.store.states import feed_state

# One of an owner, and none of an owner that has one under way: with hundreds due, the owner's own feed still finds its
# host's other slot.
_CLAIMABLE = f"""
    id IN (SELECT id FROM (
        SELECT id, min(next_poll) FROM feeds
        WHERE owner IS NOT NULL AND is_enabled AND next_poll <= :now AND {WELCOME} AND (lease_until IS NULL OR lease_until <= :now)
            AND owner NOT IN (SELECT owner FROM feeds WHERE owner IS NOT NULL AND lease_until > :now)
            AND (:owners = '[]' OR owner IN (SELECT id FROM feeds WHERE name IN (SELECT value FROM json_each(:owners))))
        GROUP BY owner ORDER BY 2 LIMIT :limit))
"""

# A comment feed that two feeds of a site lead to is followed once.
_FOLLOW = """
    INSERT INTO feeds (name, url, address_hash, kind, language, tags, parent, owner, is_quiet, heard, added, next_poll, host, interval)
    SELECT name || '/' || coalesce(:item, 'comments'), :url, :hash, 'comment', language, tags, :item, id, :is_quiet, :heard, :at, :at,
        :host, interval
    FROM feeds WHERE id = :owner
        AND NOT EXISTS (SELECT 1 FROM feeds f WHERE f.owner IS NOT NULL AND f.address_hash = :hash AND f.is_enabled)
    ON CONFLICT (name) DO NOTHING
"""

_RESUME_SITE = """
    UPDATE feeds SET is_enabled = 1, ended = NULL, end_reason = NULL, next_poll = :at, failures = 0
    WHERE owner = :owner AND parent IS NULL AND NOT is_enabled AND end_reason <> :off AND failures = 0
"""

# Without validators: they do not move when a comment is approved.
_HURRY = """
    UPDATE feeds SET next_poll = min(next_poll, :at), etag = NULL, last_modified = NULL, ended = NULL, end_reason = NULL,
        is_enabled = 1, heard = CASE WHEN ended IS NULL AND NOT :is_comment THEN heard ELSE :at END
    WHERE parent = :item AND owner IS NOT NULL AND end_reason IS NOT :off
"""

_PARENTS = """
    SELECT id, guid, url, url_key FROM items
    WHERE kind = 'article' AND (:feed IS NULL OR feed_id = :feed)
        AND (guid IN (SELECT value FROM json_each(:guids)) OR url_key IN (SELECT value FROM json_each(:urls)))
    ORDER BY id DESC
"""

_END_SITE = """
    UPDATE feeds SET is_enabled = 0, ended = :at, end_reason = :reason
    WHERE owner = (SELECT owner FROM feeds WHERE id = :feed) AND parent IS NULL AND is_enabled
        AND NOT EXISTS (SELECT 1 FROM feeds a WHERE a.owner = feeds.owner AND a.parent IS NOT NULL AND a.is_enabled)
"""


class Comments:
    """The part of the store that follows comments."""

    _db: Database

    def claim_comments(self, now: datetime, lease_until: datetime, owner: str, limit: int, owners: Collection[str] = ()) -> list[FeedState]:
        """Lease up to ``limit`` due comment feeds, one of each feed at most; only of ``owners``, if there are any."""
        if self._db.row("SELECT 1 FROM feeds WHERE owner IS NOT NULL AND is_enabled AND next_poll <= ? LIMIT 1", [number(now)]) is None:
            return []
        values = {"now": number(now), "until": number(lease_until), "owner": owner, "limit": limit, "owners": as_list(owners)}
        with self._db.transaction(durable=False):
            rows = self._db.rows(CLAIM.format(which=_CLAIMABLE), values)
        return [feed_state(row) for row in rows]

    def sync_comments(self, feeds: Sequence[Feed], now: datetime) -> None:
        """End the comment feeds of feeds whose comments the config does not want any more; take up again those that it wants again."""
        wanted = as_list(feed.name for feed in feeds if feed.enabled and feed.comments != "none")
        values = {"wanted": wanted, "now": number(now), "off": SWITCHED_OFF}
        owners = "owner IN (SELECT id FROM feeds WHERE owner IS NULL AND name IN (SELECT value FROM json_each(:wanted)))"
        if self._db.row("SELECT 1 FROM feeds WHERE owner IS NOT NULL LIMIT 1") is None:
            return
        with self._db.transaction():
            self._db.run(
                f"""
                UPDATE feeds SET is_enabled = 0, ended = :now, end_reason = :off
                WHERE owner IS NOT NULL AND is_enabled AND NOT {owners}
                """,
                values,
            )
            self._db.run(
                f"""
                UPDATE feeds SET is_enabled = 1, ended = NULL, end_reason = NULL, next_poll = :now
                WHERE end_reason = :off AND {owners}
                """,
                values,
            )

    def known_comments(self, keys: Collection[Key]) -> dict[Key, list[tuple[ItemId, FeedId, str | None]]]:
        """Return the comments that are stored under each of these keys in any feed: number, feed, address."""
        sql = "SELECT id, feed_id, key, url FROM items WHERE kind = 'comment' AND key IN (SELECT value FROM json_each(?))"
        found: dict[Key, list[tuple[ItemId, FeedId, str | None]]] = {}
        for row in self._db.rows(sql, [as_list(keys)]):
            found.setdefault(Key(row["key"]), []).append((ItemId(row["id"]), FeedId(row["feed_id"]), row["url"]))
        return found

    def articles(
        self, feed: FeedId | None, guids: Collection[str], url_keys: Collection[Key]
    ) -> list[tuple[ItemId, str | None, str | None, Key | None]]:
        """Return the articles with one of these guids or addresses, of one feed or of all: number, guid, address, address key."""
        values = {"feed": feed, "guids": as_list(guids), "urls": as_list(url_keys)}
        return [(ItemId(row["id"]), row["guid"], row["url"], row["url_key"]) for row in self._db.rows(_PARENTS, values)]

    def listened_to(self, items: Collection[ItemId]) -> set[ItemId]:
        """Return those of the items whose comment feed is followed and was polled before."""
        sql = "SELECT parent FROM feeds WHERE parent IN (SELECT value FROM json_each(?)) AND is_enabled AND baseline = 'done'"
        return {ItemId(row["parent"]) for row in self._db.rows(sql, [as_list(items)])}

    def comment_facts(self, items: Collection[ItemId]) -> dict[ItemId, Facts]:
        """Return what is stored of these items' comments."""
        sql = """
            SELECT i.id, i.comments_count, i.comments_feed, EXISTS (SELECT 1 FROM feeds f WHERE f.parent = i.id) AS has_watch
            FROM items i WHERE i.id IN (SELECT value FROM json_each(?))
        """
        rows = self._db.rows(sql, [as_list(items)])
        return {ItemId(row["id"]): Facts(row["comments_count"], row["comments_feed"], bool(row["has_watch"])) for row in rows}

    def _follow(self, owner: FeedId, item: ItemId | None, follow: Follow, at: float | None) -> None:
        values = {"owner": owner, "item": item, "url": follow.address, "is_quiet": int(follow.is_quiet), "at": at}
        values |= {
            "hash": blake2b(follow.address.encode(), digest_size=16).hexdigest(),
            "heard": number(follow.heard),
            "host": host_of(follow.address),
        }
        self._db.run(_FOLLOW, values)
        if item is None:
            # It ended with the last article's feed, and there is one again.
            self._db.run(_RESUME_SITE, values | {"off": SWITCHED_OFF})

    def _take_hint(self, hint: Hint, at: float | None) -> None:
        sql = "UPDATE items SET comments_count = :count, comments_feed = coalesce(:address, comments_feed) WHERE id = :item"
        self._db.run(sql, {"item": hint.item, "count": hint.count, "address": hint.address})
        self._hurry(hint.item, at, is_comment=False)

    def _hurry(self, item: ItemId, at: float | None, *, is_comment: bool) -> None:
        """Let an article's comment feed be due now: there is a sign of new comments, or another feed brought one."""
        self._db.run(_HURRY, {"item": item, "at": at, "is_comment": int(is_comment), "off": SWITCHED_OFF})

    def _take_turn(self, record: PollRecord) -> None:
        if (turn := record.following.turn) is None:
            return
        sql = """
            UPDATE feeds SET heard = :heard, end_reason = :reason, ended = CASE WHEN :reason IS NOT NULL THEN :at END,
                is_enabled = :reason IS NULL
            WHERE id = :feed AND end_reason IS NULL
        """
        self._db.run(sql, {"feed": record.feed, "heard": number(turn.heard), "reason": turn.end_reason, "at": number(record.at)})
        if turn.end_reason:
            self._db.run(_END_SITE, {"feed": record.feed, "at": number(record.at), "reason": "no article's comments are followed any more"})
