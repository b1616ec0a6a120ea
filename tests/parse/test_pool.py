"""Bodies that take too long hold up only their like."""

import asyncio
from datetime import timedelta

import pytest

from monitor.core.document import Fetched
from monitor.core.state import Validators
from monitor.errors import ParseError
from monitor.parse import pool
from monitor.parse.pool import Parser

GOOD = b"<rss version='2.0'><channel><title>t</title><item><guid>1</guid></item></channel></rss>"
# feedparser needs minutes for so many attributes of one element.
HOSTILE = b"<rss version='2.0'><channel><item " + b" ".join(b"a%d='1'" % n for n in range(60_000)) + b"/></channel></rss>"


def fetched(body):
    return Fetched("https://news.example/feed", 200, body, "application/rss+xml", Validators())


def test_a_hostile_body_ends_as_an_error_and_the_others_are_read(monkeypatch):
    monkeypatch.setattr(pool, "QUICK", timedelta(seconds=1))
    monkeypatch.setattr(pool, "SLOW", timedelta(seconds=1.5))

    async def act():
        parser = Parser(size=1)
        try:
            good, hostile = await asyncio.gather(
                parser(fetched(GOOD), is_suspect=False), parser(fetched(HOSTILE), is_suspect=True), return_exceptions=True
            )
            return good, hostile, await parser(fetched(GOOD), is_suspect=False)
        finally:
            await parser.close()

    good, hostile, after = asyncio.run(act())

    assert good == after
    assert len(good.items) == 1
    assert isinstance(hostile, ParseError)
    assert "took longer" in str(hostile)


def test_a_body_that_is_no_feed_is_refused_with_the_reason():
    async def act():
        parser = Parser(size=1)
        try:
            await parser(fetched(b"<html>sign in</html>"), is_suspect=False)
        finally:
            await parser.close()

    with pytest.raises(ParseError, match="HTML page"):
        asyncio.run(act())
