"""``entities``: what is known of whom, and lists of entities brought into the config."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.groups import GroupWithDefault
from monitor.cli.options import Session, examples, format_option, limit_option, pass_session
from monitor.cli.output import asked, print_limited
from monitor.cli.progress import progress
from monitor.cli.shapes import ENTITY
from monitor.cli.terminal import Cell, one_line
from monitor.core.rule import ENTITY_TYPES, EntityType
from monitor.errors import StoreMissing

if TYPE_CHECKING:
    from monitor.app.entities import EntityRow

# Of other spellings a table shows the most frequent.
MOST_SPELLINGS = 5


@click.group(
    "entities",
    cls=GroupWithDefault,
    epilog=examples("monitor entities", "monitor entities --list sanctions --limit 20", "monitor entities import sanctions.csv"),
)
def entities_command() -> None:
    """List entities, and bring in lists of them."""


@entities_command.command(
    "list",
    epilog=examples("monitor entities", "monitor entities list --list sanctions --limit 20", "monitor entities --format json"),
)
@click.option("--list", "only_list", metavar="LIST", help="only entities of this list")
@limit_option
@format_option
@pass_session
def list_command(session: Session, only_list: str | None, limit: int | None, form: str) -> None:
    """List the entities with their names and matches, those with the most matches first.

    "also seen" are words of stored texts that look like another spelling of a name. They are only proposed: what is one
    goes into the entity's `aliases`.
    """
    from monitor.app import entities, open_store

    config, most = session.config(), asked(limit, form)
    with progress("looking for other spellings") as told:
        try:
            with open_store(config, create=False) as store:
                total = store.count_stored()
                rows = entities.entity_rows(config, store, only_list, most, lambda done: told(done, total))
        except StoreMissing:
            rows = entities.entity_rows(config, None, only_list, most, told)
    print_limited(rows, limit, form, ENTITY, _CELLS, "no entities")


@entities_command.command(
    "import",
    epilog=examples("monitor entities import sanctions.csv", "monitor entities import people.csv --name people --type person"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", help="letters, digits, - and _  [default: made from the file's name]")
@click.option("--type", "kind", type=click.Choice(ENTITY_TYPES), help="of all of them  [default: topic]")
@pass_session
def import_command(session: Session, file: Path, name: str | None, kind: EntityType | None) -> None:
    """Add a CSV file of entities to the config as a list.

    Which columns are the name, the id and the aliases is told by the file's first row. The entities stay in the file;
    a rule finds all of them with `entities = ["NAME"]`.
    """
    from monitor.config.add_list import add_list

    added = add_list(session.path, file, name, kind, os.environ)
    count = sum(entity.source == added.name for entity in session.config().entities)
    columns = [f"name from {added.label}", f"id from {added.id or '-'}", f"aliases from {added.aliases or '-'}"]
    click.echo(f"added: {added.name}, {count} entities, {one_line(', '.join(columns))}", err=True)


def _also_seen(row: EntityRow) -> str:
    return ", ".join(f"{one.word} {one.count}x" for one in row.also_seen[:MOST_SPELLINGS]) or "-"


_CELLS = (
    Cell("entity", lambda row: row.entity.name),
    Cell("type", lambda row: row.entity.type),
    Cell("label", lambda row: row.entity.label, is_long=True),
    Cell("aliases", lambda row: ", ".join((*row.entity.aliases, *row.entity.acronyms)) or "-", is_long=True),
    Cell("id", lambda row: row.entity.id or "-"),
    Cell("list", lambda row: row.entity.source or "-"),
    Cell("matches", lambda row: str(row.matches), is_number=True),
    Cell("also seen", _also_seen, is_long=True),
)
