"""The values of following what an item leads to: its comments, and its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.core.ids import FeedId, ItemId


@dataclass(frozen=True, slots=True)
class Watch:
    """What a comment feed belongs to. ``parent`` None: the comments of a whole site, a hint for those of its articles.

    ``heard`` is the last sign of life, ``is_quiet``: of an article that was there before us, so its first poll alerts nobody.
    """

    owner: FeedId
    owner_name: str
    parent: ItemId | None
    address: str
    heard: datetime
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class Follow:
    """A comment feed to be followed from now on: of an item, or (None) of the whole site."""

    item: ItemId | None
    address: str
    heard: datetime
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class Hint:
    """What a feed says now of an item's comments: how many, and where their feed is."""

    item: ItemId
    count: int | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stored of an item's comments. ``has_watch``: their feed is or was followed."""

    count: int | None
    address: str | None
    has_watch: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What a poll means for a comment feed: the last sign of life, and why it is not followed any more (None: it is)."""

    heard: datetime
    end_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """What a poll means for comments.

    Of a comment feed: ``home`` is the feed that its items are stored under, ``article`` whose comments they are (None: a whole
    site's), ``adopted`` stored comments and their article, which was not known before. Of another feed: ``hints`` and ``follows``.
    """

    is_comments: bool = False
    home: FeedId | None = None
    article: ItemId | None = None
    adopted: tuple[tuple[ItemId, ItemId], ...] = ()
    hints: tuple[Hint, ...] = ()
    follows: tuple[Follow, ...] = ()
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page that is still to be read. ``next_try`` None: it is not tried any more, ``error`` says why.

    ``silence`` is the reason why nobody is told of what it brings; None: they are.
    """

    silence: str | None
    attempts: int
    next_try: datetime | None
    error: str | None = None
