"""Teasers whose pages are read, over real HTTP: at once, later, and not at all."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from servers import inbox, site

from monitor import app
from monitor.app import composition
from monitor.app.composition import PAGES_AT_ONCE
from monitor.config import load
from monitor.work.rounds import poll_round

RULES = """
[[rules]]
name = "waffenruhe"
keywords = ["Waffenruhe"]
[[rules]]
name = "gipfel"
keywords = ["Gipfel"]
"""
FILL = "<p>" + "Die Beratungen im Talland dauerten bis in die Nacht, und niemand wollte danach etwas sagen. " * 3 + "</p>"
PAGE = """<html lang='de'><head><title>x</title>{head}</head><body><nav><a href='/'>Start</a></nav>
<article><h1>Einigung</h1>{text}</article></body></html>"""


class World:
    def __init__(self, pages):
        self.pages, self.items = pages, []

    def teaser(self, name, title, summary="Mehr dazu."):
        url = f"{self.pages.base}/{name}/"
        self.items.append(f"<item><guid>{url}</guid><link>{url}</link><title>{title}</title><description>{summary}</description></item>")
        body = f"<rss version='2.0'><channel><title>Bote</title>{''.join(self.items)}</channel></rss>"
        self.pages.pages["/rss"] = (body.encode(), "application/rss+xml")

    def page(self, name, text, head=""):
        self.pages.pages[f"/{name}/"] = (PAGE.format(text=text + FILL * 3, head=head).encode(), "text/html; charset=utf-8")

    def visits(self, name):
        return sum(path == f"/{name}/" for path, _ in self.pages.seen)


class Reader:
    def __init__(self, whole):
        self.whole, self.store = whole, whole.store

    async def poll(self):
        parts = self.whole.parts
        return await poll_round(self.store, self.whole.call, parts.poller, parts.feeds, self.whole.owner, app.utc_now)

    async def retry(self):
        await self.whole.call(self.store._db.run, "UPDATE pages SET next_try = 0 WHERE next_try IS NOT NULL")
        return await self.whole.parts.texts.read_all(self.whole.parts.feeds, PAGES_AT_ONCE)

    async def items(self):
        return await self.whole.call(self.store.item_rows)

    async def matches(self):
        rows = await self.whole.call(self.store.match_rows)
        return [(row.rule, row.revision, row.alert_reason) for row in reversed(rows)]


@pytest.fixture
def world(tmp_path):
    with site() as pages, inbox() as box:

        @asynccontextmanager
        async def reading(more=""):
            config = tmp_path / "config.toml"
            head = f'[monitor]\nallow_private_networks = true\n[receivers.desk]\nurls = ["{box.url}"]\n{RULES}'
            feed = f'[[feeds]]\nname = "bote"\nurl = "{pages.base}/rss"\ninterval = "1s"\nfull_text = true\n{more}\n'
            config.write_text(head + feed, encoding="utf-8")
            async with composition.running(load(config, {})) as whole:
                yield Reader(whole)

        world = World(pages)
        world.teaser("alt", "Alt")
        yield world, box, reading


def test_a_teaser_is_told_by_what_its_page_says(world):
    world, box, reading = world

    async def play():
        async with reading() as reader:
            await reader.poll()
            world.page("neu", "<p>Am Ende stand eine Waffenruhe.</p>")
            world.teaser("neu", "Einigung im Talland", "Was in der Nacht geschah …")
            await reader.poll()
            await reader.poll()
            await reader.whole.outbox.drain()
            return await reader.matches(), (await reader.items())[0]

    matches, item = asyncio.run(play())

    assert matches == [("waffenruhe", 1, None)]
    assert (item.revision, item.item.summary) == (1, "Was in der Nacht geschah …")
    assert "Waffenruhe" in item.item.content
    assert "Start" not in item.item.content
    assert (len(box.messages), world.visits("neu")) == (1, 1)


def test_a_page_that_fails_twice_and_then_comes_matches_again_and_alerts_only_what_is_new(world):
    world, box, reading = world

    async def first():
        async with reading() as reader:
            await reader.poll()
            world.teaser("neu", "Gipfel im Talland")
            await reader.poll()
            await reader.retry()
            state = await reader.whole.call(reader.store.page_state, (await reader.items())[0].id)
            await reader.whole.outbox.drain()
            return state, await reader.matches()

    async def second():
        # Another process: what waits has outlived the first.
        async with reading() as reader:
            world.page("neu", "<p>Am Ende stand eine Waffenruhe.</p>")
            await reader.retry()
            await reader.poll()
            await reader.retry()
            await reader.whole.outbox.drain()
            return await reader.matches(), (await reader.items())[0]

    state, before = asyncio.run(first())
    after, item = asyncio.run(second())

    assert (state.attempts, state.error) == (2, "the server answered 404 Not Found")
    assert before == [("gipfel", 1, None)]
    assert sorted(after) == [("gipfel", 1, None), ("gipfel", 2, "already alerted"), ("waffenruhe", 2, None)]
    assert (item.revision, world.visits("neu")) == (2, 3)
    assert len(box.messages) == 2


def test_a_page_is_given_up_after_a_few_tries(world):
    world, _, reading = world

    async def play():
        async with reading() as reader:
            await reader.poll()
            for _ in range(9):
                await reader.retry()
            return await reader.whole.call(reader.store.page_state, (await reader.items())[0].id)

    state = asyncio.run(play())

    assert (state.next_try, world.visits("alt")) == (None, 5)


def test_of_many_new_items_some_are_read_at_once_and_the_rest_later(world):
    world, _, reading = world

    async def play():
        async with reading() as reader:
            await reader.poll()
            for number in range(14):
                world.page(f"n{number}", "<p>Am Ende stand eine Waffenruhe.</p>")
                world.teaser(f"n{number}", f"Meldung {number}")
            await reader.poll()
            at_once = len(await reader.matches())
            await reader.retry()
            return at_once, await reader.matches()

    at_once, matches = asyncio.run(play())

    assert at_once == 10
    assert len([one for one in matches if one[2] is None]) == 14


def test_the_page_of_an_item_of_the_first_poll_alerts_nobody_when_it_comes(world):
    world, _, reading = world

    async def play():
        async with reading() as reader:
            await reader.poll()
            world.page("alt", "<p>Am Ende stand eine Waffenruhe.</p>")
            await reader.retry()
            return await reader.matches()

    assert asyncio.run(play()) == [("waffenruhe", 2, "baseline")]


def test_the_page_says_where_the_comments_are(world):
    world, _, reading = world

    async def play():
        async with reading('comments = "all"') as reader:
            await reader.poll()
            links = "<link rel='alternate' type='application/rss+xml' href='/feed/'>"
            world.page("neu", "", links + "<link rel='alternate' type='application/rss+xml' href='/neu/feed/'>")
            world.teaser("neu", "Einigung")
            await reader.poll()
            return await reader.whole.call(reader.store.comment_feed_rows)

    (followed,) = asyncio.run(play())

    assert followed.url == f"{world.pages.base}/neu/feed/"
