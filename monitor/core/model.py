"""The values that flow through the monitor, all frozen.

    Feed + FeedState -> Fetched -> Parsed(Item…) -> Change -> Match(Evidence…) -> PollRecord -> COMMIT

What comes after the commit is in ``delivery``.
A moment is an aware UTC ``datetime``, a span a ``timedelta``. Texts are plain text: markup ends in the parser.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NewType

from monitor.core.following import Follow, Following, Policy, Wanted, Watch
from monitor.core.habits import Learned
from monitor.core.health import Health, HostWait, Sight, Trouble, Turn
from monitor.core.ids import FeedId, ItemId
from monitor.core.older import Older
from monitor.core.searches import Engine, Search, engine_of
from monitor.core.secret import Secret

Key = NewType("Key", str)

Kind = Literal["article", "comment"]
Field = Literal["title", "summary", "content", "author", "category", "feed", "url", "lang"]
Severity = Literal["info", "warning", "critical"]
Rung = Literal["guid", "guid+url", "url", "content"]

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


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed since?" (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the store knows of a feed when it is claimed for a poll.

    ``baseline``: "due" before the first successful poll, "moved" after its address changed in the config, else "done".
    ``unfinished`` counts the polls that were claimed and never settled, one after the other (a kill, or a body that kills).
    ``validated_since`` is when a whole body was last got, or None if never. ``well_since`` is the last poll that went well, or
    when the feed was added. ``troubles`` are those that were told and last.
    ``slices`` is what is remembered of the last document, see ``core.slices``.
    ``polls`` counts all of them. ``watch`` is set of a comment feed.
    """

    id: FeedId
    name: str
    validators: Validators = Validators()
    body_hash: str | None = None
    baseline: Literal["due", "moved", "done"] = "due"
    failures: int = 0
    unfinished: int = 0
    validated_since: datetime | None = None
    well_since: datetime | None = None
    health: Health = Health()
    troubles: frozenset[Trouble] = frozenset()
    slices: bytes = b""
    polls: int = 0
    watch: Watch | None = None

    @property
    def home(self) -> FeedId:
        """Return the feed that the listed items are stored under: comments under that of their articles."""
        return self.watch.owner if self.watch else self.id


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


# ---------------------------------------------------------------- identity and change


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


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows under a key. ``rules`` matched some revision of the item, of those in ``told`` somebody was alerted.

    ``title`` is "" if the item has none or its text is forgotten.
    """

    id: ItemId
    key: Key
    fingerprint: str
    revision: int
    url: str | None
    rules: frozenset[str] = frozenset()
    title: str = ""
    told: frozenset[str] = frozenset()
    published: datetime | None = None
    first_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """Another key, guid and address under which a known item is listed now: it stays known under the old ones too."""

    item: ItemId
    key: Key
    guid: str | None
    url: str | None
    url_key: Key | None


@dataclass(frozen=True, slots=True)
class New:
    """An item whose key was never seen in this feed."""

    identified: Identified


@dataclass(frozen=True, slots=True)
class Updated:
    """A known item with another fingerprint: its next revision. ``alias`` is set if it is listed under another key."""

    identified: Identified
    known: Known
    alias: Alias | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A known item with the same fingerprint. ``alias`` is set if it is listed under another key."""

    known: Known
    alias: Alias | None = None


Change = New | Updated | Unchanged


# ---------------------------------------------------------------- matches and alerts


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
class Finding:
    """A match with what becomes of it: ``targets`` get an alert, or ``reason`` says why there is none.

    Reasons: "baseline", "backfill", "already alerted", "matched before", "held: …", "below the receivers' severity", "no receiver".
    """

    match: Match
    targets: tuple[Target, ...] = ()
    reason: str | None = None
    template: str = "alert"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A new or updated item with what the rules found. ``late``: so much later than we should have seen it; zero: nobody knows.

    ``parent`` is the article that a comment is on. ``follow``: its comments are to be followed; ``page``: its page is still to
    be read.
    """

    change: New | Updated
    findings: tuple[Finding, ...] = ()
    parent: ItemId | None = None
    follow: Follow | None = None
    page: Wanted | None = None
    late: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PollRecord:
    """Everything that one poll learned: committed in one transaction, or not at all.

    ``outcome``: "changed" (a body with items, perhaps none of them new), "not_modified" (304 or the same body), "failed".
    A failed poll changes no knowledge: no items, no validators, no baseline. ``learned`` None: nothing new about its noise.
    ``health`` None: nothing to be stored of it. ``turns`` are told to ``targets``. ``wait``: the host asked for it.
    ``is_postponed``: nobody was asked, for the host waits.
    ``overlap``: listed items that were known; ``migration``: those of them that got other keys, all at once; ``held``: new items
    of a flood. ``repair``: where to look for what a gap hides.
    ``slices`` and ``hub``: None leaves what was known.
    ``following`` is what it means for comments.
    """

    feed: FeedId
    owner: str
    at: datetime
    outcome: Literal["changed", "not_modified", "failed"]
    next_poll: datetime
    took: timedelta
    validators: Validators = Validators()
    body_hash: str | None = None
    validated: bool = False
    status: int | None = None
    error: str | None = None
    title: str = ""
    items_listed: int = 0
    is_gap: bool = False
    baseline_done: bool = False
    recorded: tuple[Recorded, ...] = ()
    learned: Learned | None = None
    sight: Sight = Sight()
    health: Health | None = None
    turns: tuple[Turn, ...] = ()
    targets: tuple[Target, ...] = ()
    wait: HostWait | None = None
    is_postponed: bool = False
    aliases: tuple[Alias, ...] = ()
    overlap: int = 0
    migration: int = 0
    held: int = 0
    repair: Older | None = None
    slices: bytes | None = None
    hub: str | None = None
    following: Following = Following()


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit really added: doubles that another process was faster with do not count."""

    new: int = 0
    updated: int = 0
    matches: int = 0
    alerts: int = 0
    deliveries: int = 0


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
