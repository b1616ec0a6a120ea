"""What the commands list, newest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.ids import DeliveryId, ItemId
from monitor.core.model import StoredItem
from monitor.core.rows import AlertState, CommentFeedRow, DeliveryRow, FeedRow, MatchRow, ValidatorsState
from monitor.store.connection import Database, Row, moment, number, sure_moment
from monitor.store.rows import ITEM_COLUMNS, as_list, evidence, stored_item

if TYPE_CHECKING:
    from monitor.core.diff import Revision

_MATCHES = f"""
    SELECT {ITEM_COLUMNS}, m.id AS match_id, m.rule, m.severity, m.matched_at, m.revision AS match_revision, m.evidence, m.alert_reason,
        (SELECT group_concat(d.state) FROM alerts a JOIN deliveries d ON d.alert_id = a.id WHERE a.match_id = m.id) AS states
    FROM matches m JOIN items i ON i.id = m.item_id JOIN feeds f ON f.id = i.feed_id
    WHERE (:rule IS NULL OR m.rule = :rule) AND (:feed IS NULL OR f.name = :feed)
        AND (:since IS NULL OR m.matched_at >= :since) AND (:until IS NULL OR m.matched_at < :until)
        AND (:kinds IS NULL OR i.kind IN (SELECT value FROM json_each(:kinds)))
        AND (:entity IS NULL OR EXISTS (
            SELECT 1 FROM json_each(m.evidence) e
            WHERE json_extract(e.value, '$[1]') = :entity OR instr(json_extract(e.value, '$[1]'), :entity || ':') = 1
        ))
    ORDER BY m.matched_at DESC, m.id DESC LIMIT :limit
"""

_ITEMS = f"""
    SELECT {ITEM_COLUMNS} FROM items i JOIN feeds f ON f.id = i.feed_id
    WHERE (:feed IS NULL OR f.name = :feed) AND (:since IS NULL OR i.first_seen >= :since)
        AND (:kinds IS NULL OR i.kind IN (SELECT value FROM json_each(:kinds)))
    ORDER BY i.first_seen DESC, i.id DESC LIMIT :limit
"""

_SEARCH = f"""
    SELECT {ITEM_COLUMNS} FROM items_fts JOIN items i ON i.id = items_fts.rowid JOIN feeds f ON f.id = i.feed_id
    WHERE items_fts MATCH :query AND (:since IS NULL OR i.first_seen >= :since)
    ORDER BY items_fts.rank LIMIT :limit
"""

_BATCH = f"""
    SELECT {ITEM_COLUMNS} FROM items i JOIN feeds f ON f.id = i.feed_id
    WHERE i.id > :after AND i.forgotten IS NULL AND (:feeds = '[]' OR f.name IN (SELECT value FROM json_each(:feeds)))
        AND (:since IS NULL OR i.first_seen >= :since) AND (:until IS NULL OR i.first_seen < :until)
    ORDER BY i.id LIMIT :limit
"""

_FEEDS = """
    SELECT f.*, CASE WHEN json_valid(f.habits) THEN json_extract(f.habits, '$.trust[0]') END AS is_lying,
        CASE WHEN json_valid(f.habits) THEN json_extract(f.habits, '$.trust[1]') END AS agreed,
        r.page AS repair_page, (SELECT count(*) FROM items i WHERE i.feed_id = f.id) AS items,
        (SELECT wait_until FROM hosts h WHERE h.host = f.host AND h.wait_until > f.next_poll AND f.interval >= 60) AS waits_until,
        (SELECT group_concat(trouble) FROM (SELECT trouble FROM troubles WHERE feed_id = f.id AND ended IS NULL ORDER BY id)) AS troubles,
        (SELECT count(*) FROM feeds c WHERE c.owner = f.id AND c.parent IS NOT NULL AND c.is_enabled) AS comment_feeds,
        (SELECT count(*) FROM feeds c WHERE c.owner = f.id AND c.is_enabled AND c.failures > 0) AS comment_feeds_failing
    FROM feeds f LEFT JOIN repairs r ON r.feed_id = f.id AND r.address_hash = f.address_hash
    WHERE f.owner IS NULL ORDER BY f.name
"""

_DELIVERIES = """
    SELECT d.*, m.rule, m.item_id, coalesce(i.title, t.detail) AS title, f.name AS feed,
        t.trouble || CASE WHEN a.is_end THEN ' over' ELSE '' END AS trouble
    FROM deliveries d JOIN alerts a ON a.id = d.alert_id LEFT JOIN matches m ON m.id = a.match_id
        LEFT JOIN items i ON i.id = m.item_id LEFT JOIN troubles t ON t.id = a.trouble_id
        JOIN feeds f ON f.id = coalesce(i.feed_id, t.feed_id)
    WHERE (:state IS NULL OR d.state = :state) AND (:item IS NULL OR m.item_id = :item)
    ORDER BY d.id DESC LIMIT :limit
