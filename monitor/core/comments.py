"""Comment feeds: where an article's is, how long and how often it is followed, and what a comment is.

WordPress rules are those of its code (FIELD-NOTES 1.1): validators are the whole site's and do not move when a comment is
approved, dates say when a comment was sent and not when it appeared, a feed has the last ten and no pages.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit, urlunsplit

from monitor.core.model import Item, Policy

# One poll of four asks for the body whatever the validators say: a comment that is approved late hides behind a 304.
LOOK_EVERY = 4
# WordPress lists so many: with fewer, all that there are were listed, and nothing can be missing.
LISTED = 10
# The pause grows by a tenth of the silence: after a day of it 2.4 hours.
PAUSE_PER_SILENCE = 0.1
GONE = (404, 410)
# Sites fail now and then; what fails so often in a row stays so.
ENOUGH_TRIES = 3
SWITCHED_OFF = "comments are not followed any more, by the config"
_ARCHIVES = frozenset({"category", "tag", "author", "search", "comments"})


@dataclass(frozen=True, slots=True)
class Failing:
    """How a comment feed fails: so many times in a row, this one counted. ``is_proven``: it has answered well before."""

    times: int
    status: int | None
    error: str
    is_proven: bool

    @property
    def is_no_feed(self) -> bool:
        """Say whether the site answers well, with something else than a feed."""
        return self.status in (200, 203)


def must_look(polls: int) -> bool:
    """Say whether the next poll goes without validators, after so many."""
    return polls % LOOK_EVERY == 0


def next_poll(now: datetime, interval: timedelta, longest: timedelta, heard: datetime, lives: timedelta) -> datetime:
    """Return the next poll of a comment feed: at the feed's own interval, and less and less often the longer it is silent.

    The last one is at the end of its life.
    """
    pause = min(max(interval, (now - heard) * PAUSE_PER_SILENCE), max(longest, interval))
    return max(min(now + pause, heard + lives), now + interval / 2)


def end_reason(now: datetime, heard: datetime, lives: timedelta, failing: Failing | None) -> str | None:
    """Return why a comment feed is not followed any more, or None.

    One that fails does not end by its silence before it was tried a few times: what was said last may still be to come.
    """
    if failing is not None:
        if failing.times < ENOUGH_TRIES:
            return None
        if failing.status in GONE:
            return f"it is gone: the site answered {failing.status}, {failing.times} times"
        if failing.is_no_feed and not failing.is_proven:
            return f"it is no feed: {failing.error}"
    if now - heard < lives:
        return None
    silent = f"no new comment since {heard:%Y-%m-%d}"
    return silent if failing is None else f"{silent}, and the last {failing.times} polls failed: {failing.error}"


def heard_at(heard: datetime, comments: list[Item], now: datetime, *, is_quiet: bool) -> datetime:
    """Return the last sign of life after a poll that brought these comments.

    A new comment is one, whatever its date: it may have waited for approval. Only of what was there before us the date counts.
    """
    if not comments:
        return heard
    if not is_quiet:
        return now
    return max(heard, *(min(one.published, now) if one.published else heard for one in comments))


def is_wanted(policy: Policy, *, has_matched: bool) -> bool:
    """Say whether an item's comments are followed."""
    return policy == "all" or (policy == "matched" and has_matched)


def address_of(item: Item, *, goes_by_rule: bool) -> str | None:
    """Return where an item's comments are: what its feed says, or WordPress's rule."""
    return item.comments_feed or (by_rule(item.url) if goes_by_rule and item.url else None)


def goes_by_rule(items: tuple[Item, ...], *, is_wordpress: bool) -> bool:
    """Say whether WordPress's rule stands for what a feed does not say.

    A WordPress that names the comment feed of some articles names those of all that can have comments.
    """
    return is_wordpress and not any(item.comments_feed for item in items)


def by_rule(url: str) -> str | None:
    """Return the comment feed of an article of a WordPress site. Source: get_post_comments_feed_link."""
    parts = urlsplit(url)
    if post := parse_qs(parts.query).get("p"):
        return urlunsplit(parts._replace(query=f"feed=rss2&p={post[0]}", fragment="")) if post[0].isdigit() else None
    if parts.path in ("", "/") or parts.query:
        return None
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/feed/", fragment=""))


def site_feed(feed_url: str) -> str | None:
    """Return the feed of all comments of the WordPress site whose main feed this is, or None if it is another feed of it."""
    parts = urlsplit(feed_url)
    root, found, _ = parts.path.rpartition("/feed")
    if not found or parts.query or _ARCHIVES & set(root.split("/")):
        return None
    return urlunsplit(parts._replace(path=f"{root}/comments/feed/", fragment=""))


def is_comments_address(url: str) -> bool:
    """Say whether an address is that of all comments of a WordPress site."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return re.search(r"/comments/feed(/|$)", parts.path) is not None or "comments-rss2" in parse_qs(parts.query).get("feed", ())


def as_comment(item: Item) -> Item:
    """Return a comment as it is stored: the same from whichever feed.

    Titles say whose it is ("By: NAME", "Von: NAME") and, in the site's feed, on which article: in their place stand the name
    and the first words. A title without the name is the author's own.
    """
    if item.title and not any(author in item.title for author in item.authors):
        return item
    words = textwrap.shorten(item.content or item.summary, 80, placeholder=" …")
    name = item.authors[0] if item.authors else ""
    return replace(item, title=f"{name}: {words}" if name and words else name or words)


def article_guid(item: Item) -> str | None:
    """Return the guid of the article that a comment is on: WordPress puts "#comment-12" behind it. Source: feed.php, get_comment_guid."""
    found = re.fullmatch(r"(.+)#comment-\d+", item.guid or "")
    return found[1] if found else item.in_reply_to


def article_url(item: Item) -> str | None:
    """Return the address of the article that a comment is on."""
    return item.url.partition("#")[0] if item.url and "#" in item.url else None
