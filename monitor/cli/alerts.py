"""``alerts``: the outbox, and what became of each delivery."""

from __future__ import annotations

from typing import get_args

import click

from monitor.cli.groups import GroupWithDefault
from monitor.cli.options import Session, examples, format_option, limit_option, pass_session
from monitor.cli.output import asked, print_limited
from monitor.cli.reader import Reader, managing, reading
from monitor.cli.shapes import DELIVERY
from monitor.cli.terminal import Cell, local
from monitor.core.delivery import DeliveryState
from monitor.errors import NotFound


@click.group("alerts", cls=GroupWithDefault, epilog=examples("monitor alerts", "monitor alerts retry"))
def alerts_command() -> None:
    """List deliveries, and send dead ones again."""


@alerts_command.command(
    "list",
    epilog=examples("monitor alerts", "monitor alerts list --state dead", "monitor alerts --state failed --format json"),
)
@click.option("--state", type=click.Choice(get_args(DeliveryState)), help="only in this state")
@limit_option
@format_option
@pass_session
def list_command(session: Session, state: DeliveryState | None, limit: int | None, form: str) -> None:
    """List deliveries, newest first."""
    with reading(session) as reader:
        rows = reader.store.delivery_rows(state, asked(limit, form))
        print_limited(rows, limit, form, DELIVERY, _cells(reader), "no alerts")


@alerts_command.command("retry", epilog=examples("monitor alerts retry", "monitor alerts retry 17 18"))
@click.argument("ids", nargs=-1, type=int, metavar="[ID]...")
@pass_session
def retry_command(session: Session, ids: tuple[int, ...]) -> None:
    """Send dead deliveries again.

    The named ones, or all; the running daemon, or the next `monitor poll`, sends them.
    """
    with managing(session) as reader:
        count = reader.store.retry_deliveries(ids or None, reader.now)
        stranded = reader.store.reroute(reader.config.targets, reader.now)
    if stranded:
        raise NotFound(
            f"{stranded} of these deliveries have no address any more, nor has their receiver; {count - stranded} will be sent again"
        )
    if count < len(set(ids)):
        raise NotFound(f"{len(set(ids)) - count} of these deliveries do not exist, or are sent; `monitor alerts` shows them all")
    click.echo(f"{count} deliveries will be sent again", err=True)


def _cells(reader: Reader) -> tuple[Cell, ...]:
    return (
        Cell("id", lambda row: str(row.id), is_number=True),
        Cell("created", lambda row: local(row.created, reader.zone)),
        Cell("state", lambda row: row.state),
        Cell("to", lambda row: row.label),
        Cell("rule", lambda row: row.rule or f"{row.feed}: {row.trouble}"),
        Cell("item", lambda row: "-" if row.item is None else str(row.item), is_number=True),
        Cell("title", lambda row: row.title or "-", is_long=True),
        Cell("attempts", lambda row: str(row.attempts), is_number=True),
        Cell("next try", lambda row: local(row.next_try, reader.zone)),
        Cell("detail", lambda row: row.detail or "-", is_long=True),
    )
