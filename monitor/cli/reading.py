"""``matches``, ``items`` and ``search``: what the database holds."""

from __future__ import annotations

import click

from monitor.cli import shapes, times
from monitor.cli.options import (
    Session,
    examples,
    feed_option,
    format_option,
    kind_option,
    limit_option,
    pass_session,
    since_option,
    until_option,
)
from monitor.cli.output import asked, print_limited
from monitor.cli.reader import Reader, reading
from monitor.cli.terminal import Cell, local
from monitor.core.model import StoredItem
from monitor.core.schedule import in_hours


@click.command(
    "matches",
    epilog=examples(
        "monitor matches",
        "monitor matches --rule waffenstillstand --since 7d",
        "monitor matches --since 2026-11-01 --until 2026-11-30 --format csv",
        "monitor matches --entity selenskyj --kind comment --limit 5 --format json",
    ),
)
@click.option("--rule", metavar="RULE", help="only of this rule")
@feed_option
@click.option("--entity", metavar="ENTITY", help="only with this entity in the evidence, or one of this list")
@since_option
@until_option
@kind_option
@limit_option
@format_option
@pass_session
def matches_command(
    session: Session,
    rule: str | None,
    feed: str | None,
    entity: str | None,
    since: times.When | None,
    until: times.When | None,
    kind: str | None,
    limit: int | None,
    form: str,
) -> None:
    """List matches, newest first."""
    with reading(session) as reader:
        rows = reader.store.match_rows(
            rule=rule,
            feed=feed,
            entity=entity,
            since=reader.since(since),
            until=reader.until(until),
            kinds=(kind,) if kind else (),
            limit=asked(limit, form),
        )
        if not rows:
            reader.must_know(rule=rule, feed=feed, entity=entity)
        print_limited(rows, limit, form, shapes.MATCH, _match_cells(reader), "no matches")


@click.command(
    "items",
    epilog=examples(
        "monitor items --feed boltwise --limit 10",
        "monitor items --since 12h --format jsonl",
        "monitor items --kind comment --format json",
    ),
)
@feed_option
@kind_option
@since_option
@limit_option
@format_option
@pass_session
def items_command(session: Session, feed: str | None, kind: str | None, since: times.When | None, limit: int | None, form: str) -> None:
    """List stored items, newest first."""
    with reading(session) as reader:
        kinds = (kind,) if kind else ()
        rows = reader.store.item_rows(feed=feed, kinds=kinds, since=reader.since(since), limit=asked(limit, form))
        if not rows:
            reader.must_know(feed=feed)
        print_limited(rows, limit, form, shapes.ITEM, _item_cells(reader), "no items")


@click.command(
    "search",
    epilog=examples(
        "monitor search Waffenstillstand",
        "monitor search 'Kiew Sanktionen' --since 30d --limit 20",
        "monitor search Selenskyj --format json",
    ),
)
@click.argument("query")
@since_option
@limit_option
@format_option
@pass_session
def search_command(session: Session, query: str, since: times.When | None, limit: int | None, form: str) -> None:
    """Search the texts of stored items.

    QUERY is words that must all be there, the best fitting item comes first. word* stands for all words that begin so,
    "two words" between double quotes stand together.
    """
    with reading(session) as reader:
        rows = reader.store.search_rows(query, since=reader.since(since), limit=asked(limit, form))
        print_limited(rows, limit, form, shapes.ITEM, _item_cells(reader), "no items")


def _match_cells(reader: Reader) -> tuple[Cell, ...]:
    return (
        Cell("matched", lambda row: local(row.matched_at, reader.zone)),
        Cell("rule", lambda row: row.rule),
        Cell("severity", lambda row: row.severity),
        Cell("feed", lambda row: row.item.feed),
        Cell("item", lambda row: str(row.item.id), is_number=True),
        Cell("title", lambda row: row.item.item.title or row.item.item.url or "-", is_long=True),
        Cell("found", lambda row: ", ".join(dict.fromkeys(span.text for span in row.evidence)), is_long=True),
        Cell("alert", lambda row: f"{row.alert} ({row.alert_reason})" if row.alert_reason else row.alert),
    )


def _item_cells(reader: Reader) -> tuple[Cell, ...]:
    return (
        Cell("first seen", lambda row: local(row.first_seen, reader.zone) + _late(row)),
        Cell("feed", lambda row: row.feed),
        Cell("item", lambda row: str(row.id), is_number=True),
        Cell("title", lambda row: row.item.title or "-", is_long=True),
        Cell("url", lambda row: row.item.url or "-", is_long=True),
    )


def _late(row: StoredItem) -> str:
    """Return " (late by 5 h)" for an item that came later than it should have."""
    if row.late is None:
        return ""
    return f" (late by {in_hours(row.late)})" if row.late else " (late)"
