"""Deliveries: claim with a lease, settle, send again, find another way."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from monitor.core.delivery import Alert, Delivery, DeliveryState, Receipt
from monitor.core.diff import Revision
from monitor.core.health import SourceAlert
from monitor.core.ids import DeliveryId
from monitor.core.model import Target
from monitor.store.connection import Database, Row, moment, number, sure_moment
from monitor.store.rows import ITEM_COLUMNS, as_list, evidence, stored_item

_OPEN = "('pending', 'failed', 'unknown', 'sending')"

# The oldest due delivery of each channel: a channel gets its messages one by one, in order.
# A message whose sender died (an expired lease) may have arrived; it is sent again.
_CLAIM = f"""
    UPDATE deliveries SET attempts = attempts + 1, lease_until = :until, leased_by = :owner,
        last_outcome = CASE state WHEN 'sending' THEN 'unknown' ELSE last_outcome END, state = 'sending'
    WHERE id IN (
        SELECT min(id) FROM deliveries
        WHERE state IN {_OPEN} AND CASE state WHEN 'sending' THEN lease_until ELSE next_try END <= :now
            AND url_id NOT IN (SELECT value FROM json_each(:busy))
            AND url_id NOT IN (SELECT url_id FROM deliveries WHERE state = 'sending' AND lease_until > :now)
        GROUP BY url_id LIMIT :limit)
    RETURNING id
"""

_CLAIMED = f"""
    SELECT {ITEM_COLUMNS}, d.id AS delivery_id, d.alert_id, d.receiver, d.url_id, d.label, d.attempts, d.created, d.last_outcome,
        m.rule, m.severity, m.matched_at, m.revision AS match_revision, m.evidence, a.template, f.title AS feed_title, f.tags,
        (SELECT json_array(r.revision, r.seen, r.title, r.summary, r.content) FROM revisions r
         WHERE r.item_id = i.id AND r.revision = m.revision - 1) AS before,
        (SELECT p.title FROM items p WHERE p.id = i.parent) AS article,
        f.url AS feed_url, t.trouble, t.since, t.began, t.ended, t.detail, a.is_end
    FROM deliveries d JOIN alerts a ON a.id = d.alert_id LEFT JOIN matches m ON m.id = a.match_id
        LEFT JOIN items i ON i.id = m.item_id LEFT JOIN troubles t ON t.id = a.trouble_id
        JOIN feeds f ON f.id = coalesce(i.feed_id, t.feed_id)
    WHERE d.id IN (SELECT value FROM json_each(:ids)) ORDER BY d.id
