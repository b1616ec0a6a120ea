"""Page noise of an item, judged and reported."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from monitor.core.habits import Learned, Removed
from monitor.core.model import Field, Item
from monitor.core.noise import Settings, removed

log = logging.getLogger(__name__)


def spans(feed: str, item: Item, learned: Learned, settings: Settings) -> Mapping[Field, tuple[Removed, ...]]:
    """Return what of an item's texts is not matched. A pattern of the user that takes too long is told, and left out."""
    judged = removed(item, learned, settings)
    for pattern in judged.problems:
        log.warning("a pattern took too long and was left out", extra={"feed": feed, "item": item.guid or item.url, "reason": pattern})
    return judged.spans
