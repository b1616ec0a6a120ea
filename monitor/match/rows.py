"""Words and phrases as patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from monitor.match.forms.term import Step, TermForms
from monitor.match.hits import Chunk, Hit, LocalPattern
from monitor.match.words import Token, fold, tokens, words

# Signs that are part of a term: "C++" is not "C", "#foo" not "foo".
_SIGNS_BEFORE = re.compile(r"^[^\w\s\"'„“”»«(\[-]+")
_SIGNS_AFTER = re.compile(r"[^\w\s\"'„“”»«)\].,;:!?-]+$")
# What a word ends with that shares its last part with another: "Sicherheits- und Außenpolitik".
_CUT_OFF = re.compile(r"[-\u2010\u2011](?!\w)")

Refuses = Callable[[str], bool]


def accepts_all(_: str) -> bool:
    """Refuse no word: a term without exceptions."""
    return False


def refusing(exceptions: Sequence[str]) -> Refuses:
    """Return a function that says whether a word is one of the exceptions; "*" stands for any letters."""
    if not exceptions:
        return accepts_all
    ways = "|".join("".join(".*" if piece == "*" else re.escape(fold(piece)) for piece in re.split(r"(\*)", one)) for one in exceptions)
    pattern = re.compile(rf"(?:{ways})\Z", re.DOTALL)

    def refuses(word: str) -> bool:
        folded = fold(word)
        return any(pattern.match(part) for part in (folded, *folded.split("-")))

    return refuses


@dataclass(frozen=True, slots=True)
class WordPattern(LocalPattern):
    """One word. ``before`` and ``after`` are signs that belong to it."""

    forms: TermForms
    anchors: frozenset[str]
    refuses: Refuses = accepts_all
    before: str = ""
    after: str = ""

    def in_chunk(self, chunk: Chunk, *, case_tells: bool) -> list[Hit]:
        """See ``Pattern``."""
        found = []
        for token in chunk.tokens:
            step = self.forms.judge(token.text, case_tells=case_tells)
            if step is None and _CUT_OFF.match(chunk.text, token.end):
                step = self.forms.judge(f"{token.text}-", case_tells=case_tells)
            if step is None or self.refuses(token.text) or not self._has_signs(chunk.text, token):
                continue
            found.append(Hit(token.start - len(self.before), token.end + len(self.after), step.by, step.analysis))
        return found

    @property
    def is_whole(self) -> bool:
        """See ``Pattern``."""
        return self.forms.is_whole

    def _has_signs(self, text: str, token: Token) -> bool:
        return text.endswith(self.before, 0, token.start) and text.startswith(self.after, token.end)


@dataclass(frozen=True, slots=True)
class SignPattern(LocalPattern):
    """A term without a letter: "€", "§"."""

    sign: str
    anchors: frozenset[str]

    def in_chunk(self, chunk: Chunk, *, case_tells: bool) -> list[Hit]:  # noqa: ARG002
        """See ``Pattern``."""
        return [Hit(found.start(), found.end(), "exact") for found in re.finditer(re.escape(self.sign), chunk.text)]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a row: the word that may stand there, or any (None), and what must stand before it; see ``words.gap_kind``."""

    forms: TermForms | None
    gap: str


@dataclass(frozen=True, slots=True)
class PhrasePattern:
    """Words in a row. ``slop``: so many others may stand between them. The row is looked up by the place ``anchor``."""

    places: tuple[Place, ...]
    anchor: int
    anchors: frozenset[str]
    beside: frozenset[str]
    is_beside_whole: bool
    reach: tuple[int, int]
    slop: int = 0
    refuses: Refuses = accepts_all
    before: str = ""
    after: str = ""
    is_local: bool = False

    def in_chunk(self, chunk: Chunk, *, case_tells: bool) -> list[Hit]:  # noqa: ARG002
        """See ``Pattern``: a row is longer than a chunk."""
        return []

    def around(self, text: str, start: int, end: int, *, case_tells: bool) -> list[Hit]:
        """See ``Pattern``."""
        begin, window = window_around(text, start, end, *self.reach)
        row = tokens(window, words(window))
        found = []
        for first in range(len(row)):
            places = self._matched(row, first, case_tells=case_tells)
            if places is None or not start <= begin + row[places[self.anchor][0]].start < end:
                continue
            hit = self._hit(window, row, places)
            if hit is not None:
                found.append(Hit(begin + hit.start, begin + hit.end, hit.by, hit.analysis))
        return found

    def is_anchored(self, chunk: Chunk) -> bool:
        """See ``Pattern``."""
        forms = self.places[self.anchor].forms
        return forms is not None and chunk.holds(forms)

    @property
    def is_whole(self) -> bool:
        """See ``Pattern``."""
        forms = self.places[self.anchor].forms
        return forms is not None and forms.is_whole

    def _matched(self, row: Sequence[Token], first: int, *, case_tells: bool) -> list[tuple[int, Step | None]] | None:
        """Return for each place the number of its token and its step, or None."""
        taken: list[tuple[int, Step | None]] = []
        left, position = self.slop, first
        for number, place in enumerate(self.places):
            while True:
                if position >= len(row) or (number and not _follows(row[position], place, is_loose=self.slop > 0)):
                    return None
                step = place.forms.judge(row[position].text, case_tells=case_tells) if place.forms else None
                if place.forms is None or (step is not None and not self.refuses(row[position].text)):
                    break
                if number == 0 or left == 0:
                    return None
                left, position = left - 1, position + 1
            taken.append((position, step))
            position += 1
        return taken

    def _hit(self, window: str, row: Sequence[Token], places: Sequence[tuple[int, Step | None]]) -> Hit | None:
        head, tail = window[: row[places[0][0]].start], window[row[places[-1][0]].end :]
        start, end = len(head), len(window) - len(tail)
        # "§ 218" and "§218" are the same.
        if self.before:
            start = len(head.rstrip()) - len(self.before)
        if self.after:
            end += len(tail) - len(tail.lstrip()) + len(self.after)
        if start < 0 or not (window.startswith(self.before, start) and window.endswith(self.after, 0, end)):
            return None
        steps = [step.by for _, step in places if step is not None]
        by = next((step for step in ("derived", "compound", "inflected") if step in steps), "exact")
        return Hit(start, end, by)


