"""``db``: numbers, backup, forgetting, schema and integrity of the database."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.options import Session, examples, format_option, pass_session
from monitor.cli.output import print_object
from monitor.cli.progress import progress
from monitor.cli.reader import managing
from monitor.cli.terminal import local
from monitor.errors import StoreDamaged


@click.group("db", epilog=examples("monitor db stats", "monitor db backup monitor-backup.db", "monitor db check"))
def db_command() -> None:
    """Look after the database."""


@db_command.command("stats", epilog=examples("monitor db stats", "monitor db stats --format json"))
@format_option
@pass_session
def stats_command(session: Session, form: str) -> None:
    """Show the database in numbers."""
    with managing(session) as reader:
        print_object(
            reader.store.stats(reader.now),
            form,
            lambda stats: [
                ("database", f"{reader.config.database}, {stats.size_bytes:,} bytes"),
                ("feeds", str(stats.feeds)),
                ("items", f"{stats.items} in {stats.revisions} revisions"),
                ("matches", f"{stats.matches}, {stats.alerts} alerts"),
                ("deliveries", f"{stats.sent} sent, {stats.pending} pending, {stats.failed + stats.unknown} failed, {stats.dead} dead"),
                ("oldest waiting", local(stats.oldest_waiting, reader.zone)),
                ("schema", f"{stats.schema} on SQLite {stats.sqlite}, journal {stats.journal}"),
            ],
        )


@db_command.command("backup", epilog=examples("monitor db backup monitor-backup.db"))
@click.argument("file", type=click.Path(path_type=Path))
@pass_session
def backup_command(session: Session, file: Path) -> None:
    """Copy the database to FILE, also while the daemon runs."""
    with managing(session) as reader, progress("backup") as told:
        reader.store.backup(file, told)
    click.echo(f"written: {file}", err=True)


@db_command.command("prune", epilog=examples("monitor db prune"))
@pass_session
def prune_command(session: Session) -> None:
    """Forget texts that are older than the config's retention; that they were seen is kept."""
    with managing(session) as reader, progress("prune") as told:
        count = reader.store.prune(reader.now - reader.config.retention, told)
    click.echo(f"{count} items forgotten", err=True)


@db_command.command("migrate", epilog=examples("monitor db migrate"))
@pass_session
def migrate_command(session: Session) -> None:
    """Bring the schema up to this program's version, or make the database."""
    from monitor import app

    with app.open_store(session.config(), create=True) as store:
        click.echo(f"schema {store.stats(app.utc_now()).schema}", err=True)


@db_command.command("check", epilog=examples("monitor db check"))
@pass_session
def check_command(session: Session) -> None:
    """Look for damage in the database."""
    with managing(session) as reader:
        found = reader.store.integrity()
        if found:
            raise StoreDamaged("\n".join((f"{reader.config.database} is damaged; restore a backup", *found)))
    click.echo("ok", err=True)
