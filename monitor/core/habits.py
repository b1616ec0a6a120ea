"""What is kept of a feed's page noise, and what is said of an item's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Removed:
    """A span of a field, in characters, that is page noise and not matched; ``reason`` is for people."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An item of the feed as it is remembered: a number for its key and the masks of its paragraphs, in their order.

    ``lead`` is the mask of the first sentence, 0 if there is none.
    """

    item: int
    lead: int
    masks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of a feed's habits: its last items, the newest last."""

    seen: tuple[Seen, ...] = ()

    def __hash__(self) -> int:
        # What is found out of it is looked up for every item, and it has some thousand numbers: the newest are enough.
        return hash(self.seen[-1:])
