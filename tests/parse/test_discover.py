"""A page tells where its feeds are."""

import pytest

from monitor.core.discovery import usual_links
from monitor.parse.discover import feed_links

URL = "https://news.example/politik/"


def links(html, url=URL, content_type="text/html", encoding="utf-8"):
    return feed_links(html.encode(encoding), content_type, url)


def announced(attributes):
    return [one.url for one in links(f"<head><link {attributes}></head>")]


@pytest.mark.parametrize(
    "attributes",
    [
        'rel="alternate" type="application/rss+xml" href="/feed"',
        'REL="ALTERNATE" TYPE="application/atom+xml; charset=utf-8" HREF="/feed"',
        "rel='alternate home' type=application/feed+json href=/feed",
        'rel="foo alternate" type="text/xml" href=" /feed "',
        'rel="&#65;lternate" type="application/json" href="/feed"',
        'rel="alternate" type="application/rdf+xml" href="//news.example/feed"',
        'rel="feed" href="../feed"',
    ],
)
def test_a_feed_is_announced_in_many_ways(attributes):
    assert announced(attributes) == ["https://news.example/feed"]


@pytest.mark.parametrize(
    "attributes",
    [
        'rel="alternate stylesheet" type="application/rss+xml" href="/feed"',
        'rel="stylesheet" type="application/rss+xml" href="/feed"',
        'rel="alternate" type="text/html" href="/feed"',
        'rel="alternate" hreflang="en" href="/feed"',
        'rel="alternate" type="application/json+oembed" href="/oembed"',
        'rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1"',
        'rel="alternate" type="application/rss+xml" href="javascript:alert(1)"',
        'rel="alternate" type="application/rss+xml" href=""',
    ],
)
def test_what_is_no_feed_is_left_out(attributes):
    assert announced(attributes) == []


def test_the_first_base_of_a_page_counts():
    html = '<base target="x"><base href="https://other.example/a/"><base href="https://third.example/">'

    assert links(html + '<link rel="alternate" type="application/rss+xml" href="feed">')[0].url == "https://other.example/a/feed"


@pytest.mark.parametrize(
    "attributes",
    ['title="x" href="/comments/feed/"', 'title="News » Kommentar-Feed" href="/feed2"', 'title="x" href="/?feed=comments-rss2"'],
)
def test_feeds_of_comments_are_told_apart(attributes):
    (link,) = links(f'<link rel="alternate" type="application/rss+xml" {attributes}>')

    assert link.lists == "comments"


def test_plain_links_that_look_like_feeds_come_after_those_announced():
    html = """<body><a href="/rss/politik.xml">RSS</a> <a href="/about">x</a> <a href="/x?format=rss">y</a> <a href="/feedback">z</a>
        <link rel="alternate" type="application/rss+xml" href="/feed"></body>"""

    assert [(one.url.removeprefix("https://news.example"), one.how) for one in links(html)] == [
        ("/feed", "link"),
        ("/rss/politik.xml", "anchor"),
        ("/x?format=rss", "anchor"),
    ]


@pytest.mark.parametrize(("encoding", "content_type"), [("windows-1252", "text/html; charset=windows-1252"), ("utf-8", "text/html")])
def test_titles_are_read_in_the_encoding_of_the_page(encoding, content_type):
    html = '<link rel="alternate" type="application/rss+xml" title="Größe" href="/feed">'

    assert links(html, encoding=encoding, content_type=content_type)[0].title == "Größe"


@pytest.mark.parametrize(
    "html", ["", "\x00", "<" * 100_000, "<div>" * 50_000, "<link rel=alternate type=application/rss+xml href=/f?>" * 50_000]
)
def test_no_page_is_too_odd(html):
    assert len(links(html)) <= 1


def test_usual_places_are_beneath_the_page_and_at_the_root():
    assert [one.url for one in usual_links("https://news.example/blog")][:3] == [
        "https://news.example/blog/feed/",
        "https://news.example/feed/",
        "https://news.example/rss",
    ]
    assert usual_links("https://news.example/a/index.html")[0].url == "https://news.example/feed/"