def _follows(token: Token, place: Place, *, is_loose: bool) -> bool:
    return token.gap != "\n" if is_loose else token.gap == place.gap


def window_around(text: str, start: int, end: int, before: int, behind: int) -> tuple[int, str]:
    """Return where a window begins, and its text: so many chunks before and behind one, within its paragraph."""
    floor, ceiling = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    ceiling = len(text) if ceiling < 0 else ceiling
    begin, stop = start, end
    for _ in range(before):
        if begin <= floor:
            break
        begin = max(text.rfind(" ", floor, begin - 1) + 1, floor)
    for _ in range(behind):
        if stop >= ceiling:
            break
        after = text.find(" ", stop + 1, ceiling)
        stop = ceiling if after < 0 else after
    return begin, text[begin:stop]


def term_pattern(
    text: str, forms_of: Callable[[str], TermForms], phrase_forms_of: Callable[[str], TermForms], refuses: Refuses, slop: int = 0
) -> WordPattern | PhrasePattern | SignPattern:
    """Return the pattern of a word or of a phrase, whose "*" is any one word."""
    plain = text.strip()
    row = tokens(plain, words(plain, with_addresses=True))
    if not row:
        return SignPattern(plain, frozenset({plain.lower()}))
    before, after = plain[: row[0].start], plain[row[-1].end :]
    before_signs, after_signs = _SIGNS_BEFORE.search(before), _SIGNS_AFTER.search(after)
    signs = (before_signs[0] if before_signs else "", after_signs[0] if after_signs else "")
    if len(row) == 1 and " " not in plain:
        forms = forms_of(row[0].text)
        return WordPattern(forms, forms.anchors, refuses, *signs)
    return _phrase(tuple(_places(plain, row, phrase_forms_of)), slop, refuses, *signs)


def _phrase(places: tuple[Place, ...], slop: int, refuses: Refuses, before: str, after: str) -> PhrasePattern:
    """Return the pattern of words in a row. It is looked up by the word with the longest anchor, the rarest most likely."""
    lengths = [max(map(len, place.forms.anchors), default=0) if place.forms else 0 for place in places]
    anchor = lengths.index(max(lengths))
    chosen = places[anchor].forms
    others = [place.forms for number, place in enumerate(places) if place.forms and number != anchor]
    other = max(others, key=lambda forms: min(map(len, forms.anchors)), default=None)
    # Signs between words are chunks too.
    more = slop + sum(place.gap not in ("", " ") for place in places)
    return PhrasePattern(
        places,
        anchor,
        chosen.anchors if chosen else frozenset(),
        beside=other.anchors if other else frozenset(),
        is_beside_whole=other is not None and other.is_whole,
        reach=(anchor + more + bool(before), len(places) - 1 - anchor + more + bool(after)),
        slop=slop,
        refuses=refuses,
        before=before,
        after=after,
    )


def _places(plain: str, row: Sequence[Token], forms_of: Callable[[str], TermForms]) -> Iterator[Place]:
    for number, token in enumerate(row):
        before = plain[row[number - 1].end : token.start] if number else ""
        stars = before.split().count("*")
        for _ in range(stars):
            yield Place(None, " ")
        yield Place(forms_of(token.text), " " if stars else token.gap if number else "")
