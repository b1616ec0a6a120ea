"""A teaser told from an article, and what a page adds."""

from datetime import timedelta

import pytest
from builders import NOON, item

from monitor.core.document import Page
from monitor.core.teaser import TRIES, has_page, is_teaser, next_try, with_page

MINUTE = timedelta(minutes=1)
PARAGRAPH = "Die Unterhändler beider Seiten trafen sich am Morgen erneut. " * 12
ARTICLE = "\n".join([PARAGRAPH] * 4)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", True),
        ("Ein Satz.", True),
        (ARTICLE, False),
        (ARTICLE + " […]", True),
        (ARTICLE + "\nWeiter …", True),
        (PARAGRAPH * 4, True),
        ("\n".join(["Kurz."] * 9), True),
    ],
)
def test_a_teaser_is_short_or_in_one_paragraph_or_goes_on(content, expected):
    assert is_teaser(item(content=content)) is expected


def test_a_long_summary_is_an_article_too():
    assert not is_teaser(item(content="Kurz.", summary=ARTICLE))


def test_the_teaser_stays_beside_the_text_of_the_page():
    seen = with_page(item(content="Ein Anreißer."), Page(ARTICLE, language="de"))

    assert (seen.content, seen.summary, seen.language) == (ARTICLE, "Ein Anreißer.", "de")


def test_a_page_that_says_less_adds_nothing():
    one = item(content="Ein Anreißer von einigen Wörtern.")

    assert with_page(one, Page("Cookies?")) == one


def test_tries_grow_rare_and_end():
    waits = [next_try(NOON, 15 * MINUTE, number) for number in range(1, TRIES + 1)]

    assert [None if at is None else (at - NOON) / MINUTE for at in waits] == [5, 20, 80, 320, None]


@pytest.mark.parametrize(
    ("url", "expected"), [("https://x.example/a", True), ("https://news.google.com/rss/articles/C", False), (None, False)]
)
def test_a_link_of_googles_leads_to_no_page(url, expected):
    assert has_page(item(url=url)) is expected
