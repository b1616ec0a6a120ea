"""A news site as WordPress makes them: main feed, article pages full of other things, a comment feed for each article."""

from __future__ import annotations

import asyncio
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp.web import Application, Request, Response

SHOWN = 10
_FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
  xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel>
<title>{title}</title>
<link>{link}</link>
<description>{title}</description>
<lastBuildDate>{built}</lastBuildDate>
<language>de</language>
<sy:updatePeriod>hourly</sy:updatePeriod>
<generator>monitor demo</generator>
{items}
</channel>
</rss>
"""
_PAGE = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>{title} – Brunnhafener Bote</title></head>
<body>
<header><a href="/">Brunnhafener Bote</a> · <a href="/feed">RSS</a></header>
<aside class="promo"><h3>Top-Angebote</h3><ul><li>Jetzt vier Wochen gratis lesen</li><li>Die besten Angebote der Woche</li></ul></aside>
<article><h1>{title}</h1><p class="dateline">BRUNNHAFEN (Brunnhafener Bote) – {date}</p>{body}</article>
<aside class="jobs"><h3>Stellenangebote</h3><ul><li>Einkauf (m/w/d)</li><li>Kranführung am Terminal (m/w/d)</li></ul></aside>
<section class="comments"><h3>Kommentare</h3><p>Bitte bleiben Sie sachlich.</p>{comments}</section>
</body></html>
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article that is to be published."""

    title: str
    text: str
    comments: tuple[str, ...] = ()


@dataclass(slots=True)
class Article:
    """A published article."""

    number: int
    draft: Draft
    published: datetime

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"/{self.published:%Y/%m/%d}/artikel-{self.number}/"


def drafts() -> list[Draft]:
    """Return the articles that come with the demo."""
    document = tomllib.loads((Path(__file__).with_name("articles.toml")).read_text(encoding="utf-8"))
    return [Draft(one["title"], one["text"], tuple(one.get("comments", ()))) for one in document["articles"]]


@dataclass(slots=True)
class Site:
    """What is published so far. ``publish`` goes through the drafts again and again; every article has a number of its own."""

    drafts: list[Draft]
    base: str = ""
    articles: list[Article] = field(default_factory=list)

    def publish(self, now: datetime) -> Article:
        """Publish the next article."""
        number = len(self.articles)
        draft = self.drafts[number % len(self.drafts)]
        repeat = number // len(self.drafts)
        if repeat:
            draft = Draft(f"{draft.title} (Teil {repeat + 1})", draft.text, draft.comments)
        article = Article(number + 1, draft, now)
        self.articles.append(article)
        return article

    def edit(self, now: datetime) -> None:
        """Correct the newest article, as newsrooms do."""
        newest = self.articles[-1]
        note = f"\nKorrektur um {now:%H:%M} Uhr: In einer früheren Fassung fehlte dieser Absatz."
        newest.draft = Draft(newest.draft.title, newest.draft.text + note, newest.draft.comments)

    def feed(self) -> str:
        """Return the main feed."""
        newest = self.articles[: -SHOWN - 1 : -1]
        items = "\n".join(self._item(article) for article in newest)
        return self._document("Brunnhafener Bote", self.base, items, newest[0].published if newest else None)

    def comment_feed(self, article: Article) -> str:
        """Return the feed of an article's comments."""
        items = "\n".join(self._comment(article, number, text) for number, text in enumerate(article.draft.comments, 1))
        title = f"Kommentare zu: {escape(article.draft.title)}"
        return self._document(title, self.base + article.path, items, article.published)

    def page(self, article: Article) -> str:
        """Return an article's page, with all that stands around the text."""
        comments = "".join(f"<p>{escape(text)}</p>" for text in article.draft.comments)
        return _PAGE.format(
            title=escape(article.draft.title), date=f"{article.published:%d.%m.%Y}", body=_paragraphs(article), comments=comments
        )

    def find(self, path: str) -> Article | None:
        """Return the article at a path, or None."""
        return next((article for article in self.articles if article.path == path), None)

    def _document(self, title: str, link: str, items: str, built: datetime | None) -> str:
        return _FEED.format(title=title, link=link, items=items, built=format_datetime(built) if built else "")

    def _item(self, article: Article) -> str:
        link = self.base + article.path
        first = article.draft.text.partition("\n")[0]
        return f"""<item>
<title>{escape(article.draft.title)}</title>
<link>{link}</link>
<comments>{link}#respond</comments>
<dc:creator><![CDATA[Redaktion]]></dc:creator>
<pubDate>{format_datetime(article.published)}</pubDate>
<category><![CDATA[Nachrichten]]></category>
<guid isPermaLink="false">{self.base}/?p={article.number}</guid>
<description><![CDATA[<p>{escape(first)}</p>]]></description>
<content:encoded><![CDATA[{_paragraphs(article)}]]></content:encoded>
<wfw:commentRss>{link}feed/</wfw:commentRss>
<slash:comments>{len(article.draft.comments)}</slash:comments>
</item>"""

    def _comment(self, article: Article, number: int, text: str) -> str:
        link = f"{self.base}{article.path}#comment-{article.number}{number}"
        return f"""<item>
<title>Von: Leserin {number}</title>
<link>{link}</link>
<dc:creator><![CDATA[Leserin {number}]]></dc:creator>
<pubDate>{format_datetime(article.published + timedelta(minutes=number))}</pubDate>
<guid isPermaLink="false">{self.base}/?p={article.number}#comment-{article.number}{number}</guid>
<description>{escape(text)}</description>
</item>"""


def application(site: Site) -> Application:
    """Return the site as a web application, with conditional GET on its feeds."""
    from aiohttp import web

    async def front(_: Request) -> Response:
        links = "".join(f'<li><a href="{one.path}">{escape(one.draft.title)}</a></li>' for one in reversed(site.articles))
        return web.Response(text=f"<!doctype html><title>Brunnhafener Bote</title><ul>{links}</ul>", content_type="text/html")

    async def feed(request: Request) -> Response:
        return _conditional(request, site.feed())

    async def article(request: Request) -> Response:
        path = request.path.removesuffix("feed/")
        found = site.find(path)
        if found is None:
            raise web.HTTPNotFound
        if path != request.path:
            return _conditional(request, site.comment_feed(found))
        return web.Response(text=site.page(found), content_type="text/html")

    routes = web.Application()
    routes.add_routes([web.get("/", front), web.get("/feed", feed), web.get("/{path:.+/}", article)])
    return routes


def _conditional(request: Request, text: str) -> Response:
    from aiohttp import web

    etag = f'"{sha256(text.encode()).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers={"ETag": etag})
    return web.Response(text=text, content_type="application/rss+xml", headers={"ETag": etag})


def _paragraphs(article: Article) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.draft.text.split("\n"))


async def serve(site: Site, started: asyncio.Future[str]) -> None:
    """Serve the site on a free port of loopback until cancelled; ``started`` is told its address."""
    from aiohttp import web

    runner = web.AppRunner(application(site))
    await runner.setup()
    try:
        place = web.TCPSite(runner, "127.0.0.1", 0)
        await place.start()
        port = runner.addresses[0][1]
        site.base = f"http://127.0.0.1:{port}"
        started.set_result(site.base)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
