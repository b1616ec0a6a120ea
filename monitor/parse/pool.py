"""Read bodies in children: two lanes, so that a body that takes long holds up only its like."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.children.pool import ChildPool
from monitor.core.discovery import FeedLink
from monitor.core.document import Fetched, Page, Parsed
from monitor.errors import ChildError, NoArticle, ParseError
from monitor.parse.limits import PAGE_BYTES
from monitor.parse.slices import plan
from monitor.parse.wire import from_wire, page_from_wire

MEMORY_BYTES = 512 * 1024 * 1024
QUICK = timedelta(seconds=1)
SLOW = timedelta(seconds=5)
# trafilatura needs seconds for some pages of a megabyte.
PAGE = timedelta(seconds=10)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Parser:
    """Two lanes of children: quick ones for nearly all, a slow one for what did not end there and for suspects."""

    def __init__(self, *, size: int = 2, now: Callable[[], datetime] = _utc_now) -> None:
        self._now = now
        self._quick = ChildPool("monitor.parse.child", size=size, memory_bytes=MEMORY_BYTES)
        self._slow = ChildPool("monitor.parse.child", size=1, memory_bytes=MEMORY_BYTES)

    async def __call__(self, fetched: Fetched, *, is_suspect: bool, known: Collection[bytes] = ()) -> Parsed:
        """Return what the body lists, without the items whose slices are known.

        Raises ``ParseError``: no feed, or too much work to read.
        """
        planned = plan(fetched, known)
        if not planned.body:
            return Parsed("", (), is_well_formed=True, has_head=False, slices=planned.hashes)
        parsed = await self._read(replace(fetched, body=planned.body), is_suspect=is_suspect)
        if whole := planned.completed(parsed):
            return whole
        if planned.body is fetched.body:
            return parsed
        return await self._read(fetched, is_suspect=is_suspect)

    async def _read(self, fetched: Fetched, *, is_suspect: bool) -> Parsed:
        if not is_suspect:
            try:
                return await self._ask(self._quick, fetched, QUICK)
            except ChildError as error:
                if not error.timed_out:
                    raise ParseError(f"reading it failed: the reader {error}") from error
        try:
            return await self._ask(self._slow, fetched, SLOW)
        except ChildError as error:
            raise ParseError(f"reading it failed: the reader {error}") from error

    async def links(self, page: Fetched) -> tuple[FeedLink, ...]:
        """Return where a page says, or seems to say, that there are feeds. Raises ``ParseError``: too much work to read."""
        question = {"kind": "links", "content_type": page.content_type, "url": page.url}
        try:
            values = await self._slow.ask(question, page.body, wall=SLOW)
        except ChildError as error:
            raise ParseError(f"reading the page failed: the reader {error}") from error
        return tuple(FeedLink(*value) for value in values)

    async def warm(self) -> None:
        """Start a quick child before there is a body to read."""
        await self._quick.warm()

    async def close(self) -> None:
        """End all children."""
        await self._quick.close()
        await self._slow.close()

    async def _ask(self, pool: ChildPool, fetched: Fetched, wall: timedelta) -> Parsed:
        question = {"kind": "feed", "content_type": fetched.content_type, "url": fetched.url, "now": self._now().timestamp()}
        values = await pool.ask(question, fetched.body, wall=wall)
        if isinstance(values[0], dict):
            raise ParseError(values[0]["error"], is_page=values[0]["is_page"])
        return from_wire(values)


class PageReader:
    """A lane of its own for articles' pages: they are large, and nobody's feed waits for them."""

    def __init__(self, *, size: int = 1) -> None:
        self._pool = ChildPool("monitor.parse.page_child", size=size, memory_bytes=MEMORY_BYTES)

    async def __call__(self, fetched: Fetched) -> Page:
        """Return the article of a page. Raises ``NoArticle`` if it has none, ``ParseError`` if it is too much work to read."""
        if len(fetched.body) > PAGE_BYTES:
            raise ParseError(f"the page has {len(fetched.body)} bytes, more than {PAGE_BYTES}")
        question = {"content_type": fetched.content_type, "url": fetched.url}
        try:
            (value,) = await self._pool.ask(question, fetched.body, wall=PAGE)
        except ChildError as error:
            raise ParseError(f"reading the page failed: the reader {error}") from error
        if isinstance(value, dict):
            raise (NoArticle if value["is_no_article"] else ParseError)(value["error"])
        return page_from_wire(value)

    async def close(self) -> None:
        """End the children."""
        await self._pool.close()
