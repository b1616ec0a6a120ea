"""The composition root: a config becomes a running whole.

open_store    all that a command needs which only reads: here, because it must start fast
composition   everything else
discovery     the feeds of a page
store_thread  the one thread that the store lives in
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.config import Config

if TYPE_CHECKING:
    from monitor.store import Store as Store


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def open_store(config: Config, *, create: bool) -> Store:
    """Open the database. Raises ``StoreError``; ``StoreMissing`` if there is none and ``create`` is false."""
    from monitor.store import Store

    return Store.open(config.database, create=create)
