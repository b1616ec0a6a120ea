"""Where comment feeds are found, what counts as a sign of comments, how rare their polls become, and how a watch ends."""

import asyncio

import pytest
from blog import blog_world

from monitor.work.fulltext import NO_TEXT

COMMENTS_LINK = "<html><head><link rel='alternate' type='application/rss+xml' href='/{slug}/feed/'></head><body>{text}</body></html>"
TEXT = "<article>" + "<p>Im Talland wurde die ganze Nacht beraten, und am Morgen sagte niemand etwas dazu.</p>" * 6 + "</article>"
DAY_S = 86_400


@pytest.fixture
def world(tmp_path):
    with blog_world(tmp_path) as found:
        yield found


def without(blog, *texts):
    """Let the main feed say nothing of its program or of its articles' comments."""
    body, kind = blog.pages.pages["/feed"]
    for text in texts:
        start, end = text.split("…")
        before, *rows = body.decode().split(start)
        body = (before + "".join(row.partition(end)[2] for row in rows)).encode()
    blog.pages.pages["/feed"] = (body, kind)


def unnamed(blog):
    without(blog, "<generator>…</generator>", "<wfw:commentRss>…</wfw:commentRss>", "<slash:comments>…</slash:comments>")


async def read_pages(reader):
    await reader.whole.parts.texts.read_all(reader.whole.parts.feeds, 4)


@pytest.mark.parametrize(("policy", "followed"), [("all", ["/neu/feed/", "/sport/feed/"]), ("matched", ["/neu/feed/"]), ("none", [])])
def test_a_comment_feed_that_only_the_articles_page_names_is_found_there(world, policy, followed):
    blog, _, reading = world

    async def play():
        async with reading(policy) as reader:
            blog.article("alt", "Alter Artikel")
            unnamed(blog)
            await reader.poll()
            blog.article("neu", "Waffenruhe vereinbart", (1, "Ich war Augenzeuge."))
            blog.article("sport", "Ein Spiel", (2, "Schön."))
            unnamed(blog)
            for slug in ("neu", "sport"):
                blog.pages.pages[f"/{slug}/"] = (COMMENTS_LINK.format(slug=slug, text=TEXT).encode(), "text/html")
            await reader.poll()
            await read_pages(reader)
            await reader.comments()
            return [one.url.removeprefix(blog.pages.base) for one in await reader.feeds()], await reader.items()

    urls, comments = asyncio.run(play())

    visited = {path for path, _ in blog.pages.seen if path in ("/alt/", "/neu/", "/sport/")}
    assert sorted(urls) == followed
    assert len(comments) == len(followed)
    assert visited == {one.removesuffix("feed/") for one in followed}


def test_a_page_without_an_article_still_says_where_the_comments_are_and_is_tried_again_for_the_text(world):
    blog, _, reading = world

    async def play():
        async with reading(more="full_text = true") as reader:
            blog.article("alt", "Alter Artikel")
            unnamed(blog)
            await reader.poll()
            blog.article("neu", "Ein Artikel", (1, "eins"))
            unnamed(blog)
            blog.pages.pages["/neu/"] = (COMMENTS_LINK.format(slug="neu", text="<p>Bitte anmelden.</p>").encode(), "text/html")
            await reader.poll()
            (article,) = [one for one in await reader.items("article") if one.item.title == "Ein Artikel"]
            state = await reader.whole.call(reader.store.page_state, article.id)
            return await reader.items(), state

    comments, state = asyncio.run(play())

    assert len(comments) == 1
    assert (state.attempts, state.error, state.next_try is not None) == (1, NO_TEXT, True)


def test_a_wordpress_that_names_no_comment_feed_has_them_by_its_rule(world):
    blog, _, reading = world

    async def play():
        async with reading() as reader:
            blog.article("neu", "Ein Artikel", (1, "eins"))
            without(blog, "<wfw:commentRss>…</wfw:commentRss>")
            await reader.poll()
            return await reader.items()

    assert [one.item.summary or one.item.content for one in asyncio.run(play())] == ["eins"]


def test_the_feed_of_all_comments_given_as_a_feed_brings_comments_with_their_articles(world):
    blog, box, reading = world

    async def play():
        async with reading("none", feeds=("/feed", "/comments/feed/")) as reader:
            blog.article("neu", "Waffenruhe vereinbart", (1, "eins"))
            await reader.poll()
            blog.approve("neu", 2, "Ich war Augenzeuge.")
            await reader.poll()
            await reader.poll()
            await reader.whole.outbox.drain()
            return await reader.items(), await reader.items("article")

    comments, (article,) = asyncio.run(play())

    assert [(one.item.summary or one.item.content, one.feed, one.parent) for one in comments] == [
        ("Ich war Augenzeuge.", "f1", article.id),
        ("eins", "f1", article.id),
    ]
    assert len([message for message in box.messages if "Augenzeuge" in message["message"]]) == 1


def test_the_late_approved_comment_is_seen_behind_a_304_of_the_feed_of_all_comments_too(world):
    blog, _, reading = world

    async def play():
        async with reading("none", feeds=("/comments/feed/",)) as reader:
            blog.article("neu", "Waffenruhe vereinbart", (1, "eins"))
            await reader.poll()
            blog.approve("neu", 2, "Ich war Augenzeuge.", is_validated=False)
            return [len(await reader.items()) for _ in range(4) if await reader.poll()]

    assert asyncio.run(play()) == [1, 1, 1, 2]


