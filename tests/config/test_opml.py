"""Lists of feeds are read within limits, whole or not at all, and written so that they are read alike."""

import pytest

from monitor.config.opml import MAX_DEPTH, Outline, read, written
from monitor.errors import ParseError


def opml(body, head=""):
    return f'<?xml version="1.0"?>{head}<opml version="2.0"><body>{body}</body></opml>'.encode()


def feed(url, **attributes):
    return f'<outline xmlUrl="{url}" ' + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + "/>"


def test_folders_around_a_feed_are_its_tags():
    inner = f'<outline text="Politik"><outline title="Ausland">{feed("https://a.example/", title="A")}</outline></outline>'

    assert read(opml(inner)) == (Outline("https://a.example/", "A", ("Politik", "Ausland")),)


@pytest.mark.parametrize("name", ["xmlUrl", "xmlurl", "XMLURL"])
def test_attributes_are_read_in_any_case(name):
    assert read(opml(f'<outline {name}="https://a.example/" Text="A"/>')) == (Outline("https://a.example/", "A"),)


def test_a_feed_in_two_folders_is_one_feed_with_both_tags():
    one = feed("https://a.example/", title="A")

    assert read(opml(f'<outline text="x">{one}</outline><outline text="y">{one}</outline>')) == (
        Outline("https://a.example/", "A", ("x", "y")),
    )


def test_categories_are_tags():
    assert read(opml(feed("https://a.example/", category="x, /y/z,AC/DC")))[0].tags == ("x", "y", "z", "AC/DC")


def test_bare_signs_of_xml_are_read():
    one = feed("https://a.example/?a=1&b=2&amp;c=3", title="A <b>")

    assert read(opml(one)) == (Outline("https://a.example/?a=1&b=2&c=3", "A <b>"),)


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-8"])
def test_encodings_are_known(encoding):
    content = opml(feed("https://a.example/", title="Größe")).decode().replace('"1.0"?', f'"1.0" encoding="{encoding}"?')

    assert read(content.encode(encoding))[0].title == "Größe"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (opml(feed("https://a.example/") + "<outline"), "no XML"),
        (opml("", head='<!DOCTYPE opml [<!ENTITY a "b">]>'), "DOCTYPE"),
        (opml("<outline>" * (MAX_DEPTH + 1) + "</outline>" * (MAX_DEPTH + 1)), "deep"),
        (opml("<outline/>" * 5001), "5000"),
        (b" " * 5_000_001, "5 MB"),
        (b"<html/>", "no OPML"),
        (b"", "no XML"),
        (b'<?xml version="1.0" encoding="nonsense"?><opml/>', "encoding"),
    ],
)
def test_what_is_more_than_a_list_is_refused_whole(content, words):
    with pytest.raises(ParseError, match=words):
        read(content)


def test_a_list_within_the_limits_is_read():
    assert len(read(opml("<outline>" * (MAX_DEPTH - 1) + feed("https://a.example/") * 4900 + "</outline>" * (MAX_DEPTH - 1)))) == 1


def test_what_is_written_is_read_alike():
    outlines = (
        Outline("https://a.example/?a=1&b=2", 'A & "B" <c>', ("x", "y")),
        Outline("https://b.example/", "Größe 😀", ()),
        Outline("https://c.example/", "C", ("y",)),
    )

    assert sorted(read(written(outlines, "feeds").encode()), key=lambda one: one.url) == list(outlines)


def test_what_xml_cannot_hold_is_left_out():
    assert read(written([Outline("https://a.example/", "a\x00\x1b\ufffeb")], "feeds").encode())[0].title == "ab"
