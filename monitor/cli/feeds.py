"""``feeds``: which feeds there are and how they are; finding them, adding and removing them in the config file, lists of them."""

from __future__ import annotations

import os
from operator import attrgetter
from typing import TYPE_CHECKING

import click

from monitor.cli import searching
from monitor.cli.groups import GroupWithDefault
from monitor.cli.options import Session, examples, format_option, pass_session
from monitor.cli.output import print_rows
from monitor.cli.reader import Reader, reading
from monitor.cli.shapes import CANDIDATE, COMMENT_FEED, FEED, FOUND
from monitor.cli.terminal import Cell, local, one_line
from monitor.core.rows import CommentFeedRow, FeedRow, row_of_new
from monitor.core.searches import engine_of
from monitor.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from monitor.app.discovery import Discovered
    from monitor.config.intake import Candidate


@click.group(
    "feeds",
    cls=GroupWithDefault,
    epilog=examples(
        "monitor feeds",
        "monitor feeds discover https://www.it-boltwise.de",
        "monitor feeds add https://www.it-boltwise.de",
        "monitor feeds import reader.opml",
    ),
)
def feeds_command() -> None:
    """List, find, add and remove feeds."""


@feeds_command.command("list", epilog=examples("monitor feeds", "monitor feeds list --format json"))
@click.option("--comments", "is_of_comments", is_flag=True, help="list the comment feeds of articles instead, and why they ended")
@format_option
@pass_session
def list_command(session: Session, is_of_comments: bool, form: str) -> None:  # noqa: FBT001
    """List the feeds and their health, by name."""
    with reading(session) as reader:
        if is_of_comments:
            print_rows(reader.store.comment_feed_rows(), form, COMMENT_FEED, _comment_cells(reader), "no comment feeds")
            return
        rows = reader.store.feed_rows()
        known = {row.name for row in rows}
        # What was added since the last poll.
        rows += [row_of_new(one.name, one.shown_url, is_enabled=one.enabled) for one in reader.config.feeds if one.name not in known]
        print_rows(sorted(rows, key=attrgetter("name")), form, FEED, _cells(reader), "no feeds")


@feeds_command.command(
    "add",
    epilog=examples(
        "monitor feeds add https://www.it-boltwise.de/feed",
        "monitor feeds add https://www.it-boltwise.de --name boltwise",
        "monitor feeds add https://news.example/ressorts --all",
        "monitor feeds add https://news.example/feed --name later --force",
        "monitor feeds add --google-news 'Waffenstillstand Ukraine' --region DE",
    ),
)
@click.argument("url", required=False)
@click.option("--google-news", "google", metavar="QUERY", help="a search in Google News instead of an address")
@click.option("--bing-news", "bing", metavar="QUERY", help="a search in Bing News instead of an address")
@click.option("--language", metavar="CODE", help="of the search's edition  [default: that of the config]")
@click.option("--region", metavar="CODE", help="of the search's edition  [default: made from the language]")
@click.option("--name", metavar="NAME", help="letters, digits, - and _  [default: made from the site's name]")
@click.option("--all", "takes_all", is_flag=True, help="all feeds of a page, if it has several")
@click.option("--force", "is_forced", is_flag=True, help="do not visit it first")
@pass_session
def add_command(
    session: Session,
    url: str | None,
    google: str | None,
    bing: str | None,
    language: str | None,
    region: str | None,
    name: str | None,
    takes_all: bool,  # noqa: FBT001
    is_forced: bool,  # noqa: FBT001
) -> None:
    """Add a feed to the config file: by its address, or that of a page, or by what to search for.

    It is visited first, to see that it is one; the file keeps its comments. Of a page the feed is found; if there are
    several, they are listed, and nothing is added without --all.
    """
    from monitor.app import discovery
    from monitor.config import edit

    if takes_all and (name or is_forced):
        raise click.UsageError("--all takes neither --name nor --force: each feed is visited and gets a name of its own")
    if found := searching.wanted(url, google, bing, language, region):
        searching.add_search(session, found, name, is_forced=is_forced)
        return
    assert url is not None
    seen = None if is_forced else discovery.discover(session.config(), url)
    if seen is not None and not seen.is_feed:
        _add_of_page(session, url, seen, name, takes_all=takes_all)
        return
    for one in seen.feeds if seen else ():
        click.echo(f"{one_line(one.title) or url}: {one.format}, {one.items} item{'' if one.items == 1 else 's'}", err=True)
    added = edit.add_feed(session.path, url, name, os.environ, seen.feeds[0].title if seen else "")
    click.echo(f"added: {added}", err=True)
    searching.tell_terms([engine_of(url)])


