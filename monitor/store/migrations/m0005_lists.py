"""What did not change is not parsed: the slices of each feed's last document; and the hub that a feed announces."""

from __future__ import annotations

from sqlite_utils import Database

_STATEMENTS = (
    "ALTER TABLE feeds ADD COLUMN hub TEXT NOT NULL DEFAULT ''",  # where it announces its changes (WebSub); empty: nowhere
    """
    CREATE TABLE slices (
        feed_id INTEGER PRIMARY KEY REFERENCES feeds(id),
        packed BLOB NOT NULL             -- of the last document: hash of each item's bytes, length of its key, key
    )
    """,
)


def upgrade(database: Database) -> None:
    """Add the table and the column."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
