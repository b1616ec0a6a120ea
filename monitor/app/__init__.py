"""The composition root: a config becomes a running whole.

open_archive  all that a command needs which only lists: here, because it must start fast
noise         feeds' settings for page noise
archive       questions to what is stored: what a term hits, what a query would have brought
entities      what is known of whom
examples      the rules' own examples
advice        what is allowed in a config and probably not meant
checks        what is wrong with a config that reads well
builders      the parts of a whole, each made from the config
composition   the whole: opened, running, closed
passes        one pass of what it does, for a command
walking       one walk to older pages
late          rules that are compiled when the first item asks
discovery     the feeds of a page
sources       what sites are told of us, and what is told of them
store_thread  the one thread that the store lives in
dictionaries  work in that thread that does not wait there for a dictionary
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.config import Config

if TYPE_CHECKING:
    from monitor.store import Store as Store
    from monitor.store.archive import Archive as Archive


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def open_store(config: Config, *, create: bool) -> Store:
    """Open the database. Raises ``StoreError``; ``StoreMissing`` if there is none and ``create`` is false."""
    from monitor.store import Store

    return Store.open(config.database, create=create)


def open_archive(config: Config) -> Archive:
    """Open the database to read it. Raises ``StoreError``; ``StoreMissing`` if there is none."""
    from monitor.store.archive import Archive

    return Archive.open(config.database, create=False)
