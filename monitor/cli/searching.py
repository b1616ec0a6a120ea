"""Search feeds on the command line: what to search for instead of an address."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

import click

from monitor.cli.options import Session
from monitor.cli.terminal import one_line
from monitor.core.searches import TERMS, Engine, Search, address, region_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `feeds add` is to search for, and in which edition; "" if it was not said."""

    engine: Engine
    query: str
    language: str = ""
    region: str = ""


def wanted(url: str | None, google: str | None, bing: str | None, language: str | None, region: str | None) -> Wanted | None:
    """Return what to search for, or None if an address is given. Raises ``click.UsageError``."""
    if sum(one is not None for one in (url, google, bing)) != 1:
        raise click.UsageError("give one of URL, --google-news and --bing-news")
    if google is not None:
        return Wanted("google_news", google, language or "", region or "")
    if bing is not None:
        return Wanted("bing_news", bing, language or "", region or "")
    if region:
        raise click.UsageError("--region is for --google-news and --bing-news")
    return None


def add_search(session: Session, found: Wanted, name: str | None, *, is_forced: bool) -> None:
    """Add a search feed to the config file; its terms of use are told."""
    from monitor.app import discovery
    from monitor.config import edit

    config = session.config()
    language = found.language or config.language
    if not is_forced:
        searched = address(Search(found.engine, found.query, language, found.region or region_of(language)))
        for one in discovery.discover(config, searched).feeds:
            click.echo(f"{one_line(one.title)}: {one.items} items", err=True)
    settings = {key: one for key, one in (("language", found.language), ("region", found.region)) if one}
    added = edit.add_search(session.path, found.engine, found.query, name, settings, os.environ)
    click.echo(f"added: {added}", err=True)
    tell_terms([found.engine])


def tell_terms(engines: Iterable[Engine | None]) -> None:
    """Say what one must know of these engines' feeds, once each."""
    for engine in dict.fromkeys(engines):
        if engine is not None:
            click.echo(TERMS[engine], err=True)
