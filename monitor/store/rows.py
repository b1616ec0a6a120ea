"""Rows <-> model, in one place."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from monitor.core.delivery import Alert, Delivery, DeliveryId
from monitor.core.diff import Revision
from monitor.core.following import Watch
from monitor.core.health import SourceAlert
from monitor.core.ids import FeedId, ItemId
from monitor.core.model import Enclosure, Evidence, FeedState, Identified, Item, Key, Match, StoredItem, Target, Validators
from monitor.core.twins import title_key
from monitor.store.connection import Row, moment, number, sure_moment
from monitor.store.habits import health_of

# The columns that `stored_item` reads; the feed's name goes by `feed`.
ITEM_COLUMNS = """
    i.id, f.name AS feed, i.key, i.kind, i.guid, i.url, i.title, i.summary, i.content, i.authors, i.categories, i.enclosures,
    i.published, i.updated, i.language, i.comments_feed, i.comments_count, i.in_reply_to, i.first_seen, i.revision, i.parent, i.story,
    i.late, i.publisher, i.publisher_url
"""


def item_values(one: Identified) -> dict[str, object]:
    """Return an item as the columns of ``items``, without the feed."""
    item = one.item
    return {
        "key": one.key,
        "rung": one.rung,
        "url_key": one.url_key,
        "fingerprint": one.fingerprint,
        "guid": item.guid,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content": item.content,
        "authors": _texts(item.authors),
        "categories": _texts(item.categories),
        "enclosures": json.dumps([[one.url, one.type, one.length] for one in item.enclosures], ensure_ascii=False),
        "published": number(item.published),
        "updated": number(item.updated),
        "language": item.language,
        "comments_feed": item.comments_feed,
        "comments_count": item.comments_count,
        "in_reply_to": item.in_reply_to,
        "publisher": item.publisher,
        "publisher_url": item.publisher_url,
        "title_key": title_key(item.title),
    }


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


def evidence_text(match: Match) -> str:
    """Return the evidence of a match as its column."""
    spans = [
        [one.term, one.entity, one.field, one.text, one.start, one.end, one.by, *([one.entity_id] if one.entity_id else [])]
        for one in match.evidence
    ]
    return json.dumps(spans, ensure_ascii=False, separators=(",", ":"))


def evidence(text: str) -> tuple[Evidence, ...]:
    """Return the evidence of its column."""
    return tuple(Evidence(*one) for one in json.loads(text))


def feed_state(row: Row) -> FeedState:
    """Return what a poll needs to know of a feed."""
    return FeedState(
        FeedId(row["id"]),
        row["name"],
        Validators(row["etag"], row["last_modified"]),
        row["body_hash"],
        row["baseline"],
        row["failures"],
        row["unfinished"],
        moment(row["validated_since"]),
        sure_moment(row["well_since"]),
        health_of(row),
        frozenset(row["troubles"].split(",")) if row["troubles"] else frozenset(),
        row["slices"] or b"",
        row["polls"],
        _watch(row),
    )


def _watch(row: Row) -> Watch | None:
    if row["owner"] is None:
        return None
    parent = None if row["parent"] is None else ItemId(row["parent"])
    return Watch(FeedId(row["owner"]), row["owner_name"], parent, row["url"], sure_moment(row["heard"]), bool(row["is_quiet"]))


def delivery(row: Row) -> Delivery:
    """Return a claimed delivery with all that its message may show."""
    alert = _alert(row) if row["trouble"] is None else _source_alert(row)
    target = Target(row["receiver"], row["url_id"], row["label"])
    created = sure_moment(row["created"])
    return Delivery(DeliveryId(row["delivery_id"]), target, row["attempts"], created, alert, row["last_outcome"])


def _alert(row: Row) -> Alert:
    return Alert(
        row["alert_id"],
        row["rule"],
        row["severity"],
        sure_moment(row["matched_at"]),
        row["match_revision"],
        row["template"],
        stored_item(row),
        row["feed_title"] or row["feed"],
        tuple(json.loads(row["tags"])),
        evidence(row["evidence"]),
        _before(row),
        row["article"] or "",
    )


def _source_alert(row: Row) -> SourceAlert:
    return SourceAlert(
        row["alert_id"],
        row["feed"],
        row["feed_title"] or row["feed"],
        row["feed_url"],
        tuple(json.loads(row["tags"])),
        row["trouble"],
        sure_moment(row["since"]),
        sure_moment(row["began"]),
        moment(row["ended"]) if row["is_end"] else None,
        row["detail"],
        row["template"],
    )


def revision(row: Row) -> Revision:
    """Return what an item said once."""
    return Revision(row["revision"], sure_moment(row["seen"]), row["title"], row["summary"], row["content"])


def _before(row: Row) -> Revision | None:
    if row["before"] is None:
        return None
    number_, seen, title, summary, content = json.loads(row["before"])
    return Revision(number_, sure_moment(seen), title, summary, content)


def as_list(values: Iterable[Any]) -> str:
    """Return values as one JSON text, for ``json_each``: any number of them without a limit of variables."""
    return json.dumps(list(values))


def _texts(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
