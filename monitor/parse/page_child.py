"""What runs in a child that reads articles' pages: one after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from monitor.children.serving import serve
from monitor.errors import NoArticle, ParseError
from monitor.parse.page import read_page
from monitor.parse.wire import page_to_wire


def answer(question: dict[str, Any], body: bytes) -> Iterable[object]:
    """Yield the page's article as one value, or one object that says why there is none."""
    try:
        yield page_to_wire(read_page(body, question["content_type"], question["url"]))
    except ParseError as error:
        yield {"error": str(error), "is_no_article": isinstance(error, NoArticle)}


def main() -> None:
    """Serve the parent. trafilatura is loaded before the first question, so that no question pays for it."""
    import trafilatura  # noqa: F401

    # Deep documents end in a RecursionError, which is caught, and not in the C stack.
    sys.setrecursionlimit(2000)
    serve(answer)
