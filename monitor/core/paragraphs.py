"""The paragraphs of a text, what kind each is, and the mask by which one is recognised in another item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from monitor.core.text import words_of

# A line of fewer words is a label, an advertisement or a headline, even with a full stop at its end.
PROSE_WORDS = 12
LABEL_WORDS = 6
# What is left of a paragraph when title, quotes and numbers are masked must still say something of its own.
MIN_OWN_LETTERS = 4
# A longer paragraph is no noise, or the whole item without its paragraphs.
LONGEST = 3000
# A longer quotation is somebody's words, not the name of something.
MAX_QUOTE = 150
# The paragraphs of one poll of a large feed.
RECENT = 512


def _words(at_least: int) -> re.Pattern[str]:
    # Counts no further than it must. What was a word or none stays so: nothing is tried twice.
    return re.compile(rf"[\W\d_]*+(?:[^\W\d_]++[\W\d_]++){{{at_least - 1}}}[^\W\d_]")


_THREE_WORDS, _MORE_THAN_LABEL, _PROSE = _words(3), _words(LABEL_WORDS), _words(PROSE_WORDS)
_SENTENCE_END = re.compile(r"[.!?…:][\"'»«“”‘’›‹)\]]*\s*$")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_QUOTED = re.compile('[„“”»«"]')
_QUOTE = re.compile(
    rf"„[^“”\"\n]{{1,{MAX_QUOTE}}}[“”\"]|“[^”\n]{{1,{MAX_QUOTE}}}”|»[^«\n]{{1,{MAX_QUOTE}}}«|«[^»\n]{{1,{MAX_QUOTE}}}»|\"[^\"\n]{{1,{MAX_QUOTE}}}\""
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of a text with its place: ``text == source[start:end]``."""

    text: str
    start: int
    end: int

    @property
    def is_label(self) -> bool:
        """Say whether it has so few words that it may be the name of something."""
        return _MORE_THAN_LABEL.match(self.text, 0, 200) is None

    @property
    def is_sentence(self) -> bool:
        """Say whether it may be the beginning of what the item has to tell: three words that end as a sentence does."""
        return _SENTENCE_END.search(self.text[-20:]) is not None and _THREE_WORDS.match(self.text, 0, 200) is not None

    @property
    def is_prose(self) -> bool:
        """Say whether it is running text for sure, and no label, headline or advertisement."""
        return _PROSE.match(self.text, 0, 400) is not None and self.is_sentence


def paragraphs(text: str) -> list[Paragraph]:
    """Return the lines of a text that hold something, in their order."""
    found, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Paragraph(line, start, start + len(line)))
        start += len(line) + 1
    return found


@lru_cache(maxsize=RECENT)
def mask(text: str, title: str) -> int | None:
    """Return the number of what a paragraph says beside the item's title, quotations, numbers, addresses and signs.

    Two paragraphs with the same number are the same but for those. None: it says nothing of its own, or most of it
    is a quotation: such a paragraph cannot be recognised, however often its like is seen.
    """
    if len(text) > LONGEST:
        return None
    plain = " ".join(text.split()).casefold()
    named = " ".join(title.split()).casefold()
    if len(named) > 3:
        plain = plain.replace(named, " ")
    if "://" in plain or "www." in plain or "@" in plain:
        plain = _ADDRESS.sub(" ", plain)
    words = " ".join(words_of(plain))
    own = " ".join(words_of(_QUOTE.sub(" ", plain))) if _QUOTED.search(plain) else words
    if len(own) < MIN_OWN_LETTERS or len(own) * 2 < len(words):
        return None
    return number_of(own, 4)


def number_of(text: str, size_bytes: int) -> int:
    """Return a number that stands for a text: small to keep, and the same in every process.

    Four bytes are enough for masks: for a paragraph to be taken for one of a feed's hundred noisy ones by chance, 40 million
    must be read.
    """
    return int.from_bytes(blake2b(text.encode(), digest_size=size_bytes).digest(), "big")
