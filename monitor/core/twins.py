"""The same article in several feeds: what search feeds list made plain, and told to be what a publisher's own feed lists.

A search feed's links are no identity: Google's lead to a redirect page, Bing's change at every fetch. What stays is the
publisher's own address if the link holds it, else publisher, title and day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from monitor.core.address import canonical_url
from monitor.core.ids import ItemId
from monitor.core.model import Item
from monitor.core.searches import Engine

# Two datings of one article differ by hours: by which clock, and by whether an edit counts.
SAME_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Twin:
    """A stored item that may be the same article as another; ``told`` are the rules by which somebody was alerted of it."""

    item: ItemId
    feed: str
    title_key: str
    guid: str | None
    url: str | None
    publisher: str
    publisher_url: str | None
    feed_title: str
    at: datetime
    is_search: bool
    told: frozenset[str] = frozenset()


def plain_item(item: Item, engine: Engine) -> Item:
    """Return an item of a search feed as its publisher would list it, as far as the engine says.

    Google: the publisher's name behind the title is cut off; the description only repeats headlines, of other articles too.
    Bing: the address of the article is unwrapped from the link. Of a link that holds none nothing is kept to compare by.
    """
    if engine == "google_news":
        return replace(item, title=without_publisher(item.title, item.publisher), summary="", content="")
    target = unwrapped(item.url)
    # Bing gives no guid; what feedparser might take for one is the link that changes.
    return replace(item, url=target, guid=None) if target else item


def without_publisher(title: str, publisher: str) -> str:
    """Return a title without " - PUBLISHER" at its end, exactly so and once."""
    cut = title.removesuffix(f" - {publisher}") if publisher else title
    return cut or title


def unwrapped(url: str | None) -> str | None:
    """Return the publisher's address that a link of Bing's holds, or None."""
    try:
        parts = urlsplit(url or "")
        if not parts.path.lower().endswith("/apiclick.aspx"):
            return None
        target = parse_qs(parts.query).get("url", [""])[0].strip()
        inner = urlsplit(target)
    except ValueError:
        return None
    return target if inner.scheme in ("http", "https") and inner.hostname and target.isprintable() and len(target) <= 4000 else None


def title_key(title: str) -> str | None:
    """Return a title as what is compared: its words in lower case, without signs; None if it has none."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold())
    return " ".join(words) or None


def with_known_names(items: Sequence[Item], stored: Iterable[Twin], now: datetime) -> tuple[Item, ...]:
    """Return a search feed's items under the guid and address that they were stored with; each once.

    ``stored`` are this feed's own items with one of these titles.
    """
    by_title: dict[str, list[Twin]] = {}
    for one in stored:
        by_title.setdefault(one.title_key, []).append(one)
    found: dict[object, Item] = {}
    for item in items:
        known = next((one for one in by_title.get(title_key(item.title) or "", ()) if is_same(item, one, now)), None)
        renamed = replace(item, guid=known.guid, url=known.url) if known else item
        # Listed twice with different links it is still one article.
        found.setdefault(_name(renamed), renamed)
    return tuple(found.values())


def told_by(item: Item, feed_title: str, others: Iterable[Twin], now: datetime) -> Mapping[str, Twin]:
    """Return the rules by which somebody was already alerted of this article in another feed, each with the item there.

    ``others`` have the item's title or address.
    """
    found: dict[str, Twin] = {}
    for other in others:
        if _same_address(item.url, other.url) or is_same(item, other, now, feed_title):
            for rule in other.told:
                found.setdefault(rule, other)
    return found


def is_same(item: Item, other: Twin, now: datetime, feed_title: str = "") -> bool:
    """Say whether an item is the stored one: the same title, by the same publisher, within a day.

    Where a site's own addresses of both are known, they decide: it has "Das Wetter" twice a day.
    """
    if title_key(item.title) != other.title_key or abs((item.published or now) - other.at) > SAME_DAY:
        return False
    if item.url and other.url and _hosts(item.url) & _hosts(other.url):
        return _same_address(item.url, other.url)
    hosts, other_hosts = _hosts(item.publisher_url, item.url), _hosts(other.publisher_url, other.url)
    if any(_is_one_site(mine, theirs) for mine in hosts for theirs in other_hosts):
        return True
    names = {title_key(item.publisher), title_key(feed_title)} - {None}
    return bool(names & {title_key(other.publisher), title_key(other.feed_title)})


def _name(item: Item) -> object:
    if item.url and _hosts(item.url):
        return canonical_url(item.url)
    day = item.published.date() if item.published else None
    key = title_key(item.title)
    return (item.publisher, key, day) if item.publisher and key else (item.guid, item.url, item.title)


def _same_address(one: str | None, other: str | None) -> bool:
    return bool(one and other) and canonical_url(one or "") == canonical_url(other or "")


def _hosts(*urls: str | None) -> set[str]:
    hosts = {(urlsplit(url).hostname or "").removeprefix("www.") for url in urls if url}
    # The engine's own host stands in every link of its, whoever publishes.
    return hosts - {"", "news.google.com", "bing.com"}


def _is_one_site(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