"""


_COMMENT_FEEDS = """
    SELECT c.*, o.name AS owner_name, p.title AS article,
        (SELECT count(*) FROM items i WHERE i.parent = c.parent) AS comments
    FROM feeds c JOIN feeds o ON o.id = c.owner LEFT JOIN items p ON p.id = c.parent
    WHERE :owner IS NULL OR o.name = :owner ORDER BY o.name, c.ended IS NOT NULL, c.id DESC
"""


class Reads:
    """The part of the store that lists."""

    _db: Database

    def match_rows(
        self,
        rule: str | None = None,
        feed: str | None = None,
        entity: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        kinds: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> list[MatchRow]:
        """Return matches, newest first. ``entity`` is an entity's name, or that of a list: then any of its entities will do."""
        values = {"rule": rule, "feed": feed, "entity": entity, "since": number(since), "until": number(until)}
        values |= {"kinds": as_list(kinds) if kinds else None, "limit": _limit(limit)}
        return [_match_row(row) for row in self._db.rows(_MATCHES, values)]

    def item_rows(
        self, feed: str | None = None, kinds: Sequence[str] | None = None, since: datetime | None = None, limit: int | None = None
    ) -> list[StoredItem]:
        """Return stored items, newest first."""
        values = {"feed": feed, "since": number(since), "kinds": as_list(kinds) if kinds else None, "limit": _limit(limit)}
        return [stored_item(row) for row in self._db.rows(_ITEMS, values)]

    def search_rows(self, query: str, since: datetime | None = None, limit: int | None = None) -> list[StoredItem]:
        """Return items that hold every word of ``query``, the best fitting first.

        The query is words, never FTS5's own language: what a person types cannot be a syntax error. A word that
        ends in ``*`` stands for all that begin so; words between double quotes stand together.
        """
        wanted = _fts_query(query)
        if not wanted:
            return []
        return [stored_item(row) for row in self._db.rows(_SEARCH, {"query": wanted, "since": number(since), "limit": _limit(limit)})]

    def stored_items(
        self, feeds: Sequence[str], since: datetime | None, until: datetime | None, after: ItemId | None, limit: int
    ) -> list[StoredItem]:
        """Return the next items after ``after``, oldest first, whose texts are not forgotten."""
        values = {"feeds": as_list(feeds), "since": number(since), "until": number(until), "after": after or 0, "limit": limit}
        return [stored_item(row) for row in self._db.rows(_BATCH, values)]

    def count_stored(self, since: datetime | None = None) -> int:
        """Return how many items ``stored_items`` has from ``since`` on."""
        sql = "SELECT count(*) AS count FROM items WHERE forgotten IS NULL AND (:since IS NULL OR first_seen >= :since)"
        return int(self._db.rows(sql, {"since": number(since)})[0]["count"])

    def baselines(self) -> dict[str, datetime]:
        """Return when each feed that has items brought its first."""
        sql = "SELECT f.name, (SELECT min(i.first_seen) FROM items i WHERE i.feed_id = f.id) AS first FROM feeds f"
        return {row["name"]: sure_moment(row["first"]) for row in self._db.rows(sql) if row["first"] is not None}

    def matches_by_entity(self) -> dict[str, int]:
        """Return how many matches have each entity in their evidence."""
        sql = """
            SELECT json_extract(e.value, '$[1]') AS entity, count(DISTINCT m.id) AS matches
            FROM matches m, json_each(m.evidence) e WHERE entity IS NOT NULL GROUP BY entity
        """
        return {row["entity"]: row["matches"] for row in self._db.rows(sql)}

    def find_item(self, text: str) -> list[StoredItem]:
        """Return the items with this id, address or guid."""
        where = "i.id = :id" if text.isascii() and text.isdigit() and len(text) < 19 else "i.url = :text OR i.guid = :text"
        sql = f"SELECT {ITEM_COLUMNS} FROM items i JOIN feeds f ON f.id = i.feed_id WHERE {where} ORDER BY i.id"
        values = {"text": text, "id": int(text) if where.startswith("i.id") else 0}
        return [stored_item(row) for row in self._db.rows(sql, values)]

    def feed_rows(self) -> list[FeedRow]:
        """Return all feeds with their health, by name."""
        return [self._feed_row(row) for row in self._db.rows(_FEEDS)]

    def comment_feed_rows(self, owner: str | None = None) -> list[CommentFeedRow]:
        """Return the comment feeds, of one feed or of all: those that are followed first."""
        return [
            CommentFeedRow(
                name=row["name"],
                feed=row["owner_name"],
                item=row["parent"],
                article=row["article"] or "",
                url=row["url"],
                last_poll=moment(row["last_poll"]),
                next_poll=None if row["ended"] else moment(row["next_poll"]),
                heard=sure_moment(row["heard"]),
                comments=row["comments"],
                failures=row["failures"],
                error=row["last_error"],
                ended=moment(row["ended"]),
                end_reason=row["end_reason"],
                gaps=row["gaps"],
            )
            for row in self._db.rows(_COMMENT_FEEDS, {"owner": owner})
        ]

    def delivery_rows(self, state: str | None = None, limit: int | None = None, item: ItemId | None = None) -> list[DeliveryRow]:
        """Return deliveries, newest first: all, or those in one state, or those about one item."""
        values = {"state": state, "limit": _limit(limit), "item": item}
        return [_delivery_row(row) for row in self._db.rows(_DELIVERIES, values)]

    def matches_of(self, item: ItemId) -> list[MatchRow]:
        """Return the matches of one item, newest first."""
        sql = _MATCHES.replace("WHERE (:rule", "WHERE i.id = :item AND (:rule", 1)
        empty = dict.fromkeys(("rule", "feed", "entity", "since", "until", "kinds"))
        return [_match_row(row) for row in self._db.rows(sql, empty | {"item": item, "limit": -1})]

    def revisions_of(self, item: ItemId) -> list[Revision]:
        """Return what an item said before its edits, the oldest first."""
        from monitor.core.diff import Revision

        sql = "SELECT revision, seen, title, summary, content FROM revisions WHERE item_id = ? ORDER BY revision"
        return [
            Revision(row["revision"], sure_moment(row["seen"]), row["title"], row["summary"], row["content"])
            for row in self._db.rows(sql, [item])
        ]

    def _feed_row(self, row: Row) -> FeedRow:
        return FeedRow(
            name=row["name"],
            url=row["url"],
            title=row["title"],
            is_enabled=bool(row["is_enabled"]),
            last_poll=moment(row["last_poll"]),
            last_ok=moment(row["last_ok"]),
            last_new=moment(row["last_new"]),
            next_poll=None if row["gone"] else moment(max(row["next_poll"], row["waits_until"] or 0)),
            status=row["last_status"],
            error=row["last_error"],
            failures=row["failures"],
            items=row["items"],
            gaps=row["gaps"],
            last_gap=moment(row["last_gap"]),
            latency=self._latency(row["id"]),
            validators=_validators_state(row),
            moved_to=row["moved_to"],
            gone=moment(row["gone"]),
            waits_until=moment(row["waits_until"]),
            troubles=tuple(row["troubles"].split(",")) if row["troubles"] else (),
            overlap=row["overlap"],
            repair_page=row["repair_page"],
            repair_ended=row["repair_ended"],
            migrated=row["migrated"],
            last_migration=moment(row["last_migration"]),
            held=row["held"],
            last_flood=moment(row["last_flood"]),
            comment_feeds=row["comment_feeds"],
            comment_feeds_failing=row["comment_feeds_failing"] or None,
        )

    def _latency(self, feed: int) -> timedelta | None:
        # What a first poll brings was published long before we looked; it says nothing about how fast we are.
        sql = """
            SELECT i.first_seen - i.published AS late FROM items i JOIN feeds f ON f.id = i.feed_id
            WHERE i.feed_id = ? AND i.kind = 'article' AND i.published IS NOT NULL
                AND i.first_seen > (SELECT min(first_seen) FROM items WHERE feed_id = i.feed_id)
            ORDER BY i.first_seen DESC LIMIT 50
        """
        from statistics import median

        late = [max(row["late"], 0.0) for row in self._db.rows(sql, [feed])]
        return timedelta(seconds=median(late)) if late else None


