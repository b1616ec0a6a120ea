"""From bytes to items."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from builders import NOON

from monitor.errors import ParseError
from monitor.parse.document import parse
from monitor.parse.wire import from_wire, to_wire

URL = "https://news.example/feed"


def read(body, content_type="application/rss+xml"):
    raw = body if isinstance(body, bytes) else body.encode()
    return parse(raw, content_type, URL, NOON)


def rss(*items, head=""):
    listed = "".join(f"<item>{one}</item>" for one in items)
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
    more = 'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'<?xml version="1.0"?><rss version="2.0" {spaces} {more}><channel><title>News</title>{head}{listed}</channel></rss>'


def only(body, **facts):
    (item,) = read(body, **facts).items
    return item


ATOM = 'xmlns:a="http://www.w3.org/2005/Atom"'


@pytest.mark.parametrize(
    ("head", "older"),
    [
        (f'<a:link {ATOM} rel="next" href="?page=2"/>', "https://news.example/feed?page=2"),
        (f'<a:link {ATOM} rel="next" href="/2"/><a:link {ATOM} rel="prev-archive" href="/old"/>', "https://news.example/old"),
        (f'<a:link {ATOM} rel="next" href="{URL}"/>', None),
        (f'<a:link {ATOM} rel="next" href="javascript:x"/>', None),
        (f'<a:link {ATOM} rel="next-archive" href="/newer"/>', None),
        ("<link>https://news.example/</link>", None),
    ],
)
def test_a_document_names_its_older_items(head, older):
    parsed = read(rss(head=head))

    assert (parsed.older, from_wire(list(to_wire(parsed))).older) == (older, older)


def test_a_json_feed_names_its_older_items():
    body = '{"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [], "next_url": "/2"}'

    assert read(body).older == "https://news.example/2"


@pytest.mark.parametrize(
    ("head", "item", "is_wordpress"),
    [
        ("<generator>https://wordpress.org/?v=6.8</generator>", "<guid>x</guid>", True),
        ("", "<guid>https://n.example/?p=7</guid><wfw:commentRss>https://n.example/a/feed/</wfw:commentRss>", True),
        ("", "<guid>https://n.example/?p=7</guid>", False),
        ("<generator>Hugo</generator>", "<guid>https://n.example/7</guid>", False),
    ],
)
def test_a_site_is_known_as_wordpress_by_its_word_or_its_marks(head, item, is_wordpress):
    assert read(rss(item, head=head)).is_wordpress is is_wordpress


def test_a_wordpress_item_is_read_with_all_that_it_says():
    item = only(
        rss(
            "<title>Titel &amp; mehr</title><link>https://news.example/a/</link><dc:creator>Anna</dc:creator>"
            "<guid isPermaLink='false'>https://news.example/?p=1</guid><pubDate>Tue, 24 Nov 2026 09:00:00 +0100</pubDate>"
            "<category>Politik</category><description>Kurz</description><content:encoded><![CDATA[<p>Lang</p><p>er</p>]]></content:encoded>"
            "<wfw:commentRss>https://news.example/a/feed/</wfw:commentRss><slash:comments>3</slash:comments>"
        )
    )

    assert (item.guid, item.url) == ("https://news.example/?p=1", "https://news.example/a/")
    assert (item.title, item.summary, item.content) == ("Titel & mehr", "Kurz", "Lang\ner")
    assert (item.authors, item.categories) == (("Anna",), ("Politik",))
    assert item.published == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert (item.comments_feed, item.comments_count) == ("https://news.example/a/feed/", 3)


def test_an_atom_title_that_is_text_is_not_markup():
    body = '<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><entry><id>1</id><title type="text">a &lt;b&gt; c</title></entry></feed>'

    assert only(body).title == "a <b> c"


def atom(*entries, head=""):
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id>{head}{"".join(f"<entry>{one}</entry>" for one in entries)}</feed>'


def test_the_title_of_an_item_is_not_that_of_an_image_in_it():
    image = "<image><title>Bild: Agentur</title></image>"

    assert only(rss(f"<guid>1</guid><title>Waffenruhe</title>{image}")).title == "Waffenruhe"
    assert only(rss(f"<guid>1</guid>{image}<title>Waffenruhe</title>")).title == "Waffenruhe"


def test_an_entry_keeps_its_link_though_its_id_is_the_same():
    assert only(atom('<id>/a</id><link href="/a"/>')).url == "https://news.example/a"


def test_a_guid_that_is_no_address_does_not_become_one():
    assert only(rss("<guid>17</guid>")).url is None


def test_the_text_of_a_link_counts_and_not_the_post_that_it_names():
    item = only(rss("<guid>1</guid><link uri='at://did:plc:abc/post/1'>https://news.example/a</link>"))

    assert item.url == "https://news.example/a"


def test_a_link_that_was_escaped_twice_is_one():
    assert only(rss("<guid>1</guid><link>&lt;![CDATA[https://news.example/a]]&gt;</link>")).url == "https://news.example/a"


def test_entries_without_an_author_have_the_feeds():
    first, second = read(atom("<id>1</id>", "<id>2</id><author><name>B</name></author>", head="<author><name>A</name></author>")).items
    body = '{"version": "https://jsonfeed.org/version/1.1", "authors": [{"name": "A"}], "items": [{"id": "1"}]}'

    assert (first.authors, second.authors, only(body).authors) == (("A",), ("B",), ("A",))


def test_an_address_behind_an_author_is_left_out_whole():
    assert only(rss("<guid>1</guid><dc:creator>A. Name (mailto:name@example.org)</dc:creator>")).authors == ("A. Name",)


def test_the_one_date_of_an_rss_item_is_its_date():
    item = only(rss("<guid>1</guid><dc:date>2026-11-24T10:00:00Z</dc:date>"))

    assert item.published == item.updated == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_an_entry_was_published_when_it_was_created_and_not_when_it_was_changed():
    moments = "<updated>2026-11-24T10:00:00Z</updated>"
    created = "<created xmlns='http://purl.org/atom/ns#'>2026-11-24T09:00:00Z</created>"

    assert only(atom("<id>1</id>" + moments)).published is None
    assert only(atom("<id>1</id>" + moments + created)).published == datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize("version", ["1.1", "1.0", "https://jsonfeed.org/version/1"])
def test_json_feeds_may_say_their_version_as_a_number(version):
    assert only(f'{{"version": "{version}", "items": [{{"id": "1"}}]}}').guid == "1"


def test_json_feeds_are_read():
    body = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [{"id": 7, "url": "/a",'
        ' "content_html": "<p>x</p>", "date_published": "2026-11-24T10:00:00+01:00", "authors": [{"name": "A"}]}]}'
    )
    item = only(body)

    assert (item.guid, item.url, item.content, item.authors) == ("7", "https://news.example/a", "x", ("A",))
    assert item.published == datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize("body", ["", "<html><body>404</body></html>", "plain text", '{"a": 1}', "{", "<svg/>", "[" * 100_000])
def test_what_is_no_feed_is_refused(body):
    with pytest.raises(ParseError):
        read(body)


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-1", "utf-16", "utf-8-sig"])
def test_umlauts_survive_every_encoding(encoding):
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    body = rss("<title>Größe</title><guid>1</guid>").replace('version="1.0"?', f'version="1.0" encoding="{name}"?').encode(encoding)

    assert only(body, content_type="text/xml").title == "Größe"


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-16"])
@pytest.mark.parametrize("title", ["Größe", "Plain"])
def test_utf_16_is_known_by_its_look(encoding, title):
    declared = rss(f"<title>{title}</title><guid>1</guid>").replace('version="1.0"?', 'version="1.0" encoding="utf-16"?')
    undeclared = declared.partition("?>")[2].lstrip()

    assert only(undeclared.encode(encoding), content_type="application/xml").title == title
    assert only(declared.encode(encoding), content_type="application/xml").title == title


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
def test_utf_16_without_a_mark_that_the_server_names_is_read(encoding):
    declared = rss("<title>Größe</title><guid>1</guid>").replace('version="1.0"?', f'version="1.0" encoding="{encoding}"?')

    assert only(declared.encode(encoding), content_type=f"application/xml; charset={encoding}").title == "Größe"


@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/xml", "text/xml; charset=utf-16", 'text/xml; charset="UTF-8"'])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_utf_8_that_says_it_is_utf_16_is_utf_8(content_type, mark):
    declared = rss("<title>Größe</title><guid>1</guid>").replace('version="1.0"?', 'version="1.0" encoding="utf-16"?')

    assert only(mark + declared, content_type=content_type).title == "Größe"


@pytest.mark.parametrize("space", ["", " ", "\n", "<!-- 0.91 -->"])
def test_umlauts_of_a_document_type_stay_in_the_text(space):
    kind = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    item = "<item><title>Gr&ouml;&szlig;e &amp; mehr</title></item>"
    body = f'<?xml version="1.0"?>{space}{kind}<rss version="0.91"><channel>{item}</channel></rss>'

    assert only(body).title == "Größe & mehr"


def test_the_last_item_of_a_cut_document_is_left_out():
    whole = rss("<guid>1</guid>", "<guid>2</guid><title>half")

    parsed = read(whole[: whole.index("half")])

    assert ([item.guid for item in parsed.items], parsed.is_partial) == (["1"], True)


@pytest.mark.parametrize("end", ["", "<item", "</channel></rs", "<!-- cach"])
def test_a_document_that_is_cut_behind_an_item_keeps_that(end):
    whole = rss("<guid>1</guid>", "<guid>2</guid>")

    parsed = read(whole[: whole.index("</channel>")] + end)

    assert ([item.guid for item in parsed.items], parsed.is_partial) == (["1", "2"], True)


def test_a_whole_document_with_a_slip_is_not_taken_for_a_cut_one():
    parsed = read(rss("<guid>1</guid><title>A & B</title>", "<guid>2</guid>"))

    assert (len(parsed.items), parsed.is_partial) == (2, False)


@pytest.mark.parametrize("tail", ["<script>count()</script>", "<br />\n<b>Warning</b>: in /srv/a.php", "x < y & z", "<!-- cached --><p>"])
def test_what_a_host_puts_behind_a_document_does_not_make_it_a_cut_one(tail):
    parsed = read(rss("<guid>1</guid>", "<guid>2</guid>") + tail)

    assert (len(parsed.items), parsed.is_partial) == (2, False)


def test_the_end_of_a_document_that_a_text_speaks_of_is_not_its_own():
    whole = rss("<guid>1</guid>", "<guid>2</guid><description><![CDATA[ends with </channel></rss> and more")

    parsed = read(whole[: whole.index(" and more")])

    assert ([item.guid for item in parsed.items], parsed.is_partial) == (["1"], True)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//", "https://"])
def test_only_web_addresses_are_kept(link):
    assert only(rss(f"<guid isPermaLink='false'>1</guid><link>{link}</link>")).url is None


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Tue, 24 Nov 2026 10:00:00 CET", 9),
        ("Tue, 24 Nov 2026 10:00:00 CEST", 8),
        ("Di, 24 Nov 2026 10:00:00 +0100", 9),
        ("Tue, 24 Nov 2026 10:00:00 GMT", 10),
    ],
)
def test_european_dates_are_read(text, hour):
    assert only(rss(f"<guid>1</guid><pubDate>{text}</pubDate>")).published == datetime(2026, 11, 24, hour, tzinfo=UTC)


@pytest.mark.parametrize("text", ["Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", "0", "1 Jan 1970"])
def test_dates_that_cannot_be_are_left_out(text):
    assert only(rss(f"<guid>1</guid><pubDate>{text}</pubDate>")).published is None


def test_control_characters_and_overrides_do_not_get_in():
    assert only(rss("<guid>1</guid><title>a&#x202E;b\u200bc</title>")).title == "abc"


def test_more_items_than_the_limit_are_not_lost_silently():
    parsed = read(rss(*(f"<guid>{number}</guid>" for number in range(5001))))

    assert (len(parsed.items), parsed.is_partial) == (5000, True)
    assert "5001" in parsed.notes[0]


def dated(number):
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)


def as_rss(numbers):
    return rss(*(f"<guid>{one}</guid><pubDate>{format_datetime(dated(one))}</pubDate>" for one in numbers))


def as_json(numbers):
    items = [{"id": str(one), "content_text": "x", "date_published": dated(one).isoformat()} for one in numbers]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": items})


@pytest.mark.parametrize("written", [as_rss, as_json])
@pytest.mark.parametrize("pinned", [[], [3]])
def test_of_more_items_than_the_limit_the_newest_are_read(written, pinned):
    for numbers in (range(5010), reversed(range(5010))):
        parsed = read(written([*pinned, *numbers]))

        assert {item.guid for item in parsed.items} >= {str(one) for one in range(11, 5010)}
        assert (len(parsed.items), parsed.is_partial, "newest 5000" in parsed.notes[0]) == (5000, True, True)


def test_a_document_survives_the_way_between_processes():
    parsed = read(rss("<guid>1</guid><title>Ö</title><pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate>"))

    assert from_wire(list(to_wire(parsed))) == parsed
