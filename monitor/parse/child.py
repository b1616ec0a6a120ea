"""What runs in a child that reads feeds: one body after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from monitor.children.serving import serve
from monitor.errors import ParseError
from monitor.parse.document import parse
from monitor.parse.sax import fast_feedparser
from monitor.parse.wire import to_wire


def answer(question: dict[str, Any], body: bytes) -> Iterable[object]:
    """Yield the document's values, or one object that says why there is none; or, if asked for them, a page's links."""
    if question["kind"] == "links":
        yield from _links(body, question["content_type"], question["url"])
        return
    try:
        now = datetime.fromtimestamp(question["now"], UTC)
        yield from to_wire(parse(body, question["content_type"], question["url"], now))
    except ParseError as error:
        yield {"error": str(error), "is_page": error.is_page}


def _links(body: bytes, content_type: str, url: str) -> Iterable[object]:
    # Loaded with the first question: only who adds feeds asks for it.
    from monitor.parse.discover import feed_links

    for link in feed_links(body, content_type, url):
        yield [link.url, link.how, link.title, link.lists]


def main() -> None:
    """Serve the parent. feedparser is loaded before the first question, so that no question pays for it."""
    fast_feedparser()

    # Deep documents end in a RecursionError, which is caught, and not in the C stack.
    sys.setrecursionlimit(2000)
    serve(answer)
