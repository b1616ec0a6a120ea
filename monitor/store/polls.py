"""A poll's two touches: what is known of the listed items, and the commit of everything that was learned."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from monitor.core.following import Following
from monitor.core.ids import FeedId, ItemId
from monitor.core.model import Key
from monitor.core.older import Usual
from monitor.core.record import Alias, Committed, Finding, New, PollRecord, Recorded, Updated
from monitor.core.repair import PageRecord
from monitor.core.state import Known
from monitor.core.twins import title_key
from monitor.store.columns import evidence_text, item_values
from monitor.store.connection import Row, moment, number
from monitor.store.noise import Noise
from monitor.store.pages import Pages
from monitor.store.repairs import Repairs
from monitor.store.rows import as_list
from monitor.store.sources import Sources
from monitor.store.twins import Twins

_FACTS = """
    i.id, i.key, i.url_key, i.fingerprint, i.revision, i.url, i.title, i.published, i.first_seen,
    (SELECT json_group_array(DISTINCT m.rule) FROM matches m WHERE m.item_id = i.id) AS rules,
    (SELECT json_group_array(DISTINCT m.rule) FROM matches m WHERE m.item_id = i.id AND m.alert_reason IS NULL) AS told
"""

_KNOWN = f"""
    SELECT a.key AS asked, {_FACTS} FROM aliases a JOIN items i ON i.id = a.item_id
    WHERE a.feed_id = :feed AND a.key IN (SELECT value FROM json_each(:keys))
    UNION ALL
    SELECT i.key AS asked, {_FACTS} FROM items i WHERE i.feed_id = :feed AND i.key IN (SELECT value FROM json_each(:keys))
"""

_KNOWN_BY_URL = f"""
    SELECT {_FACTS} FROM items i WHERE i.feed_id = :feed AND i.url_key IN (SELECT value FROM json_each(:keys)) ORDER BY i.id
"""

# The words of a title have an index, it has none.
_KNOWN_BY_TITLE = f"""
    SELECT {_FACTS} FROM items i INDEXED BY items_title_key
    WHERE i.title_key IN (SELECT value FROM json_each(:keys)) AND i.feed_id = :feed AND i.title IN (SELECT value FROM json_each(:titles))
    ORDER BY i.id DESC LIMIT 10000
"""

_PACE = """
    SELECT count(*) AS n, min(first_seen) AS at FROM items
    WHERE feed_id = :feed AND first_seen > :since AND first_seen > (SELECT min(first_seen) FROM items WHERE feed_id = :feed)
    GROUP BY first_seen
"""
# An archive that came at once must not count as the feed's own pace.
_AT_ONCE = 20
_PACE_OVER = timedelta(days=7)

_INSERT_ITEM = """
    INSERT INTO items (feed_id, kind, parent, first_seen,
        key, rung, url_key, fingerprint, guid, url, title, summary, content, authors, categories,
        enclosures, published, updated, language, comments_feed, comments_count, in_reply_to, publisher, publisher_url, title_key, late)
    VALUES (:feed, :kind, :parent, :at, :key, :rung, :url_key, :fingerprint, :guid, :url, :title, :summary, :content, :authors, :categories,
        :enclosures, :published, :updated, :language, :comments_feed, :comments_count, :in_reply_to, :publisher, :publisher_url,
        :title_key, :late)
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
        comments_feed = :comments_feed, comments_count = :comments_count, in_reply_to = :in_reply_to,
        publisher = :publisher, publisher_url = :publisher_url, title_key = :title_key, forgotten = NULL
    WHERE id = :id AND fingerprint = :known RETURNING revision
"""

# A poll whose lease was taken over by another may still bring items, but must not turn back the feed's clock and validators.
_FAILED = """
    UPDATE feeds SET lease_until = NULL, leased_by = NULL, unfinished = 0, polls = polls + 1, last_poll = :at, last_status = :status,
        last_error = :error, last_took = :took, failures = failures + NOT :is_postponed, next_poll = :next_poll
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
        overlap = :overlap,
        gaps = gaps + :is_gap, last_gap = CASE WHEN :is_gap THEN :at ELSE last_gap END,
        repair_ended = CASE WHEN :is_gap THEN NULL ELSE repair_ended END,
        migrated = CASE WHEN :migrated THEN :migrated ELSE migrated END,
        last_migration = CASE WHEN :migrated THEN :at ELSE last_migration END,
        held = CASE WHEN :held THEN :held ELSE held END, last_flood = CASE WHEN :held THEN :at ELSE last_flood END
    WHERE id = :feed AND leased_by = :owner
