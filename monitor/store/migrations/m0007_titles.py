"""Items of a feed by their title, which is asked with every unknown item; and when an item got each of its other keys."""

from __future__ import annotations

from sqlite_utils import Database

_STATEMENTS = (
    "CREATE INDEX items_by_title ON items (feed_id, title)",
    "ALTER TABLE aliases ADD COLUMN added REAL NOT NULL DEFAULT 0",  # 0: before this step
)


def upgrade(database: Database) -> None:
    """Add the index and the column."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
