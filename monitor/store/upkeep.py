"""Look after the database: heartbeat, statistics, backup, forgetting, integrity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from monitor.core.rows import Heartbeat, Stats
from monitor.errors import StoreError
from monitor.store.connection import Database, driver, moment, number, sure_moment, translated
from monitor.store.feeds import DUE

_BATCH = 500
_PAGES = 1000

# Laws of the data that constraints cannot say. Each statement counts the rows that break one.
_LAWS = {
    "matches with targets but no alert": """
        SELECT count(*) FROM matches m WHERE alert_reason IS NULL AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.match_id = m.id)
    """,
    "alerts without a delivery": """
        SELECT count(*) FROM alerts a WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.alert_id = a.id)
    """,
    "troubles that are over and did not begin": """
        SELECT count(*) FROM troubles WHERE ended < began
    """,
    "alerts of the end of a trouble that lasts": """
        SELECT count(*) FROM alerts a JOIN troubles t ON t.id = a.trouble_id WHERE a.is_end AND t.ended IS NULL
    """,
    "feeds that are gone without a trouble that says so": """
        SELECT count(*) FROM feeds f WHERE f.gone IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM troubles t WHERE t.feed_id = f.id AND t.trouble = 'gone' AND t.ended IS NULL)
    """,
    "waiting deliveries without a time to try": """
        SELECT count(*) FROM deliveries WHERE state IN ('pending', 'failed', 'unknown') AND next_try IS NULL
    """,
    "matches of a revision that does not exist": """
        SELECT count(*) FROM matches m JOIN items i ON i.id = m.item_id WHERE m.revision > i.revision
    """,
}


class Upkeep:
    """The part of the store that looks after it."""

    _db: Database

    def beat(self, heartbeat: Heartbeat) -> None:
        """Record what the daemon says of itself."""
        sql = """
            INSERT INTO heartbeat (id, pid, owner, started, beat, config, polls_under_way, is_low_on_disk, last_error, stopped)
            VALUES (1, :pid, :owner, :started, :beat, :config, :polls, :low, :error, NULL)
            ON CONFLICT (id) DO UPDATE SET pid = :pid, owner = :owner, started = :started, beat = :beat, config = :config,
                polls_under_way = :polls, is_low_on_disk = :low, last_error = :error, stopped = NULL
        """
        values = {
            "pid": heartbeat.pid,
            "owner": heartbeat.owner,
            "started": number(heartbeat.started),
            "beat": number(heartbeat.beat),
            "config": heartbeat.config,
            "polls": heartbeat.polls_under_way,
            "low": int(heartbeat.is_low_on_disk),
            "error": heartbeat.last_error,
        }
        with self._db.transaction(durable=False):
            self._db.run(sql, values)

    def stand_down(self, now: datetime) -> None:
        """Record that the daemon ended in order."""
        with self._db.transaction(durable=False):
            self._db.run("UPDATE heartbeat SET stopped = ?", [number(now)])

    def last_beat(self) -> Heartbeat | None:
        """Return what a daemon last said of itself, or None if there never was one."""
        row = self._db.row("SELECT * FROM heartbeat")
        if row is None:
            return None
        return Heartbeat(
            row["pid"],
            row["owner"],
            sure_moment(row["started"]),
            sure_moment(row["beat"]),
            row["config"],
            row["polls_under_way"],
            bool(row["is_low_on_disk"]),
            row["last_error"],
            moment(row["stopped"]),
        )

    def stats(self, now: datetime) -> Stats:
        """Return the database in numbers. A feed is overdue when it has been due for five minutes."""
        count = self._db.scalar
        states = {row["state"]: row["n"] for row in self._db.rows("SELECT state, count(*) AS n FROM deliveries GROUP BY state")}
        at = number(now)
        return Stats(
            feeds=count("SELECT count(*) FROM feeds WHERE owner IS NULL AND is_enabled"),
            items=count("SELECT count(*) FROM items"),
            revisions=count("SELECT count(*) FROM revisions"),
            matches=count("SELECT count(*) FROM matches"),
            alerts=count("SELECT count(*) FROM alerts"),
            pending=states.get("pending", 0) + states.get("sending", 0),
            failed=states.get("failed", 0),
            unknown=states.get("unknown", 0),
            sent=states.get("sent", 0),
            dead=states.get("dead", 0),
            due=count(f"SELECT count(*) FROM feeds WHERE {DUE}", {"now": at}),
            overdue=count(f"SELECT count(*) FROM feeds WHERE {DUE} AND next_poll <= :now - 300", {"now": at}),
            failing=count("SELECT count(*) FROM feeds WHERE is_enabled AND owner IS NULL AND gone IS NULL AND failures > 0"),
            oldest_waiting=moment(count("SELECT min(created) FROM deliveries WHERE state NOT IN ('sent', 'dead')")),
            size_bytes=sum(path.stat().st_size for path in self._files() if path.exists()),
            schema=count("PRAGMA user_version"),
            sqlite=driver.sqlite_version,
            journal=count("PRAGMA journal_mode"),
        )

    def backup(self, target: Path, progress: Callable[[int, int], None] | None = None) -> None:
        """Copy the database while it is in use; ``progress`` is told pages done and pages in all.

        Raises ``StoreError`` if ``target`` exists, or cannot be written.
        """
        if target.exists():
            raise StoreError(f"{target}: exists already; a backup never overwrites")
        part = target.with_name(target.name + ".part")
        part.unlink(missing_ok=True)
        with translated(target):
            copy = driver.connect(str(part))
            try:
                self._db.raw.backup(copy, pages=_PAGES, progress=lambda _, left, total: progress and progress(total - left, total))
                copy.execute("PRAGMA journal_mode = DELETE")
            finally:
                copy.close()
        part.rename(target)

    def prune(self, before: datetime, progress: Callable[[int], None] | None = None) -> int:
        """Forget the texts of items first seen before this moment; return how many. Their keys stay: they are not new again.

        An item with an alert that still waits keeps its text until it is told.
        """
        sql = f"""
            UPDATE items SET title = '', summary = '', content = '', authors = '[]', categories = '[]', enclosures = '[]', forgotten = :now
            WHERE id IN (
                SELECT i.id FROM items i WHERE i.first_seen < :before AND i.forgotten IS NULL
                    AND NOT EXISTS (SELECT 1 FROM matches m JOIN alerts a ON a.match_id = m.id JOIN deliveries d ON d.alert_id = a.id
                        WHERE m.item_id = i.id AND d.state NOT IN ('sent', 'dead'))
                LIMIT {_BATCH})
        """
        total = 0
        while True:
            # Batch by batch: a poll never waits long for the write lock.
            with self._db.transaction(durable=False):
                done = self._db.run(sql, {"before": number(before), "now": number(before)})
                self._db.run("DELETE FROM revisions WHERE seen < ?", [number(before)])
            total += done
            if progress:
                progress(total)
            if done < _BATCH:
                return total

    def integrity(self) -> list[str]:
        """Return what is wrong with the file, with references, and with the laws of the data; empty if nothing is."""
        found = [str(row[0]) for row in self._db.rows("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"{row['table']} {row['rowid']}: refers to no {row['parent']}" for row in self._db.rows("PRAGMA foreign_key_check")]
        for law, sql in _LAWS.items():
            if broken := self._db.scalar(sql):
                found.append(f"{broken} {law}")
        return found

    def file_identity(self) -> tuple[int, int] | None:
        """Return device and inode of the file at the database's path: another one means that ours was replaced."""
        try:
            status = self._db.path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _files(self) -> tuple[Path, ...]:
        return self._db.path, self._db.path.with_name(self._db.path.name + "-wal")
