"""The database: everything that was seen, found and told, in one SQLite file.

connection   how the file is opened, transactions, errors, times
migrations   the schema, one numbered step a file
rows         rows <-> model, in one place
polls        feeds, leases and the commit of a poll
outbox       deliveries: claim, settle, reroute
reads        what the commands list
upkeep       backup, prune, integrity, statistics
"""

from monitor.store.store import Store

__all__ = ["Store"]
