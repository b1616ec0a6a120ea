"""``poll`` and ``backfill``: one pass now, over feeds or over what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

import click

from monitor.cli import times
from monitor.cli.options import Session, examples, format_option, pass_session, since_option, until_option
from monitor.cli.output import print_object, rows_only
from monitor.cli.progress import progress
from monitor.cli.reader import reading
from monitor.cli.terminal import one_line

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.work.summary import BackfillSummary, PollSummary


@click.command(
    "poll",
    epilog=examples("monitor poll", "monitor poll boltwise heise", "monitor poll --no-deliver", "monitor poll boltwise --format json"),
)
@click.argument("feeds", nargs=-1, metavar="[FEED]...")
@click.option("--no-deliver", "is_quiet", is_flag=True, help="leave the outbox alone: nothing is sent")
@format_option
@pass_session
@click.pass_context
def poll_command(ctx: click.Context, session: Session, feeds: tuple[str, ...], is_quiet: bool, form: str) -> None:  # noqa: FBT001
    """Poll feeds once, now.

    The named feeds, or all, due or not: fetch, match, deliver.
    """
    from monitor import app
    from monitor.app import passes

    config, started = session.config(), app.utc_now()
    with progress("polling") as told, rows_only(form):
        summary = passes.poll_once(config, feeds, deliver=not is_quiet, progress=told)
    failures = [f"{one.feed}: {one.error}" for one in summary.failed]
    if not is_quiet:
        failures += _undelivered(config, started)
    print_object(summary, form, _poll_facts)
    for name in summary.busy or ():
        click.echo(f"{name}: not polled, another process does so; if that died, it is free again within ten minutes", err=True)
    _end(ctx, failures)


@click.command(
    "backfill",
    epilog=examples(
        "monitor backfill",
        "monitor backfill --rule waffenstillstand --since 30d",
        "monitor backfill --feed boltwise --since 2026-11-01 --until 2026-11-15 --deliver",
        "monitor backfill --feed boltwise --pages 5",
    ),
)
@click.option("--feed", "feeds", metavar="FEED", multiple=True, help="only items of this feed; may be given again")
@click.option("--rule", "rules", metavar="RULE", multiple=True, help="only this rule; may be given again")
@since_option
@until_option
@click.option("--pages", type=click.IntRange(min=1), metavar="N", help="walk back through up to N older pages of each feed first")
@click.option("--deliver", "is_loud", is_flag=True, help="alert what is found; without it, matches are only recorded")
@format_option
@pass_session
@click.pass_context
def backfill_command(
    ctx: click.Context,
    session: Session,
    feeds: tuple[str, ...],
    rules: tuple[str, ...],
    since: times.When | None,
    until: times.When | None,
    pages: int | None,
    is_loud: bool,  # noqa: FBT001
    form: str,
) -> None:
    """Run stored items through the rules as they are now.

    With --pages, older pages of the feeds are read first (RFC 5005, WordPress); what they bring is alerted only with --deliver.
    What was held because too much came at once is told with --deliver, too.
    """
    from monitor.app import passes
    from monitor.work.archive import Span

    failures = _walk(session, feeds, pages) if pages else []
    with reading(session) as reader:
        config, span = reader.config, Span(feeds, reader.since(since), reader.until(until))
    with progress("backfill") as told, rows_only(form):
        summary = passes.backfill(config, rules, span, deliver=is_loud, progress=told)
    print_object(summary, form, _backfill_facts)
    _end(ctx, failures + (_undelivered(config, reader.now) if is_loud else []))


def _walk(session: Session, feeds: Sequence[str], pages: int) -> list[str]:
    """Walk back through older pages, say what each feed brought, and return what failed."""
    from monitor.app.walking import walk_pages

    with progress("pages") as told:
        walked = walk_pages(session.config(), feeds, pages, told)
    for one in walked:
        if one.error is None:
            click.echo(f"{one.feed}: {one.pages} older pages, {one.committed.new} new items: {one_line(one.ended)}", err=True)
    return [f"{one.feed}: {one.error}" for one in walked if one.error is not None]


def _end(ctx: click.Context, failures: Sequence[str]) -> NoReturn:
    for failure in failures:
        click.echo(f"monitor: {one_line(failure)}", err=True)
    ctx.exit(1 if failures else 0)


def _undelivered(config: Config, since: datetime) -> list[str]:
    """Return a line for each delivery that waits after a failure, or was given up in this pass."""
    from monitor import app

    with app.open_archive(config) as archive:
        waiting = [row for state in ("failed", "unknown") for row in archive.delivery_rows(state, None)]
        given_up = [row for row in archive.delivery_rows("dead", None) if row.settled and row.settled >= since]
    return [f"delivery {row.id} to {row.label}: {row.state}: {row.detail}" for row in (*waiting, *given_up)]


def _poll_facts(summary: PollSummary) -> list[tuple[str, str]]:
    return [
        ("feeds", f"{summary.feeds}: {summary.ok} ok ({summary.not_modified} not modified), {len(summary.failed)} failed"),
        ("items", f"{summary.new} new, {summary.updated} updated"),
        ("matches", str(summary.matches)),
        ("alerts", f"{summary.delivered} delivered, {summary.undelivered} waiting"),
    ]


def _backfill_facts(summary: BackfillSummary) -> list[tuple[str, str]]:
    return [("items", str(summary.items)), ("matches", str(summary.matches)), ("alerts", str(summary.alerts))]
