"""Open the file, run transactions, translate errors, and turn moments into numbers."""

from __future__ import annotations

import logging
import sqlite3 as _stdlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.errors import StoreBusy, StoreDamaged, StoreError, StoreFull


def _newest_driver() -> Any:
    try:
        # A newer SQLite than the interpreter's: see `is_wal_safe`. Its exceptions are not those of the standard library.
        from pysqlite3 import dbapi2
    except ImportError:
        return _stdlib
    return dbapi2


driver = _newest_driver()

log = logging.getLogger(__name__)

BUSY_MS = 30_000
JOURNAL_BYTES = 64 * 1024 * 1024
# More than we have. The driver's own number went for making the tables, and of those of every poll, which came later, each was
# compiled again each time.
STATEMENTS = 1000

Row = Any
Connection = Any


def connect(path: Path, *, create: bool) -> Connection:
    """Open the file, without writing to it. Raises ``StoreError``."""
    mode = "rwc" if create else "rw"
    with translated(path):
        connection = driver.connect(
            f"{path.resolve().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_MS / 1000,
            cached_statements=STATEMENTS,
        )
    connection.row_factory = driver.Row
    return connection


def configure(connection: Connection) -> None:
    """Set the file to the journal that is safe with this SQLite, and the connection to our ways."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    if is_wal_safe(driver.sqlite_version_info):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")
    else:
        log.warning("this SQLite can lose commits in WAL mode, the slower journal is used", extra={"sqlite": driver.sqlite_version})
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = FULL")


def is_wal_safe(version: tuple[int, int, int]) -> bool:
    """Say whether two connections may write in WAL mode. Source: the WAL-reset bug, SQLite 3.7.0 to 3.51.2, with two backports."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


@contextmanager
def translated(path: Path | str) -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except (driver.Error, _stdlib.Error) as error:
        raise _translate(path, error) from error


def _translate(path: Path | str, error: Exception) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    text = str(error)
    if code in (5, 6) or "locked" in text:
        return StoreBusy(f"{path}: another process holds the database: {text}")
    if code == 13 or "full" in text:
        return StoreFull(f"{path}: the disk is full; nothing is lost, make room and go on")
    if code == 10 or "I/O" in text:
        return StoreError(f"{path}: {text}: is the disk full, or broken? nothing is lost that was stored")
    if code in (11, 26) or "malformed" in text or "not a database" in text:
        return StoreDamaged(f"{path}: not a sound database: {text}; restore a backup, or give another `database`")
    if code == 8 or "readonly" in text:
        return StoreError(f"{path}: the database may not be written: {text}; see who owns the file and its directory")
    if code == 14 or "unable to open" in text:
        return StoreError(f"{path}: the database cannot be opened; see if its directory exists and may be written")
    return StoreError(f"{path}: {text}")


class Database:
    """One connection with its transactions. The rooms of the store share it."""

    def __init__(self, path: Path, connection: Connection) -> None:
        self.path = path
        self._connection = connection
        self._is_durable: bool | None = None

    def rows(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[Row]:
        """Return all rows of one statement."""
        with translated(self.path):
            return list(self._connection.execute(sql, values).fetchall())

    def row(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> Row | None:
        """Return the first row, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def scalar(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> Any:
        """Return the first value of the first row, or None."""
        found = self.row(sql, values)
        return None if found is None else found[0]

    def run(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> int:
        """Run one statement; return how many rows it touched."""
        with translated(self.path):
            return int(self._connection.execute(sql, values).rowcount)

    def run_many(self, sql: str, values: Sequence[Mapping[str, object]]) -> None:
        """Run one statement for many rows."""
        with translated(self.path):
            self._connection.executemany(sql, values)

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[None]:
        """Run what follows as one transaction, or not at all.

        It takes the write lock at its beginning: a transaction that reads first and writes later cannot wait for
        another writer, it fails at once. ``durable`` false: a loss of power may undo it as a whole (not a kill).
        """
        with translated(self.path):
            if durable is not self._is_durable:
                self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                self._is_durable = durable
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with translated(self.path):
                self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @property
    def raw(self) -> Connection:
        """Return the driver's connection, for migrations and backups."""
        return self._connection

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def number(moment: datetime | None) -> float | None:
    """Return a moment as the database keeps it: seconds since 1970."""
    return None if moment is None else moment.timestamp()


def moment(seconds: float | None) -> datetime | None:
    """Return a moment from what the database keeps."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def sure_moment(seconds: float) -> datetime:
    """Return a moment that is never missing."""
    return datetime.fromtimestamp(seconds, UTC)
