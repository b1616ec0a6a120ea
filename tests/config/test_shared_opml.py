"""Lists of other readers: all that their XML says is taken, and nothing of a hostile one.

Classes of disagreement with the facts of plain XML, each looked at:

- an outline's own ``category`` is a tag too: the facts count folders only (4 lists);
- an outline that stands outside of <body> is taken all the same (1 list: closedbody);
- what has no <opml> and no feed is refused (1 list: missingOpml).
"""

import os
import zipfile
from collections import Counter

import pytest
from corpus import body_of, cases

from monitor.config import load
from monitor.config.edit import adopt
from monitor.config.intake import choose, outlines_of
from monitor.config.opml import read, written
from monitor.errors import ParseError

WITH_CATEGORIES = 4
CONFIG = """[[rules]]
name = "r"
keywords = ["x"]
"""


@pytest.fixture
def lists(shared):
    return [(case, body_of(shared, case)) for case in cases(shared, "opml/index.jsonl")]


def taken(content):
    try:
        return read(content)
    except ParseError:
        return None


def test_every_list_is_read_as_its_xml_says_or_refused_whole(lists):
    counts, different = Counter(), []
    for case, content in lists:
        facts, outlines = case["opml_facts"], taken(content)
        kind = "well-formed" if facts["well_formed"] else "broken"
        counts[f"{kind}, {'refused' if outlines is None else 'read'}"] += 1
        if outlines is None or not facts["well_formed"]:
            different += [case["id"]] if facts.get("n_feeds") else []
            continue
        folders = {part for path in facts["categories"] for part in path.split("/") if part}
        tags = {tag for one in outlines for tag in one.tags}
        counts["folders alike"] += tags == folders
        # A name with a slash cannot be told from a path in the facts.
        is_alike = len(outlines) == facts["n_unique_xmlurl"] and folders <= tags | set(facts["categories"])
        different += [] if is_alike else [case["id"]]

    if os.environ.get("SHOW_FIGURES"):
        print(dict(counts), different)
    assert different == ["feedvalidator/testcases/opml/errors/closedbody.opml"]
    assert counts["folders alike"] == counts["well-formed, read"] - WITH_CATEGORIES
    assert counts["well-formed, refused"] == 1


def test_all_lists_together_are_imported_once_and_exported_alike(lists, tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    for _, content in lists:
        adopt(path, taken(content) or (), load(path, {}), {})
    config = load(path, {})

    again = [one.outcome for _, content in lists for one in choose(taken(content) or (), config)]
    assert "added" not in again

    outlines, hidden = outlines_of(config)
    exported = {one.url: one for one in read(written(outlines, "feeds").encode())}
    wanted = {one.url: one for one in outlines if "," not in "".join(one.tags)}
    if os.environ.get("SHOW_FIGURES"):
        print(len(outlines), "feeds", Counter(again), len(hidden), "with secrets")
    assert {url: (one.title, one.tags) for url, one in exported.items() if url in wanted} == {
        url: (one.title, one.tags) for url, one in wanted.items()
    }
    assert len(config.feeds) > 1000


def test_hostile_lists_are_refused_or_named(shared, tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    archive = zipfile.ZipFile(shared / "data" / "hostile" / "generated.zip")

    for name in ("opml_bomb.opml", "opml_deep.opml"):
        assert taken(archive.read(name)) is None
    chosen = choose(read(archive.read("opml_evil_urls.opml")), load(path, {}))

    assert [one.url for one in chosen if one.outcome == "added"] == ["http://user:pw@feed.test/f"]
    assert all(one.reason for one in chosen if one.outcome == "invalid")
    assert "pw" not in "".join(one.shown_url for one in chosen)
