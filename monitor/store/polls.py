"""A poll's two touches: what is known of the listed items, and the commit of everything that was learned."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from monitor.core.model import Committed, FeedId, Finding, ItemId, Key, Known, New, PollRecord, Recorded, Updated
from monitor.store.connection import Database, number
from monitor.store.rows import as_list, evidence_text, item_values

_KNOWN = """
    SELECT i.id, i.key, i.url_key, i.fingerprint, i.revision, i.url, i.title,
        (SELECT json_group_array(DISTINCT m.rule) FROM matches m WHERE m.item_id = i.id) AS rules
    FROM items i WHERE i.feed_id = :feed AND i.{column} IN (SELECT value FROM json_each(:keys))
    ORDER BY i.id
"""

_INSERT_ITEM = """
    INSERT INTO items (feed_id, first_seen, key, rung, url_key, fingerprint, guid, url, title, summary, content, authors, categories,
        enclosures, published, updated, language, comments_feed, comments_count, in_reply_to)
    VALUES (:feed, :at, :key, :rung, :url_key, :fingerprint, :guid, :url, :title, :summary, :content, :authors, :categories,
        :enclosures, :published, :updated, :language, :comments_feed, :comments_count, :in_reply_to)
    ON CONFLICT (feed_id, key) DO NOTHING RETURNING id
"""

_KEEP_REVISION = """
    INSERT INTO revisions (item_id, revision, seen, fingerprint, title, summary, content)
    SELECT id, revision, :at, fingerprint, title, summary, content FROM items WHERE id = :id AND fingerprint = :known
    ON CONFLICT DO NOTHING
"""

_UPDATE_ITEM = """
    UPDATE items SET revision = revision + 1, changed = :at, fingerprint = :fingerprint, url_key = :url_key, guid = :guid, url = :url,
        title = :title, summary = :summary, content = :content, authors = :authors, categories = :categories,
        enclosures = :enclosures, published = :published, updated = :updated, language = :language,
        comments_feed = :comments_feed, comments_count = :comments_count, in_reply_to = :in_reply_to, forgotten = NULL
    WHERE id = :id AND fingerprint = :known RETURNING revision
"""

# A poll whose lease was taken over by another may still bring items, but must not turn back the feed's clock and validators.
_FAILED = """
    UPDATE feeds SET lease_until = NULL, leased_by = NULL, unfinished = 0, polls = polls + 1, last_poll = :at, last_status = :status,
        last_error = :error, last_took = :took, failures = failures + 1, next_poll = :next_poll
    WHERE id = :feed AND leased_by = :owner
"""

_NOT_MODIFIED = """
    UPDATE feeds SET lease_until = NULL, leased_by = NULL, unfinished = 0, polls = polls + 1, last_poll = :at, last_ok = :at,
        last_status = :status, last_error = NULL, last_took = :took, failures = 0, next_poll = :next_poll,
        etag = :etag, last_modified = :last_modified, validated_since = CASE WHEN :validated THEN :at ELSE validated_since END
    WHERE id = :feed AND leased_by = :owner
"""

_CHANGED = """
    UPDATE feeds SET lease_until = NULL, leased_by = NULL, unfinished = 0, polls = polls + 1, last_poll = :at, last_ok = :at,
        last_status = :status, last_error = :error, last_took = :took, failures = 0, next_poll = :next_poll,
        etag = :etag, last_modified = :last_modified, body_hash = :body_hash,
        validated_since = CASE WHEN :validated THEN :at ELSE validated_since END,
        baseline = CASE WHEN :baseline_done THEN 'done' ELSE baseline END,
        title = CASE WHEN :title <> '' THEN :title ELSE title END, items_listed = :items_listed,
        last_new = CASE WHEN :new THEN :at ELSE last_new END, hub = COALESCE(:hub, hub),
        gaps = gaps + :is_gap, last_gap = CASE WHEN :is_gap THEN :at ELSE last_gap END
    WHERE id = :feed AND leased_by = :owner
"""


_SLICES = """
    INSERT INTO slices (feed_id, packed) SELECT id, :slices FROM feeds WHERE id = :feed AND leased_by = :owner
    ON CONFLICT (feed_id) DO UPDATE SET packed = excluded.packed
