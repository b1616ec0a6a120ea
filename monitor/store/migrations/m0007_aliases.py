"""When an item got each of its other keys, so that of many the last ones are kept."""

from __future__ import annotations

from sqlite_utils import Database


def upgrade(database: Database) -> None:
    """Add the column; 0 stands for "before this step"."""
    database.conn.execute("ALTER TABLE aliases ADD COLUMN added REAL NOT NULL DEFAULT 0")
