"""``check``, ``test``, ``init`` and ``demo``: before the first run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.cli.options import Session, examples, format_option, pass_session
from monitor.cli.output import print_rows, rows_only
from monitor.cli.progress import progress
from monitor.cli.shapes import RECEIPT
from monitor.cli.terminal import Cell, one_line
from monitor.errors import ConfigError, MonitorError, StoreError

if TYPE_CHECKING:
    from monitor.config import Config


@click.command("check", epilog=examples("monitor check", "monitor --config news.toml check --online"))
@click.option("--online", "is_online", is_flag=True, help="also visit the feeds and look up the receivers' hosts")
@pass_session
@click.pass_context
def check_command(ctx: click.Context, session: Session, is_online: bool) -> None:  # noqa: FBT001
    """Check the config, the rules' examples and the templates."""
    from monitor.app import checks
    from monitor.app.sources import moved

    config = session.config()
    if problems := checks.problems(config):
        raise ConfigError(*problems)
    failures = checks.online_problems(config) if is_online else []
    warnings = (*_warnings(config), *moved(config))
    for line in (*(f"note: {one}" for one in checks.notes(config)), *(f"warning: {one}" for one in warnings), *failures):
        click.echo(one_line(line), err=True)
    click.echo(f"{config.path}: {'ok' if not failures else 'reads well, but not all is reachable'}, {_contents(config)}")
    ctx.exit(1 if failures else 0)


def _warnings(config: Config) -> tuple[str, ...]:
    """Return what is allowed and probably not meant; where there is an archive, also other spellings of names that it has."""
    from monitor.app import advice, open_store

    found = (*config.warnings, *advice.rule_warnings(config))
    if not config.entities or not config.database.exists():
        return found
    try:
        with open_store(config, create=False) as store, progress("looking for other spellings") as told:
            return (*found, *advice.spelling_warnings(config, store, told))
    except StoreError as error:
        # The config is none the worse for it.
        return (*found, f"names were not looked up in the archive: {error}")


@click.command("test", epilog=examples("monitor test desk", "monitor test console"))
@click.argument("receiver")
@format_option
@pass_session
@click.pass_context
def test_command(ctx: click.Context, session: Session, receiver: str, form: str) -> None:
    """Send a sample alert to a receiver.

    It goes the way that real alerts go, to every address of the receiver.
    """
    from monitor.app import passes

    with rows_only(form):
        outcomes = passes.send_sample(session.config(), receiver)
    print_rows(outcomes, form, RECEIPT, _RECEIPT_CELLS, f"{receiver} has no address")
    failures = [(target, receipt) for target, receipt in outcomes if receipt.outcome != "sent"]
    for target, receipt in failures:
        click.echo(f"monitor: {target.label}: {receipt.outcome}: {one_line(receipt.detail)}", err=True)
    ctx.exit(1 if failures else 0)


@click.command("init", epilog=examples("monitor init", "monitor --config news.toml init"))
@pass_session
def init_command(session: Session) -> None:
    """Write a config file to start from.

    It says what every setting does; a file that is there already is left alone.
    """
    from monitor import resources

    try:
        with session.path.open("x", encoding="utf-8") as file:
            file.write(resources.example_config())
    except FileExistsError as error:
        raise MonitorError(f"{session.path} is there already; another name: monitor --config FILE init") from error
    except OSError as error:
        raise MonitorError(f"{session.path} cannot be written: {error.strerror}") from error
    click.echo(f"written: {session.path}; fill in your feeds and rules, then: monitor check", err=True)


@click.command("demo", epilog=examples("monitor demo"))
@click.pass_context
def demo_command(ctx: click.Context) -> None:
    """Try everything out, on this machine only."""
    from monitor.demo.run import run_demo

    ctx.exit(run_demo())


_RECEIPT_CELLS = (
    Cell("to", lambda pair: pair[0].label),
    Cell("outcome", lambda pair: pair[1].outcome),
    Cell("detail", lambda pair: pair[1].detail or "-", is_long=True),
)


def _contents(config: Config) -> str:
    counts = (
        (len(config.feeds), "feed", "feeds"),
        (len(config.rules), "rule", "rules"),
        (len(config.entities), "entity", "entities"),
        (len(config.receivers), "receiver", "receivers"),
    )
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in counts)