"""


class Polls:
    """The part of the store that a poll uses."""

    _db: Database

    def known(self, feed: FeedId, keys: Collection[Key]) -> dict[Key, Known]:
        """Return what is known under each of these keys in a feed."""
        rows = self._db.rows(_KNOWN.format(column="key"), {"feed": feed, "keys": as_list(keys)}) if keys else []
        return {Key(row["key"]): _known(row) for row in rows}

    def known_by_url(self, feed: FeedId, url_keys: Collection[Key]) -> dict[Key, Known]:
        """Return the newest item at each of these addresses in a feed."""
        rows = self._db.rows(_KNOWN.format(column="url_key"), {"feed": feed, "keys": as_list(url_keys)}) if url_keys else []
        return {Key(row["url_key"]): _known(row) for row in rows}

    def commit_poll(self, record: PollRecord) -> Committed:
        """Write everything that a poll learned, or nothing. Return what was really added.

        An item that another poll was faster to store is not added again, and brings no match and no alert.
        """
        if record.outcome == "failed":
            with self._db.transaction(durable=False):
                self._db.run(_FAILED, _feed_values(record))
            return Committed()
        if record.outcome == "not_modified":
            with self._db.transaction(durable=False):
                self._db.run(_NOT_MODIFIED, _feed_values(record))
            return Committed()
        # Items without alerts may go with a loss of power: they go with the validators, and come again.
        has_alerts = any(finding.targets for one in record.recorded for finding in one.findings)
        with self._db.transaction(durable=has_alerts):
            added = Committed()
            for one in record.recorded:
                added = _sum(added, self._record(record, one))
            if record.slices is not None:
                # An item that another poll was faster to store may not be what its slice says: then nothing is remembered.
                is_true = added.new + added.updated == len(record.recorded)
                values = {"feed": record.feed, "owner": record.owner, "slices": record.slices if is_true else b""}
                self._db.run(_SLICES, values)
            self._db.run(_CHANGED, _feed_values(record) | {"new": int(added.new > 0)})
        return added

    def record_findings(self, item: ItemId, revision: int, findings: Iterable[Finding], at: datetime) -> Committed:
        """Record what the rules found in a stored item. Doing it twice adds nothing twice."""
        with self._db.transaction():
            return self._add_findings(item, revision, findings, number(at))

    def _record(self, record: PollRecord, one: Recorded) -> Committed:
        at = number(record.at)
        match one.change:
            case New(identified):
                row = self._db.row(_INSERT_ITEM, item_values(identified) | {"feed": record.feed, "at": at})
                if row is None:
                    return Committed()
                return replace(self._add_findings(ItemId(row["id"]), 1, one.findings, at), new=1)
            case Updated(identified, known):
                values = item_values(identified) | {"id": known.id, "known": known.fingerprint, "at": at}
                self._db.run(_KEEP_REVISION, values)
                row = self._db.row(_UPDATE_ITEM, values)
                if row is None:
                    return Committed()
                return replace(self._add_findings(known.id, row["revision"], one.findings, at), updated=1)

    def _add_findings(self, item: ItemId, revision: int, findings: Iterable[Finding], at: float | None) -> Committed:
        added = Committed()
        for finding in findings:
            added = _sum(added, self._add_finding(item, revision, finding, at))
        return added

    def _add_finding(self, item: ItemId, revision: int, finding: Finding, at: float | None) -> Committed:
        found = finding.match
        values = {"rule": found.rule, "item": item, "revision": revision, "severity": found.severity, "at": at}
        row = self._db.row(
            """
            INSERT INTO matches (rule, item_id, revision, severity, matched_at, evidence, alert_reason)
            VALUES (:rule, :item, :revision, :severity, :at, :evidence, :reason)
            ON CONFLICT (rule, item_id, revision) DO NOTHING RETURNING id
            """,
            values | {"evidence": evidence_text(found), "reason": finding.reason},
        )
        if not finding.targets:
            return Committed(matches=int(row is not None))
        match_id = row["id"] if row else self._untold(values)
        if match_id is None:
            return Committed()
        return replace(self._add_alert(match_id, finding, at), matches=int(row is not None))

    def _untold(self, values: dict[str, object]) -> int | None:
        """Return a match that is stored without an alert, to get one now."""
        row = self._db.row(
            """
            UPDATE matches SET alert_reason = NULL
            WHERE rule = :rule AND item_id = :item AND revision = :revision AND alert_reason IS NOT NULL
            RETURNING id
            """,
            values,
        )
        return None if row is None else int(row["id"])

    def _add_alert(self, match_id: int, finding: Finding, at: float | None) -> Committed:
        row = self._db.row(
            "INSERT INTO alerts (match_id, template, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
            [match_id, finding.template, at],
        )
        if row is None:
            return Committed()
        sql = """
            INSERT INTO deliveries (alert_id, receiver, url_id, label, created, next_try)
            VALUES (:alert, :receiver, :url_id, :label, :at, :at)
            ON CONFLICT DO NOTHING
        """
        targets = [
            {"alert": row["id"], "receiver": one.receiver, "url_id": one.url_id, "label": one.label, "at": at} for one in finding.targets
        ]
        self._db.run_many(sql, targets)
        return Committed(alerts=1, deliveries=len(targets))


def _known(row: dict[str, str]) -> Known:
    rules: frozenset[str] = frozenset(json.loads(row["rules"]))
    return Known(ItemId(int(row["id"])), Key(row["key"]), row["fingerprint"], int(row["revision"]), row["url"], rules, row["title"])


def _feed_values(record: PollRecord) -> dict[str, object]:
    return {
        "feed": record.feed,
        "owner": record.owner,
        "at": number(record.at),
        "next_poll": number(record.next_poll),
        "took": record.took.total_seconds(),
        "etag": record.validators.etag,
        "last_modified": record.validators.last_modified,
        "body_hash": record.body_hash,
        "validated": int(record.validated),
        "status": record.status,
        "error": record.error,
        "title": record.title,
        "items_listed": record.items_listed,
        "is_gap": int(record.is_gap),
        "baseline_done": int(record.baseline_done),
        "hub": record.hub,
    }


def _sum(one: Committed, other: Committed) -> Committed:
    return Committed(
        one.new + other.new,
        one.updated + other.updated,
        one.matches + other.matches,
        one.alerts + other.alerts,
        one.deliveries + other.deliveries,
    )
