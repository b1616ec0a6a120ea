"""Page noise on real pages and real articles: what is removed, what stays, in figures.

Run with ``-s`` to see them.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from dataclasses import dataclass

import pytest
from corpus import body_of, cases

from monitor.core.document import Page
from monitor.core.firstsight import dateline, reason_of
from monitor.core.habits import Learned
from monitor.core.model import Identified, Item, Key
from monitor.core.noise import Settings, learn, removed
from monitor.parse.page import read_page

pytestmark = pytest.mark.shared

SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-ZÄÖÜ])")


@dataclass(frozen=True)
class Judged:
    """A page as it would be matched: its words without noise, beside those of the text that people took for the article."""

    case: dict
    words: frozenset[str]
    gold: frozenset[str]


def words(text):
    return frozenset(re.findall(r"\w+", text.casefold()))


def gold_text(gold):
    return "\n".join([gold["title"] or "", *(gold["summary"] or ()), *(gold["headlines"] or ()), *(gold["paragraphs"] or ())])


def without(text, spans):
    pieces, at = [], 0
    for one in spans:
        pieces.append(text[at : one.start])
        at = one.end
    return " ".join([*pieces, text[at:]])


def as_item(case, page):
    return Item(case["id"], title=page.title, summary=page.summary, content=page.text)


def judge(case, page, learned):
    item = as_item(case, page)
    spans = removed(item, learned, Settings(names=(case["publisher"],))).spans
    matched = [page.title, without(item.summary, spans.get("summary", ())), without(item.content, spans.get("content", ()))]
    return Judged(case, words(" ".join(matched)), words(gold_text(case["gold"])))


@pytest.fixture(scope="module")
def pages(shared):
    """The fundus pages, those of one publisher learned from as one feed before any is judged."""
    feeds: dict[str, list[tuple[dict, Page]]] = defaultdict(list)
    for case in cases(shared, "html/index.jsonl.gz"):
        if case["id"].startswith("fundus:"):
            body = body_of(shared, case)
            feeds[case["publisher"]].append((case, read_page(body, "text/html", "")))
    found = []
    for of_one in feeds.values():
        learned = learn(Learned(), [Identified(Key(case["id"]), "guid", "", as_item(case, page)) for case, page in of_one])
        found += [judge(case, page, learned) for case, page in of_one]
    return found


def test_watch_list_words_that_stand_elsewhere_on_the_page_do_not_match(pages):
    asked = [one for one in pages if one.case["terms_only_elsewhere_on_page"]]
    wrong = [one for one in asked if any(words(term) <= one.words for term in one.case["terms_only_elsewhere_on_page"])]

    share = 1 - len(wrong) / len(asked)
    print(f"\npages without a false word: {share:.3f} of {len(asked)}; not: {[one.case['id'] for one in wrong]}")
    assert share >= 0.97


def test_the_words_of_the_article_still_match(pages):
    terms = [(term, one) for one in pages for term in one.case["terms_in_article"] if words(term) <= one.gold]
    kept_terms = sum(words(term) <= one.words for term, one in terms)
    own = [(word, one) for one in pages for word in one.gold if len(word) > 3]
    kept = sum(word in one.words for word, one in own)

    print(f"\nwatch-list words of the article that match: {kept_terms / len(terms):.3f} of {len(terms)}")
    print(f"all words of the article that match: {kept / len(own):.3f} of {len(own)}")
    assert kept_terms / len(terms) >= 0.97
    assert kept / len(own) >= 0.97


@pytest.fixture(scope="module")
def articles(shared):
    """The 10kGNAD articles as items of one feed. Their paragraphs are not marked: three sentences make one."""
    found = []
    with gzip.open(shared / "data" / "news" / "10kgnad_articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            sentences = SENTENCE.split(row["text"])
            content = "\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))
            found.append(Item(str(row["id"]), title=sentences[0][:60], content=content))
    return found


def test_nothing_of_real_articles_is_removed(articles):
    learned, gone, lines = Learned(), [], 0
    for start in range(0, len(articles), 50):
        batch = articles[start : start + 50]
        learned = learn(learned, [Identified(Key(str(one.guid)), "guid", "", one) for one in batch])
        for one in batch:
            spans = removed(one, learned, Settings()).spans.get("content", ())
            gone += [(span.reason, one.content[span.start : span.end]) for span in spans if span.reason != "dateline"]
            lines += one.content.count("\n") + 1

    print(f"\nparagraphs of real articles removed: {len(gone)} of {lines}: {gone}")
    assert len(gone) <= lines / 2000


def test_hardly_a_sentence_is_noise_at_first_sight(articles):
    sentences = [sentence for one in articles for line in one.content.split("\n") for sentence in SENTENCE.split(line)]

    taken = [sentence for sentence in sentences if reason_of(sentence)]

    print(f"\nsentences of real articles taken for noise: {len(taken)} of {len(sentences)}: {taken}")
    assert len(taken) <= len(sentences) / 5000


def test_few_articles_begin_with_what_is_taken_for_a_dateline(articles):
    found = [one.content[:60] for one in articles if dateline(one.content.split("\n", 1)[0], ())]

    print(f"\ndatelines: {len(found)} of {len(articles)}: {found}")
    assert len(found) <= 5


def test_the_labelled_cases_of_page_noise_hold(shared):
    rows = [json.loads(line) for line in (shared / "eval" / "dev.jsonl").read_text("utf-8").splitlines()]
    cases = [row for row in rows if row.get("category") == "boiler"]
    wrong = []
    for case in cases:
        item = Item("a", title=case["item"]["title"], content=case["item"]["content"])
        spans = removed(item, Learned(), Settings()).spans.get("content", ())
        if (words(case["rule"]) <= words(f"{item.title} {without(item.content, spans)}")) != case["should_match"]:
            wrong.append(case["id"])

    assert cases
    assert wrong == []
