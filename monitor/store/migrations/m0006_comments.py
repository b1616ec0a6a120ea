"""Search feeds, comment feeds and articles' pages.

A comment feed is a row of ``feeds`` with an ``owner``: the feed of the config that it belongs to. Its comments are stored under
the owner, so that a comment is there once, whichever of the site's feeds shows it.
"""

from __future__ import annotations

from sqlite_utils import Database

_STATEMENTS = (
    "ALTER TABLE feeds ADD COLUMN engine TEXT",  # of a search feed: which; null: no search feed
    "ALTER TABLE feeds ADD COLUMN owner INTEGER REFERENCES feeds(id)",  # of a comment feed; null: a feed of the config
    "ALTER TABLE feeds ADD COLUMN is_quiet INTEGER NOT NULL DEFAULT 0",  # of a comment feed: its first poll alerts nobody
    "ALTER TABLE feeds ADD COLUMN heard REAL",  # of a comment feed: the last sign of life; null: a feed of the config
    "ALTER TABLE feeds ADD COLUMN ended REAL",  # of a comment feed: since when it is not followed; null: it is
    "ALTER TABLE feeds ADD COLUMN end_reason TEXT",  # null: it is followed
    "ALTER TABLE items ADD COLUMN kind TEXT NOT NULL DEFAULT 'article'",
    "ALTER TABLE items ADD COLUMN publisher TEXT NOT NULL DEFAULT ''",  # as a search feed names it
    "ALTER TABLE items ADD COLUMN publisher_url TEXT",
    "ALTER TABLE items ADD COLUMN title_key TEXT",  # the title's words, to find the article in other feeds; null: it has none
    """
    CREATE TABLE pages (                 -- articles whose page is still to be read, or was not to be had
        item_id INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,
        revision INTEGER NOT NULL,       -- of the item that the page belongs to
        silence TEXT,                    -- why nobody is told of what the page brings; null: they are
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try REAL,                   -- null: given up
        lease_until REAL,                -- null: nobody fetches it now
        error TEXT                       -- null: not tried yet
    )
    """,
    "CREATE INDEX pages_due ON pages (next_try) WHERE next_try IS NOT NULL",
    "CREATE INDEX items_title_key ON items (title_key) WHERE title_key IS NOT NULL",
    "CREATE INDEX items_any_url ON items (url_key) WHERE url_key IS NOT NULL",
    "CREATE INDEX items_parent ON items (parent) WHERE parent IS NOT NULL",
    "CREATE INDEX comments_key ON items (key) WHERE kind = 'comment'",
    "CREATE INDEX feeds_owner ON feeds (owner, next_poll) WHERE owner IS NOT NULL",
    "CREATE INDEX feeds_parent ON feeds (parent) WHERE parent IS NOT NULL",
    "CREATE INDEX feeds_address ON feeds (address_hash) WHERE owner IS NOT NULL",
)


def upgrade(database: Database) -> None:
    """Add the columns, the table and the indexes."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
