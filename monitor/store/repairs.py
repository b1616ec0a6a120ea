"""Gaps that are being repaired: which page comes next, and who fetches it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from monitor.core.ids import FeedId
from monitor.core.older import Older
from monitor.core.repair import PageRecord, Repair
from monitor.store.connection import Database, Row, moment, number, sure_moment
from monitor.store.rows import as_list

# Another gap before the first is repaired: the walk begins again, and goes as far back as the first one needs.
_BEGIN = """
    INSERT INTO repairs (feed_id, address_hash, page, url, gap, since, next_try)
    SELECT id, address_hash, :page, :url, :at, last_ok, :at FROM feeds WHERE id = :feed
    ON CONFLICT (feed_id) DO UPDATE SET page = :page, url = :url, tries = 0, next_try = :at, lease_until = NULL, leased_by = NULL,
        gap = CASE WHEN address_hash = excluded.address_hash THEN gap ELSE excluded.gap END,
        since = CASE WHEN address_hash = excluded.address_hash THEN since ELSE excluded.since END,
        address_hash = excluded.address_hash
"""

_CLAIM = """
    UPDATE repairs SET lease_until = :until, leased_by = :owner
    WHERE feed_id IN (
        SELECT r.feed_id FROM repairs r JOIN feeds f ON f.id = r.feed_id AND f.address_hash = r.address_hash AND f.is_enabled
        WHERE r.next_try <= :now AND (r.lease_until IS NULL OR r.lease_until <= :now)
            AND f.name IN (SELECT value FROM json_each(:names))
        ORDER BY r.next_try LIMIT :limit)
    RETURNING feed_id, (SELECT name FROM feeds WHERE id = feed_id) AS name, page, url, gap, since, tries,
        (SELECT moved_to FROM feeds WHERE id = feed_id) AS moved_to
"""

_GO_ON = """
    UPDATE repairs SET page = :page, url = :url, tries = :tries, next_try = :next_try, lease_until = :until,
        leased_by = CASE WHEN :until IS NULL THEN NULL ELSE :owner END
    WHERE feed_id = :feed AND leased_by = :owner
"""


class Repairs:
    """The part of the store that the walk to older pages uses."""

    _db: Database

    def claim_repairs(self, now: datetime, lease_until: datetime, owner: str, names: Collection[str], limit: int) -> list[Repair]:
        """Lease the next pages that are due, of these feeds; a dead process gives its own back when the lease ends."""
        if self._db.row("SELECT 1 FROM repairs WHERE next_try <= ? LIMIT 1", [number(now)]) is None:
            return []
        values = {"now": number(now), "until": number(lease_until), "owner": owner, "names": as_list(names), "limit": limit}
        with self._db.transaction(durable=False):
            return [_repair(row) for row in self._db.rows(_CLAIM, values)]

    def next_repair(self, names: Collection[str]) -> datetime | None:
        """Return when the next page of these feeds may be fetched, or None if there is nothing to repair."""
        sql = """
            SELECT min(max(r.next_try, coalesce(r.lease_until, 0)))
            FROM repairs r JOIN feeds f ON f.id = r.feed_id AND f.address_hash = r.address_hash AND f.is_enabled
            WHERE f.name IN (SELECT value FROM json_each(?))
        """
        return moment(self._db.scalar(sql, [as_list(names)]))

    def release_repairs(self, owner: str | None = None) -> None:
        """Give back the pages that this owner, or anybody, has claimed."""
        with self._db.transaction(durable=False):
            sql = "UPDATE repairs SET lease_until = NULL, leased_by = NULL WHERE :owner IS NULL OR leased_by = :owner"
            self._db.run(sql, {"owner": owner})

    def _begin_repair(self, feed: FeedId, page: Older, at: datetime) -> None:
        self._db.run(_BEGIN, {"feed": feed, "page": page.number, "url": page.url, "at": number(at)})

    def _settle_repair(self, record: PageRecord) -> None:
        if record.owner is None:
            return
        values = {"feed": record.feed, "owner": record.owner}
        if record.next is not None:
            place = {"page": record.next.number, "url": record.next.url, "tries": record.tries, "next_try": number(record.next_try)}
            self._db.run(_GO_ON, values | place | {"until": number(record.lease_until)})
        elif self._db.run("DELETE FROM repairs WHERE feed_id = :feed AND leased_by = :owner", values):
            self._db.run("UPDATE feeds SET repair_ended = ? WHERE id = ?", [record.ended, record.feed])


def _repair(row: Row) -> Repair:
    page = Older(row["page"], row["url"])
    gap, since = sure_moment(row["gap"]), moment(row["since"])
    return Repair(FeedId(row["feed_id"]), row["name"], page, gap, since, row["tries"], row["moved_to"])
