"""The values that flow through the monitor, all frozen.

    Feed + FeedState -> Fetched -> Parsed(Item…) -> Change -> Match(Evidence…) -> PollRecord -> COMMIT
    COMMIT -> Delivery -> Message -> Receipt

A moment is an aware UTC ``datetime``, a span a ``timedelta``. Texts are plain text: markup ends in the parser.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NewType

from monitor.core.secret import Secret

FeedId = NewType("FeedId", int)
ItemId = NewType("ItemId", int)
DeliveryId = NewType("DeliveryId", int)
Key = NewType("Key", str)

Kind = Literal["article", "comment"]
Severity = Literal["info", "warning", "critical"]
Field = Literal["title", "summary", "content", "author", "category", "feed", "url", "lang"]
Rung = Literal["guid", "guid+url", "url", "content"]

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")
# Where a rule looks unless it says otherwise. The other fields are searched only by name: `author:Müller`.
FIELDS: tuple[Field, ...] = ("title", "summary", "content")


# ---------------------------------------------------------------- feeds


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as the config describes it. ``address`` may hold a token, so it is a secret; ``shown_url`` may be printed."""

    name: str
    address: Secret
    shown_url: str
    interval: timedelta
    language: str
    tags: tuple[str, ...] = ()
    headers: tuple[tuple[str, Secret], ...] = ()
    kind: Kind = "article"
    enabled: bool = True


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
    ``validated_since`` is when the body was last fetched without validators, or None if never. ``slices`` is what is
    remembered of the last document, see ``core.slices``.
    """

    id: FeedId
    name: str
    validators: Validators = Validators()
    body_hash: str | None = None
    baseline: Literal["due", "moved", "done"] = "due"
    failures: int = 0
    unfinished: int = 0
    validated_since: datetime | None = None
    slices: bytes = b""


# ---------------------------------------------------------------- what a fetch and a parse give


@dataclass(frozen=True, slots=True)
class Fetched:
    """A complete body. ``url`` is where it came from after redirects; ``body`` is decoded, never cut."""

    url: str
    status: int
    body: bytes
    content_type: str
    validators: Validators
    permanent_url: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that nothing changed (304). ``validators`` are the ones to send next time."""

    validators: Validators


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


@dataclass(frozen=True, slots=True)
class Parsed:
    """A feed document. ``is_partial``: the body was cut or broken, so what it does not list may still exist.

    ``slices`` has the hash of every item's bytes, in order, if the document could be cut at its items; then ``items``
    has only those that were not known, in order. ``has_head`` false: nothing was new, so not even the head was read, and
    what was known of the feed itself holds. ``hub`` is where changes are announced (WebSub).
    """

    format: str
    items: tuple[Item, ...]
    title: str = ""
    language: str | None = None
    is_partial: bool = False
    notes: tuple[str, ...] = ()
    is_well_formed: bool = False
    has_head: bool = True
    hub: str | None = None
    slices: tuple[bytes, ...] = ()


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
    """What the store knows under a key. ``rules`` are the rules that matched any revision of the item.

    ``title`` is "" if the item has none or its text is forgotten.
    """

    id: ItemId
    key: Key
    fingerprint: str
    revision: int
    url: str | None
    rules: frozenset[str] = frozenset()
    title: str = ""


@dataclass(frozen=True, slots=True)
class New:
    """An item whose key was never seen in this feed."""

    identified: Identified


@dataclass(frozen=True, slots=True)
class Updated:
    """A known item with another fingerprint: its next revision."""

    identified: Identified
    known: Known


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A known item with the same fingerprint."""

    known: Known


Change = New | Updated | Unchanged


# ---------------------------------------------------------------- matches and alerts


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that shows why: ``text == field[start:end]``, in characters.

    ``by`` says which step made the term match: "exact", "inflected", "label", "alias", "acronym", "genitive".
    """

    term: str
    entity: str | None
    field: Field
    text: str
    start: int
    end: int
    by: str


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

    Reasons: "baseline", "backfill", "already alerted", "below the receivers' severity", "no receiver".
    """

    match: Match
    targets: tuple[Target, ...] = ()
    reason: str | None = None
    template: str = "alert"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A new or updated item with what the rules found, ready to be committed."""

    change: New | Updated
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PollRecord:
    """Everything that one poll learned: committed in one transaction, or not at all.

    ``outcome``: "changed" (a body with items, perhaps none of them new), "not_modified" (304 or the same body), "failed".
    A failed poll changes no knowledge: no items, no validators, no baseline. ``slices`` and ``hub``: None leaves what was known.
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
    slices: bytes | None = None
    hub: str | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit really added: doubles that another process was faster with do not count."""

    new: int = 0
    updated: int = 0
    matches: int = 0
    alerts: int = 0
    deliveries: int = 0


DeliveryState = Literal["pending", "sending", "failed", "unknown", "sent", "dead"]
Outcome = Literal["sent", "rejected", "not_sent", "unknown"]


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


@dataclass(frozen=True, slots=True)
class Alert:
    """All that a template may show of one alert."""

    id: int
    rule: str
    severity: Severity
    matched_at: datetime
    revision: int
    template: str
    item: StoredItem
    feed_title: str
    tags: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One claimed message to one address. ``attempts`` counts this one too."""

    id: DeliveryId
    target: Target
    attempts: int
    created: datetime
    alert: Alert
    last_outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered alert: a plain title, the same body as plain text and as HTML whose every feed text is escaped."""

    title: str
    text: str
    html: str
    severity: Severity = "info"
    prefer_text: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one attempt.

    "sent": answered OK. "rejected": the service said no to this message. "not_sent": it never got it.
    "unknown": it may have got it (time-out, connection lost, child ended). ``detail`` holds no secret.
    """

    outcome: Outcome
    detail: str = ""
    retry_after: timedelta | None = None
