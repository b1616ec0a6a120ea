"""The database: everything that was seen, found and told, in one SQLite file.

connection   how the file is opened, transactions, errors, times
migrations   the schema, one numbered step a file
archive      the file, opened: what is read of it
store        the archive, and all that writes into it
rows         rows -> model
states       rows -> what a poll needs to know
columns      model -> columns
noise        what feeds repeat around their texts
polls        feeds, leases and the commit of a poll
outbox       deliveries: claim, settle, reroute
reads        what the commands list
upkeep       backup, prune, integrity, statistics
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.store.store import Store

__all__ = ["Store"]


def __getattr__(name: str) -> Any:
    # A command that only lists opens the archive, and loads nothing of what writes.
    if name == "Store":
        from monitor.store.store import Store

        return Store
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