"""


class Deliveries:
    """The outbox's part of the store."""

    _db: Database

    def claim_deliveries(self, now: datetime, lease_until: datetime, owner: str, limit: int, busy: Collection[str]) -> list[Delivery]:
        """Lease the oldest due delivery of up to ``limit`` channels that are not ``busy``."""
        values = {"now": number(now), "until": number(lease_until), "owner": owner, "limit": limit, "busy": as_list(busy)}
        if self._db.row(f"SELECT 1 FROM deliveries WHERE state IN {_OPEN} LIMIT 1") is None:
            return []
        with self._db.transaction():
            ids = [row["id"] for row in self._db.rows(_CLAIM, values)]
            return [_delivery(row) for row in self._db.rows(_CLAIMED, {"ids": as_list(ids)})] if ids else []

    def settle_delivery(self, delivery: DeliveryId, receipt: Receipt, now: datetime, next_try: datetime | None) -> None:
        """Record what became of an attempt; ``next_try`` None: it is sent, or given up."""
        state: DeliveryState = "dead"
        if receipt.outcome == "sent":
            state = "sent"
        elif next_try is not None:
            state = "unknown" if receipt.outcome == "unknown" else "failed"
        sql = """
            UPDATE deliveries SET state = :state, last_outcome = :outcome, detail = :detail, next_try = :next_try,
                lease_until = NULL, leased_by = NULL, settled = CASE WHEN :state IN ('sent', 'dead') THEN :now END
            WHERE id = :id
        """
        values: dict[str, object] = {"id": delivery, "state": state, "outcome": receipt.outcome, "detail": receipt.detail[:500]}
        values |= {"now": number(now), "next_try": number(next_try) if state not in ("sent", "dead") else None}
        with self._db.transaction():
            self._db.run(sql, values)

    def push_channel(self, url_id: str, not_before: datetime | None, now: datetime) -> None:
        """Let a channel that failed rest until ``not_before``; None: it works again, what waits is due now.

        What the service rejected keeps its own time: the next message may well be accepted.
        """
        changed = "max(next_try, :before)" if not_before else "min(next_try, :now)"
        sql = f"""
            UPDATE deliveries SET next_try = {changed}
            WHERE url_id = :url_id AND state IN ('pending', 'failed', 'unknown') AND last_outcome IS NOT 'rejected'
        """
        with self._db.transaction(durable=False):
            self._db.run(sql, {"url_id": url_id, "before": number(not_before), "now": number(now)})

    def reroute(self, targets: Mapping[str, Sequence[Target]], now: datetime) -> int:
        """Send what waits for an address that the config no longer has to the addresses that its receiver has now.

        Return how many deliveries have none: those are given up.
        """
        current = {target.url_id for of_one in targets.values() for target in of_one}
        sql = f"SELECT id, alert_id, receiver, url_id FROM deliveries WHERE state IN {_OPEN}"
        stranded = [row for row in self._db.rows(sql) if row["url_id"] not in current]
        if not stranded:
            return 0
        with self._db.transaction():
            for row in stranded:
                others = targets.get(row["receiver"], ())
                for one in others:
                    self._db.run(
                        """
                        INSERT INTO deliveries (alert_id, receiver, url_id, label, created, next_try) VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT DO NOTHING
                        """,
                        [row["alert_id"], one.receiver, one.url_id, one.label, number(now), number(now)],
                    )
                reason = "address removed from the config" + ("" if others else ", and its receiver has no other")
                self._db.run(
                    "UPDATE deliveries SET state = 'dead', detail = ?, settled = ?, next_try = NULL, lease_until = NULL WHERE id = ?",
                    [reason, number(now), row["id"]],
                )
        return sum(not targets.get(row["receiver"]) for row in stranded)

    def retry_deliveries(self, ids: Sequence[int] | None, now: datetime) -> int:
        """Make dead or waiting deliveries due now, these or (None) all dead ones; return how many."""
        which = "state = 'dead'" if ids is None else "state NOT IN ('sent', 'sending') AND id IN (SELECT value FROM json_each(:ids))"
        sql = f"""
            UPDATE deliveries SET state = 'pending', attempts = 0, created = :now, next_try = :now, settled = NULL, last_outcome = NULL
            WHERE {which}
        """
        with self._db.transaction():
            return self._db.run(sql, {"now": number(now), "ids": as_list(ids or ())})

    def count_undelivered(self) -> int:
        """Return how many deliveries wait in the outbox."""
        return int(self._db.scalar(f"SELECT count(*) FROM deliveries WHERE state IN {_OPEN}"))


def _delivery(row: Row) -> Delivery:
    """Return a claimed delivery with all that its message may show."""
    alert = _alert(row) if row["trouble"] is None else _source_alert(row)
    target = Target(row["receiver"], row["url_id"], row["label"])
    created = sure_moment(row["created"])
    return Delivery(DeliveryId(row["delivery_id"]), target, row["attempts"], created, alert, row["last_outcome"])


def _alert(row: Row) -> Alert:
    return Alert(
        row["alert_id"],
        row["rule"],
        row["severity"],
        sure_moment(row["matched_at"]),
        row["match_revision"],
        row["template"],
        stored_item(row),
        row["feed_title"] or row["feed"],
        tuple(json.loads(row["tags"])),
        evidence(row["evidence"]),
        _before(row),
        row["article"] or "",
    )


def _source_alert(row: Row) -> SourceAlert:
    return SourceAlert(
        row["alert_id"],
        row["feed"],
        row["feed_title"] or row["feed"],
        row["feed_url"],
        tuple(json.loads(row["tags"])),
        row["trouble"],
        sure_moment(row["since"]),
        sure_moment(row["began"]),
        moment(row["ended"]) if row["is_end"] else None,
        row["detail"],
        row["template"],
    )


def _before(row: Row) -> Revision | None:
    if row["before"] is None:
        return None
    number_, seen, title, summary, content = json.loads(row["before"])
    return Revision(number_, sure_moment(seen), title, summary, content)
