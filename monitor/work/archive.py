"""Go over stored items as the rules see them: with the page noise that is known now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.core.habits import Learned
from monitor.core.ids import ItemId
from monitor.core.model import Feed, StoredItem
from monitor.core.noise import Settings
from monitor.core.verdict import Subject
from monitor.work.ports import ArchiveStore, NoiseSettings
from monitor.work.subject import subject

BATCH = 200

# Is told how many items are done.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Span:
    """Which stored items: of these feeds (none: of all), first seen from ``since`` until before ``until``."""

    feeds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def subjects(
    store: ArchiveStore, noise: NoiseSettings, feeds: Mapping[str, Feed], span: Span, progress: Progress
) -> Iterator[tuple[StoredItem, Subject]]:
    """Yield the items of a span, oldest first, each with what the rules look at in it. ``progress`` is told after each batch."""
    after: ItemId | None = None
    learned: dict[str, Learned] = {}
    done = 0
    while batch := store.stored_items(span.feeds, span.since, span.until, after, BATCH):
        for item in batch:
            if item.feed not in learned:
                learned[item.feed] = store.learned_of(item.feed)
            feed = feeds.get(item.feed)
            settings = noise(feed) if feed else Settings()
            yield item, subject(item.item, item.feed, item.kind, feed, learned[item.feed], settings)
        done += len(batch)
        progress(done)
        after = batch[-1].id
