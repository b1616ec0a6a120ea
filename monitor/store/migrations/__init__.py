"""The schema, one numbered step a file: never edited, only added to.

A step runs in one transaction with its record (``PRAGMA user_version``), so that it is done or not done.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

STEPS = ("m0001_schema", "m0002_noise", "m0003_sources", "m0004_identity", "m0005_lists", "m0006_comments", "m0007_aliases")
# "FEED" in ASCII: says that a file is ours. Source: SQLite, PRAGMA application_id.
APPLICATION_ID = 0x46454544
LATEST = len(STEPS)


def apply(connection: Any, version: int) -> None:
    """Run the steps that a database at ``version`` lacks. The caller holds no transaction."""
    # Only needed here, and slow to import: a command on an up-to-date database never gets here.
    from sqlite_utils import Database

    database = Database(connection, execute_plugins=False)
    for number, name in enumerate(STEPS[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] < number:
                import_module(f"{__name__}.{name}").upgrade(database)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            # A full disk has rolled it back already; a second time would be another error in its place.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
