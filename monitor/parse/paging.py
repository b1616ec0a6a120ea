"""Where a feed document says that its older items are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from monitor.parse import limits

# RFC 5005: 4 (archived feeds: the archive before this document) goes before 3 (paged feeds: the page after this one).
_RELATIONS = ("prev-archive", "next")
_WORDPRESS_GUID = re.compile(r"[?&]p=\d+$")
_WORDPRESS_COMMENTS = re.compile(r"/feed/?$")


def older(channel: Any, url: str) -> str | None:
    """Return the address of the document with the items before these; None: the document names none, or itself."""
    for relation in _RELATIONS:
        for link in dict.get(channel, "links") or ():
            address = limits.address_of(link.get("href"), url) if link.get("rel") == relation else None
            if address and address != url:
                return address
    return None


def is_wordpress(channel: Any, entries: Sequence[Any]) -> bool:
    """Say whether WordPress made a document: it says so, or its items look as only WordPress makes them.

    Many sites hide the generator; the guid "…/?p=12" beside a comment feed at ".../feed/" stays.
    """
    if "wordpress" in str(dict.get(channel, "generator") or "").lower():
        return True
    return any(_is_wordpress_item(entry) for entry in entries[:10])


def _is_wordpress_item(entry: Any) -> bool:
    guid, comments = str(dict.get(entry, "id") or ""), str(dict.get(entry, "wfw_commentrss") or "")
    return bool(_WORDPRESS_GUID.search(guid) and _WORDPRESS_COMMENTS.search(comments))
