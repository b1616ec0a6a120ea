"""Comment feeds over real HTTP: found, followed, ended; on a site of our own and on captured WordPress sites."""

import asyncio
import re
import zipfile
from contextlib import asynccontextmanager

import pytest
from servers import inbox, site

from monitor import app
from monitor.app import composition
from monitor.config import load
from monitor.work.rounds import comments_round, poll_round

RULES = """
[[rules]]
name = "artikel"
keywords = ["Waffenruhe"]
[[rules]]
name = "kommentar"
keywords = ["Augenzeuge", "Müller"]
kinds = ["comment"]
"""
HEAD = "<rss version='2.0' xmlns:wfw='http://wellformedweb.org/CommentAPI/' xmlns:slash='http://purl.org/rss/1.0/modules/slash/' \
xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Bote</title><generator>https://wordpress.org/?v=6.4</generator>"
OLD = "Sat, 01 Aug 2026 10:00:00 +0000"


class Blog:
    """A WordPress site: articles, and the comments that are approved."""

    def __init__(self, pages):
        self.pages, self.comments, self.titles = pages, {}, {}

    def article(self, slug, title, *approved):
        self.titles[slug] = title
        self.comments[slug] = list(approved)
        self.publish()

    def approve(self, slug, number, text, *, is_validated=True):
        """Let a comment appear; without ``is_validated`` the site's validators stay what they were."""
        self.comments[slug].insert(0, (number, text))
        self.publish(is_validated=is_validated)

    def publish(self, *, is_validated=True):
        base, pages = self.pages.base, self.pages
        rows = []
        for slug, title in self.titles.items():
            url = f"{base}/{slug}/"
            own = [self.comment(slug, one) for one in self.comments[slug]]
            self.put(f"/{slug}/feed/", "".join(own), is_validated=is_validated)
            rows.append(
                f"<item><guid isPermaLink='false'>{base}/?p={slug}</guid><link>{url}</link><title>{title}</title>"
                f"<wfw:commentRss>{url}feed/</wfw:commentRss><slash:comments>{len(own)}</slash:comments></item>"
            )
        everything = [
            self.comment(slug, one, f"Kommentar zu {self.titles[slug]} von") for slug in self.titles for one in self.comments[slug]
        ]
        self.put("/feed", "".join(rows), is_validated=True)
        self.put("/comments/feed/", "".join(everything), is_validated=is_validated)
        pages.etags.pop("/feed", None)

    def put(self, path, items, *, is_validated):
        if not is_validated and path in self.pages.pages:
            self.pages.etags.setdefault(path, f'"{hash(self.pages.pages[path][0])}"')
        self.pages.pages[path] = (f"{HEAD}{items}</channel></rss>".encode(), "application/rss+xml")

    def comment(self, slug, one, title="Von:"):
        number, text = one
        guid = f"{self.pages.base}/?p={slug}#comment-{number}"
        link = f"{self.pages.base}/{slug}/#comment-{number}"
        return (
            f"<item><title>{title} Müller</title><guid isPermaLink='false'>{guid}</guid><link>{link}</link><pubDate>{OLD}</pubDate>"
            f"<dc:creator>Müller</dc:creator><description>{text}</description></item>"
        )


class Reader:
    """The parts of a daemon, polled by hand."""

    def __init__(self, whole):
        self.whole, self.store = whole, whole.store

    async def poll(self):
        feeds = self.whole.parts.feeds
        reports = await poll_round(self.store, self.whole.call, self.whole.parts.poller, feeds, self.whole.owner, app.utc_now)
        return reports + await self.comments()

    async def comments(self):
        whole = self.whole
        return await comments_round(self.store, whole.call, whole.parts.poller, whole.parts.feeds, whole.owner, app.utc_now)

    async def let_be_due(self, which="parent IS NOT NULL"):
        await self.whole.call(self.store._db.run, f"UPDATE feeds SET next_poll = 0 WHERE owner IS NOT NULL AND {which}")

    async def items(self, kind="comment"):
        return await self.whole.call(self.store.item_rows, None, [kind])

    async def feeds(self):
        return await self.whole.call(self.store.comment_feed_rows)


