"""A WordPress site of our own with articles and comments, and the parts of a daemon that read it, polled by hand."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager

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

    def approve(self, slug, number, text, *, is_validated=True, date=OLD, at=0):
        """Let a comment appear; without ``is_validated`` the site's validators stay what they were."""
        self.comments[slug].insert(at, (number, text, date))
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
        number, text, date = (*one, OLD)[:3]
        guid = f"{self.pages.base}/?p={slug}#comment-{number}"
        link = f"{self.pages.base}/{slug}/#comment-{number}"
        return (
            f"<item><title>{title} Müller</title><guid isPermaLink='false'>{guid}</guid><link>{link}</link><pubDate>{date}</pubDate>"
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

    async def sql(self, statement):
        await self.whole.call(self.store._db.run, statement)

    async def items(self, kind="comment"):
        return await self.whole.call(self.store.item_rows, None, [kind])

    async def feeds(self):
        return await self.whole.call(self.store.comment_feed_rows)


@contextmanager
def blog_world(tmp_path):
    """The blog, the receivers' inbox, and a way to read the blog with a policy for its comments."""
    with site() as pages, inbox() as box:

        @asynccontextmanager
        async def reading(policy="all", more="", feeds=("/feed",), base=pages.base):
            config = tmp_path / "config.toml"
            head = f'[monitor]\nallow_private_networks = true\n[receivers.desk]\nurls = ["{box.url}"]\n{RULES}'
            tables = [
                f'[[feeds]]\nname = "f{number}"\nurl = "{base}{path}"\ninterval = "1s"\ncomments = "{policy}"\n{more}\n'
                for number, path in enumerate(feeds)
            ]
            config.write_text(head + "".join(tables), encoding="utf-8")
            async with composition.running(load(config, {})) as whole:
                yield Reader(whole)

        yield Blog(pages), box, reading
