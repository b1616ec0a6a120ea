"""Comment feeds over real HTTP: found, followed, ended; on a site of our own and on captured WordPress sites."""

import asyncio
import re
import zipfile

import pytest
from blog import OLD, blog_world


@pytest.fixture
def world(tmp_path):
    with blog_world(tmp_path) as found:
        yield found


def test_the_late_approved_comment_is_seen_behind_a_304_and_though_it_is_dated_before_the_last(world):
    blog, box, reading = world

    async def play():
        async with reading() as reader:
            blog.article("alt", "Alter Artikel")
            await reader.poll()
            blog.article("neu", "Waffenruhe vereinbart", (1, "Ich bin gespannt.", "Sat, 01 Aug 2026 12:00:00 +0000"))
            await reader.poll()
            # Sent at ten, approved now: below the other one, and no validator of the site moves.
            blog.approve("neu", 2, "Ich war Augenzeuge.", is_validated=False, date="Sat, 01 Aug 2026 10:00:00 +0000", at=1)
            polls = 0
            while len(await reader.items()) < 2 and polls < 5:
                await reader.let_be_due()
                await reader.comments()
                polls += 1
            await reader.whole.outbox.drain()
            return polls, await reader.items()

    polls, items = asyncio.run(play())

    asked = [headers.get("If-None-Match") is not None for path, headers in blog.pages.seen if path == "/neu/feed/"]
    assert [one.item.summary or one.item.content for one in items] == ["Ich war Augenzeuge.", "Ich bin gespannt."]
    assert asked == [False, True, True, True, False]
    assert polls == 4
    assert [message["title"] for message in box.messages if "Augenzeuge" in message["message"]] == [
        "kommentar: Müller: Ich war Augenzeuge."
    ]


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


# Site, and the comments that its articles' feeds list: all that were captured.
SITES = {
    "14A-MA__14a-ma.github.io": 0,
    "60feetunder__main-site": 0,
    "8none1__old_whizzy_dot_org": 192,
    "ABC-archive__abc-lang-archive": 1,
    "AKremsier__akremsier.github.io": 1,
}
# What stands in one site's captured feeds in the place of its own address.
UNNAMED = "http://OFFLINEZIP.wpsho"


@pytest.mark.shared
@pytest.mark.parametrize("name", SITES)
def test_every_comment_of_a_wordpress_site_is_stored_once_with_its_article(shared, world, name):
    blog, _, reading = world
    archive = zipfile.ZipFile(shared / "data" / "feeds" / "wordpress" / f"{name}.zip")
    feeds = {"/" + re.sub(r"index\.\w+$", "", one): archive.read(one).decode() for one in archive.namelist() if "feed/index." in one}
    for path, body in feeds.items():
        blog.pages.any[path] = (body.replace(UNNAMED, f"{blog.pages.base}/").encode(), "application/rss+xml")
    lists = [path for path, body in feeds.items() if "commentRss>" in body or path == "/feed/"]

    async def play():
        async with reading(feeds=lists) as reader:
            reports = await reader.poll()
            await reader.let_be_due()
            await reader.let_be_due("parent IS NULL")
            reports += await reader.poll()
            return reports, await reader.items(), await reader.items("article")

    reports, comments, articles = asyncio.run(play())

    captured = "".join(body.replace(UNNAMED, f"{blog.pages.base}/") for path, body in feeds.items())
    assert sorted(one.item.guid for one in comments) == sorted(set(re.findall(r"<guid[^>]*>([^<]*#comment-\d+)</guid>", captured)))
    assert len(comments) == SITES[name]
    by_id = {one.id: one for one in articles}
    assert all(by_id[one.parent].item.guid == one.item.guid.partition("#")[0] for one in comments)
    assert sum(report.committed.updated for report in reports) == 0
