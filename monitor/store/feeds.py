"""Feeds: what the config names, and who polls which of them when."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor.core.model import Feed
from monitor.core.moves import host_of
from monitor.core.state import FeedState
from monitor.store.connection import Database, number
from monitor.store.rows import as_list
from monitor.store.sources import WELCOME
from monitor.store.states import feed_state

CLAIM = """
    UPDATE feeds SET lease_until = :until, leased_by = :owner, unfinished = unfinished + 1
    WHERE id IN (SELECT id FROM feeds WHERE {which} AND (lease_until IS NULL OR lease_until <= :now)
                 ORDER BY next_poll LIMIT :limit)
    RETURNING id, name, etag, last_modified, body_hash, baseline, failures, unfinished, validated_since, next_poll,
        coalesce(last_ok, added) AS well_since, moved_to, gone, habits, polls, owner, parent, url, heard, is_quiet,
        (SELECT group_concat(trouble) FROM troubles t WHERE t.feed_id = feeds.id AND t.ended IS NULL) AS troubles,
        (SELECT s.packed FROM slices s WHERE s.feed_id = feeds.id) AS slices,
        (SELECT o.name FROM feeds o WHERE o.id = feeds.owner) AS owner_name
"""

DUE = f"is_enabled AND owner IS NULL AND next_poll <= :now AND {WELCOME}"


class Feeds:
    """The feeds' part of the store."""

    _db: Database

    def sync_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make the database's feeds those of the config.

        New ones are due at once. One whose address changed is polled afresh: its first poll is a baseline, unless
        it lists items that we know; what was wrong with the old address is over, and nobody needs to be told. One with
        another interval is due by that. One that the config dropped is kept, and not polled any more.
        """
        sql = "SELECT name, address_hash, url, tags, language, kind, is_enabled, interval, engine FROM feeds WHERE owner IS NULL"
        known = {row["name"]: row for row in self._db.rows(sql)}
        wanted = [_values(feed, now) for feed in feeds]
        added = [values for values in wanted if values["name"] not in known]
        changed = [values for values in wanted if values["name"] in known and _differs(values, known[str(values["name"])])]
        names = {feed.name for feed in feeds}
        gone = [name for name, row in known.items() if name not in names and row["is_enabled"]]
        if not (added or changed or gone):
            return
        with self._db.transaction():
            self._db.run_many(
                """
                INSERT INTO feeds (name, url, address_hash, kind, language, tags, is_enabled, added, next_poll, host, interval, engine)
                VALUES (:name, :url, :address_hash, :kind, :language, :tags, :is_enabled, :now, :now, :host, :interval, :engine)
                ON CONFLICT (name) DO NOTHING
                """,
                added,
            )
            self._db.run_many(_END_TROUBLES, changed)
            self._db.run_many(_UPDATE, changed)
            self._db.run(
                "UPDATE feeds SET is_enabled = 0 WHERE name IN (SELECT value FROM json_each(?)) AND owner IS NULL",
                [as_list(gone)],
            )

    def claim_due(self, now: datetime, lease_until: datetime, owner: str, limit: int) -> list[FeedState]:
        """Lease up to ``limit`` due feeds that nobody polls now, the longest due first."""
        sql = CLAIM.format(which=DUE)
        values = {"now": number(now), "until": number(lease_until), "owner": owner, "limit": limit}
        if self._db.row(f"SELECT 1 FROM feeds WHERE {DUE} LIMIT 1", {"now": values["now"]}) is None:
            return []
        with self._db.transaction(durable=False):
            rows = self._db.rows(sql, values)
        return [feed_state(row) for row in sorted(rows, key=lambda row: float(row["next_poll"]))]

    def claim_named(self, names: Collection[str], now: datetime, lease_until: datetime, owner: str) -> list[FeedState]:
        """Lease the named feeds, due or not; those that another process polls now are left out."""
        sql = CLAIM.format(which="name IN (SELECT value FROM json_each(:names))")
        values = {"now": number(now), "until": number(lease_until), "owner": owner, "limit": -1, "names": as_list(names)}
        with self._db.transaction(durable=False):
            return [feed_state(row) for row in self._db.rows(sql, values)]

    def release_feed_leases(self, owner: str, now: datetime) -> None:
        """Give back what this owner has claimed and not settled; a poll that was stopped in order did not fail."""
        sql = """
            UPDATE feeds SET lease_until = NULL, leased_by = NULL, unfinished = max(unfinished - 1, 0), next_poll = min(next_poll, :now)
            WHERE leased_by = :owner
        """
        with self._db.transaction():
            self._db.run(sql, {"owner": owner, "now": number(now)})

    def release_all_leases(self, now: datetime) -> None:
        """Take back what a dead daemon had claimed: its feeds are due, of its messages nobody knows if they arrived."""
        with self._db.transaction():
            self._db.run("UPDATE feeds SET lease_until = NULL, leased_by = NULL WHERE lease_until IS NOT NULL")
            self._db.run("UPDATE pages SET lease_until = NULL WHERE lease_until IS NOT NULL")
            self._db.run(
                """
                UPDATE deliveries SET state = 'unknown', last_outcome = 'unknown', next_try = :now, lease_until = NULL, leased_by = NULL
                WHERE state = 'sending'
                """,
                {"now": number(now)},
            )

    def clamp_times(self, now: datetime, longest: Mapping[str, timedelta]) -> None:
        """Make due what a wrong clock has set further ahead than any poll or delivery is ever set.

        ``longest`` is the longest pause of each feed while it answers.
        """
        values = [{"name": name, "now": number(now), "longest": one.total_seconds()} for name, one in longest.items()]
        with self._db.transaction(durable=False):
            self._db.run_many(
                """
                UPDATE feeds SET next_poll = :now
                WHERE name = :name
                    AND next_poll > :now + :longest * 1.2 + CASE WHEN failures OR last_error IS NOT NULL THEN 96000 ELSE 0 END
                """,
                values,
            )
            self._db.run("UPDATE deliveries SET next_try = :now WHERE next_try > :now + 7200", {"now": number(now)})
            self._db.run("DELETE FROM hosts WHERE wait_until > :now + 96000", {"now": number(now)})
            self._db.run("UPDATE pages SET next_try = :now WHERE next_try > :now + 96000", {"now": number(now)})
            comments = {"now": number(now), "longest": max(longest.values(), default=timedelta()).total_seconds()}
            self._db.run("UPDATE feeds SET next_poll = :now WHERE owner IS NOT NULL AND next_poll > :now + :longest + 96000", comments)

    def shift_times(self, drift: timedelta) -> None:
        """Move every moment that something waits for, by as much as the clock jumped."""
        with self._db.transaction(durable=False):
            values = {"by": drift.total_seconds()}
            self._db.run("UPDATE feeds SET next_poll = next_poll + :by, lease_until = lease_until + :by", values)
            self._db.run("UPDATE hosts SET wait_until = wait_until + :by", values)
            self._db.run("UPDATE pages SET next_try = next_try + :by, lease_until = lease_until + :by", values)
            self._db.run(
                "UPDATE deliveries SET next_try = next_try + :by, lease_until = lease_until + :by WHERE state NOT IN ('sent', 'dead')",
                values,
            )


_UPDATE = """
    UPDATE feeds SET url = :url, kind = :kind, language = :language, tags = :tags, is_enabled = :is_enabled, engine = :engine,
        baseline = CASE WHEN address_hash <> :address_hash AND baseline = 'done' THEN 'moved' ELSE baseline END,
        etag = CASE WHEN address_hash = :address_hash THEN etag END,
        last_modified = CASE WHEN address_hash = :address_hash THEN last_modified END,
        body_hash = CASE WHEN address_hash = :address_hash THEN body_hash END,
        validated_since = CASE WHEN address_hash = :address_hash THEN validated_since END,
        failures = CASE WHEN address_hash = :address_hash THEN failures ELSE 0 END,
        next_poll = CASE WHEN address_hash <> :address_hash OR NOT is_enabled THEN :now
            WHEN interval IS NOT :interval AND failures = 0 THEN max(min(next_poll, coalesce(last_poll, 0) + :interval), :now)
            ELSE next_poll END,
        interval = :interval,
        host = CASE WHEN address_hash = :address_hash AND moved_to IS NOT NULL THEN host ELSE :host END,
        moved_to = CASE WHEN address_hash = :address_hash THEN moved_to END,
        gone = CASE WHEN address_hash = :address_hash THEN gone END,
        habits = CASE WHEN address_hash = :address_hash OR habits = '' THEN habits
            ELSE json_set(habits, '$.trust', json('[0,0,null]'), '$.move', NULL, '$.watch', json('[1,0,0]')) END,
        address_hash = :address_hash
    WHERE name = :name
"""

_END_TROUBLES = """
    UPDATE troubles SET ended = :now
    WHERE ended IS NULL AND feed_id = (SELECT id FROM feeds WHERE name = :name AND address_hash <> :address_hash)
"""


def _values(feed: Feed, now: datetime) -> dict[str, object]:
    return {
        "name": feed.name,
        "url": feed.shown_url,
        "address_hash": blake2b(feed.address.reveal().encode(), digest_size=16).hexdigest(),
        "kind": feed.kind,
        "language": feed.language,
        "tags": json.dumps(feed.tags, ensure_ascii=False),
        "is_enabled": int(feed.enabled),
        "host": host_of(feed.shown_url),
        "interval": feed.interval.total_seconds(),
        "engine": feed.engine,
        "now": number(now),
    }


def _differs(values: Mapping[str, object], row: Mapping[str, object]) -> bool:
    return any(
        values[name] != row[name] for name in ("address_hash", "url", "tags", "language", "kind", "is_enabled", "interval", "engine")
    )
