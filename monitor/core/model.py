"""The values that flow through the monitor, all frozen.

    Feed + FeedState -> Fetched -> Parsed(Item…) -> Change -> Match(Evidence…) -> PollRecord -> COMMIT

What a server answered is in ``document``, what the store knows before a poll in ``state``, what a poll learned in ``record``,
what comes after the commit in ``delivery``. Here is what all of them speak of.
A moment is an aware UTC ``datetime``, a span a ``timedelta``. Texts are plain text: markup ends in the parser.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NewType

from monitor.core.ids import ItemId
from monitor.core.searches import Engine, Search, engine_of
from monitor.core.secret import Secret

Key = NewType("Key", str)

Kind = Literal["article", "comment"]
Field = Literal["title", "summary", "content", "author", "category", "feed", "url", "lang"]
Severity = Literal["info", "warning", "critical"]
# Of which articles the comments are followed.
Policy = Literal["none", "matched", "all"]
Rung = Literal["guid", "guid+url", "url", "content"]

POLICIES: tuple[Policy, ...] = ("none", "matched", "all")
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")
# Where a rule looks unless it says otherwise. The other fields are searched only by name: `author:Müller`.
FIELDS: tuple[Field, ...] = ("title", "summary", "content")


# ---------------------------------------------------------------- feeds


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as the config describes it. ``address`` may hold a token, so it is a secret; ``shown_url`` may be printed.

    ``strip`` and ``keep`` are regular expressions: what of its texts is never matched, and what is not taken for page noise.
    ``is_language_given``: by the feed's own table, and not only by the config's default.
    """

    name: str
    address: Secret
    shown_url: str
    interval: timedelta
    language: str
    tags: tuple[str, ...] = ()
    headers: tuple[tuple[str, Secret], ...] = ()
    kind: Kind = "article"
    enabled: bool = True
    strip: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    is_language_given: bool = dataclasses.field(default=False, compare=False)
    search: Search | None = None
    comments: Policy = "none"
    comments_for: timedelta = timedelta(days=7)
    full_text: bool = False

    @property
    def engine(self) -> Engine | None:
        """Return whose search feed it is, or None."""
        return self.search.engine if self.search else engine_of(self.shown_url)

    @property
    def is_plain(self) -> bool:
        """Say whether it lists articles of its own, as it publishes them: no search, and no comments."""
        return self.kind == "article" and self.engine is None


# ---------------------------------------------------------------- items


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that an item links to. ``length`` is in bytes, as published."""

    url: str
    type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a feed lists, normalised: plain text, absolute http(s) addresses, UTC moments.

    Empty texts are "", unknown facts are None. Paragraphs of ``content`` and ``summary`` are separated by a newline.
    ``publisher`` and the address of its site are what a feed of others' articles says of each.
    """

    guid: str | None = None
    url: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    comments_feed: str | None = None
    comments_count: int | None = None
    in_reply_to: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    publisher: str = ""
    publisher_url: str | None = None

    @property
    def dated(self) -> datetime | None:
        """The moment to show and to tell the age by: many Atom entries have only that of their last change, and are no younger."""
        return self.published or self.updated


# ---------------------------------------------------------------- identity


@dataclass(frozen=True, slots=True)
class Identified:
    """An item with its identity within the feed and the hash of its content.

    ``url_key`` identifies its canonical address: by it an item is found again when the publisher changes all guids.
    """

    key: Key
    rung: Rung
    fingerprint: str
    item: Item
    url_key: Key | None = None


# ---------------------------------------------------------------- matches


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that shows why: ``text == field[start:end]``, in characters.

    ``by`` says which step made the term match: "exact", "inflected", "compound", "derived", "wildcard", "regex"; of a name "label",
    "alias", "acronym", "genitive", "weak", "prefix". ``entity_id`` is what the entity's list calls it.
    """

    term: str
    entity: str | None
    field: Field
    text: str
    start: int
    end: int
    by: str
    entity_id: str | None = dataclasses.field(default=None, metadata={"optional": True})


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that applies to an item, with at least one span of evidence."""

    rule: str
    severity: Severity
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """One address of a receiver: ``url_id`` is stable and tells nothing about the address; ``label`` may be shown."""

    receiver: str
    url_id: str
    label: str


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item as stored, with what we know of it."""

    id: ItemId
    feed: str
    key: Key
    kind: Kind
    item: Item
    first_seen: datetime
    revision: int
    parent: ItemId | None = None
    story: int | None = None
    late: timedelta | None = None