@pytest.fixture
def world(tmp_path):
    with site() as pages, inbox() as box:

        @asynccontextmanager
        async def reading(policy="all", more="", feeds=("/feed",)):
            config = tmp_path / "config.toml"
            head = f'[monitor]\nallow_private_networks = true\n[receivers.desk]\nurls = ["{box.url}"]\n{RULES}'
            tables = [
                f'[[feeds]]\nname = "f{number}"\nurl = "{pages.base}{path}"\ninterval = "1s"\ncomments = "{policy}"\n{more}\n'
                for number, path in enumerate(feeds)
            ]
            config.write_text(head + "".join(tables), encoding="utf-8")
            async with composition.running(load(config, {})) as whole:
                yield Reader(whole)

        yield Blog(pages), box, reading


def test_a_comment_that_is_approved_late_is_seen_behind_a_304(world):
    blog, box, reading = world

    async def play():
        async with reading() as reader:
            blog.article("alt", "Alter Artikel")
            await reader.poll()
            blog.article("neu", "Waffenruhe vereinbart", (1, "Ich bin gespannt."))
            await reader.poll()
            blog.approve("neu", 2, "Ich war Augenzeuge.", is_validated=False)
            polls = 0
            while len(await reader.items()) < 2 and polls < 5:
                await reader.let_be_due()
                await reader.comments()
                polls += 1
            await reader.whole.outbox.drain()
            return polls, await reader.items()

    polls, items = asyncio.run(play())

    statuses = [headers.get("If-None-Match") is not None for path, headers in blog.pages.seen if path == "/neu/feed/"]
    assert [one.item.content or one.item.summary for one in items] == ["Ich war Augenzeuge.", "Ich bin gespannt."]
    assert polls == 4
    assert statuses == [False, True, True, True, False]
    assert any("Augenzeuge" in message["message"] for message in box.messages)


def test_matched_follows_the_comments_of_matched_items_only(world):
    blog, box, reading = world

    async def play():
        async with reading("matched") as reader:
            blog.article("alt", "Alter Artikel", (1, "alt"))
            await reader.poll()
            blog.article("neu", "Waffenruhe vereinbart", (2, "Ich war Augenzeuge."))
            blog.article("sport", "Ein Spiel", (3, "Ich war Augenzeuge."))
            await reader.poll()
            await reader.whole.outbox.drain()
            return await reader.items(), await reader.items("article"), await reader.feeds()

    comments, articles, feeds = asyncio.run(play())

    followed = next(one.id for one in articles if "Waffenruhe" in one.item.title)
    assert [(one.parent, one.feed, one.item.title) for one in comments] == [(followed, "f0", "Müller: Ich war Augenzeuge.")]
    assert [one.item for one in feeds if one.item] == [followed]
    assert len([message for message in box.messages if "Augenzeuge" in message["message"]]) == 1


def test_a_rule_finds_what_a_comment_says_and_not_who_says_it(world):
    blog, _, reading = world

    async def play():
        async with reading() as reader:
            blog.article("neu", "Ein Artikel", (1, "Nichts von Belang."), (2, "Herr Müller irrt."))
            await reader.poll()
            return await reader.whole.call(reader.store.match_rows)

    found = asyncio.run(play())

    assert [(row.rule, row.item.item.guid[-9:], row.item.kind) for row in found] == [("kommentar", "comment-2", "comment")]


def test_a_risen_count_makes_the_comment_feed_due_now_and_asks_without_validators(world):
    blog, _, reading = world

    async def play():
        async with reading(more='comments_for = "30d"') as reader:
            blog.article("neu", "Ein Artikel", (1, "eins"))
            await reader.poll()
            await reader.whole.call(reader.store._db.run, "UPDATE feeds SET next_poll = next_poll + 9999 WHERE owner IS NOT NULL")
            blog.approve("neu", 2, "zwei", is_validated=False)
            await reader.poll()
            return len(await reader.items())

    assert asyncio.run(play()) == 2


