"""Model -> columns, in one place."""

from __future__ import annotations

import json
from collections.abc import Iterable

from monitor.core.model import Identified, Match
from monitor.core.twins import title_key
from monitor.store.connection import number

# ``json.dumps`` makes another one for every value.
_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode
_AS_SHORT_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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
        "enclosures": _AS_JSON([[one.url, one.type, one.length] for one in item.enclosures]),
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


def evidence_text(match: Match) -> str:
    """Return the evidence of a match as its column."""
    spans = [
        [one.term, one.entity, one.field, one.text, one.start, one.end, one.by, *([one.entity_id] if one.entity_id else [])]
        for one in match.evidence
    ]
    return _AS_SHORT_JSON(spans)


def _texts(values: Iterable[str]) -> str:
    return _AS_JSON(list(values))
