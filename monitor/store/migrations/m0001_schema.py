"""The first schema.

Times are seconds since 1970, UTC. Lists are JSON. Doubles are stopped here, by the UNIQUE constraints, not by care.
"""

from __future__ import annotations

from sqlite_utils import Database

_TABLES = (
    """
    CREATE TABLE feeds (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        url TEXT NOT NULL,               -- as it may be shown: tokens are stars; the real one is in the config only
        address_hash TEXT NOT NULL,      -- of the real address: says whether it changed
        kind TEXT NOT NULL DEFAULT 'article',
        parent INTEGER REFERENCES items(id),  -- of a comment feed: the article
        title TEXT NOT NULL DEFAULT '',
        language TEXT NOT NULL DEFAULT '',
        tags TEXT NOT NULL DEFAULT '[]',
        is_enabled INTEGER NOT NULL DEFAULT 1, -- 0: not in the config any more, or switched off there
        added REAL NOT NULL,
        etag TEXT,
        last_modified TEXT,
        body_hash TEXT,                  -- of the last complete body
        validated_since REAL,            -- when a body was last got without validators
        baseline TEXT NOT NULL DEFAULT 'due' CHECK (baseline IN ('due', 'moved', 'done')),
        next_poll REAL NOT NULL,
        lease_until REAL,                -- null: nobody polls it now
        leased_by TEXT,
        unfinished INTEGER NOT NULL DEFAULT 0, -- claims that were never settled, since the last that was
        polls INTEGER NOT NULL DEFAULT 0,
        last_poll REAL,
        last_ok REAL,
        last_new REAL,                   -- when it last brought an item
        last_status INTEGER,             -- of HTTP; null: no answer
        last_error TEXT,                 -- null: the last poll went well
        last_took REAL,                  -- seconds
        failures INTEGER NOT NULL DEFAULT 0,   -- in a row
        items_listed INTEGER NOT NULL DEFAULT 0,
        gaps INTEGER NOT NULL DEFAULT 0,
        last_gap REAL
    )
    """,
    """
    CREATE TABLE items (
        id INTEGER PRIMARY KEY,
        feed_id INTEGER NOT NULL REFERENCES feeds(id),
        key TEXT NOT NULL,               -- kept for ever: what was seen stays seen
        rung TEXT NOT NULL,
        url_key TEXT,                    -- of the canonical address; null: the item has none
        fingerprint TEXT NOT NULL,
        revision INTEGER NOT NULL DEFAULT 1,
        first_seen REAL NOT NULL,
        changed REAL,                    -- when the last revision was seen; null: never edited
        guid TEXT,
        url TEXT,
        title TEXT NOT NULL DEFAULT '',
        summary TEXT NOT NULL DEFAULT '',
        content TEXT NOT NULL DEFAULT '',
        authors TEXT NOT NULL DEFAULT '[]',
        categories TEXT NOT NULL DEFAULT '[]',
        enclosures TEXT NOT NULL DEFAULT '[]',
        published REAL,
        updated REAL,
        language TEXT,
        comments_feed TEXT,
        comments_count INTEGER,
        in_reply_to TEXT,
        parent INTEGER REFERENCES items(id),   -- of a comment: the article
        story INTEGER,
        forgotten REAL,                  -- when its texts were forgotten; null: they are there
        UNIQUE (feed_id, key)
    )
    """,
    """
    CREATE TABLE revisions (             -- what an item said before it was edited
        item_id INTEGER NOT NULL REFERENCES items(id),
        revision INTEGER NOT NULL,
        seen REAL NOT NULL,              -- until when it stood like this
        fingerprint TEXT NOT NULL,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (item_id, revision)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE matches (
        id INTEGER PRIMARY KEY,
        rule TEXT NOT NULL,
        item_id INTEGER NOT NULL REFERENCES items(id),
        revision INTEGER NOT NULL,
        severity TEXT NOT NULL,
        matched_at REAL NOT NULL,
        evidence TEXT NOT NULL,
        alert_reason TEXT,               -- why nobody was told; null: there is an alert
        UNIQUE (rule, item_id, revision)
    )
    """,
    """
    CREATE TABLE alerts (
        id INTEGER PRIMARY KEY,
        match_id INTEGER NOT NULL UNIQUE REFERENCES matches(id),
        template TEXT NOT NULL,
        created REAL NOT NULL
    )
    """,
    """
    CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY,
        alert_id INTEGER NOT NULL REFERENCES alerts(id),
        receiver TEXT NOT NULL,
        url_id TEXT NOT NULL,            -- a hash of the address: the address is in the config only
        label TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'failed', 'unknown', 'sent', 'dead')),
        attempts INTEGER NOT NULL DEFAULT 0,
        created REAL NOT NULL,
        next_try REAL,                   -- null: no more tries
        lease_until REAL,
        leased_by TEXT,
        last_outcome TEXT,
        detail TEXT NOT NULL DEFAULT '',
        settled REAL,                    -- when it was sent or given up
        UNIQUE (alert_id, url_id)
    )
    """,
    """
    CREATE TABLE heartbeat (             -- one row: what the daemon last said of itself
        id INTEGER PRIMARY KEY CHECK (id = 1),
        pid INTEGER NOT NULL,
        owner TEXT NOT NULL,
        started REAL NOT NULL,
        beat REAL NOT NULL,
        config TEXT NOT NULL,
        polls_under_way INTEGER NOT NULL,
        is_low_on_disk INTEGER NOT NULL,
        last_error TEXT,
        stopped REAL                     -- null: it runs, or was killed
    )
    """,
)

