"""What each feed repeats around its texts.

One row a feed with a packed value: it is read and written as a whole, in the poll's own transaction, and nobody asks SQL
about its parts.
"""

from __future__ import annotations

from sqlite_utils import Database

_TABLE = """
    CREATE TABLE noise (                 -- page noise, learned; a feed without a row has shown none yet
        feed_id INTEGER PRIMARY KEY REFERENCES feeds(id) ON DELETE CASCADE,
        learned BLOB NOT NULL            -- the last items' keys and paragraph masks: see store/noise.py
    )
"""


def upgrade(database: Database) -> None:
    """Make the table."""
    database.conn.execute(_TABLE)