@feeds_command.command(
    "discover", epilog=examples("monitor feeds discover https://www.it-boltwise.de", "monitor feeds discover URL --format json")
)
@click.argument("page_url")
@format_option
@pass_session
def discover_command(session: Session, page_url: str, form: str) -> None:
    """List the feeds of a page; each is visited."""
    from monitor.app import discovery
    from monitor.config.values import shown_address

    config = session.config()
    seen = discovery.discover(config, page_url)
    for line in seen.failed:
        click.echo(one_line(line), err=True)
    if not seen.feeds:
        raise NotFound(f"{shown_address(page_url, page_url)}: no feed was found; if you know its address, `monitor feeds add` takes it")
    print_rows(seen.feeds, form, FOUND, _found_cells(config.timezone), "no feeds")


@feeds_command.command("import", epilog=examples("monitor feeds import reader.opml --dry-run", "monitor feeds import reader.opml"))
@click.argument("file", type=click.Path(allow_dash=True), metavar="FILE.opml")
@click.option("--dry-run", "is_dry", is_flag=True, help="only say what would be added")
@format_option
@pass_session
def import_command(session: Session, file: str, is_dry: bool, form: str) -> None:  # noqa: FBT001
    """Add the feeds of an OPML list to the config file, folders as tags; - reads standard input.

    Those that are there already are left alone. Nothing is visited before the next poll.
    """
    from monitor.config import edit, intake, opml

    outlines = opml.read(_content(file, opml.MAX_BYTES + 1))
    chosen = intake.choose(outlines, session.config()) if is_dry else edit.adopt(session.path, outlines, session.config(), os.environ)
    _tell_left(chosen)
    added = [one for one in chosen if one.outcome == "added"]
    print_rows(added if form == "table" else chosen, form, CANDIDATE, _candidate_cells(), "nothing to add")
    searching.tell_terms(engine_of(one.url) for one in added)
    known, invalid = (sum(one.outcome == outcome for one in chosen) for outcome in ("known", "invalid"))
    click.echo(f"{len(added)} {'would be added' if is_dry else 'added'}, {known} there already, {invalid} not taken", err=True)


@feeds_command.command("export", epilog=examples("monitor feeds export"))
@pass_session
def export_command(session: Session) -> None:
    """Print the feeds as OPML, tags as folders; secrets in addresses are stars."""
    from monitor.config import intake, opml

    outlines, hidden = intake.outlines_of(session.config())
    click.echo(opml.written(outlines, "feeds"), nl=False)
    if hidden:
        click.echo(f"stars for a secret in the address of: {', '.join(hidden)}", err=True)


@feeds_command.command("remove", epilog=examples("monitor feeds remove boltwise"))
@click.argument("name")
@pass_session
def remove_command(session: Session, name: str) -> None:
    """Remove a feed from the config file; its items stay in the database."""
    from monitor.config import edit

    edit.remove_feed(session.path, name, os.environ)
    click.echo(f"removed: {name}", err=True)


def _add_of_page(session: Session, url: str, seen: Discovered, name: str | None, *, takes_all: bool) -> None:
    from monitor.config import edit, intake, opml
    from monitor.config.values import shown_address

    config, feeds, shown = session.config(), seen.worth_adding, shown_address(url, url)
    if not feeds:
        raise NotFound(f"{shown}: neither a feed nor a page with one; if you know the feed's address, give that")
    if len(feeds) > 1 and not takes_all:
        print_rows(feeds, "table", FOUND, _found_cells(config.timezone), "")
        raise NotFound(f"{shown}: a page with {len(feeds)} feeds; add one by its address, or --all of them")
    # One feed is named for its site, as if its address had been given; several for their titles.
    outlines = [opml.Outline(one.url, one.title if len(feeds) > 1 else intake.title_to_name_by(one.title, one.url)) for one in feeds]
    chosen = edit.adopt(session.path, outlines, config, os.environ, name)
    _tell_left(chosen)
    added = [one for one in chosen if one.outcome == "added"]
    for one in added:
        click.echo(f"added: {one.name} ({one_line(one.shown_url)})", err=True)
    searching.tell_terms(engine_of(one.url) for one in added)
    if not added:
        raise NotFound(f"{shown}: nothing was added")


