"""Rows -> what the commands read of items and matches. The way back is in ``columns``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from monitor.core.ids import ItemId
from monitor.core.model import Enclosure, Evidence, Item, Key, StoredItem
from monitor.store.connection import Row, moment, sure_moment

# The columns that `stored_item` reads; the feed's name goes by `feed`.
ITEM_COLUMNS = """
    i.id, f.name AS feed, i.key, i.kind, i.guid, i.url, i.title, i.summary, i.content, i.authors, i.categories, i.enclosures,
    i.published, i.updated, i.language, i.comments_feed, i.comments_count, i.in_reply_to, i.first_seen, i.revision, i.parent, i.story,
    i.late, i.publisher, i.publisher_url
"""


def stored_item(row: Row) -> StoredItem:
    """Return the item of a row of ``ITEM_COLUMNS``."""
    item = Item(
        guid=row["guid"],
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        content=row["content"],
        authors=tuple(json.loads(row["authors"])),
        categories=tuple(json.loads(row["categories"])),
        published=moment(row["published"]),
        updated=moment(row["updated"]),
        language=row["language"],
        comments_feed=row["comments_feed"],
        comments_count=row["comments_count"],
        in_reply_to=row["in_reply_to"],
        enclosures=tuple(Enclosure(*one) for one in json.loads(row["enclosures"])),
        publisher=row["publisher"],
        publisher_url=row["publisher_url"],
    )
    return StoredItem(
        ItemId(row["id"]),
        row["feed"],
        Key(row["key"]),
        row["kind"],
        item,
        sure_moment(row["first_seen"]),
        row["revision"],
        None if row["parent"] is None else ItemId(row["parent"]),
        row["story"],
        None if row["late"] is None else timedelta(seconds=row["late"]),
    )


def evidence(text: str) -> tuple[Evidence, ...]:
    """Return the evidence of its column."""
    return tuple(Evidence(*one) for one in json.loads(text))


def as_list(values: Iterable[Any]) -> str:
    """Return values as one JSON text, for ``json_each``: any number of them without a limit of variables."""
    return json.dumps(list(values))
