"""Which address is which page."""

import csv
import gzip
import json
import re
from collections import Counter

import pytest

from monitor.core.address import canonical_url, path_of
from monitor.parse.limits import address_of

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
        "https:\\\\news.example\\a?id=1",
        "https://%6eews.example/a?id=1",
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
        "https://news.example/a%3Fid=1",
        "https://news.example/a?id=1\\",
    ],
)
def test_what_may_be_another_page_stays_another(url):
    assert canonical_url(url) != PLAIN


def test_the_order_of_parameters_says_nothing():
    assert canonical_url("https://news.example/?b=2&a=1&b=1") == canonical_url("https://news.example?a=1&b=2&b=1")


def test_parameters_and_fragments_are_the_same_however_they_are_encoded():
    assert canonical_url("https://news.example/?größe#ä <b>") == canonical_url("https://news.example/?gr%C3%B6%C3%9Fe#%C3%A4%20%3Cb%3E")
    assert canonical_url("https://news.example/?a%26b") != canonical_url("https://news.example/?a&b")


def test_a_host_that_is_a_long_number_is_the_same_in_short():
    assert canonical_url("http://[2001:db8:0:0::1]/") == canonical_url("http://[2001:DB8::1]")
    assert canonical_url("http://[2001:db8::1]/") != canonical_url("http://[2001:db8::2]/")


def test_a_host_in_other_letters_is_the_same():
    assert canonical_url("https://Bücher.example/ä") == canonical_url("https://xn--bcher-kva.example/%C3%A4")


def test_the_path_is_what_stays_when_a_site_moves():
    assert path_of("https://old.example/a/?id=1") == path_of("http://www.new.example/a?id=1") != path_of("https://old.example/b")
    assert path_of("https://old.example/") == ""


def is_web(url):
    return bool(re.match(r"\s*https?:[\\/]{2}[^\s/]", url, re.IGNORECASE))


def input_of(case):
    """Return the address that a case is about as it reaches us: absolute, if it can be. Some cases name its base in front of it."""
    base, _, text = case["input"].rpartition(" || ") if case["kind"] == "courlan.fix_relative_urls" else ("", "", case["input"])
    return address_of(text, base or case.get("base") or "") or text


# Why ours is right, or the lesser evil, where others expect something else. The first that fits counts.
REASONS = {
    "the caller says what to drop or which way to read; there is one way for all feeds": lambda case: bool(case.get("options")),
    "no scheme: to a feed that is a path on its own site": lambda case: not re.match(r"\s*[a-z]+:", case["input"], re.IGNORECASE),
    "not a web address: never kept as one": lambda case: not is_web(case["input"]),
    "a fragment is dropped: ours tells comments apart": lambda case: "#" in case["input"] and "#" not in case["expected"],
    "control characters are taken out of every text: they forge what a person reads": lambda case: bool(
        re.search(r"[\x00-\x08\x0e-\x1f\x7f]", case["input"])
    ),
    "rubbish at the end is cut off: it may be part of the address, and two that might be two pages stay two": lambda case: bool(
        re.search(r"[<>{}\"]|/&$|[a-z]https://", case["input"])
    ),
    "the address that a share button is about: no feed links to one": lambda case: bool(re.search(r"/share[r?.]", case["input"])),
    "slashes behind a colon: archives have an address within their paths": lambda case: bool(re.search(r"[^/:]/[^?]*://", case["input"])),
    "a number as a host: no site links so, and what may be fetched is decided by the numbers that a name stands for": lambda case: bool(
        re.fullmatch(r"http://([\dxa-fX.]|%\d\w|[０-９Ｘｃ．])+/?", case["input"])
    ),
    "parameters of one name in another order: they may be a list": lambda case: (
        len(set(re.findall(r"[?&](\w+)=", case["input"]))) < len(re.findall(r"[?&](\w+)=", case["input"]))
    ),
    "a name that may name content": lambda case: bool(re.search(r"aftr_source|this_affiliate", case["input"])),
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
        if canonical_url(input_of(case)) == canonical_url(case["expected"]):
            agreed[case["kind"]] += 1
        elif reason := next((name for name, fits in REASONS.items() if fits(case)), None):
            why[reason] += 1
        else:
            unexplained.append((case["kind"], case["input"], case["expected"]))

    print(
        "", *(f"{kind}: {agreed[kind]} of {total[kind]}" for kind in total), *(f"{count}: {name}" for name, count in why.items()), sep="\n"
    )
    assert unexplained == []
    assert agreed["strip-tracking"] == total["strip-tracking"] > 0
    assert agreed["whatwg-parse"] > 0.9 * total["whatwg-parse"]
    # No reason outlives its cases.
    assert set(why) == set(REASONS)


def test_most_registered_tracking_parameters_are_known_by_how_they_are_built(shared):
    with (shared / "data" / "urls" / "tracking_query_params_registry.csv").open(encoding="utf-8") as lines:
        names = [row["name"].strip() for row in csv.DictReader(lines)]

    missed = [name for name in names if canonical_url(f"https://news.example/a?id=1&{name}=x") != PLAIN]

    print(f"{len(names) - len(missed)} of {len(names)}; not known: {', '.join(missed)}")
    assert len(missed) < 0.25 * len(names)
