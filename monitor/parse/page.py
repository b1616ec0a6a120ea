"""An article's page to its text, by trafilatura, less what a page shows around its text and trafilatura leaves.

trafilatura finds the article's part of the page; headlines of other articles stay in it, often as lines that are one link.
Repetition and patterns are not looked at here: that is page noise as in every feed, see ``core.noise``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from monitor.core.document import Page
from monitor.core.text import clean, clean_paragraphs
from monitor.errors import NoArticle, ParseError
from monitor.parse.limits import NAME, PAGE_BYTES, TEXT, TITLE, address_of

log = logging.getLogger(__name__)

# Less is a caption, a question for consent or a notice of an error.
MIN_LETTERS = 120
# A line that is a link for the greater part of it and does not end as a sentence is a headline of another article.
LINKED = 0.5

# A link around whole blocks is the card of another article. A long one is a link that somebody forgot to close.
_CARDS = "//a[(.//div or .//p or .//h2 or .//h3 or .//h4) and string-length(normalize-space(.)) < 400]"
_INLINE = ("ref", "hi", "del", "graphic")
_SENTENCE_END = re.compile(r"[.!?:][\"'»«“”‘’›‹)\]]*$")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def read_page(body: bytes, content_type: str, url: str) -> Page:
    """Return the article of an HTML page. ``url`` is where the page came from.

    Without an article, a page that says where its comments are has an empty text.
    Raises ``NoArticle`` if there is neither, ``ParseError`` if the page is too large or cannot be read.
    """
    if len(body) > PAGE_BYTES:
        raise ParseError(f"the page has {len(body)} bytes, more than {PAGE_BYTES}")
    try:
        page = _read(_decoded(body, content_type), url)
    except MemoryError as error:
        raise ParseError("reading the page took more memory than it may") from error
    except Exception as error:
        # lxml and trafilatura raise what they will on broken pages: the data's fault, one page's failure.
        log.debug("the extractor raised", exc_info=error)
        raise ParseError(f"the extractor gave up: {type(error).__name__}: {error}"[:200]) from error
    if sum(sign.isalpha() for sign in page.text) >= MIN_LETTERS:
        return page
    if page.comments_feed:
        return Page("", comments_feed=page.comments_feed)
    raise NoArticle("the page holds no article")


def _decoded(body: bytes, content_type: str) -> str | bytes:
    # What the server says outranks the page (WHATWG HTML, 13.2.3.1); without it, the page and its bytes are asked.
    if found := _CHARSET.search(content_type):
        try:
            return body.decode(found[1])
        except (LookupError, UnicodeDecodeError):
            return body
    return body


def _comments_feed(tree: Any, url: str) -> str | None:
    """Return the article's own feed, which is that of its comments: the one whose address lies below the article's."""
    mine = urlsplit(url)
    for link in tree.iterfind(".//link[@href]"):
        kinds = ("application/rss+xml", "application/atom+xml")
        if (link.get("rel") or "").lower() != "alternate" or (link.get("type") or "").lower() not in kinds:
            continue
        address = address_of(link.get("href"), url)
        theirs = urlsplit(address or "")
        is_below = len(mine.path.strip("/")) > 0 and theirs.path.startswith(mine.path.rstrip("/") + "/")
        post = parse_qs(mine.query).get("p")
        is_of_post = post is not None and parse_qs(theirs.query).get("p") == post
        if theirs.netloc == mine.netloc and (is_below or is_of_post) and "withoutcomments" not in theirs.query:
            return address
    return None


def _read(markup: str | bytes, url: str) -> Page:
    import trafilatura

    tree = trafilatura.load_html(markup)
    if tree is None:
        return Page("")
    language = clean(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "", NAME)
    comments_feed = _comments_feed(tree, url)
    document: Any = trafilatura.bare_extraction(
        tree,
        url=url or None,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        include_links=True,
        prune_xpath=_CARDS,
    )
    if document is None or document.body is None:
        return Page("", comments_feed=comments_feed)
    text = clean_paragraphs("\n".join(_own_lines(document.body)), TEXT)
    return Page(text, clean(document.title or "", TITLE), clean(document.description or "", TEXT), language or None, comments_feed)


@dataclass(slots=True)
class _Line:
    """A line as it grows: its text, how much of it is link, whether it is a heading, whether a link is around all of it."""

    text: str = ""
    linked: int = 0
    is_heading: bool = False
    is_link: bool = False

    def add(self, text: str, *, is_linked: bool) -> None:
        self.text += text
        self.linked += len("".join(text.split())) if is_linked else 0

    @property
    def leads_elsewhere(self) -> bool:
        letters = len("".join(self.text.split()))
        if self.is_link or (self.linked >= LINKED * letters and not self.is_heading):
            return not _SENTENCE_END.search(self.text.rstrip())
        return False


def _own_lines(body: Any) -> Iterator[str]:
    """Yield the lines of the text without those that lead elsewhere, nor headings that repeat such a line."""
    others: set[str] = set()
    for line in _lines(body):
        text = " ".join(line.text.split())
        if line.leads_elsewhere:
            others.add(text)
        elif text and text not in others:
            yield text


def _lines(body: Any) -> Iterator[_Line]:
    """Yield the lines of trafilatura's tree: every element that is not part of a line ends one."""
    line = _Line()
    for element, is_entered, depth in _walk(body):
        name = element.tag
        if name not in _INLINE:
            yield line
            line = _Line(is_heading=is_entered and name == "head", is_link=depth > 0)
        if is_entered:
            line.add(element.text or "", is_linked=depth > 0)
        elif element is not body:
            line.add(element.tail or "", is_linked=depth > 0)
    yield line


def _walk(body: Any) -> Iterator[tuple[Any, bool, int]]:
    """Yield each element as it is entered and as it is left, with the number of links around what follows."""
    from lxml import etree

    depth = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        depth += (event == "start") - (event == "end") if element.tag == "ref" else 0
        yield element, event == "start", depth
