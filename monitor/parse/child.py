"""What runs in a child: read one body after the other, a feed or an article's page."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from monitor.children.serving import serve
from monitor.core.document import Page
from monitor.errors import NoArticle, ParseError
from monitor.parse.document import parse
from monitor.parse.wire import page_to_wire, to_wire


def answer(question: dict[str, Any], body: bytes) -> Iterable[object]:
    """Yield the document's values, or one object that says why there is none; or, if asked for them, a page's links."""
    if question["kind"] == "links":
        yield from _links(body, question["content_type"], question["url"])
        return
    try:
        if question["kind"] == "page":
            yield page_to_wire(_read_page(body, question["content_type"], question["url"]))
        else:
            now = datetime.fromtimestamp(question["now"], UTC)
            yield from to_wire(parse(body, question["content_type"], question["url"], now))
    except ParseError as error:
        yield {"error": str(error), "is_page": error.is_page, "is_no_article": isinstance(error, NoArticle)}


def _read_page(body: bytes, content_type: str, url: str) -> Page:
    # Loaded with the first page: children that read feeds never need it.
    from monitor.parse.page import read_page

    return read_page(body, content_type, url)


def _links(body: bytes, content_type: str, url: str) -> Iterable[object]:
    # As with pages: only who adds feeds asks for it.
    from monitor.parse.discover import feed_links

    for link in feed_links(body, content_type, url):
        yield [link.url, link.how, link.title, link.lists]


def main() -> None:
    """Serve the parent. feedparser is loaded before the first question, so that no question pays for it."""
    import feedparser  # noqa: F401

    # Deep documents end in a RecursionError, which is caught, and not in the C stack.
    sys.setrecursionlimit(2000)
    serve(answer)