def test_a_count_of_comments_is_a_hint_and_never_the_truth(world):
    blog, _, reading = world

    async def play():
        async with reading() as reader:
            blog.article("neu", "Ein Artikel", (1, "eins"))
            await reader.poll()
            told = []
            # It says nothing of one that is there, and more than there are.
            for claimed, number in ((0, 2), (99, 3), (99, 4)):
                if number != 3:
                    blog.approve("neu", number, f"Nr. {number}")
                body, kind = blog.pages.pages["/feed"]
                real = f"<slash:comments>{len(blog.comments['neu'])}<"
                blog.pages.pages["/feed"] = (body.decode().replace(real, f"<slash:comments>{claimed}<").encode(), kind)
                await reader.let_be_due()
                reports = await reader.poll()
                told.append((len(await reader.items()), [one.error for one in reports if one.error]))
            return told

    assert asyncio.run(play()) == [(2, []), (2, []), (3, [])]


def test_a_comment_that_the_sites_feed_brings_is_a_sign_of_life_of_its_article(world):
    blog, _, reading = world

    async def play():
        async with reading() as reader:
            blog.article("neu", "Ein Artikel", (1, "eins"))
            await reader.poll()
            await reader.sql(f"UPDATE feeds SET heard = heard - {6 * DAY_S} WHERE parent IS NOT NULL")
            blog.comments["neu"].insert(0, (2, "zwei"))
            main = blog.pages.pages["/feed"]
            blog.publish()
            blog.pages.pages["/feed"] = main
            await reader.let_be_due("parent IS NULL")
            before = next(one.heard for one in await reader.feeds() if one.item)
            await reader.comments()
            return before, next(one.heard for one in await reader.feeds() if one.item)

    before, after = asyncio.run(play())

    assert (after - before).total_seconds() > 5 * DAY_S


@pytest.mark.parametrize(("silence_h", "pause_s"), [(0, 1), (10, 3_600), (24 * 5, 6 * 3_600)])
def test_the_longer_an_article_is_silent_the_rarer_its_comments_are_asked_for(world, silence_h, pause_s):
    blog, _, reading = world

    async def play():
        async with reading() as reader:
            blog.article("neu", "Ein Artikel", (1, "eins"))
            await reader.poll()
            await reader.sql(f"UPDATE feeds SET heard = heard - {silence_h * 3_600}, next_poll = 0 WHERE parent IS NOT NULL")
            await reader.comments()
            return next(one for one in await reader.feeds() if one.item)

    row = asyncio.run(play())

    assert (row.next_poll - row.last_poll).total_seconds() == pytest.approx(pause_s, rel=0.01)


@pytest.mark.parametrize(("says_more", "ended"), [(False, True), (True, False)])
def test_a_watch_lasts_for_comments_for_after_the_last_new_comment(world, says_more, ended):
    blog, _, reading = world

    async def play():
        async with reading(more='comments_for = "3d"') as reader:
            blog.article("neu", "Ein Artikel", (1, "eins"))
            await reader.poll()
            await reader.sql(f"UPDATE feeds SET heard = heard - {4 * DAY_S}, next_poll = 0 WHERE parent IS NOT NULL")
            if says_more:
                # Dated in August: it is new all the same.
                blog.approve("neu", 2, "zwei")
            await reader.comments()
            return next(one for one in await reader.feeds() if one.item)

    row = asyncio.run(play())

    assert ((row.end_reason or "").startswith("no new comment since "), row.ended is not None, row.next_poll is None) == (ended,) * 3


def test_a_comment_feed_that_breaks_is_shown_and_one_that_is_gone_ends_with_its_reason(world):
    blog, _, reading = world

    async def play():
        async with reading() as reader:
            blog.article("neu", "Ein Artikel", (1, "eins"))
            await reader.poll()
            del blog.pages.pages["/neu/feed/"]
            seen = []
            for _ in range(4):
                await reader.let_be_due()
                await reader.comments()
                (feed,) = await reader.whole.call(reader.store.feed_rows)
                row = next(one for one in await reader.feeds() if one.item)
                seen.append((feed.comment_feeds_failing, row.failures, row.error, row.end_reason))
            return seen

    error = "the server answered 404 Not Found"
    assert asyncio.run(play()) == [
        (1, 1, error, None),
        (1, 2, error, None),
        (None, 3, error, "it is gone: the site answered 404, 3 times"),
        (None, 3, error, "it is gone: the site answered 404, 3 times"),
    ]


def test_a_guessed_address_that_is_no_feed_is_given_up_with_its_reason(world):
    blog, _, reading = world

    async def play():
        async with reading() as reader:
            blog.article("neu", "Ein Artikel", (1, "eins"))
            without(blog, "<wfw:commentRss>…</wfw:commentRss>")
            blog.pages.pages["/neu/feed/"] = (b"<html><body>Kommentare sind geschlossen</body></html>", "text/html")
            await reader.poll()
            for _ in range(2):
                await reader.let_be_due()
                await reader.comments()
            return next(one.end_reason for one in await reader.feeds() if one.item)

    assert asyncio.run(play()).startswith("it is no feed: ")


def test_a_password_in_the_feeds_address_does_not_get_into_that_of_comments(world):
    blog, _, reading = world

    async def play():
        async with reading(base=blog.pages.base.replace("//", "//leser:geheim@")) as reader:
            blog.article("alt", "Alter Artikel")
            await reader.poll()
            blog.article("neu", "Ein Artikel", (1, "eins"))
            await reader.poll()
            return [one.url.removeprefix(blog.pages.base) for one in await reader.feeds()], await reader.items()

    urls, comments = asyncio.run(play())

    assert sorted(urls) == ["/alt/feed/", "/neu/feed/"]
    assert len(comments) == 1