"""


_SLICES = """
    INSERT INTO slices (feed_id, packed) SELECT id, :slices FROM feeds WHERE id = :feed AND leased_by = :owner
    ON CONFLICT (feed_id) DO UPDATE SET packed = excluded.packed
"""

# A feed that gives new guids at every poll would fill the disk with them, and none of them comes again.
_MOST_ALIASES = 20
_FORGET_ALIASES = f"""
    DELETE FROM aliases WHERE item_id = :item AND key NOT IN (
        SELECT key FROM aliases WHERE item_id = :item ORDER BY added DESC, key = :key DESC LIMIT {_MOST_ALIASES}
    )
"""

_NO_COMMENTS = Following()


class Polls(Sources, Noise, Repairs, Twins, Pages):
    """The part of the store that a poll uses."""

    def known(self, feed: FeedId, keys: Collection[Key]) -> dict[Key, Known]:
        """Return what is known under each of these keys in a feed."""
        rows = self._db.rows(_KNOWN, {"feed": feed, "keys": as_list(keys)}) if keys else []
        return {Key(row["asked"]): _known(row) for row in rows}

    def known_by_url(self, feed: FeedId, url_keys: Collection[Key]) -> dict[Key, Known]:
        """Return the newest item at each of these addresses in a feed."""
        rows = self._db.rows(_KNOWN_BY_URL, {"feed": feed, "keys": as_list(url_keys)}) if url_keys else []
        return {Key(row["url_key"]): _known(row) for row in rows}

    def known_by_title(self, feed: FeedId, titles: Collection[str]) -> dict[str, list[Known]]:
        """Return the items of a feed with each of these titles, the newest first; of titles without a word none."""
        found: dict[str, list[Known]] = {}
        keys = {key for title in titles if (key := title_key(title))}
        values = {"feed": feed, "titles": as_list(titles), "keys": as_list(keys)}
        for row in self._db.rows(_KNOWN_BY_TITLE, values) if keys else []:
            found.setdefault(row["title"], []).append(_known(row))
        return found

    def usual(self, feed: FeedId) -> Usual:
        """Return when a feed last answered well, and how many items it listed then."""
        row = self._db.row("SELECT last_ok, items_listed FROM feeds WHERE id = ?", [feed])
        return Usual(moment(row["last_ok"]), row["items_listed"]) if row else Usual()

    def pace(self, feed: FeedId, now: datetime) -> float:
        """Return how many new items an hour a feed brought in the last week, without its first poll."""
        since = now - _PACE_OVER
        rows = self._db.rows(_PACE, {"feed": feed, "since": number(since)})
        added = self._db.scalar("SELECT min(first_seen) FROM items WHERE feed_id = ?", [feed])
        begin = max(moment(added) or now, since)
        hours = max((now - begin) / timedelta(hours=1), 1 / 60)
        return float(sum(min(row["n"], _AT_ONCE) for row in rows) / hours)

    def commit_poll(self, record: PollRecord) -> Committed:
        """Write everything that a poll learned, or nothing. Return what was really added.

        An item that another poll was faster to store is not added again, and brings no match and no alert.
        """
        if record.outcome != "changed":
            return self.commit_quiet([record])[0]
        # Items without alerts may go with a loss of power: they go with the validators, and come again.
        has_alerts = bool(record.turns and record.targets) or any(finding.targets for one in record.recorded for finding in one.findings)
        with self._db.transaction(durable=has_alerts):
            added = Committed()
            for one in record.recorded:
                added = _sum(added, self._record(record.feed, record.at, one, record.following))
            if record.learned is not None:
                self._keep_learned(record.feed, record.learned)
            self._add_aliases(record.following.home or record.feed, record.aliases, record.at)
            # The walk asks for what came since the last good poll before this one: read before that is written.
            if record.repair is not None:
                self._begin_repair(record.feed, record.repair, record.at)
            if record.slices is not None:
                # An item that another poll was faster to store may not be what its slice says: then nothing is remembered.
                is_true = added.new + added.updated == len(record.recorded)
                values = {"feed": record.feed, "owner": record.owner, "slices": record.slices if is_true else b""}
                self._db.run(_SLICES, values)
            is_ours = self._db.run(_CHANGED, _feed_values(record) | {"new": int(added.new > 0)})
            self._learn_of_comments(record)
            return _sum(added, self._learn_of_source(record)) if is_ours else added

    def commit_quiet(self, records: Sequence[PollRecord]) -> list[Committed]:
        """Write what polls learned that brought no document, all of them or nothing."""
        # What is wrong with a source must be told like anything else.
        with self._db.transaction(durable=any(record.turns and record.targets for record in records)):
            return [self._keep_quiet(record) for record in records]

    def _keep_quiet(self, record: PollRecord) -> Committed:
        is_ours = self._db.run(_FAILED if record.outcome == "failed" else _NOT_MODIFIED, _feed_values(record))
        self._take_turn(record)
        return self._learn_of_source(record) if is_ours else Committed()

    def _learn_of_comments(self, record: PollRecord) -> None:
        self._take_turn(record)
        for comment, article in record.following.adopted:
            self._db.run("UPDATE items SET parent = ? WHERE id = ? AND parent IS NULL", [article, comment])
        for hint in record.following.hints:
            self._take_hint(hint, number(record.at))
        for follow in record.following.follows:
            self._follow(record.feed, follow.item, follow, number(record.at))

    def commit_page(self, record: PageRecord) -> Committed:
        """Write what an older page brought, and where the walk goes on, or nothing. Return what was really added."""
        has_alerts = any(finding.targets for one in record.recorded for finding in one.findings)
        with self._db.transaction(durable=has_alerts):
            added = Committed()
            for one in record.recorded:
                added = _sum(added, self._record(record.feed, record.at, one))
            if record.learned is not None:
                self._keep_learned(record.feed, record.learned)
            self._settle_repair(record)
        return added

    def record_findings(self, item: ItemId, revision: int, findings: Iterable[Finding], at: datetime) -> Committed:
        """Record what the rules found in a stored item. Doing it twice adds nothing twice."""
        with self._db.transaction():
            return self._add_findings(item, revision, findings, number(at))

    def _record(self, feed: FeedId, moment_: datetime, one: Recorded, following: Following = _NO_COMMENTS) -> Committed:
        at = number(moment_)
        match one.change:
            case New(identified):
                home, kind = following.home or feed, "comment" if following.is_comments else "article"
                place = {"feed": home, "kind": kind, "parent": one.parent, "at": at, "late": _seconds(one.late)}
                row = self._db.row(_INSERT_ITEM, item_values(identified) | place)
                if row is None:
                    return Committed()
                item = ItemId(row["id"])
                if one.follow:
                    self._follow(feed, item, one.follow, at)
                if one.page:
                    self._want_page(item, 1, one.page)
                if one.parent is not None and one.parent != following.article:
                    self._hurry(one.parent, at, is_comment=True)
                return replace(self._add_findings(item, 1, one.findings, at), new=1)
            case Updated(identified=identified, known=known):
                values = item_values(identified) | {"id": known.id, "known": known.fingerprint, "at": at}
                self._db.run(_KEEP_REVISION, values)
                row = self._db.row(_UPDATE_ITEM, values)
                if row is None:
                    return Committed()
                self._want_page(known.id, row["revision"], one.page)
                return replace(self._add_findings(known.id, row["revision"], one.findings, at), updated=1)

    def _add_aliases(self, feed: FeedId, aliases: Sequence[Alias], at: datetime) -> None:
        values: list[Mapping[str, object]] = [
            {"feed": feed, "item": one.item, "key": one.key, "guid": one.guid, "url": one.url, "url_key": one.url_key, "at": number(at)}
            for one in aliases
        ]
        if values:
            self._db.run_many("INSERT INTO aliases VALUES (:feed, :key, :item, :at) ON CONFLICT DO NOTHING", values)
            self._db.run_many(_FORGET_ALIASES, values)
            # The address that people are shown is the one that works now.
            self._db.run_many(
                """
                UPDATE items SET guid = coalesce(:guid, guid), url = coalesce(:url, url), url_key = coalesce(:url_key, url_key)
                WHERE id = :item
                """,
                values,
            )

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
        """Return a match that is stored without an alert, to get one now; an edit of what was told is not told again."""
        row = self._db.row(
            """
            UPDATE matches SET alert_reason = NULL
            WHERE rule = :rule AND item_id = :item AND revision = :revision AND alert_reason NOT LIKE 'already alerted%'
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
        self._add_deliveries(row["id"], finding.targets, at)
        return Committed(alerts=1, deliveries=len(finding.targets))


def _known(row: Row) -> Known:
    return Known(
        ItemId(row["id"]),
        Key(row["key"]),
        row["fingerprint"],
        row["revision"],
        row["url"],
        _names(row["rules"]),
        row["title"],
        _names(row["told"]),
        moment(row["published"]),
        moment(row["first_seen"]),
    )


@lru_cache(maxsize=1024)
def _names(text: str) -> frozenset[str]:
    # Every item of a feed is read at every change, and most have no match, or the same as others.
    return frozenset(json.loads(text))


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


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
        "is_postponed": int(record.is_postponed),
        "baseline_done": int(record.baseline_done),
        "overlap": record.overlap,
        "migrated": record.migration,
        "held": record.held,
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
