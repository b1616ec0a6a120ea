"""What slices save: a document read whole, with one new item, and with nothing new; side by side in one run.

    python bench/slices.py [FILE…] [--rounds 5]

Without files, a made-up feed of 25 items and about 50 kB. Prints the CPU time of each way in ms a document, the median of the
rounds, and of the planning alone. Documents that cannot be cut are told, and left out.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from monitor.core.document import Fetched
from monitor.core.state import Validators
from monitor.errors import ParseError
from monitor.parse import slices
from monitor.parse.document import parse

URL = "https://news.example/feed"
TYPE = "application/rss+xml"
NOW = datetime.now(UTC)


def main() -> None:
    """Read the documents in every way, in turns."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    bodies = [path.read_bytes() for path in given.files] or [made_up()] * 20
    documents = [one for body in bodies if (one := cuttable(body))]
    size = sum(len(body) for body, _ in documents)
    print(f"{len(documents)} documents of {len(bodies)} can be cut; {size / len(documents) / 1000:.0f} kB each on average")
    ways: dict[str, Callable[[bytes, Sequence[bytes]], object]] = {
        "whole": lambda body, _: parse(body, TYPE, URL, NOW),
        "one new item": lambda body, known: read(body, known[1:]),
        "nothing new": read,
        "planning alone, first time": lambda body, _: slices.plan(fetched(body), ()),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(given.rounds):
        for name, way in ways.items():
            started = time.process_time()
            for body, known in documents:
                way(body, known)
            took[name].append((time.process_time() - started) / len(documents) * 1000)
    whole = median(took["whole"])
    for name, rounds in took.items():
        print(f"{name:28}{median(rounds):8.3f} ms  ({min(rounds):.3f}-{max(rounds):.3f}) {whole / median(rounds):9.1f}x")


def fetched(body: bytes) -> Fetched:
    """Return a body as if it had been fetched."""
    return Fetched(URL, 200, body, TYPE, Validators())


def cuttable(body: bytes) -> tuple[bytes, Sequence[bytes]] | None:
    """Return a body with the slices that are remembered of it, or None."""
    planned = slices.plan(fetched(body), ())
    try:
        is_cut = bool(planned.hashes) and planned.completed(parse(body, TYPE, URL, NOW)) is not None
    except ParseError:
        is_cut = False
    return (body, planned.hashes) if is_cut else None


def read(body: bytes, known: Sequence[bytes]) -> object:
    """Read what is new, as a poll does."""
    planned = slices.plan(fetched(body), set(known))
    return parse(planned.body, TYPE, URL, NOW) if planned.body else None


def made_up() -> bytes:
    """Return a feed as blogs publish it."""
    text = "<p>Die Verhandlungen über die <em>Waffenruhe</em> gehen weiter &#8211; auch heute.</p>\n" * 20
    items = "\n".join(
        f"<item><title>Meldung {number} aus Überlingen</title><link>https://news.example/{number}/</link>"
        f"<pubDate>Tue, 24 Nov 2026 09:{number:02}:00 +0000</pubDate><guid isPermaLink='false'>https://news.example/?p={number}</guid>"
        f"<description><![CDATA[Kurz gesagt: {number}]]></description><content:encoded><![CDATA[{text}]]></content:encoded></item>"
        for number in range(25)
    )
    start = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    return f"{start}<title>News</title><link>https://news.example</link>\n{items}\n</channel></rss>\n".encode()


if __name__ == "__main__":
    main()
