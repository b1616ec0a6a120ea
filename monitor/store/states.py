"""Rows -> what a poll needs to know of a feed."""

from __future__ import annotations

from monitor.core.following import Watch
from monitor.core.ids import FeedId, ItemId
from monitor.core.state import FeedState, Validators
from monitor.store.connection import Row, moment, sure_moment
from monitor.store.habits import health_of


def feed_state(row: Row) -> FeedState:
    """Return what a poll needs to know of a feed."""
    return FeedState(
        FeedId(row["id"]),
        row["name"],
        Validators(row["etag"], row["last_modified"]),
        row["body_hash"],
        row["baseline"],
        row["failures"],
        row["unfinished"],
        moment(row["validated_since"]),
        sure_moment(row["well_since"]),
        health_of(row),
        frozenset(row["troubles"].split(",")) if row["troubles"] else frozenset(),
        row["slices"] or b"",
        row["polls"],
        _watch(row),
    )


def _watch(row: Row) -> Watch | None:
    if row["owner"] is None:
        return None
    parent = None if row["parent"] is None else ItemId(row["parent"])
    return Watch(FeedId(row["owner"]), row["owner_name"], parent, row["url"], sure_moment(row["heard"]), bool(row["is_quiet"]))
