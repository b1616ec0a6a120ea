"""What other parsers expect of the feeds that they are tested with, beside what we read of them. Run with ``-s`` to see the table.

A date is compared as we show it: all suites that ask for ``published`` take the date of the last change where there is no other.
Texts are compared as a reader sees them, their markup taken out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from corpus import URL, body_of, cases, read, same_date, same_text

from monitor.core.document import Parsed
from monitor.core.model import Item
from monitor.core.text import clean, plain_text
from monitor.parse import limits

pytestmark = pytest.mark.shared

HELD_TO = ("gofeed", "feedparser", "rss-parser", "reader", "fastfeedparser")
COUNTED = ("count", "id", "link", "published", "updated")


def seen(markup):
    """Return what a reader sees of a text, on one line."""
    return clean(plain_text(markup), len(markup) + 1)


def letters(text):
    return re.sub(r"[\W\x80-\x9f]", "", text)


def is_shown(wanted, got):
    # Some suites give a text as markup, some as it is.
    return clean(got, len(got) + 1) in (seen(wanted), clean(wanted, len(wanted) + 1))


FIELDS = {
    "id": ("id", lambda wanted, item: same_text(wanted, item.guid)),
    "link": ("link", lambda wanted, item: same_text(wanted, item.url)),
    "published_utc": ("published", lambda wanted, item: same_date(wanted, item.dated)),
    "created_utc": ("published", lambda wanted, item: same_date(wanted, item.dated)),
    "updated_utc": ("updated", lambda wanted, item: same_date(wanted, item.updated)),
    "title": ("title", lambda wanted, item: is_shown(wanted, item.title)),
    "summary": ("text", lambda wanted, item: is_shown(wanted, item.summary) or is_shown(wanted, item.content)),
    "content": ("text", lambda wanted, item: is_shown(wanted, item.content) or is_shown(wanted, item.summary)),
    "author": ("author", lambda wanted, item: clean(wanted, limits.NAME) in (*item.authors, ", ".join(item.authors))),
    "comments_feed": ("comments feed", lambda wanted, item: same_text(wanted, item.comments_feed)),
    "enclosure_url": ("enclosure", lambda wanted, item: any(same_text(wanted, one.url) for one in item.enclosures)),
}


@dataclass(frozen=True)
class Asked:
    """One expectation of a case, and what we made of it. Without ``item`` it is of the document, or of an item that we have not."""

    case: dict[str, Any]
    body: bytes
    parsed: Parsed | None
    field: str
    wanted: Any
    item: Item | None
    is_met: bool

    @property
    def head(self) -> str:
        """What stands before the first item."""
        return re.split(rb"<(?:item|entry)\b", self.body)[0].decode("utf-8", "replace")

    @property
    def item_url(self) -> str:
        """The address of the item, "" if it has none."""
        return (self.item.url if self.item else None) or ""


def asked_of(case, body):
    """Yield the expectations of a case."""
    expected, parsed = case["expect"], read(case, body)
    items = parsed.items if parsed else ()
    if expected.get("must_fail"):
        yield Asked(case, body, parsed, "refusal", True, None, parsed is None)
    named = expected.get("entries", ())
    if "n_entries" in expected or named:
        # Without a count there are at least the items that are named.
        wanted = expected.get("n_entries", max(len(items), len(named)))
        yield Asked(case, body, parsed, "count", wanted, None, parsed is not None and len(items) == wanted)
    for number, entry in enumerate(named):
        item = items[number] if number < len(items) else None
        for name, wanted in entry.items():
            if name in FIELDS:
                field, is_same = FIELDS[name]
                yield Asked(case, body, parsed, field, wanted or "", item, item is not None and is_same(wanted or "", item))


def is_left_out(one):
    is_half = one.parsed is not None and any("last item was left out" in note for note in one.parsed.notes)
    return is_half and one.item is None and (one.field != "count" or one.wanted == len(one.parsed.items) + 1)


def is_relative_guid(one):
    guid = (one.item and one.item.guid) or ""
    return one.field == "id" and not urlsplit(guid).scheme and one.wanted in (urljoin(URL, guid), urljoin("http://example.com/", guid))


def is_elsewhere(one):
    addresses = (one.item.url, one.item.comments_feed, *(enclosure.url for enclosure in one.item.enclosures)) if one.item else ()
    here = [address for address in addresses if address and address.startswith(urljoin(URL, "/"))]
    return one.field in ("link", "comments feed", "enclosure") and any(
        urljoin(one.wanted, urlsplit(got).path) == one.wanted for got in here
    )


def is_guess_at_markup(one):
    is_atom = one.parsed is not None and one.parsed.format.startswith("atom")
    return one.field == "title" and not is_atom and one.item and is_shown(seen(seen(one.wanted)), one.item.title)


def has_only_signs_more(one):
    texts = (one.item.summary, one.item.content) if one.item else ()
    wanted = (letters(seen(one.wanted)), letters(seen(seen(one.wanted))))
    return one.field == "text" and any(letters(text) in wanted for text in texts if text)


def is_all_but_code(one):
    shown = f"{one.item.title} {one.item.summary} {one.item.content}".split() if one.item else []
    return one.field in ("title", "text") and b"script" in one.body.lower() and shown and set(shown) <= set(seen(one.wanted).split())


def is_beginning_of_content(one):
    # It may have been cut within a tag.
    beginnings = tuple(filter(None, map(letters, (seen(one.wanted), one.wanted, re.sub(r"<[^<>]*\Z", "", one.wanted)))))
    return one.field == "text" and one.item and not one.item.summary and letters(one.item.content).startswith(beginnings)


# Why ours is right, or the lesser evil, where others expect something else. The first that fits counts.
REASONS = {
    "the document breaks off within an item: half of one may lack the word that a rule excludes, so it waits for the whole": is_left_out,
    "no guid: others put the address there; our identity falls back to the address by itself": lambda one: (
        one.field == "id" and one.item and one.item.guid is None and one.wanted == one.item_url
    ),
    "only a dc:identifier: no specification makes it the guid; items have an address or a title too, and are known by that": lambda one: (
        one.field == "id" and one.item and one.item.guid is None and f"<dc:identifier>{one.wanted}<".encode() in one.body
    ),
    "a guid is no address: compared letter by letter (RFC 4287, 4.2.6.1), it must not change with where it was read": is_relative_guid,
    "a relative address: relative to where the document came from, which is another place in their test or header (RFC 7231, appendix B)": (
        is_elsewhere
    ),
    "no link: others give all such items their site's; ours has its rdf:about, or none, so that they are not all one page": lambda one: (
        one.field == "link" and one.item and one.item_url in ("", one.item.guid) and one.wanted in one.head
    ),
    "an enclosure is a file, not the item's page: it is kept as enclosure": lambda one: (
        one.field == "link" and one.item and any(enclosure.url == one.wanted for enclosure in one.item.enclosures)
    ),
    "FeedBurner's second address of an enclosure: ours is the enclosure's own": lambda one: (
        one.field == "enclosure" and f"<feedburner:origEnclosureLink>{one.wanted}<".encode() in one.body
    ),
    "several links: the first, not the last; RSS has one, and what follows is often of another element": lambda one: (
        one.field == "link" and f"<link>{one.item_url}<".encode() in one.body and one.wanted.encode() in one.body
    ),
    "the source of scripts is no text": is_all_but_code,
    "no title: others show the address or the text in its place; a rule on titles must not match what is none": lambda one: (
        one.field == "title" and one.item and not one.item.title
    ),
    "letters that the other parser lost: ours are those of the declared encoding": lambda one: "\ufffd" in str(one.wanted),
    "an RSS title does not say if it is markup: ours reads escaped HTML, as most publishers mean it": is_guess_at_markup,
    "longer than a title may be: cut": lambda one: one.field == "title" and one.item and len(one.item.title) == limits.TITLE,
    "an entry within an extension is listed too: an item too many is better than one too few": lambda one: (
        one.field == "title" and one.parsed is not None and one.wanted in [item.title for item in one.parsed.items if item is not one.item]
    ),
    "not in the document at all: their test puts it there first": lambda one: (
        one.field == "title" and seen(one.wanted) not in seen(one.body.decode("utf-8", "replace"))
    ),
    "what only looks like markup stays: a sign too many is better than a word too few": has_only_signs_more,
    "no summary in the feed: theirs is the beginning of the content, which is all in ours": is_beginning_of_content,
    "authors in the feed's order, not by the alphabet": lambda one: (
        one.field == "author" and one.item and sorted(one.wanted.split(", ")) == sorted(one.item.authors)
    ),
    "the author of an RSS channel is its editor, not the author of its items": lambda one: (
        one.field == "author" and one.item and not one.item.authors and one.wanted in one.head
    ),
    "an author is a name: the mail address behind it is left out": lambda one: (
        one.field == "author" and one.item and one.item.authors and one.wanted.startswith(one.item.authors[0]) and "@" in one.wanted
    ),
    "an author in markup: it is text by RSS, and feedparser reads nothing else": lambda one: (
        one.field == "author" and one.wanted.startswith("<")
    ),
}


def reason_of(one):
    """Return the name of the first reason that fits, or None."""
    return next((name for name, fits in REASONS.items() if fits(one)), None)


def table(met, asked):
    """Return the lines of a table of agreement by suite and field."""
    suites, others = sorted({suite for suite, _ in asked}), sorted({field for _, field in asked} - set(COUNTED))
    fields = [*COUNTED, *others]
    rows = [[suite, *(f"{met[suite, field]}/{asked[suite, field]}" if asked[suite, field] else "" for field in fields)] for suite in suites]
    return ["".join(f"{cell:>15}" for cell in row) for row in (["", *fields], *rows)]


def test_what_other_parsers_expect_is_read_or_there_is_a_reason(shared):
    met, asked, why, unexplained = Counter(), Counter(), Counter(), []
    for case in cases(shared):
        for one in asked_of(case, body_of(shared, case)) if case.get("expect") else ():
            asked[case["suite"], one.field] += 1
            met[case["suite"], one.field] += one.is_met
            if not one.is_met:
                why[reason_of(one)] += 1
                unexplained += [] if reason_of(one) else [(case["id"], one.field, one.wanted, one.item)]

    shares = {suite: sum(met[suite, field] for field in COUNTED) / sum(asked[suite, field] for field in COUNTED) for suite in HELD_TO}
    print("", *table(met, asked), *(f"{count:4} {name}" for name, count in why.most_common()), shares, sep="\n")
    assert unexplained == []
    assert {suite: share for suite, share in shares.items() if share < 0.95} == {}
    # No reason outlives its cases.
    assert set(why) == set(REASONS)
