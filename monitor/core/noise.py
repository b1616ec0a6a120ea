"""Page noise: what stands around the text and not in it, so that no word of it alerts anybody.

A feed shows its noise by repeating it: ``learn`` keeps the masks of the last items' paragraphs, ``removed`` says which spans
of an item are noise, and why. Nothing is cut out: the spans are in characters of the unchanged text. What the feed has not
shown yet is left to ``firstsight``; users have the last word with ``strip`` and ``keep``.

    learned = learn(learned, items)          # the whole fetch, before any of it is matched
    spans = removed(item, learned, settings)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TypeVar

from monitor.core.habits import Learned, Removed, Seen
from monitor.core.model import Field, Identified, Item
from monitor.core.paragraphs import Paragraph, mask, number_of, paragraphs
from monitor.errors import RegexTimeout

T = TypeVar("T")

WINDOW = 200
# The newest, of which every paragraph is remembered.
FRESH = 50
# Above so many items a paragraph is noise when REPEATED of them have it; below, when two have it in the same order as others.
FEW = 5
REPEATED = 3
# Paragraphs of an item that are remembered: noise stands at both ends, mostly at the lower one.
HEAD, TAIL = 10, 40
# Lines at either end that are looked at in an item: a text of so many more is a table, or made to cost time.
EDGE = 200
# A label, as a venue or a topic in a line of its own, is noise only where one of so many items has it: in an event calendar
# it is what people look for.
FREQUENT = 4
MAX_SANDWICH = 12
MAX_SHARE = 0.6
# An item that shares so much of another, and how it begins, is the same news once more and shows no habit of the feed.
SAME_NEWS = 0.8

Masks = tuple[int, ...]
Finder = Callable[[str], Sequence[tuple[int, int]]]
NOISY_FIELDS: tuple[Field, ...] = ("summary", "content")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression of the user. ``find`` returns its spans in a text; it may raise ``RegexTimeout``."""

    source: str
    find: Finder = field(compare=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the config says about a feed's noise. ``names`` are those of the feed: datelines are signed with them."""

    strip: tuple[Pattern, ...] = ()
    keep: tuple[Pattern, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The removed spans of each field, in order and without overlaps; ``problems`` names the patterns that took too long."""

    spans: Mapping[Field, tuple[Removed, ...]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


# ---------------------------------------------------------------- learning


def learn(learned: Learned, items: Sequence[Identified]) -> Learned:
    """Return what is known when these items, the oldest first, have been seen too.

    An edited item takes the place of its former text; news that come a second time under another key take that of the first.
    """
    seen = {one.item: one for one in learned.seen}
    for identified in items[-WINDOW:]:
        one = _seen(identified)
        if not one.masks:
            continue
        seen.pop(one.item, None)
        if twin := next((other for other in seen.values() if _is_same_news(one, other)), None):
            if len(twin.masks) > len(one.masks):
                continue
            del seen[twin.item]
        seen[one.item] = one
    return Learned(_condensed(tuple(seen.values())[-WINDOW:]))


def _condensed(seen: tuple[Seen, ...]) -> tuple[Seen, ...]:
    """Return the items, the older ones with hardly more than what they share with others: what never came again was no habit."""
    if len(seen) <= FRESH:
        return seen
    counts = Counter(number for one in seen for number in one.masks)
    return (*(_condensed_one(one, counts) for one in seen[:-FRESH]), *seen[-FRESH:])


def _condensed_one(one: Seen, counts: Mapping[int, int]) -> Seen:
    # Two of its own stay, so that the same news are known when they come again.
    own = [number for number in one.masks if counts[number] == 1][:2]
    masks = tuple(number for number in one.masks if counts[number] > 1 or number in own or number == one.lead)
    return one if len(masks) == len(one.masks) else replace(one, masks=masks)


def _seen(identified: Identified) -> Seen:
    item = identified.item
    lines = _ends([line for name in NOISY_FIELDS for line in paragraphs(_text(item, name))], HEAD, TAIL)
    numbers = [(line, mask(line.text, item.title)) for line in lines]
    lead = next((number for line, number in numbers if number is not None and line.is_sentence), 0)
    masks = dict.fromkeys(number for _, number in numbers if number is not None)
    return Seen(number_of(identified.key, 4), lead, tuple(masks))


def _ends(lines: list[Paragraph], head: int, tail: int) -> list[Paragraph]:
    return lines if len(lines) <= head + tail else lines[:head] + lines[-tail:]


def _is_same_news(one: Seen, other: Seen) -> bool:
    few, many = (one.masks, other.masks) if len(one.masks) <= len(other.masks) else (other.masks, one.masks)
    if one.lead != other.lead and few[0] not in many:
        return False
    shared = len(set(few) & set(many))
    return shared == len(few) or (one.lead == other.lead and shared >= SAME_NEWS * len(few))


@lru_cache(maxsize=64)
def habits(learned: Learned) -> Mapping[int, int]:
    """Return the masks that are noise in this feed, each with the number of items that have it."""
    counts = Counter(number for one in learned.seen for number in one.masks)
    if len(learned.seen) >= FEW:
        return {number: count for number, count in counts.items() if count >= REPEATED}
    found = {number for one, other in combinations(learned.seen, 2) for number in _in_order(one.masks, other.masks)}
    return {number: counts[number] for number in found}


def _in_order(one: Masks, other: Masks) -> Sequence[int]:
    shared = set(one) & set(other)
    left = [number for number in one if number in shared]
    right = [number for number in other if number in shared]
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    same = [number for block in blocks for number in left[block.a : block.a + block.size]]
    return same if len(same) > 1 else ()


# ---------------------------------------------------------------- judging


def removed(item: Item, learned: Learned, settings: Settings) -> Judged:
    """Return the spans of an item's texts that are not matched. The title is never touched.

    Never removed, unless a pattern of the user says so: the first paragraph that reads as a sentence; a repeated one that
    is more than 60 % of the item; what ``keep`` finds.
    """
    problems: dict[str, None] = {}
    known = habits(learned)
    size = sum(len(_text(item, name)) for name in NOISY_FIELDS)
    spans: dict[Field, tuple[Removed, ...]] = {}
    for name in NOISY_FIELDS:
        text = _text(item, name)
        kept = [span for pattern in settings.keep for span in _find(pattern, text, problems)]
        found = _by_lines(text, item.title, size, known, len(learned.seen), settings.names)
        found += [Removed(*span, f"strip {pattern.source}") for pattern in settings.strip for span in _find(pattern, text, problems)]
        if merged := _merged([one for one in found if not any(_overlaps(one, span) for span in kept)]):
            spans[name] = merged
    return Judged(spans, tuple(problems))


def _find(pattern: Pattern, text: str, problems: dict[str, None]) -> Sequence[tuple[int, int]]:
    if not text:
        return ()
    try:
        return [(start, end) for start, end in pattern.find(text) if start < end]
    except RegexTimeout:
        problems[pattern.source] = None
        return ()


def _by_lines(text: str, title: str, size: int, known: Mapping[int, int], total: int, names: Sequence[str]) -> list[Removed]:
    # Loaded with the first item that is judged: its patterns take as long to compile as a hundred unchanged feeds to be polled.
    from monitor.core.firstsight import dateline, reason_of

    lines = _ends(paragraphs(text), EDGE, EDGE)
    counts = [_repeated(line, title, size, known, total) for line in lines]
    reasons = [f"repeated in {count} of the feed's last items" if count else reason_of(line.text) for line, count in _zip(lines, counts)]
    first = _first(lines, reasons)
    if first is not None:
        reasons[first] = None
    for number in _sandwiched(lines, reasons, [count > 0 and _is_frequent(count, total) for count in counts]):
        if len(lines[number].text) <= MAX_SHARE * size:
            reasons[number] = "between repeated lines"
    found = [Removed(line.start, line.end, reason) for line, reason in _zip(lines, reasons) if reason]
    if first is not None and (end := dateline(lines[first].text, names)):
        found.append(Removed(lines[first].start, lines[first].start + end, "dateline"))
    return found


def _repeated(line: Paragraph, title: str, size: int, known: Mapping[int, int], total: int) -> int:
    """Return how many items have this paragraph, if that makes it noise, else 0."""
    if not known or len(line.text) > MAX_SHARE * size:
        return 0
    number = mask(line.text, title)
    count = 0 if number is None else known.get(number, 0)
    return count if count and (_is_frequent(count, total) or not line.is_label) else 0


def _is_frequent(count: int, total: int) -> bool:
    return count * FREQUENT >= total


def _first(lines: Sequence[Paragraph], reasons: Sequence[str | None]) -> int | None:
    """Return where the item begins to tell: the first sentence that is no noise, else the first sentence."""
    sentences = (number for number, line in enumerate(lines) if line.is_sentence)
    first = next(sentences, None)
    if first is None or reasons[first] is None:
        return first
    return next((number for number in sentences if reasons[number] is None), first)


def _sandwiched(lines: Sequence[Paragraph], reasons: Sequence[str | None], is_habit: Sequence[bool]) -> Iterator[int]:
    """Yield the few lines between two noisy ones of which one is a habit: job advertisements that change, headlines.

    Only below the text itself: a heading between two notes within the text is the text's. A text without a paragraph of
    prose, as a podcast's list of links, has no such end.
    """
    told = next((number for number in reversed(range(len(lines))) if reasons[number] is None and lines[number].is_prose), None)
    noisy = [number for number, reason in enumerate(reasons) if reason and told is not None and number > told]
    for upper, lower in pairwise(noisy):
        if lower - upper <= MAX_SANDWICH + 1 and (is_habit[upper] or is_habit[lower]):
            yield from range(upper + 1, lower)


def _merged(found: Sequence[Removed]) -> tuple[Removed, ...]:
    """Return the spans in order; where two overlap, the second begins after the first."""
    merged: list[Removed] = []
    for one in sorted(found, key=lambda span: (span.start, -span.end)):
        start = max(one.start, merged[-1].end) if merged else one.start
        if start < one.end:
            merged.append(Removed(start, one.end, one.reason))
    return tuple(merged)


def _zip(lines: Iterable[Paragraph], values: Iterable[T]) -> Iterator[tuple[Paragraph, T]]:
    return zip(lines, values, strict=True)


def _overlaps(one: Removed, span: tuple[int, int]) -> bool:
    return one.start < span[1] and span[0] < one.end


def _text(item: Item, name: Field) -> str:
    return item.summary if name == "summary" else item.content


def is_within(spans: Sequence[Removed], start: int, end: int) -> bool:
    """Say whether a span of the text touches a removed one."""
    return any(one.start < end and start < one.end for one in spans)
