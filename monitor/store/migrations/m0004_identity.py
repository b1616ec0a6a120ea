"""Other keys of known items, late items, gaps that are being repaired, and what a feed did all at once.

Addresses are compared more broadly since this step, so some keys are made otherwise: items are known under both.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from monitor.core.identity import candidates
from monitor.core.model import Item

_STATEMENTS = (
    """
    CREATE TABLE aliases (               -- keys under which known items are listed too
        feed_id INTEGER NOT NULL REFERENCES feeds(id),
        key TEXT NOT NULL,
        item_id INTEGER NOT NULL REFERENCES items(id),
        PRIMARY KEY (feed_id, key)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE repairs (               -- gaps whose items are looked for on older pages
        feed_id INTEGER PRIMARY KEY REFERENCES feeds(id),
        address_hash TEXT NOT NULL,      -- the feed's when it was found: at another address the pages are others
        page INTEGER NOT NULL,           -- the next to fetch; 1: the feed itself, to see where the others are
        url TEXT,                        -- of that page; null: it is made from the feed's address, which may hold a token
        gap REAL NOT NULL,               -- when the gap was found
        since REAL,                      -- the last good poll before it; null: unknown
        tries INTEGER NOT NULL DEFAULT 0,
        next_try REAL NOT NULL,
        lease_until REAL,                -- null: nobody works on it now
        leased_by TEXT
    )
    """,
    # By how many seconds it came too late, 0: nobody knows by how much; null: it did not.
    "ALTER TABLE items ADD COLUMN late REAL",
    # How many items of the last changed document were known before; null: none yet.
    "ALTER TABLE feeds ADD COLUMN overlap INTEGER",
    # When it last gave known items other keys all at once, and to how many; when a flood was last held, and how many items.
    "ALTER TABLE feeds ADD COLUMN last_migration REAL",
    "ALTER TABLE feeds ADD COLUMN migrated INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE feeds ADD COLUMN last_flood REAL",
    "ALTER TABLE feeds ADD COLUMN held INTEGER NOT NULL DEFAULT 0",
    # How the last repair of a gap ended; null: there was none.
    "ALTER TABLE feeds ADD COLUMN repair_ended TEXT",
    "CREATE INDEX aliases_of_item ON aliases (item_id)",
)
_BATCH = 1000


def upgrade(database: Database) -> None:
    """Make the tables and columns, and enter the keys that known items have by now."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
    after = 0
    while rows := _next(database.conn, after):
        for row in rows:
            _rename(database.conn, row)
        after = rows[-1][0]


def _next(connection: Any, after: int) -> list[Any]:
    sql = "SELECT id, feed_id, key, guid, url, title, summary, content FROM items WHERE id > ? ORDER BY id LIMIT ?"
    return list(connection.execute(sql, [after, _BATCH]).fetchall())


def _rename(connection: Any, row: Any) -> None:
    number, feed, key, guid, url, title, summary, content = row
    for one in candidates([Item(guid=guid, url=url, title=title, summary=summary, content=content)]):
        own = {"g": one.guid, "gu": one.guid_url, "u": one.url, "c": one.content}[key.partition(":")[0]]
        if own is not None and own != key and (title or not own.startswith("c:")):
            connection.execute("INSERT INTO aliases VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [feed, own, number])
        connection.execute("UPDATE items SET url_key = ? WHERE id = ? AND url_key IS NOT ?", [one.url, number, one.url])
