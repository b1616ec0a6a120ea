"""Every captured and contributed feed: nothing escapes, and what plain XML says is what we say.

Classes of disagreement with the XML's own facts, each looked at:

- dates outside 1995 … now + 2 days are left out on purpose (1970, 1983, 2035);
- an item with two guids or two dates: feedparser takes the last, the facts the first;
- items that stand outside of their channel, or entries within entries, are counted otherwise (7 documents);
- an xml:base is applied to an Atom id by feedparser, and a link at an address with credentials or a broken port is refused.
"""

import html
import os
import sys
from collections import Counter
from datetime import datetime
from urllib.parse import urljoin

import pytest
from builders import NOON

from monitor.errors import ParseError
from monitor.parse.document import parse

URL = "http://127.0.0.1:8097/x.xml"
CHUNKS = 8


def same_text(wanted, got):
    return html.unescape(wanted.strip()).strip() == html.unescape((got or "").strip())


def same_link(wanted, got):
    plain = html.unescape(wanted.strip()).strip()
    return same_text(wanted, got) or (got is not None and (got == urljoin(URL, plain) or got.endswith(plain.lstrip("./"))))


def same_date(wanted, got):
    return got is not None and datetime.fromisoformat(wanted.replace("Z", "+00:00")) == got


COMPARED = {
    "id": ("guid", same_text),
    "link": ("url", same_link),
    "published_utc": ("published", same_date),
    "comments_feed": ("comments_feed", same_link),
}


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_case_is_read_and_agrees_with_its_xml(shared, chunk):
    sys.path.insert(0, str(shared / "data"))
    import casesio

    agreed, asked = Counter(), Counter()
    for number, case in enumerate(casesio.cases(shared / "data")):
        if number % CHUNKS == chunk:
            compare(case, casesio.read_input(shared / "data", case["input_file"]), agreed, asked)

    shares = {name: agreed[name] / asked[name] for name in asked}
    if os.environ.get("SHOW_FIGURES"):
        print(dict(asked), shares)
    assert {name: share for name, share in shares.items() if share < 0.93} == {}
    assert sum(agreed.values()) / sum(asked.values()) >= 0.98


def compare(case, body, agreed, asked):
    headers = {name.lower(): value for name, value in (case.get("http_headers") or {}).items()}
    try:
        parsed = parse(body, headers.get("content-type") or case.get("content_type") or "", URL, NOON)
    except ParseError:
        parsed = None
    facts = case.get("xml_facts") or {}
    if not facts.get("well_formed") or not facts.get("n_entries"):
        return
    asked["count"] += 1
    if parsed is None or len(parsed.items) != facts["n_entries"]:
        return
    agreed["count"] += 1
    for entry, item in zip(facts.get("entries") or [], parsed.items, strict=False):
        for name, (ours, is_same) in COMPARED.items():
            if entry.get(name):
                asked[name] += 1
                agreed[name] += is_same(entry[name], getattr(item, ours))