def test_the_sites_feed_brings_a_comment_once_with_its_article(world):
    blog, _, reading = world

    async def play():
        async with reading() as reader:
            blog.article("neu", "Ein Artikel", (1, "eins"))
            await reader.poll()
            blog.comments["neu"].insert(0, (2, "zwei"))
            feed = blog.pages.pages["/feed"]
            blog.publish()
            blog.pages.pages["/feed"] = feed
            await reader.let_be_due("parent IS NULL")
            # Only the site's feed is due; the article's is after it, by its hint.
            await reader.comments()
            first = [(one.item.guid, one.parent) for one in await reader.items()]
            await reader.comments()
            return first, [(one.item.guid, one.parent) for one in await reader.items()], await reader.items("article")

    first, last, (article,) = asyncio.run(play())

    assert sorted(first) == sorted(last)
    assert len(first) == 2
    assert {parent for _, parent in first} == {article.id}


def test_a_watch_ends_when_the_config_no_longer_wants_it_and_says_why(world):
    blog, _, reading = world

    async def play():
        blog.article("neu", "Ein Artikel", (1, "eins"))
        async with reading() as reader:
            await reader.poll()
        async with reading("none") as reader:
            await reader.let_be_due()
            reports = await reader.comments()
            ended = await reader.feeds()
        async with reading() as reader:
            return reports, ended, await reader.feeds()

    reports, ended, again = asyncio.run(play())

    assert reports == []
    assert {one.end_reason for one in ended} == {"comments are not followed any more, by the config"}
    assert [one.end_reason for one in again] == [None, None]


def test_an_old_article_is_looked_at_once(world):
    blog, _, reading = world

    async def play():
        async with reading() as reader:
            blog.article("alt", "Ein alter Artikel", (1, "eins"))
            body, kind = blog.pages.pages["/feed"]
            blog.pages.pages["/feed"] = (body.replace(b"<title>Ein", f"<pubDate>{OLD}</pubDate><title>Ein".encode()), kind)
            await reader.poll()
            return len(await reader.items()), await reader.feeds()

    stored, feeds = asyncio.run(play())

    assert stored == 1
    assert {one.end_reason for one in feeds} == {"no new comment since 2026-08-01", "no article's comments are followed any more"}


# Site, and comments that its articles have. (Of AKremsier the captured feeds name a host that there is not.)
SITES = {"8none1__old_whizzy_dot_org": 192, "ABC-archive__abc-lang-archive": 1}


@pytest.mark.shared
@pytest.mark.parametrize("name", SITES)
def test_every_comment_of_a_wordpress_site_is_stored_once_with_its_article(shared, world, name):
    blog, _, reading = world
    archive = zipfile.ZipFile(shared / "data" / "feeds" / "wordpress" / f"{name}.zip")
    feeds = {"/" + re.sub(r"index\.\w+$", "", one): archive.read(one).decode() for one in archive.namelist() if "feed/index." in one}
    for path, body in feeds.items():
        blog.pages.any[path] = (body.encode(), "application/rss+xml")
    lists = [path for path, body in feeds.items() if "commentRss>" in body]

    async def play():
        async with reading(feeds=lists) as reader:
            reports = await reader.poll()
            await reader.let_be_due()
            await reader.let_be_due("parent IS NULL")
            reports += await reader.poll()
            return reports, await reader.items(), await reader.items("article"), await reader.feeds()

    reports, comments, articles, followed = asyncio.run(play())

    addresses = {one.url.removeprefix(blog.pages.base) for one in followed if one.item}
    expected = {guid for path in addresses & set(feeds) for guid in re.findall(r"<guid[^>]*>([^<]*#comment-\d+)</guid>", feeds[path])}
    assert sorted(one.item.guid for one in comments) == sorted(expected)
    assert len(comments) == SITES[name]
    by_id = {one.id: one for one in articles}
    assert all(by_id[one.parent].item.guid == one.item.guid.partition("#")[0] for one in comments)
    assert sum(report.committed.updated for report in reports) == 0
