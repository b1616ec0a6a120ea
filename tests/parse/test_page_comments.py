"""Where an article's page says that its comments are."""

import pytest

from monitor.parse.page import read_page

SAID = "Die Beratungen im Talland dauerten bis in die Nacht, und niemand wollte danach etwas sagen. "
TEXT = f"<p>{SAID * 3}</p>" * 3
LINK = "<link rel='alternate' type='application/rss+xml' href='{href}'>"


@pytest.mark.parametrize(
    ("url", "hrefs", "found"),
    [
        ("https://x.example/a/", ["/feed/", "/comments/feed/", "/a/feed/"], "https://x.example/a/feed/"),
        ("https://x.example/a", ["https://x.example/ab/feed/", "https://y.example/a/feed/"], None),
        ("https://x.example/?p=3", ["/?feed=rss2", "/?feed=rss2&amp;p=3"], "https://x.example/?feed=rss2&p=3"),
        ("https://x.example/a/", ["/a/feed/?withoutcomments=1"], None),
        ("https://x.example/", ["/feed/"], None),
    ],
)
def test_the_articles_own_feed_is_that_of_its_comments(url, hrefs, found):
    links = "".join(LINK.format(href=href) for href in hrefs)
    page = f"<html><head>{links}</head><body><article><h1>Titel</h1>{TEXT}</article></body></html>"

    assert read_page(page.encode(), "text/html", url).comments_feed == found
