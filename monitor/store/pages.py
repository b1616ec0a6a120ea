"""Articles' pages that are still to be read: kept with their items, claimed with a lease, committed with what they bring."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from monitor.core.following import Follow, Wanted
from monitor.core.ids import FeedId, ItemId
from monitor.core.model import Item, Key, StoredItem
from monitor.core.record import Committed, Finding
from monitor.core.teaser import Claimed, PageState
from monitor.store.comments import Comments
from monitor.store.connection import Row, moment, number
from monitor.store.rows import ITEM_COLUMNS, as_list, stored_item

# One page of a feed at a time: its site has the feed itself to serve.
_CLAIM = """
    UPDATE pages SET lease_until = :until
    WHERE item_id IN (SELECT item_id FROM (
        SELECT p.item_id, min(p.next_try) FROM pages p JOIN items i ON i.id = p.item_id JOIN feeds f ON f.id = i.feed_id
        WHERE p.next_try <= :now AND (p.lease_until IS NULL OR p.lease_until <= :now)
            AND f.name IN (SELECT value FROM json_each(:feeds))
            AND i.feed_id NOT IN (SELECT j.feed_id FROM pages q JOIN items j ON j.id = q.item_id WHERE q.lease_until > :now)
        GROUP BY i.feed_id ORDER BY 2 LIMIT :limit))
    RETURNING item_id
"""

_CLAIMED = f"""
    SELECT {ITEM_COLUMNS}, p.attempts, p.silence, i.url_key, i.feed_id, f.title AS feed_title,
        (SELECT json_group_array(DISTINCT m.rule) FROM matches m WHERE m.item_id = i.id) AS rules,
        (SELECT json_group_array(DISTINCT m.rule) FROM matches m WHERE m.item_id = i.id AND m.alert_reason IS NULL) AS told
    FROM pages p JOIN items i ON i.id = p.item_id JOIN feeds f ON f.id = i.feed_id
    WHERE p.item_id IN (SELECT value FROM json_each(:ids))
"""

_WANT = """
    INSERT INTO pages (item_id, revision, silence, attempts, next_try, error)
    VALUES (:item, :revision, :silence, :attempts, :next_try, :error)
    ON CONFLICT (item_id) DO UPDATE SET revision = :revision, silence = :silence, attempts = :attempts, next_try = :next_try,
        error = :error, lease_until = NULL
"""

# The fingerprint stays: it is that of what the feed says, which has not changed.
_TAKE_TEXT = """
    UPDATE items SET revision = revision + 1, changed = :at, summary = :summary, content = :content, language = :language
    WHERE id = :item AND revision = :revision RETURNING revision
"""

_KEEP_REVISION = """
    INSERT INTO revisions (item_id, revision, seen, fingerprint, title, summary, content)
    SELECT id, revision, :at, fingerprint, title, summary, content FROM items WHERE id = :item AND revision = :revision
    ON CONFLICT DO NOTHING
"""


class Pages(Comments):
    """The part of the store that waits for pages."""

    _add_findings: Callable[[ItemId, int, Iterable[Finding], float | None], Committed]

    def claim_pages(self, now: datetime, lease_until: datetime, limit: int, feeds: Collection[str]) -> list[Claimed]:
        """Lease up to ``limit`` due pages of these feeds, one of each at most."""
        if self._db.row("SELECT 1 FROM pages WHERE next_try <= ? LIMIT 1", [number(now)]) is None:
            return []
        values = {"now": number(now), "until": number(lease_until), "limit": limit, "feeds": as_list(feeds)}
        with self._db.transaction(durable=False):
            ids = [row["item_id"] for row in self._db.rows(_CLAIM, values)]
            rows = self._db.rows(_CLAIMED, {"ids": as_list(ids)})
        return [_claimed(row) for row in rows]

    def keep_page(self, item: ItemId, wanted: Wanted) -> None:
        """Note that a page could not be read, and when it is tried again."""
        sql = "UPDATE pages SET attempts = :attempts, next_try = :next_try, error = :error, lease_until = NULL WHERE item_id = :item"
        values = {"item": item, "attempts": wanted.attempts, "next_try": number(wanted.next_try), "error": wanted.error}
        with self._db.transaction(durable=False):
            self._db.run(sql, values)

    def commit_text(
        self, stored: StoredItem, item: Item, findings: Iterable[Finding], follow: Follow | None, still: Wanted | None, at: datetime
    ) -> Committed:
        """Write what a page brought as the item's next revision, with what the rules found in it, or nothing.

        ``still``: it is to be read again. An item that was edited meanwhile is left alone: its edit asked for the page again.
        """
        texts = (item.summary, item.content) != (stored.item.summary, stored.item.content)
        values = {"item": stored.id, "revision": stored.revision, "at": number(at)}
        with self._db.transaction():
            if self._db.scalar("SELECT revision FROM items WHERE id = ?", [stored.id]) != stored.revision:
                return Committed()
            self._want_page(stored.id, stored.revision, still)
            self._db.run("UPDATE items SET comments_feed = ? WHERE id = ?", [item.comments_feed, stored.id])
            if follow:
                self._follow(self._feed_of(stored.id), stored.id, follow, number(at))
            if not texts:
                return Committed()
            self._db.run(_KEEP_REVISION, values)
            changed = {**values, "summary": item.summary, "content": item.content, "language": item.language}
            revision = self._db.scalar(_TAKE_TEXT, changed)
            return self._add_findings(stored.id, revision, findings, number(at))

    def _feed_of(self, item: ItemId) -> FeedId:
        return FeedId(self._db.scalar("SELECT feed_id FROM items WHERE id = ?", [item]))

    def page_state(self, item: ItemId) -> PageState | None:
        """Return what became of an item's page, or None if it was read or not asked for."""
        row = self._db.row("SELECT * FROM pages WHERE item_id = ?", [item])
        return PageState(item, row["attempts"], moment(row["next_try"]), row["error"]) if row else None

    def _want_page(self, item: ItemId, revision: int, wanted: Wanted | None) -> None:
        if wanted is None:
            self._db.run("DELETE FROM pages WHERE item_id = ?", [item])
            return
        values = {"item": item, "revision": revision, "silence": wanted.silence, "attempts": wanted.attempts}
        self._db.run(_WANT, values | {"next_try": number(wanted.next_try), "error": wanted.error})


def _claimed(row: Row) -> Claimed:
    return Claimed(
        item=stored_item(row),
        attempts=row["attempts"],
        silence=row["silence"],
        rules=frozenset(json.loads(row["rules"])),
        told=frozenset(json.loads(row["told"])),
        url_key=None if row["url_key"] is None else Key(row["url_key"]),
        home=FeedId(row["feed_id"]),
        feed_title=row["feed_title"],
    )