def _validators_state(row: Row) -> ValidatorsState:
    if row["is_lying"]:
        return "lying"
    if row["etag"] is None and row["last_modified"] is None:
        return "none"
    return "trusted" if row["agreed"] else "untested"


def _fts_query(text: str) -> str:
    words = re.findall(r'"[^"]*"|[^\s"]+', text.replace("\0", " "))
    quoted = []
    for word in words:
        plain = word.strip('"').rstrip("*")
        if any(character.isalnum() for character in plain):
            quoted.append(f'"{plain}"' + ("*" if word.endswith("*") else ""))
    return " ".join(quoted)


def _match_row(row: Row) -> MatchRow:
    state = _alert_state(row["states"])
    reason = row["alert_reason"] if state == "none" else None
    return MatchRow(
        row["match_id"],
        row["rule"],
        row["severity"],
        sure_moment(row["matched_at"]),
        row["match_revision"],
        stored_item(row),
        evidence(row["evidence"]),
        state,
        reason,
    )


def _alert_state(states: str | None) -> AlertState:
    """Return the worst of the deliveries' states: what a person must know first."""
    present = set((states or "").split(","))
    if "dead" in present:
        return "dead"
    if present & {"failed", "unknown"}:
        return "failed"
    if present & {"pending", "sending"}:
        return "pending"
    return "sent" if "sent" in present else "none"


def _delivery_row(row: Row) -> DeliveryRow:
    return DeliveryRow(
        DeliveryId(row["id"]),
        row["state"],
        row["receiver"],
        row["label"],
        row["rule"],
        None if row["item_id"] is None else ItemId(row["item_id"]),
        row["title"],
        sure_moment(row["created"]),
        row["attempts"],
        moment(row["next_try"]),
        moment(row["settled"]),
        row["last_outcome"],
        row["detail"],
        row["feed"],
        row["trouble"],
    )


def _limit(limit: int | None) -> int:
    return -1 if limit is None else limit
