"""``run`` and ``status``: the daemon, and how it is."""

from __future__ import annotations

import os
from typing import Any

import click

from monitor.cli.options import Session, examples, format_option, pass_session
from monitor.cli.output import print_object
from monitor.cli.reader import managing
from monitor.cli.terminal import local, one_line


@click.command("run", epilog=examples("monitor run", "monitor --config /etc/monitor/config.toml --log-level debug run"))
@pass_session
@click.pass_context
def run_command(ctx: click.Context, session: Session) -> None:
    """Poll, match and alert until told to stop.

    SIGTERM and Ctrl-C end it in order; SIGHUP, or a changed config file, makes it read the config again.
    """
    from monitor import daemon

    ctx.exit(daemon.run(session.path, os.environ))


@click.command("status", epilog=examples("monitor status", "monitor status --format json"))
@format_option
@pass_session
@click.pass_context
def status_command(ctx: click.Context, session: Session, form: str) -> None:
    """Show how the daemon is.

    Ends with status 1 if it does not run or is not well.
    """
    from monitor.cli.health import status

    with managing(session) as reader:
        store, now = reader.store, reader.now
        found = status(store.last_beat(), store.stats(now), now, store.waiting_hosts(now))
        errors = tuple((row.name, row.error) for row in reader.store.feed_rows() if row.error)
        print_object(found, form, lambda one: _facts(one, errors, reader.zone))
    for problem in found.problems:
        click.echo(f"monitor: {problem}", err=True)
    ctx.exit(0 if found.is_well else 1)


def _facts(found: Any, errors: tuple[tuple[str, str], ...], zone: Any) -> list[tuple[str, str]]:
    waiting = f", oldest from {local(found.oldest_waiting, zone)}" if found.oldest_waiting else ""
    return [
        ("daemon", f"runs, process {found.pid}, since {local(found.started, zone)}" if found.is_running else "does not run"),
        ("last beat", f"{found.lag_s} s ago" if found.lag_s is not None else "-"),
        ("feeds", f"{found.feeds}: {found.due} due, {found.overdue} overdue, {found.failing} failing"),
        ("polls", f"{found.polls_under_way} under way"),
        ("outbox", f"{found.pending} pending, {found.failed} failed, {found.unknown} unknown, {found.dead} dead{waiting}"),
        *(
            (f"host {one.host}", f"{one.status}: left alone until {local(one.until, zone)}, {one.feeds} feeds")
            for one in found.waiting_hosts
        ),
        *((f"feed {name}", one_line(error)) for name, error in errors[:10]),
        *([("last error", one_line(found.last_error))] if found.last_error else []),
    ]
