"""The file: open, migrate, close; and what is read of it, which must begin fast."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.errors import StoreDamaged, StoreError, StoreMissing
from monitor.store import migrations
from monitor.store.connection import Connection, Database, configure, connect, translated
from monitor.store.reads import Reads


class Archive(Reads):
    """One SQLite file, to be read. Use it from one thread at a time; any number of processes may have the file open."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @classmethod
    def open(cls, path: Path, *, create: bool) -> Self:
        """Open the database and bring its schema up to date.

        Raises ``StoreMissing`` if there is none and ``create`` is false, ``StoreDamaged`` if the file is not a
        database of ours or is newer than this program, ``StoreError`` if it cannot be opened. A file that is not
        ours is never touched.
        """
        is_there = path.exists()
        if not is_there and not create:
            raise StoreMissing(f"{path}: there is no database yet; `monitor run` or `monitor poll` makes one")
        if not path.parent.is_dir():
            raise StoreError(f"{path}: the directory of the database does not exist; make it, or give another `database`")
        connection = connect(path, create=create)
        try:
            with translated(path):
                version = _version(path, connection)
                # Only now: the journal mode is written into the file, which must be ours.
                configure(connection)
                if version < migrations.LATEST:
                    migrations.apply(connection, version)
        except BaseException:
            connection.close()
            raise
        return cls(Database(path, connection))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _version(path: Path, connection: Connection) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    is_ours = connection.execute("PRAGMA application_id").fetchone()[0] == migrations.APPLICATION_ID
    is_empty = not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    if not is_ours and not is_empty:
        raise StoreDamaged(f"{path}: a database of another program; give another `database`")
    if version > migrations.LATEST:
        advice = f"it has schema {version}, this program knows {migrations.LATEST}; use the newer program, or restore a backup"
        raise StoreDamaged(f"{path}: written by a newer version: {advice}")
    return version
