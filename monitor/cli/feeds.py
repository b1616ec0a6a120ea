"""``feeds``: which feeds there are and how they are; adding and removing them in the config file."""

from __future__ import annotations

import os

import click

from monitor.cli.groups import GroupWithDefault
from monitor.cli.options import Session, examples, format_option, pass_session
from monitor.cli.output import print_rows
from monitor.cli.reader import Reader, reading
from monitor.cli.shapes import FEED
from monitor.cli.terminal import Cell, local, one_line
from monitor.core.rows import FeedRow


@click.group(
    "feeds",
    cls=GroupWithDefault,
    epilog=examples("monitor feeds", "monitor feeds add https://www.it-boltwise.de/feed", "monitor feeds remove boltwise"),
)
def feeds_command() -> None:
    """List, add and remove feeds."""


@feeds_command.command("list", epilog=examples("monitor feeds", "monitor feeds list --format json"))
@format_option
@pass_session
def list_command(session: Session, form: str) -> None:
    """List the feeds and their health, by name."""
    with reading(session) as reader:
        print_rows(reader.store.feed_rows(), form, FEED, _cells(reader), "no feeds")


@feeds_command.command(
    "add",
    epilog=examples(
        "monitor feeds add https://www.it-boltwise.de/feed",
        "monitor feeds add https://www.it-boltwise.de/feed --name boltwise",
        "monitor feeds add https://news.example/feed --name later --force",
    ),
)
@click.argument("url")
@click.option("--name", metavar="NAME", help="letters, digits, - and _  [default: made from the address]")
@click.option("--force", "is_forced", is_flag=True, help="do not visit it first")
@pass_session
def add_command(session: Session, url: str, name: str | None, is_forced: bool) -> None:  # noqa: FBT001
    """Add a feed to the config file.

    It is visited first, to see that it is one; the file keeps its comments.
    """
    from monitor.app import composition
    from monitor.config import edit

    if not is_forced:
        seen = composition.visit(session.config(), url)
        click.echo(f"{one_line(seen.title) or url}: {seen.format}, {len(seen.items)} items", err=True)
    added = edit.add_feed(session.path, url, name, os.environ)
    click.echo(f"added: {added}", err=True)


@feeds_command.command("remove", epilog=examples("monitor feeds remove boltwise"))
@click.argument("name")
@pass_session
def remove_command(session: Session, name: str) -> None:
    """Remove a feed from the config file; its items stay in the database."""
    from monitor.config import edit

    edit.remove_feed(session.path, name, os.environ)
    click.echo(f"removed: {name}", err=True)


def _cells(reader: Reader) -> tuple[Cell, ...]:
    return (
        Cell("feed", lambda row: row.name),
        Cell("status", _status),
        Cell("last poll", lambda row: local(row.last_poll, reader.zone)),
        Cell("next poll", lambda row: local(row.next_poll, reader.zone)),
        Cell("items", lambda row: str(row.items), is_number=True),
        Cell("gaps", lambda row: _gaps(row, reader)),
        Cell("latency", lambda row: "-" if row.latency is None else f"{round(row.latency.total_seconds() / 60)} min", is_number=True),
        Cell("remarks", _remarks, is_long=True),
    )


def _gaps(row: FeedRow, reader: Reader) -> str:
    if not row.gaps:
        return "0"
    under_way = f", repairing page {row.repair_page}" if row.repair_page else ""
    return f"{row.gaps}, last {local(row.last_gap, reader.zone)}{under_way}"


def _status(row: FeedRow) -> str:
    if not row.is_enabled:
        return "off"
    if row.gone is not None:
        return "gone"
    if row.last_poll is None:
        return "new"
    return f"failed {row.failures}x" if row.failures else "ok"


def _remarks(row: FeedRow) -> str:
    """Return what a person should know of a feed: its error, its troubles, and what to write into the config."""
    told = [one for one in row.troubles if one not in ("moved", "gone")]
    parts = [
        row.error,
        ", ".join(told),
        f'moved: write url = "{row.moved_to}"' if row.moved_to else None,
        "gone: write another url, or remove it" if row.gone else None,
        "its host asked to wait" if row.waits_until else None,
        "validators lie, not used" if row.validators == "lying" else None,
    ]
    return "; ".join(part for part in parts if part) or "-"
