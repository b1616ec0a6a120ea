"""What is known of the sources: addresses they moved to, hosts that asked to wait, habits, troubles; and alerts of troubles.

An alert is now about a match or about a trouble. SQLite cannot take a NOT NULL back: the table is made anew with all its rows.
"""

from __future__ import annotations

from sqlite_utils import Database

_STATEMENTS = (
    "ALTER TABLE feeds ADD COLUMN host TEXT NOT NULL DEFAULT ''",  # of the address that is visited; '': not known yet
    "ALTER TABLE feeds ADD COLUMN interval REAL",  # of the config, in seconds; null: not known yet
    "ALTER TABLE feeds ADD COLUMN moved_to TEXT",  # the address that is visited instead of the config's; null: that
    "ALTER TABLE feeds ADD COLUMN gone REAL",  # when the server said 410; null: it is there
    "ALTER TABLE feeds ADD COLUMN habits TEXT NOT NULL DEFAULT ''",  # JSON, see rows.py; '': nothing is known
    """
    CREATE TABLE hosts (                 -- hosts that asked to be left alone
        host TEXT PRIMARY KEY,
        wait_until REAL NOT NULL,
        status INTEGER NOT NULL          -- what they answered: 429 or 503
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE troubles (              -- what was wrong with a feed, from when to when
        id INTEGER PRIMARY KEY,
        feed_id INTEGER NOT NULL REFERENCES feeds(id),
        trouble TEXT NOT NULL CHECK (trouble IN ('broken', 'page', 'gone', 'moved', 'gap', 'silent', 'migrated', 'flood')),
        since REAL NOT NULL,             -- when it was last well, or last brought something
        began REAL NOT NULL,             -- when it passed its threshold
        ended REAL,                      -- null: it lasts
        detail TEXT NOT NULL DEFAULT ''
    )
    """,
    # One trouble of a kind at a time: a second poll that sees the same tells nobody.
    "CREATE UNIQUE INDEX troubles_open ON troubles (feed_id, trouble) WHERE ended IS NULL",
    "CREATE TABLE kept_alerts AS SELECT id, match_id, template, created FROM alerts",
    "DROP TABLE alerts",
    """
    CREATE TABLE alerts (
        id INTEGER PRIMARY KEY,
        match_id INTEGER UNIQUE REFERENCES matches(id),   -- null: it is about a trouble
        trouble_id INTEGER REFERENCES troubles(id),       -- null: it is about a match
        is_end INTEGER NOT NULL DEFAULT 0,                -- 1: the trouble is over
        template TEXT NOT NULL,
        created REAL NOT NULL,
        UNIQUE (trouble_id, is_end),
        CHECK ((match_id IS NULL) <> (trouble_id IS NULL))
    )
    """,
    "INSERT INTO alerts (id, match_id, template, created) SELECT id, match_id, template, created FROM kept_alerts",
    "DROP TABLE kept_alerts",
    "DROP VIEW feed_health",
    """
    CREATE VIEW feed_health AS
    SELECT name, url, moved_to, is_enabled, datetime(gone, 'unixepoch') AS gone, datetime(last_poll, 'unixepoch') AS last_poll,
        datetime(last_ok, 'unixepoch') AS last_ok, datetime(next_poll, 'unixepoch') AS next_poll, last_status, last_error, failures,
        gaps, (SELECT count(*) FROM items i WHERE i.feed_id = feeds.id) AS items,
        (SELECT group_concat(trouble, ', ') FROM troubles t WHERE t.feed_id = feeds.id AND t.ended IS NULL) AS troubles
    FROM feeds
    """,
    """
    CREATE VIEW source_alerts_view AS
    SELECT a.id, f.name AS feed, t.trouble, a.is_end, datetime(t.since, 'unixepoch') AS since, datetime(t.began, 'unixepoch') AS began,
        datetime(t.ended, 'unixepoch') AS ended, t.detail,
        (SELECT group_concat(d.label || ': ' || d.state, ', ') FROM deliveries d WHERE d.alert_id = a.id) AS deliveries
    FROM alerts a JOIN troubles t ON t.id = a.trouble_id JOIN feeds f ON f.id = t.feed_id
    """,
)


def upgrade(database: Database) -> None:
    """Add the columns and tables, and remake the alerts; deliveries keep the alerts that they refer to."""
    # Between the old table and the new one, deliveries refer to nothing: that is looked at when all is done.
    database.conn.execute("PRAGMA defer_foreign_keys = ON")
    for statement in _STATEMENTS:
        database.conn.execute(statement)
