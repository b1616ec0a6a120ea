"""Search feeds over real HTTP: links that change at every poll, and publishers that list the same article."""

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from servers import answering, inbox, site

from monitor import app
from monitor.app import composition
from monitor.config import load
from monitor.work.rounds import poll_round

DATA = Path(__file__).parents[1] / "data"
RULE = '[[rules]]\nname = "waffenruhe"\nkeywords = ["Waffenruhe"]\n'
SEARCH = '[[feeds]]\nname = "{engine}"\n{engine} = "Waffenruhe"\ninterval = "1m"\n'
OWN = """
<rss version="2.0"><channel><title>Nachrichten</title>
<item><title>Alt</title><link>https://www.bote.example/alt</link></item>
{items}</channel></rss>
"""
ARTICLE = "<item><title>Talland stimmt der Waffenruhe zu</title><link>{url}</link><pubDate>Tue, 24 Nov 2026 08:50:00 GMT</pubDate></item>"


class Searched:
    """A daemon's parts without the daemon; the engines answer on loopback."""

    def __init__(self, tmp_path, pages, box, *engines, more=""):
        feeds = "".join(SEARCH.format(engine=engine) for engine in engines)
        head = "[monitor]\nallow_private_networks = true\nalert_first_poll = true\n"
        path = tmp_path / "config.toml"
        path.write_text(f'{head}[receivers.desk]\nurls = ["{box.url}"]\n{RULE}{feeds}{more}', encoding="utf-8")
        config = load(path, {})
        at = {engine: f"{pages.base}/{engine}" for engine in engines}
        moved = [replace(feed, search=replace(feed.search, base=at[feed.name])) if feed.search else feed for feed in config.feeds]
        self.config = replace(config, feeds=tuple(moved))

    async def poll(self, whole, *names):
        feeds = {name: whole.parts.feeds[name] for name in names}
        reports = await poll_round(whole.store, whole.call, whole.parts.poller, feeds, whole.owner, app.utc_now)
        assert [report.error for report in reports if report.error] == []
        return sum(report.committed.new for report in reports), sum(report.committed.updated for report in reports)


def publish(pages, engine, token):
    body = (DATA / f"{engine}.xml").read_text("utf-8").replace("{token}", token)
    pages.any["/" + engine] = (body.encode(), "application/rss+xml")


@pytest.fixture
def world():
    with site() as pages, inbox() as box:
        yield pages, box


@pytest.mark.parametrize("engine", ["google_news", "bing_news"])
def test_links_that_change_at_every_poll_bring_each_item_once(world, tmp_path, engine):
    pages, box = world
    searched = Searched(tmp_path, pages, box, engine)

    async def play():
        async with composition.running(searched.config) as whole:
            found = []
            for token in ("CBMiaaa", "CBMibbb", "CBMiccc"):
                publish(pages, engine, token)
                found.append(await searched.poll(whole, engine))
            await whole.outbox.drain()
            return found, await whole.call(whole.store.item_rows), await whole.call(whole.store.feed_rows)

    found, rows, (feed,) = asyncio.run(play())

    assert found == [(2, 0), (0, 0), (0, 0)]
    assert {row.item.publisher for row in rows} == {"Brunnhafener Bote", "Seewiesener Blatt"}
    assert all(not row.item.title.endswith(row.item.publisher) for row in rows)
    assert (len(box.messages), feed.gaps) == (2, 0)


def test_the_first_visit_has_no_window_and_the_next_ones_have(world, tmp_path):
    pages, box = world
    searched = Searched(tmp_path, pages, box, "google_news")
    publish(pages, "google_news", "CBMiaaa")

    async def play():
        async with composition.running(searched.config) as whole:
            await searched.poll(whole, "google_news")
            await searched.poll(whole, "google_news")

    asyncio.run(play())

    assert ["when%3A" in path for path, _ in pages.seen] == [False, True]
    assert all("If-None-Match" not in headers for _, headers in pages.seen)


def test_an_article_is_alerted_once_though_google_bing_and_its_publisher_list_it(world, tmp_path):
    pages, box = world
    own = f'[[feeds]]\nname = "bote"\nurl = "{pages.base}/own"\ninterval = "1s"\n'
    searched = Searched(tmp_path, pages, box, "google_news", "bing_news", more=own)
    publish(pages, "google_news", "CBMiaaa")
    publish(pages, "bing_news", "CBMiaaa")
    items = ARTICLE.format(url="https://www.bote.example/2026/11/waffenruhe.html")
    pages.pages["/own"] = (OWN.format(items=items).strip().encode(), "application/rss+xml")

    async def play():
        async with composition.running(searched.config) as whole:
            for name in ("google_news", "bote", "bing_news"):
                await searched.poll(whole, name)
            await whole.outbox.drain()
            return await whole.call(whole.store.match_rows), await whole.call(whole.store.item_rows)

    matches, rows = asyncio.run(play())

    told = [message["title"] for message in box.messages if "Talland" in message["title"]]
    reasons = {row.item.feed: row.alert_reason for row in matches if "Talland" in row.item.item.title}
    first = next(row.id for row in rows if row.feed == "google_news" and "Talland" in row.item.title)
    assert len(told) == 1
    assert sum("Brunnhafener Bote (über " in message["message"] for message in box.messages) == 1
    assert sum("Talland" in row.item.title for row in rows) == 3
    assert reasons == {
        "google_news": None,
        "bote": f"already alerted: the same article is item {first} of google_news",
        "bing_news": f"already alerted: the same article is item {first} of google_news",
    }


HIT = """<item><title>{title} - Bote</title><guid isPermaLink="false">{title}</guid><pubDate>Tue, 24 Nov 2026 09:00:00 GMT</pubDate>
<source url="https://www.bote.example">Bote</source></item>"""


def test_news_below_the_best_hundred_hits_are_found_in_narrower_windows_of_the_same_poll(world, tmp_path):
    _, box = world

    def respond(path, _):
        span = path.partition("when%3A")[2].partition("&")[0]
        titles = ["Waffenruhe in Kiew"] if span == "1h" else [f"Alter Treffer {number}" for number in range(100)]
        body = "<rss version='2.0'><channel><title>x</title>" + "".join(HIT.format(title=one) for one in titles) + "</channel></rss>"
        return 200, {"Content-Type": "application/rss+xml"}, body.encode()

    async def play(searched):
        async with composition.running(searched.config) as whole:
            await searched.poll(whole, "google_news")
            return len(await whole.call(whole.store.item_rows)), (await whole.call(whole.store.match_rows))

    with answering(respond) as (base, seen):
        stored, matches = asyncio.run(play(Searched(tmp_path, SimpleNamespace(base=base), box, "google_news")))

    assert [path.partition("when%3A")[2].partition("&")[0] for path, _ in seen] == ["", "30d", "7d", "24h", "6h", "1h"]
    assert stored == 101
    assert [row.item.item.title for row in matches] == ["Waffenruhe in Kiew"]
