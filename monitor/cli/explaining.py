"""``explain``: every no has a reason, and here it is printed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import tzinfo

import click

from monitor.cli.options import Session, examples, pass_session
from monitor.cli.output import as_object, dumps, plain, utc
from monitor.cli.reader import Reader, reading
from monitor.cli.shapes import DELIVERY, ITEM
from monitor.cli.terminal import can_show, local, one_line
from monitor.core.diff import Edit, Revision, changes_of
from monitor.core.model import Evidence, StoredItem
from monitor.core.rows import DeliveryRow, MatchRow
from monitor.core.rule import Condition, Verdict
from monitor.errors import NotFound

_MARKS = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}


@dataclass(frozen=True, slots=True)
class Explained:
    """An item, what each rule said of it, and what became of its alerts."""

    item: StoredItem
    verdicts: tuple[Verdict, ...]
    matches: tuple[MatchRow, ...]
    deliveries: tuple[DeliveryRow, ...]
    revisions: tuple[Revision, ...] = ()


@click.command(
    "explain",
    epilog=examples(
        "monitor explain 12",
        "monitor explain https://www.it-boltwise.de/waffenruhe.html --rule waffenstillstand",
        "monitor explain 12 --format json",
    ),
)
@click.argument("item")
@click.option("--rule", metavar="RULE", help="only this rule")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True, help="for whom")
@pass_session
def explain_command(session: Session, item: str, rule: str | None, form: str) -> None:
    """Say why each rule did or did not match an item.

    ITEM is its number, as `monitor items` and `monitor matches` show it, or its URL.
    """
    with reading(session) as reader:
        found = [_explained(reader, one, rule) for one in reader.store.find_item(item)]
        if not found:
            raise NotFound(f"no such item: {one_line(item)}; `monitor items` and `monitor search` show those there are")
        if form == "json":
            click.echo(dumps([_as_json(one) for one in found]))
        else:
            click.echo("\n\n".join("\n".join(_lines(one, reader.zone)) for one in found))


def _explained(reader: Reader, item: StoredItem, rule: str | None) -> Explained:
    from monitor.app import composition

    verdicts = composition.explain(reader.config, item, rule)
    rules = {verdict.rule for verdict in verdicts}
    matches = tuple(row for row in reader.store.matches_of(item.id) if rule is None or row.rule in rules)
    deliveries = tuple(row for row in reader.store.delivery_rows(item=item.id) if rule is None or row.rule in rules)
    return Explained(item, verdicts, matches, deliveries, tuple(reader.store.revisions_of(item.id)))


def _as_json(explained: Explained) -> dict[str, object]:
    return {
        "item": as_object(explained.item, ITEM),
        "verdicts": [
            {"rule": one.rule, "matched": one.match is not None, "conditions": plain(one.conditions)} for one in explained.verdicts
        ],
        "alerts": [
            {"rule": one.rule, "matched_at": utc(one.matched_at), "alert": one.alert, "alert_reason": one.alert_reason}
            for one in explained.matches
        ],
        "deliveries": [as_object(one, DELIVERY) for one in explained.deliveries],
        "revisions": [
            {"revision": before.number + 1, "seen": utc(before.until), "diff": plain(edits)} for before, edits in _edits(explained)
        ],
    }


def _lines(explained: Explained, zone: tzinfo) -> list[str]:
    stored = explained.item
    lines = [
        f"item {stored.id} of {stored.feed}, revision {stored.revision}, first seen {local(stored.first_seen, zone)}",
        f"  {one_line(stored.item.title) or '-'}",
        f"  {one_line(stored.item.url or '-')}",
    ]
    for before, edits in _edits(explained):
        shown = " ".join(_MARKS[edit.by].format(edit.text) for edit in edits)
        lines.append(f"  revision {before.number + 1}, {local(before.until, zone)}: {one_line(shown) or 'the texts are the same'}")
    for verdict in explained.verdicts:
        lines += ["", f"rule {verdict.rule}: {'matches' if verdict.match else 'does not match'}"]
        lines += [line for condition in verdict.conditions for line in _condition(condition)]
    lines += ["", "alerts:" if explained.matches else "alerts: none: no rule matched it when it was polled"]
    for row in explained.matches:
        lines.append(f"  rule {row.rule}, {local(row.matched_at, zone)}: {row.alert}{_because(row.alert_reason)}")
        lines += [f"    {_delivery(one)}" for one in explained.deliveries if one.rule == row.rule]
    return lines


def _edits(explained: Explained) -> list[tuple[Revision, tuple[Edit, ...]]]:
    """Return each earlier revision with what the next one changed."""
    item = explained.item.item
    texts = [(one.title, one.summary, one.content) for one in explained.revisions[1:]] + [(item.title, item.summary, item.content)]
    return [(before, changes_of(before, *after)) for before, after in zip(explained.revisions, texts, strict=False)]


def _condition(condition: Condition) -> list[str]:
    yes, no = ("✓", "✗") if can_show("✓✗", sys.stdout) else ("+", "-")
    first = f"  {yes if condition.held else no} {one_line(condition.name)}: {one_line(condition.why)}"
    return [first, *(f"      {_span(one)}" for one in condition.evidence)]


def _span(one: Evidence) -> str:
    named = f" of {one.entity}" if one.entity else ""
    return one_line(f'{one.field} {one.start}-{one.end}: "{one.text}" is {one.term}{named} ({one.by})')


def _delivery(row: DeliveryRow) -> str:
    return f"delivery {row.id} to {one_line(row.label)}: {row.state}, {row.attempts} attempts{_because(row.detail)}"


def _because(reason: str | None) -> str:
    return f" ({one_line(reason)})" if reason else ""
