"""Find the feeds of a page: visit it, then what it announces, then what looks like a feed, then where feeds usually are.

Every visit goes through the guarded client, with its limits and its politeness; each stage only if the one before found nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.app.builders import client_of
from monitor.config import Config, feed_of_url
from monitor.core.discovery import FeedLink, FoundFeed, found, usual_links
from monitor.core.document import Fetched, NotModified
from monitor.core.state import Validators
from monitor.errors import ConfigError, FetchError, ParseError

if TYPE_CHECKING:
    from monitor.fetch.client import Client
    from monitor.parse.pool import Parser

MOST_VISITS = 20


@dataclass(frozen=True, slots=True)
class Discovered:
    """What was found at an address. ``is_feed``: it is a feed itself. ``failed`` tells of announced ones that are none."""

    feeds: tuple[FoundFeed, ...]
    is_feed: bool = False
    failed: tuple[str, ...] = ()

    @property
    def worth_adding(self) -> tuple[FoundFeed, ...]:
        """Return the feeds of articles; those of comments only if there are no others."""
        return tuple(one for one in self.feeds if one.lists == "articles") or self.feeds


def discover(config: Config, url: str) -> Discovered:
    """Return the feeds of a page, or the feed itself. Raises ``FetchError`` if the page cannot be had, ``ConfigError`` for no address."""
    return asyncio.run(_discover(config, url))


async def _discover(config: Config, url: str) -> Discovered:
    from monitor.parse.pool import Parser

    client, parser = client_of(config), Parser()
    try:
        return await _Search(config, client, parser).run(url)
    finally:
        await client.close()
        await parser.close()


class _Search:
    def __init__(self, config: Config, client: Client, parser: Parser) -> None:
        self._config = config
        self._client = client
        self._parser = parser
        self._failed: list[str] = []

    async def run(self, url: str) -> Discovered:
        page = await self._get(url)
        try:
            parsed = await self._parser(page, is_suspect=False)
        except ParseError:
            links = await self._parser.links(page)
        else:
            return Discovered((found(FeedLink(url, "page"), parsed),), is_feed=True)
        feeds = await self._visit([link for link in links if link.how == "link"])
        feeds = feeds or await self._visit([link for link in links if link.how == "anchor"])
        return Discovered(feeds or await self._first(usual_links(page.url)), failed=tuple(self._failed))

    async def _visit(self, links: list[FeedLink]) -> tuple[FoundFeed, ...]:
        tried = links[:MOST_VISITS]
        self._failed += [f"{link.url}: not visited, the page has too many" for link in links[MOST_VISITS:]]
        seen = await asyncio.gather(*(self._look(link) for link in tried))
        self._failed += [f"{link.url}: {one}" for link, one in zip(tried, seen, strict=True) if isinstance(one, str)]
        return tuple(one for one in seen if isinstance(one, FoundFeed))

    async def _first(self, links: Iterable[FeedLink]) -> tuple[FoundFeed, ...]:
        """Try guesses one after the other, and no more after the first that is right."""
        for link in links:
            seen = await self._look(link)
            if isinstance(seen, FoundFeed):
                return (seen,)
        return ()

    async def _look(self, link: FeedLink) -> FoundFeed | str:
        try:
            return found(link, await self._parser(await self._get(link.url), is_suspect=False))
        except (FetchError, ParseError, ConfigError) as error:
            return str(error)

    async def _get(self, url: str) -> Fetched:
        answer = await self._client(feed_of_url(url, self._config), Validators())
        if isinstance(answer, NotModified):
            raise FetchError("protocol", "304 though nothing was asked to compare with")
        return answer
