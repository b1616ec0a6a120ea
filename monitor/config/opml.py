"""OPML, in which feed readers exchange their lists: read, within limits, and written.

Source: OPML 2.0, http://opml.org/spec2.opml; and how readers write it: folders are outlines without an address, names are in
``text`` or ``title``, and attributes are spelled in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from monitor.core.text import clean
from monitor.errors import ParseError

MAX_BYTES = 5_000_000
MAX_OUTLINES = 5000
MAX_DEPTH = 20
MAX_NAME = 100

# What writers of lists forget: "&" in an address, "<" in a description. With them, 42 of 103 lists in the wild are no XML.
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_QUOTED = re.compile(rb'="[^"]*"')
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of a list. ``tags`` are the folders around it, the outermost first, and its own categories."""

    url: str
    title: str = ""
    tags: tuple[str, ...] = ()


def read(content: bytes) -> tuple[Outline, ...]:
    """Return the feeds of a list, each address once, in its order; all of them, or none.

    What is no XML only because of a bare ``&`` or ``<`` in an attribute is read. Raises ``ParseError``: it is no OPML, or
    more than a list may be.
    """
    if len(content) > MAX_BYTES:
        raise ParseError(f"the list is larger than {MAX_BYTES // 1_000_000} MB")
    content = content.strip()
    try:
        outlines = _Reader().read(content)
    except expat.ExpatError as error:
        repaired = _QUOTED.sub(lambda found: found[0].replace(b"<", b"&lt;"), _BARE_AMPERSAND.sub(b"&amp;", content))
        try:
            outlines = _Reader().read(repaired)
        except expat.ExpatError:
            raise ParseError(f"the list is no XML: {error}; nothing was taken of it") from error
    except (ValueError, LookupError) as error:
        raise ParseError("the list is in an encoding that is not known") from error
    return _each_once(outlines)


class _Reader:
    """Walks over the elements once. Nothing is built of what is too deep, too many, or declared by the document itself."""

    def __init__(self) -> None:
        # For each open element the folder that it is: "" if it is none.
        self._folders: list[str] = []
        self._found: list[Outline] = []
        self._outlines = 0
        self._is_opml = False

    def read(self, content: bytes) -> list[Outline]:
        parser = expat.ParserCreate()
        # Entities that expand to gigabytes need a DOCTYPE; no list does. That is all that defusedxml would do for us.
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.Parse(content, True)
        if not self._is_opml:
            raise ParseError("the list is no OPML: it has no <opml>, and no feed")
        return self._found

    def _refuse_doctype(self, *_: object) -> None:
        raise ParseError("the list has a DOCTYPE, which may hide anything; take it out")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._folders) >= MAX_DEPTH + 2:
            raise ParseError(f"the list is nested more than {MAX_DEPTH} deep")
        self._is_opml = self._is_opml or name.lower() == "opml"
        self._folders.append(self._outline({key.lower(): value for key, value in attributes.items()}) if name.lower() == "outline" else "")

    def _end(self, _: str) -> None:
        self._folders.pop()

    def _outline(self, attributes: dict[str, str]) -> str:
        self._outlines += 1
        if self._outlines > MAX_OUTLINES:
            raise ParseError(f"the list has more than {MAX_OUTLINES} entries; split it")
        label = next((text for name in ("text", "title") if (text := _label(attributes.get(name)))), "")
        url = (attributes.get("xmlurl") or "").strip()
        if not url:
            return label
        self._is_opml = True
        tags = dict.fromkeys(tag for tag in (*self._folders, *_categories(attributes.get("category") or "")) if tag)
        self._found.append(Outline(url, _label(attributes.get("title")) or label, tuple(tags)))
        return ""


def _categories(text: str) -> list[str]:
    """Return the categories of an attribute: separated by commas, "/a/b" a path (OPML 2.0, ``category``)."""
    return [_label(one) for part in text.split(",") for one in (part.split("/") if part.lstrip().startswith("/") else [part])]


def written(outlines: Iterable[Outline], title: str) -> str:
    """Return a list as OPML 2.0: each feed in the folder of its first tag, all of its tags as categories."""
    folders: dict[str, list[Outline]] = {}
    for outline in outlines:
        folders.setdefault(outline.tags[0] if outline.tags else "", []).append(outline)
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{_escaped(title)}</title></head>",
        "  <body>",
    ]
    rows += [f"    {_written(outline)}" for outline in folders.pop("", [])]
    for folder, inside in folders.items():
        rows += [f'    <outline text="{_escaped(folder)}">', *(f"      {_written(outline)}" for outline in inside), "    </outline>"]
    return "\n".join([*rows, "  </body>", "</opml>", ""])


def _written(outline: Outline) -> str:
    attributes = {"type": "rss", "text": outline.title, "title": outline.title, "xmlUrl": outline.url}
    if len(outline.tags) > 1:
        attributes["category"] = ",".join(tag.replace(",", " ") for tag in outline.tags)
    return "<outline " + " ".join(f'{name}="{_escaped(text)}"' for name, text in attributes.items()) + "/>"


def _escaped(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(_NOT_XML.sub("", text), {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _label(text: str | None) -> str:
    return clean(text or "", MAX_NAME)


def _each_once(outlines: Sequence[Outline]) -> tuple[Outline, ...]:
    """Return each address once; what stands in two folders has the tags of both."""
    found: dict[str, Outline] = {}
    for one in outlines:
        before = found.get(one.url, one)
        found[one.url] = Outline(one.url, before.title, tuple(dict.fromkeys((*before.tags, *one.tags))))
    return tuple(found.values())
