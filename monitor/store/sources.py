"""What a poll learned of its source: health, waits of hosts, troubles and their alerts, in the poll's own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.core.health import Began, Ended, Health, Turn
from monitor.core.ids import FeedId
from monitor.core.model import Target
from monitor.core.moves import host_of
from monitor.core.record import Committed, PollRecord
from monitor.core.rows import WaitRow
from monitor.store.connection import Database, number, sure_moment
from monitor.store.habits import habits_text

_TEMPLATE = "source"

# Feeds under a minute are on one's own machines: those are not held up by each other.
WELCOME = "gone IS NULL AND (host NOT IN (SELECT host FROM hosts WHERE wait_until > :now) OR coalesce(interval, 60) < 60)"


class Sources:
    """The part of the store that knows the sources."""

    _db: Database

    def waiting_hosts(self, now: datetime) -> list[WaitRow]:
        """Return the hosts that asked to be left alone until later, the longest first."""
        sql = """
            SELECT host, wait_until, status, (SELECT count(*) FROM feeds f WHERE f.host = h.host AND f.is_enabled) AS feeds
            FROM hosts h WHERE wait_until > ? ORDER BY wait_until DESC
        """
        rows = self._db.rows(sql, [number(now)])
        return [WaitRow(row["host"], sure_moment(row["wait_until"]), row["status"], row["feeds"]) for row in rows]

    def left_alone(self, now: datetime) -> set[str]:
        """Return the names of the feeds that are gone or whose host asked to wait: polled only when they are named."""
        sql = f"SELECT name FROM feeds WHERE NOT ({WELCOME})"
        return {row["name"] for row in self._db.rows(sql, {"now": number(now)})}

    def moved_feeds(self) -> dict[str, str]:
        """Return the new addresses of the feeds that moved."""
        return {row["name"]: row["moved_to"] for row in self._db.rows("SELECT name, moved_to FROM feeds WHERE moved_to IS NOT NULL")}

    def _learn_of_source(self, record: PollRecord) -> Committed:
        """Write all of it; the caller has a transaction, and has settled the feed's lease. Returns the alerts."""
        if record.health is not None:
            self._keep_health(record.feed, record.health)
        if record.wait is not None:
            self._keep_wait(record)
        alerts = deliveries = 0
        for turn in record.turns:
            added = self._turn(record, turn)
            alerts, deliveries = alerts + (added > 0), deliveries + added
        return Committed(alerts=alerts, deliveries=deliveries)

    def _keep_health(self, feed: FeedId, health: Health) -> None:
        row = self._db.row("SELECT url FROM feeds WHERE id = ?", [feed])
        sql = "UPDATE feeds SET habits = :habits, moved_to = :moved_to, gone = :gone, host = :host WHERE id = :feed"
        values: dict[str, object] = {"habits": habits_text(health), "moved_to": health.moved_to, "gone": number(health.gone)}
        self._db.run(sql, values | {"feed": feed, "host": host_of(health.moved_to or row["url"] if row else "")})

    def _keep_wait(self, record: PollRecord) -> None:
        wait = record.wait
        if wait is None:
            return
        self._db.run("DELETE FROM hosts WHERE wait_until <= ?", [number(record.at)])
        sql = """
            INSERT INTO hosts (host, wait_until, status) VALUES (:host, :until, :status)
            ON CONFLICT (host) DO UPDATE SET wait_until = max(wait_until, excluded.wait_until), status = excluded.status
        """
        self._db.run(sql, {"host": wait.host, "until": number(wait.until), "status": wait.status})

    def _turn(self, record: PollRecord, turn: Turn) -> int:
        """Begin or end a trouble and tell it; return how many deliveries that makes."""
        at = number(record.at)
        match turn:
            case Began(trouble, since, detail):
                sql = """
                    INSERT INTO troubles (feed_id, trouble, since, began, detail) VALUES (:feed, :trouble, :since, :at, :detail)
                    ON CONFLICT DO NOTHING RETURNING id
                """
                values: dict[str, object] = {"feed": record.feed, "trouble": trouble, "since": number(since), "at": at, "detail": detail}
                row = self._db.row(sql, values)
                return self._tell(row["id"], record, is_end=False) if row else 0
            case Ended(trouble, is_told):
                sql = "UPDATE troubles SET ended = ? WHERE feed_id = ? AND trouble = ? AND ended IS NULL RETURNING id"
                row = self._db.row(sql, [at, record.feed, trouble])
                return self._tell(row["id"], record, is_end=True) if row and is_told else 0

    def _tell(self, trouble_id: int, record: PollRecord, *, is_end: bool) -> int:
        if not record.targets:
            return 0
        at = number(record.at)
        sql = "INSERT INTO alerts (trouble_id, is_end, template, created) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"
        row = self._db.row(sql, [trouble_id, int(is_end), _TEMPLATE, at])
        if row is None:
            return 0
        self._add_deliveries(row["id"], record.targets, at)
        return len(record.targets)

    def _add_deliveries(self, alert: int, targets: Iterable[Target], at: float | None) -> None:
        sql = """
            INSERT INTO deliveries (alert_id, receiver, url_id, label, created, next_try)
            VALUES (:alert, :receiver, :url_id, :label, :at, :at)
            ON CONFLICT DO NOTHING
        """
        values = [{"alert": alert, "receiver": one.receiver, "url_id": one.url_id, "label": one.label, "at": at} for one in targets]
        self._db.run_many(sql, values)
