"""Items that may be the same article as another: within a search feed, and in other feeds."""

from __future__ import annotations

import json
from collections.abc import Collection

from monitor.core.ids import FeedId, ItemId
from monitor.core.model import Key
from monitor.core.twins import Twin
from monitor.store.connection import Database, Row, sure_moment
from monitor.store.rows import as_list

_TWIN = """
    SELECT i.id, f.name AS feed, coalesce(i.title_key, '') AS title_key, i.guid, i.url, i.publisher, i.publisher_url,
        f.title AS feed_title, coalesce(i.published, i.first_seen) AS at, f.engine IS NOT NULL AS is_search,
        (SELECT json_group_array(DISTINCT m.rule) FROM matches m WHERE m.item_id = i.id AND m.alert_reason IS NULL) AS told
    FROM items i JOIN feeds f ON f.id = i.feed_id
"""

_OWN = f"""
    {_TWIN} WHERE i.title_key IN (SELECT value FROM json_each(:titles)) AND i.feed_id = :feed AND i.kind = 'article' ORDER BY i.id
"""

# One of the two is a search feed's: that publishers' own feeds list an article twice is another matter.
_TOLD = f"""
    {_TWIN} WHERE i.id IN (
            SELECT id FROM items WHERE title_key IN (SELECT value FROM json_each(:titles))
            UNION SELECT id FROM items WHERE url_key IN (SELECT value FROM json_each(:urls)))
        AND i.feed_id <> :feed AND i.kind = 'article' AND (:is_search OR f.engine IS NOT NULL)
        AND EXISTS (SELECT 1 FROM matches m WHERE m.item_id = i.id AND m.alert_reason IS NULL)
    ORDER BY i.id
"""


class Twins:
    """The part of the store that finds an article again in other words and feeds."""

    _db: Database

    def own_twins(self, feed: FeedId, title_keys: Collection[str]) -> list[Twin]:
        """Return a feed's items with one of these titles, the oldest first."""
        return [_twin(row) for row in self._db.rows(_OWN, {"feed": feed, "titles": as_list(title_keys)})]

    def told_twins(self, feed: FeedId, url_keys: Collection[Key], title_keys: Collection[str], *, is_search: bool) -> list[Twin]:
        """Return other feeds' items with one of these addresses or titles of which somebody was alerted, the oldest first.

        ``is_search`` false: only those of search feeds.
        """
        values = {"feed": feed, "urls": as_list(url_keys), "titles": as_list(title_keys), "is_search": int(is_search)}
        return [_twin(row) for row in self._db.rows(_TOLD, values)]


def _twin(row: Row) -> Twin:
    return Twin(
        ItemId(row["id"]),
        row["feed"],
        row["title_key"],
        row["guid"],
        row["url"],
        row["publisher"],
        row["publisher_url"],
        row["feed_title"],
        sure_moment(row["at"]),
        bool(row["is_search"]),
        frozenset(json.loads(row["told"])),
    )
