"""``words`` and ``try``: what a term and a query hit, seen before the first alert."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from typing import TYPE_CHECKING

import click

from monitor.cli import times
from monitor.cli.options import Session, WhenType, examples, format_option, limit_option, mode_option, pass_session
from monitor.cli.output import print_limited, print_object
from monitor.cli.progress import progress
from monitor.cli.reader import managing
from monitor.cli.shapes import TERM_WORD
from monitor.cli.terminal import Cell, local, one_line, print_table
from monitor.core.rule import Mode
from monitor.errors import QueryError, StoreMissing

if TYPE_CHECKING:
    from monitor.work.trial import Hit, Trial

# Titles of what is gained and lost that a person is shown; json has all.
MOST_TITLES = 20
MOST_FEEDS = 10


@click.command(
    "words",
    epilog=examples(
        "monitor words Sanktion",
        "monitor words Post --mode inflected",
        "monitor words 'Impf*' --limit 200",
        "monitor words sanction --language en --format json",
    ),
)
@click.argument("term")
@mode_option
@click.option("--language", metavar="CODE", help="only texts in it, and its dictionary  [default: all texts, the config's language]")
@limit_option
@format_option
@pass_session
def words_command(session: Session, term: str, mode: Mode | None, language: str | None, limit: int | None, form: str) -> None:
    """Show the words that a term hits.

    Those in stored texts come first, the most frequent on top, with how many items have them; then those that only
    the dictionary has. A word that must not be hit goes into the rule's `except`.
    """
    from monitor.app import archive, open_store

    config = session.config()
    wanted = archive.main_language(language) if language else None
    with _query_errors_told(), progress("looking") as told:
        try:
            with open_store(config, create=False) as store:
                total = store.count_stored()
                rows = archive.words_of(config, store, term, mode or "family", wanted, lambda done: told(done, total))
        except StoreMissing:
            rows = archive.words_of(config, None, term, mode or "family", wanted, told)
    print_limited(rows[:limit], limit, form, TERM_WORD, _WORD_CELLS, f"{one_line(term)} hits no word of the archive or the dictionary")


@click.command(
    "try",
    epilog=examples(
        "monitor try 'Waffenruhe OR Feuerpause'",
        "monitor try '~Sanktion NEAR/6 (Russland OR Moskau)' --since 90d",
        "monitor try 'title:Waffenstillstand' --against waffenstillstand",
        "monitor try Sanktion --mode derived --format json",
    ),
)
@click.argument("query")
@click.option("--since", type=WhenType(), default="30d", show_default=True, help='items from then on: "30d", "12h", a day or a time')
@mode_option
@click.option("--against", metavar="RULE", help="compare with this rule as it is; the query looks where it looks, in its mode")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True, help="for whom")
@pass_session
def try_command(session: Session, query: str, since: times.When, mode: Mode | None, against: str | None, form: str) -> None:
    """Try a query on the stored items.

    Shows what it would have brought: matches, alerts a day, the noisiest feeds and the newest examples; with
    --against, what it gains and loses next to a rule. Nothing is recorded and nobody is told.
    """
    from monitor.app import archive

    with managing(session) as reader, _query_errors_told():
        start = reader.since(since)
        total = reader.store.count_stored(start)
        with progress("trying") as told:
            trial = archive.tried(reader.config, reader.store, query, mode, against, (start, reader.now), lambda done: told(done, total))
    print_object(trial, form, _facts)
    if form == "table":
        _print_hits("newest", trial.newest, reader.zone)
        for word, hits in (("gained", trial.gained), ("lost", trial.lost)):
            if hits is not None:
                more = f", the newest {MOST_TITLES}" if len(hits) > MOST_TITLES else ""
                _print_hits(f"{word} against {one_line(against or '')}: {len(hits)}{more}", hits[:MOST_TITLES], reader.zone)


@contextmanager
def _query_errors_told() -> Iterator[None]:
    """Turn what is wrong with an expression into a wrong command line, with a caret under the place on a terminal."""
    try:
        yield
    except QueryError as error:
        sketch = "".join(f"\n    {line}" for line in error.sketch.splitlines()) if sys.stderr.isatty() else ""
        raise click.UsageError(f"{one_line(str(error))}{sketch}") from error


def _facts(trial: Trial) -> list[tuple[str, str]]:
    rate = f"{trial.alerts_per_day:g} a day" if trial.alerts_per_day is not None else "too few days to tell how many a day"
    first = trial.matches - trial.alerts
    return [
        ("items", f"{trial.items} in {trial.days:g} days"),
        ("matches", str(trial.matches) + (f", {first} of them in first polls, which do not count as alerts" if first else "")),
        ("alerts", f"{trial.alerts}, {rate}"),
        *((f"  {share.feed}", f"{share.matches} of {share.items} items") for share in trial.feeds[:MOST_FEEDS]),
    ]


def _print_hits(heading: str, hits: Sequence[Hit], zone: tzinfo) -> None:
    click.echo(f"\n{heading}")
    if not hits:
        return
    print_table(
        hits,
        (
            Cell("first seen", lambda hit: local(hit.first_seen, zone)),
            Cell("feed", lambda hit: hit.feed),
            Cell("item", lambda hit: str(hit.id), is_number=True),
            Cell("title", lambda hit: hit.title or hit.url or "-", is_long=True),
            Cell("found", lambda hit: ", ".join(hit.found), is_long=True),
        ),
    )


_WORD_CELLS = (
    Cell("items", lambda row: str(row.items), is_number=True),
    Cell("word", lambda row: row.word),
    Cell("by", lambda row: row.by),
    Cell("analysis", lambda row: row.analysis or "-", is_long=True),
)
