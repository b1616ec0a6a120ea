"""What runs in a child: read one body after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from monitor.children import serve
from monitor.errors import ParseError
from monitor.parse.discover import feed_links
from monitor.parse.document import parse
from monitor.parse.wire import to_wire


def answer(question: dict[str, Any], body: bytes) -> Iterable[object]:
    """Yield the document's values, or one object that says why there is none; or, if asked for them, a page's links."""
    if question.get("ask") == "links":
        links = feed_links(body, question["content_type"], question["url"])
        yield from ([link.url, link.how, link.title, link.lists] for link in links)
        return
    now = datetime.fromtimestamp(question["now"], UTC)
    try:
        yield from to_wire(parse(body, question["content_type"], question["url"], now))
    except ParseError as error:
        yield {"error": str(error)}


def main() -> None:
    """Serve the parent. feedparser is loaded before the first question, so that no question pays for it."""
    import feedparser  # noqa: F401

    # Deep documents end in a RecursionError, which is caught, and not in the C stack.
    sys.setrecursionlimit(2000)
    serve(answer)
