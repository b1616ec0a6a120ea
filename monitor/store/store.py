"""The store: the archive, and all that writes into it."""

from __future__ import annotations

from monitor.store.archive import Archive
from monitor.store.feeds import Feeds
from monitor.store.outbox import Deliveries
from monitor.store.polls import Polls
from monitor.store.upkeep import Upkeep


class Store(Archive, Feeds, Polls, Deliveries, Upkeep):
    """One SQLite file. Use it from one thread at a time; any number of processes may have the file open."""
