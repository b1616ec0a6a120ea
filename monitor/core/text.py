"""Markup to plain text, and texts without what must not be in them. Every scan goes over its text once."""

from __future__ import annotations

import html
import re
import unicodedata

# Surrogates cannot be stored or sent; control characters and bidirectional overrides forge what a person reads;
# soft hyphens and zero-width spaces split words for a machine and for nobody else. So do joiners between Latin letters, set
# against ligatures ("Auf|lage"); between others they are spelling, or make one emoji of two.
_UNWANTED = re.compile(
    "[\u200c\u200d](?=[A-Za-z\xc0-\u024f])|[\ud800-\udfff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
# Spaces to a reader that ``clean_paragraphs`` would take for the end of a paragraph, or leave out.
_LINE_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]")
_WORD = re.compile(r"[^\W\d_]+")
_TAG_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]*)")
_TAG_STOP = re.compile(r"[>\"']")
_REST_OF_TAGS = re.compile(r"<[^<>]*>?")

_BLOCK_NAMES = """
    address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre section summary table tbody td tfoot th thead tr ul
"""
_HIDDEN_NAMES = "script style template noscript iframe svg math object textarea select head"
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_HIDDEN = frozenset(_HIDDEN_NAMES.split())
# What is no text even if it never ends.
_CODE = frozenset(["script", "style"])


def clean(text: str, limit: int) -> str:
    """Return one line of text without control characters, its spaces folded, cut to ``limit`` characters."""
    return " ".join(_readable(text).split())[:limit].rstrip()


def clean_paragraphs(text: str, limit: int) -> str:
    """Return text without control characters, its spaces folded; newlines stay as ends of paragraphs."""
    lines = (" ".join(line.split()) for line in _readable(text).splitlines())
    return "\n".join(line for line in lines if line)[:limit].rstrip()


def _readable(text: str) -> str:
    # Sites that are written on a Mac send "ü" as u and a mark; whoever looks for the word means the letter.
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))


def words_of(text: str) -> list[str]:
    """Return the words of a text: letters in a row."""
    found: list[str] = []
    for piece in text.split():
        # Most pieces are one word: to see that is much cheaper than to look for words in them.
        if piece.isalpha():
            found.append(piece)
        else:
            found += _WORD.findall(piece)
    return found


def plain_text(markup: str) -> str:
    """Return what a reader sees of HTML: entities decoded, blocks on lines of their own, scripts and the like left out.

    Never raises, whatever the markup. What only looks like a tag ("a < b") stays.
    """
    pieces: list[str] = []
    endless: set[str] = set()
    position = 0
    while (start := markup.find("<", position)) >= 0:
        pieces.append(_text_of(markup[position:start]))
        end = _after_markup(markup, start)
        if end is None:
            # The tag is never closed: what is left has no readable structure, only the tags are taken out.
            pieces.append(_text_of(_REST_OF_TAGS.sub(" ", markup[start + 1 :])))
            position = len(markup)
            break
        if end == start:
            pieces.append("<")
            position = start + 1
            continue
        name = _name(markup, start)
        if name in _BLOCKS:
            pieces.append("\n")
        is_hiding = name in _HIDDEN and markup[start + 1] != "/" and not _is_empty(markup, end)
        position = _after_hidden(markup, name, end, endless) if is_hiding else end
    pieces.append(_text_of(markup[position:]))
    return clean_paragraphs("".join(pieces), len(markup) + 1)


def _text_of(text: str) -> str:
    # The newlines of the source are spaces to a reader; how many there are of them does not matter in the end.
    return _LINE_BREAKS.sub(" ", html.unescape(text)) if text else ""


def _name(markup: str, start: int) -> str:
    found = _TAG_NAME.match(markup, start + 1)
    return found[1].lower() if found else ""


def _after_markup(markup: str, start: int) -> int | None:
    """Return where the markup at ``start`` ends; ``start`` itself if it is no markup; None if it never ends."""
    following = markup[start + 1 : start + 2]
    if markup.startswith("<!--", start):
        end = markup.find("-->", start + 4)
        return None if end < 0 else end + 3
    if markup.startswith("<![CDATA[", start):
        return start + 9
    if following in ("!", "?"):
        end = markup.find(">", start)
        return None if end < 0 else end + 1
    if not _TAG_NAME.match(markup, start + 1):
        return start
    return _after_tag(markup, start + 1)


def _after_tag(markup: str, position: int) -> int | None:
    while stop := _TAG_STOP.search(markup, position):
        position = stop.end()
        if stop[0] == ">":
            return position
        # A quote begins a value only after "="; elsewhere it is a slip of the pen, and must not swallow the text.
        if markup[stop.start() - 1] == "=":
            close = markup.find(stop[0], position)
            if close < 0:
                return None
            position = close + 1
    return None


def _is_empty(markup: str, end: int) -> bool:
    # To a browser "<iframe/>" never ends; the programs of publishers mean that it is empty.
    return markup[end - 2 : end] == "/>"


def _after_hidden(markup: str, name: str, position: int, endless: set[str]) -> int:
    """Return where an element that is no text ends. ``endless`` remembers the names whose end was looked for in vain."""
    if name not in endless:
        close = re.compile(rf"</{name}\b[^>]*>?", re.IGNORECASE).search(markup, position)
        if close is not None:
            return close.end()
        endless.add(name)
    # An <object> that was left open must not swallow the article.
    return len(markup) if name in _CODE else position