_INDEXES = (
    "CREATE INDEX feeds_due ON feeds (next_poll) WHERE is_enabled",
    "CREATE INDEX items_first_seen ON items (first_seen)",
    "CREATE INDEX items_of_feed ON items (feed_id, first_seen)",
    "CREATE INDEX items_by_url ON items (feed_id, url_key) WHERE url_key IS NOT NULL",
    "CREATE INDEX items_url ON items (url)",
    "CREATE INDEX items_guid ON items (guid)",
    "CREATE INDEX matches_of_item ON matches (item_id)",
    "CREATE INDEX matches_time ON matches (matched_at)",
    "CREATE INDEX matches_rule ON matches (rule, matched_at)",
    "CREATE INDEX deliveries_open ON deliveries (url_id, id) WHERE state IN ('pending', 'failed', 'unknown', 'sending')",
    "CREATE INDEX deliveries_state ON deliveries (state, id)",
)

_VIEWS = (
    """
    CREATE VIEW matches_view AS
    SELECT m.id, m.rule, m.severity, datetime(m.matched_at, 'unixepoch') AS matched_at, f.name AS feed, i.title, i.url,
        m.revision, m.evidence, m.alert_reason,
        (SELECT group_concat(d.label || ': ' || d.state, ', ') FROM alerts a JOIN deliveries d ON d.alert_id = a.id
         WHERE a.match_id = m.id) AS deliveries
    FROM matches m JOIN items i ON i.id = m.item_id JOIN feeds f ON f.id = i.feed_id
    """,
    """
    CREATE VIEW feed_health AS
    SELECT name, url, is_enabled, datetime(last_poll, 'unixepoch') AS last_poll, datetime(last_ok, 'unixepoch') AS last_ok,
        datetime(next_poll, 'unixepoch') AS next_poll, last_status, last_error, failures, gaps,
        (SELECT count(*) FROM items i WHERE i.feed_id = feeds.id) AS items
    FROM feeds
    """,
)


def upgrade(database: Database) -> None:
    """Make the tables, the indexes, the views and the full-text index."""
    for statement in (*_TABLES, *_INDEXES, *_VIEWS):
        database.conn.execute(statement)
    # External content: the texts are stored once, triggers keep the index in step.
    database.table("items").enable_fts(
        ["title", "summary", "content"], fts_version="FTS5", tokenize="unicode61 remove_diacritics 2", create_triggers=True
    )
