"""What is left out is what is known, and nothing else is read otherwise for it."""

import time

import pytest
from builders import NOON

from monitor.core.document import Fetched
from monitor.core.state import Validators
from monitor.parse.document import parse
from monitor.parse.slices import plan

URL = "https://news.example/feed"


def item(name, more=""):
    return f"<item><guid isPermaLink='false'>{name}</guid><title>Title {name}</title>{more}</item>"


def rss(*items, head="", tail="", gap="\n"):
    start = f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>News</title>{head}'
    return f"{start}{gap.join(items)}{tail}</channel></rss>"


def fetched(body, content_type="application/rss+xml", url=URL):
    return Fetched(url, 200, body if isinstance(body, bytes) else body.encode(), content_type, Validators())


def known_of(body, **facts):
    return set(plan(fetched(body, **facts), ()).hashes)


def names_read(before, after):
    """The guids that are read of a document when the one before it is known."""
    planned = plan(fetched(after), known_of(before))
    return [one.guid for one in parse(planned.body, "application/rss+xml", URL, NOON).items] if planned.body else []


def test_only_the_new_item_is_read():
    assert names_read(rss(item("a"), item("b")), rss(item("c"), item("a"), item("b"))) == ["c"]


def test_an_edited_item_is_read_again():
    assert names_read(rss(item("a"), item("b")), rss(item("a", "<description>x</description>"), item("b"))) == ["a"]


def test_nothing_is_read_if_only_the_order_the_moment_and_a_comment_changed():
    before = rss(item("a"), item("b"), head="<lastBuildDate>Tue, 24 Nov 2026 10:00:00 GMT</lastBuildDate>")
    after = rss(item("b"), item("a"), head="<lastBuildDate>Tue, 24 Nov 2026 10:15:00 GMT</lastBuildDate>", tail="<!-- cached 7 s ago -->")

    assert names_read(before, after) == []


def rdf(*names):
    listed = "".join(f'<rdf:li rdf:resource="https://news.example/{name}?a=1&amp;b=2"/>' for name in names)
    items = "".join(f'<item rdf:about="{name}"><title>{name}</title><link>https://news.example/{name}</link></item>\n' for name in names)
    spaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    head = f"<channel><title>News</title>\n<items>\n <rdf:Seq>{listed}</rdf:Seq>\n</items></channel>\n"
    return f'<?xml version="1.0"?><rdf:RDF {spaces}>{head}{items}</rdf:RDF>'


def atom(*names):
    entries = "\n".join(f"<entry><id>{name}</id><title>x</title><updated>2026-11-24T10:00:00Z</updated></entry>" for name in names)
    head = f"<title>News</title><updated>2026-11-24T10:00:{len(names):02}Z</updated>"
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'


@pytest.mark.parametrize("document", [rdf, atom])
def test_the_other_formats_are_cut_too(document):
    assert names_read(document("a", "b"), document("c", "a", "b")) == ["c"]


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("<link>https://other.example/</link>", ""),
        ("", "<link>https://other.example/</link>"),
        ("<pubDate>a &amp; b</pubDate>", ""),
        ("<pubDate>a & b</pubDate>", ""),
        ("<pubDate><![CDATA[x]]></pubDate>", ""),
        ("", "<!-- a -- b -->"),
        ("", "<!-- \x01 -->"),
    ],
)
def test_another_frame_makes_all_items_new(head, tail):
    assert names_read(rss(item("a")), rss(item("a"), item("b"), head=head, tail=tail)) == ["a", "b"]


def test_another_address_or_type_makes_all_items_new():
    body = rss(item("a"))

    assert not known_of(body) & known_of(body, url="https://other.example/feed")
    assert not known_of(body) & known_of(body, content_type="text/xml; charset=utf-8")


ODD = {
    "a base in an item": rss(item("a", "<link xml:base='https://a.example/'>b</link>"), item("b")),
    "a language and a raw div": rss(item("a", "<description xml:lang='de'><div>x</div></description>"), item("b")),
    "an item within an item": rss("<item><guid>1</guid><item><guid>2</guid></item></item>"),
    "an item in CDATA": rss(item("a", "<description><![CDATA[<item>x</item>]]></description>")),
    "the end of an item in CDATA": rss(item("a", "<description><![CDATA[x</item>]]></description>")),
    "the end of an item in a comment": rss(item("a", "<!-- </item> -->")),
    "items in a comment": rss(item("a"), head="<!-- ") + " -->",
    "an item in a comment between": rss(item("a"), "<!--" + item("b") + "-->", item("c")),
    "an item without an end": rss("<item/>", item("a")),
    "words between items": rss(item("a"), item("b"), gap="words"),
    "an element between items": rss(item("a"), item("b"), gap="<ttl>60</ttl>"),
    "entities of its own": rss(item("a")).replace("<rss", '<!DOCTYPE rss [<!ENTITY x "<item>y</item>">]><rss'),
    "an end with a space": rss(item("a").replace("</item>", "</item >")),
    "a prefix": rss(item("a")).replace("<item>", "<x:item>").replace("</item>", "</x:item>"),
    "two encodings": rss(item("ä")).encode(),
    "UTF-16": rss(item("a")).encode("utf-16"),
    "JSON": '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "<item>x</item>"}]}',
    "a page": "<html><item>x</item></html>",
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_what_is_odd_is_read_whole(body):
    content_type = "text/xml; charset=windows-1252" if body == ODD["two encodings"] else "text/xml"
    planned = plan(fetched(body, content_type), ())

    assert (planned.hashes, planned.body) == ((), fetched(body).body)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "iso-8859-15", "koi8-r"])
def test_every_encoding_that_keeps_ascii_is_cut(encoding):
    body = rss(item("a"), item("b")).replace('encoding="utf-8"', f'encoding="{encoding}"').encode(encoding)

    assert len(known_of(body, content_type="application/xml")) == 2


def test_a_new_item_that_does_not_decode_makes_the_whole_be_read():
    after = rss(item("a"), item("b", "<description>\xff</description>")).encode("latin-1")

    assert plan(fetched(after), known_of(rss(item("a")))).body == after


def test_a_document_that_is_not_well_formed_is_not_remembered():
    body = rss(item("a", "<description>A & B</description>"))
    planned = plan(fetched(body), ())

    assert planned.completed(parse(planned.body, "text/xml", URL, NOON)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"<rss>" + b"<item>" * 150_000,
        b"<rss><item>" + b"<![CDATA[</item>" * 60_000,
        b"<rss>" + b"<!--" * 240_000 + b"<item></item>",
        b"<rss><x>" + b"<items><rdf:Seq>" * 60_000 + b"<item></item>",
        b"<rss>" + b"<item></item>" * 70_000,
        b"<rss>" + b"<pubDate>" * 10_000 + b" " * 800_000 + b"<item></item>",
    ],
    ids=["starts", "CDATA", "comments", "lists", "items", "space"],
)
def test_a_hostile_body_is_cut_or_given_up_in_linear_time(body):
    started = time.process_time()
    plan(fetched(body), ())

    # About ten times what it takes here; a quadratic way would take minutes.
    assert time.process_time() - started < 1
