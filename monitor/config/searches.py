"""Search feeds of the file: what to look for instead of an address."""

from __future__ import annotations

import re

from monitor.config.table import Table, Text
from monitor.core.searches import Engine, Search, address, region_of

SEARCHES: tuple[Engine, ...] = ("google_news", "bing_news")


def search(table: Table, language: str) -> tuple[Search | None, Text]:
    """Read what a feed searches for, in the edition of its language and region; with its address, or that of the feed as given."""
    url = table.text("url", "")
    queries = {engine: table.text(engine, "") for engine in SEARCHES}
    region = _region(table, language)
    given = [key for key in ("url", *SEARCHES) if table.has(key)]
    for key in given[1:]:
        table.add(key, f"a feed has one source, and `{given[0]}` is given too; take one of them out, or make it another feed")
    engine = next((engine for engine in SEARCHES if table.has(engine)), None)
    if table.has("region") and engine is None:
        table.add("region", "is for search feeds; take it out, or write what to search for as `google_news` or `bing_news`")
    if engine is None or table.has("url"):
        return None, url
    query = queries[engine]
    if not query.full.strip():
        table.add(engine, "is empty; write what to search for")
        return None, url
    found, shown = (Search(engine, " ".join(text.split()), language, region) for text in (query.full, query.shown))
    return found, Text(address(found), address(shown), table.at(engine))


def _region(table: Table, language: str) -> str:
    region = table.text("region", "")
    if not table.has("region"):
        return region_of(language)
    if not re.fullmatch(r"[A-Za-z]{2}", region.full):
        table.add("region", f'{region.quoted} is no region; write two letters such as "DE" or "AT"')
    return region.full.upper()