def _content(path: str, most: int) -> bytes:
    try:
        with click.open_file(path, "rb") as file:
            return bytes(file.read(most))
    except OSError as error:
        raise NotFound(f"{path}: the list cannot be read: {error.strerror}") from error


def _tell_left(chosen: Iterable[Candidate]) -> None:
    for one in chosen:
        if one.outcome != "added":
            click.echo(one_line(f"left out: {one.title or one.shown_url}: {one.reason}"), err=True)


def _found_cells(zone: tzinfo) -> Sequence[Cell]:
    return (
        Cell("title", lambda row: row.title or "-", is_long=True),
        Cell("format", lambda row: row.format),
        Cell("lists", lambda row: row.lists),
        Cell("items", lambda row: str(row.items), is_number=True),
        Cell("latest", lambda row: local(row.latest, zone)),
        Cell("url", lambda row: row.url),
    )


def _candidate_cells() -> Sequence[Cell]:
    return (
        Cell("feed", lambda row: row.name),
        Cell("tags", lambda row: ", ".join(row.tags) or "-"),
        Cell("title", lambda row: row.title or "-", is_long=True),
        Cell("url", lambda row: row.shown_url),
    )


def _cells(reader: Reader) -> tuple[Cell, ...]:
    configured = {feed.name for feed in reader.config.feeds}
    return (
        Cell("feed", lambda row: row.name),
        Cell("status", lambda row: _status(row) if row.name in configured else "removed"),
        Cell("last poll", lambda row: local(row.last_poll, reader.zone)),
        Cell("next poll", lambda row: local(row.next_poll, reader.zone)),
        Cell("items", lambda row: str(row.items), is_number=True),
        Cell("comments", lambda row: str(row.comment_feeds), is_number=True),
        Cell("gaps", lambda row: _gaps(row, reader)),
        Cell("latency", lambda row: "-" if row.latency is None else f"{round(row.latency.total_seconds() / 60)} min", is_number=True),
        Cell("remarks", lambda row: _remarks(row) if row.name in configured else "not in the config any more", is_long=True),
    )


def _gaps(row: FeedRow, reader: Reader) -> str:
    if not row.gaps:
        return "0"
    under_way = f", repairing page {row.repair_page}" if row.repair_page else ""
    return f"{row.gaps}, last {local(row.last_gap, reader.zone)}{under_way}"


def _comment_cells(reader: Reader) -> tuple[Cell, ...]:
    return (
        Cell("feed", lambda row: row.name),
        Cell("article", lambda row: one_line(row.article) or "(the whole site)", is_long=True),
        Cell("status", _comment_status, is_long=True),
        Cell("last poll", lambda row: local(row.last_poll, reader.zone)),
        Cell("next poll", lambda row: local(row.next_poll, reader.zone)),
        Cell("comments", lambda row: str(row.comments), is_number=True),
    )


def _comment_status(row: CommentFeedRow) -> str:
    if row.end_reason:
        return f"ended: {row.end_reason}"
    if row.failures:
        return f"failed {row.failures}x: {row.error}"
    # A comment feed lists the newest, and has no older pages.
    return f"followed, {row.gaps} gaps: older comments were not seen" if row.gaps else "followed"


def _status(row: FeedRow) -> str:
    if not row.is_enabled:
        return "off"
    if row.gone is not None:
        return "gone"
    if row.last_poll is None:
        return "new"
    if row.failures:
        return f"failed {row.failures}x"
    # A visit that its host asked to put off is no failure, and nothing that went well.
    return "waits" if row.error and row.waits_until else "ok"


def _remarks(row: FeedRow) -> str:
    """Return what a person should know of a feed: its error, its troubles, and what to write into the config."""
    told = [_gap(row) if one == "gap" else one for one in row.troubles if one not in ("moved", "gone")]
    parts = [
        row.error,
        ", ".join(told),
        f'moved: write url = "{row.moved_to}"' if row.moved_to else None,
        "gone: write another url, or remove it" if row.gone else None,
        "its host asked to wait" if row.waits_until else None,
        "validators lie, not used" if row.validators == "lying" else None,
        _failing_comments(row.comment_feeds_failing),
    ]
    return "; ".join(part for part in parts if part) or "-"


def _gap(row: FeedRow) -> str:
    # Whether anything is still missing depends on why the walk to older pages ended.
    return f"gap, older pages: {row.repair_ended}" if row.repair_ended else "gap"


def _failing_comments(number: int | None) -> str | None:
    if not number:
        return None
    return "1 comment feed fails, see --comments" if number == 1 else f"{number} comment feeds fail, see --comments"
