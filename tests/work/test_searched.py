"""What is special about polling a search: the rest of a full answer, and what another feed was first to tell."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, feed, item, match, parsed

from monitor.core.document import Fetched
from monitor.core.identity import candidates
from monitor.core.ids import FeedId, ItemId
from monitor.core.model import Identified, Target
from monitor.core.record import Finding, New, Recorded
from monitor.core.searches import Ask, Search
from monitor.core.state import Validators
from monitor.core.twins import Twin
from monitor.errors import FetchError
from monitor.work.searched import joined, with_more

DESK = Target("desk", "u1", "desk #1")
HOUR = timedelta(hours=1)


def hits(first, number):
    return tuple(item(f"g{n}", publisher="Bote", published=NOON) for n in range(first, first + number))


class Engine:
    """Answers by what an address asks for; one without an answer fails. ``asked`` has the addresses."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    async def fetch(self, where, validators, *, is_suspect):
        url = where.address.reveal()
        self.asked.append(url)
        if not any(key in url for key in self.answers):
            raise FetchError("status", "503", status=503)
        return Fetched(url, 200, b"x", "text/xml", Validators())

    async def parse(self, fetched, *, is_suspect, known=()):
        return parsed(*next(found for key, found in self.answers.items() if key in fetched.url))

    def rest(self, engine, ask, *first):
        searched = feed(search=Search(engine, "oil", "en", "GB"))
        found = asyncio.run(with_more(self.fetch, self.parse, searched, ask, parsed(*first)))
        return [one.guid for one in found.items]


def test_below_a_full_answer_of_google_the_news_of_the_last_hours_are_found():
    engine = Engine(**{"when%3A6h": hits(50, 100), "when%3A1h": hits(140, 20)})

    guids = engine.rest("google_news", Ask(24 * HOUR), *hits(0, 100))

    assert guids == [f"g{n}" for n in range(160)]
    assert len(engine.asked) == 2


def test_an_answer_that_is_not_full_is_all_there_is():
    engine = Engine()

    assert len(engine.rest("google_news", Ask(24 * HOUR), *hits(0, 99))) == 99
    assert engine.asked == []


def test_bing_is_read_page_by_page_until_the_last_one_comes_again():
    engine = Engine(**{"first=11": hits(10, 10), "first=21": hits(20, 4), "first=31": hits(20, 4)})

    assert len(engine.rest("bing_news", Ask(HOUR), *hits(0, 10))) == 24
    assert [url.rpartition("=")[2] for url in engine.asked] == ["11", "21"]


def test_what_cannot_be_had_of_a_full_answer_costs_nothing_of_what_was():
    engine = Engine(**{"when%3A6h": hits(50, 100)})

    assert len(engine.rest("google_news", Ask(24 * HOUR), *hits(0, 100))) == 150


class Told:
    """A store in which a search feed has told of an article already."""

    def __init__(self, **facts):
        self.twin = Twin(ItemId(7), "gnews", "title a", "g", "https://news.example/a", "", None, "", NOON, is_search=True)
        self.twin = replace(self.twin, told=frozenset({"ceasefire"}), **facts)

    def told_twins(self, home, url_keys, title_keys, *, is_search):
        return [self.twin]


@pytest.mark.parametrize(
    ("kind", "rule", "told"), [("article", "ceasefire", False), ("article", "oil", True), ("comment", "ceasefire", True)]
)
def test_an_article_is_told_once_by_each_rule_and_a_comment_is_never_taken_for_its_article(kind, rule, told):
    (one,) = candidates([item("a")])
    change = New(Identified(one.ladder[0], "guid", one.fingerprint, one.item, one.url))
    recorded = (Recorded(change, (Finding(match(rule), (DESK,)),)),)

    (found,) = joined(Told(), feed(kind=kind), FeedId(1), recorded, "", NOON)

    assert bool(found.findings[0].targets) is told
    assert told or found.findings[0].reason == "already alerted: the same article is item 7 of gnews"
