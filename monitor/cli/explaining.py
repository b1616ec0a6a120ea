"""``explain``: every no has a reason, and here it is printed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

import click

from monitor.cli.options import Session, examples, pass_session
from monitor.cli.output import as_object, dumps, plain, utc
from monitor.cli.reader import Manager, managing
from monitor.cli.shapes import DELIVERY, ITEM
from monitor.cli.terminal import can_show, local, one_line
from monitor.core.diff import Edit, Revision, changes_of
from monitor.core.habits import Removed
from monitor.core.model import Field, StoredItem
from monitor.core.rows import DeliveryRow, MatchRow
from monitor.core.teaser import PageState
from monitor.core.verdict import Condition, Proof, Subject, Verdict
from monitor.errors import NotFound

# How much of a text is shown on each side of a hit, in characters, and how many hits of a condition.
AROUND = 40
MOST_PLACES = 5
_MARKS = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}


@dataclass(frozen=True, slots=True)
class Explained:
    """An item, what each rule said of it, and what became of its alerts."""

    item: StoredItem
    looked_at: Subject
    verdicts: tuple[Verdict, ...]
    matches: tuple[MatchRow, ...]
    deliveries: tuple[DeliveryRow, ...]
    revisions: tuple[Revision, ...] = ()
    page: PageState | None = None
    rule: str | None = None


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
    with managing(session) as reader:
        found = [_explained(reader, one, rule) for one in reader.store.find_item(item)]
        if not found:
            raise NotFound(f"no such item: {one_line(item)}; `monitor items` and `monitor search` show those there are")
        if form == "json":
            click.echo(dumps([_as_json(one) for one in found]))
        else:
            click.echo("\n\n".join("\n".join(_lines(one, reader.zone)) for one in found))


def _explained(reader: Manager, item: StoredItem, rule: str | None) -> Explained:
    from monitor.app import passes

    looked_at, verdicts = passes.explain(reader.config, reader.store, item, rule)
    rules = {verdict.rule for verdict in verdicts}
    matches = tuple(row for row in reader.store.matches_of(item.id) if rule is None or row.rule in rules)
    deliveries = tuple(row for row in reader.store.delivery_rows(item=item.id) if rule is None or row.rule in rules)
    revisions = tuple(reader.store.revisions_of(item.id))
    return Explained(item, looked_at, verdicts, matches, deliveries, revisions, reader.store.page_state(item.id), rule)


def _as_json(explained: Explained) -> dict[str, object]:
    return {
        "item": as_object(explained.item, ITEM),
        "verdicts": [
            {
                "rule": one.rule,
                "matched": one.match is not None,
                "first_failed": list(one.first_failed),
                "conditions": plain(one.conditions),
            }
            for one in explained.verdicts
        ],
        "removed": [plain(one) | {"field": field, "text": text} for field, text, one in _removed(explained.looked_at)],
        "alerts": [
            {"rule": one.rule, "matched_at": utc(one.matched_at), "alert": one.alert, "alert_reason": one.alert_reason}
            for one in explained.matches
        ],
        "page": plain(explained.page),
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
    lines += [_page(explained.page, zone)] if explained.page else []
    removed = [f"  {field} {one.start}-{one.end}: {_struck(text)} ({one.reason})" for field, text, one in _removed(explained.looked_at)]
    lines += ["", "page noise, not matched:", *removed] if removed else []
    for verdict in explained.verdicts:
        lines += ["", f"rule {one_line(verdict.rule)}: {_result(verdict)}"]
        lines += [f"  {line}" for condition in verdict.conditions for line in _condition(condition, explained.looked_at)]
    nobody = f"rule {one_line(explained.rule)} did not match" if explained.rule else "no rule matched"
    lines += ["", "alerts:" if explained.matches else f"alerts: none: {nobody} it when it was polled"]
    for row in explained.matches:
        lines.append(f"  rule {row.rule}, {local(row.matched_at, zone)}: {row.alert}{_because(row.alert_reason)}")
        lines += [f"    {_delivery(one)}" for one in explained.deliveries if one.rule == row.rule]
    return lines


def _page(page: PageState, zone: tzinfo) -> str:
    """Say why the text is only what the feed gave."""
    if page.next_try is None:
        return f"  its page was not read: {one_line(page.error or '')}; given up after {page.attempts} tries"
    tried = f" after {page.attempts} tries: {one_line(page.error)}" if page.error else ""
    return f"  its page is still to be read, next at {local(page.next_try, zone)}{tried}"


def _removed(looked_at: Subject) -> Iterator[tuple[Field, str, Removed]]:
    for field, spans in looked_at.removed.items():
        for one in spans:
            yield field, looked_at.texts[field][one.start : one.end], one


def _edits(explained: Explained) -> list[tuple[Revision, tuple[Edit, ...]]]:
    """Return each earlier revision with what the next one changed."""
    item = explained.item.item
    texts = [(one.title, one.summary, one.content) for one in explained.revisions[1:]] + [(item.title, item.summary, item.content)]
    return [(before, changes_of(before, *after)) for before, after in zip(explained.revisions, texts, strict=False)]


def _struck(text: str) -> str:
    """Return a text struck through; where no terminal can show that, between tildes, as in Markdown."""
    short = one_line(text if len(text) <= 200 else text[:199] + "…")
    return click.style(short, strikethrough=True) if sys.stdout.isatty() else f"~~{short}~~"


def _result(verdict: Verdict) -> str:
    if verdict.match:
        return "matches"
    return f"does not match; first to fail: {' > '.join(map(one_line, verdict.first_failed))}"


def _condition(condition: Condition, looked_at: Subject) -> Iterator[str]:
    """Yield the lines of a condition: itself, the parts it is made of, or the places where it was found, and what came near."""
    yes, no, near = ("✓", "✗", "≈") if can_show("✓✗≈", sys.stdout) else ("+", "-", "~")
    # What its parts say need not be said twice.
    why = "" if condition.held and condition.parts else f": {one_line(condition.why)}"
    yield f"{yes if condition.held else no} {one_line(condition.name)}{why}"
    for part in condition.parts:
        yield from (f"    {line}" for line in _condition(part, looked_at))
    if not condition.parts:
        more = len(condition.evidence) - MOST_PLACES
        yield from (f"      {_place(one, looked_at)}" for one in condition.evidence[:MOST_PLACES])
        yield from ([f"      and {more} more places"] if more > 0 else [])
    yield from (f"    {near} {one_line(miss)}" for miss in condition.near)


def _place(one: Proof, looked_at: Subject) -> str:
    """Return a hit with the words around it."""
    text = looked_at.texts[one.field]
    before, after = text[max(one.start - AROUND, 0) : one.start], text[one.end : one.end + AROUND]
    # Words that are cut are left out.
    before = before if one.start <= AROUND else "…" + before[before.find(" ") :].lstrip()
    after = after if one.end + AROUND >= len(text) else after[: after.rfind(" ") + 1].rstrip() + "…"
    named = f" of {one.entity}" if one.entity else ""
    return one_line(f"{one.field} {one.start}-{one.end}{named}: {before}[{one.text}]{after}")


def _delivery(row: DeliveryRow) -> str:
    tries = "1 attempt" if row.attempts == 1 else f"{row.attempts} attempts"
    return f"delivery {row.id} to {one_line(row.label)}: {row.state}, {tries}{_because(row.detail)}"


def _because(reason: str | None) -> str:
    return f" ({one_line(reason)})" if reason else ""
