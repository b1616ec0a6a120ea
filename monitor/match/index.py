"""All patterns of all rules at once over one text: each word is looked up once, however many rules there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.match.terms import Pattern, Place
from monitor.match.words import Word, words


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern found: its number, the span in characters, and the step that made it a hit."""

    pattern: int
    start: int
    end: int
    by: str


class Index:
    """Patterns by the folded forms of their anchor word."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        by_form: dict[str, list[int]] = defaultdict(list)
        for number, pattern in enumerate(self._patterns):
            for form in pattern.places[pattern.anchor].folded:
                by_form[form].append(number)
        self._by_form = dict(by_form)

    def hits(self, text: str) -> list[Hit]:
        """Return every hit in a text, in its order; those of one pattern do not overlap."""
        row = words(text)
        found: list[Hit] = []
        ends: dict[int, int] = {}
        for position, word in enumerate(row):
            for number in self._by_form.get(word.folded, ()):
                hit = self._hit(text, row, position, number)
                if hit is not None and hit.start >= ends.get(number, 0):
                    found.append(hit)
                    ends[number] = hit.end
        return found

    def _hit(self, text: str, row: Sequence[Word], position: int, number: int) -> Hit | None:
        pattern = self._patterns[number]
        first = position - pattern.anchor
        part = row[first : first + len(pattern.places)] if first >= 0 else []
        if len(part) < len(pattern.places):
            return None
        if not all(_fits(word, place, text) for word, place in zip(part, pattern.places, strict=True)):
            return None
        if not _gaps_fit(part, pattern):
            return None
        start, end = part[0].start, part[-1].end
        following = row[first + len(part)] if first + len(part) < len(row) else None
        if not (pattern.may_be_part or _stands_alone(part[0], following)):
            return None
        if not (text.endswith(pattern.before, 0, start) and text.startswith(pattern.after, end)):
            return None
        return _finished(number, pattern, part, following)


def _fits(word: Word, place: Place, text: str) -> bool:
    if word.folded not in place.folded:
        return False
    if place.case == "any":
        return True
    if place.case == "capital":
        return word.is_upper or _is_lower_case_line(text, word)
    # "AGs" is the plural of "AG"; "ags" and "AGS" are something else.
    return word.text == place.text or word.text == place.text + "s"


def _is_lower_case_line(text: str, word: Word) -> bool:
    """Say whether a whole line is written in lower case, as some sites do: there a small letter says nothing."""
    start, end = text.rfind("\n", 0, word.start) + 1, text.find("\n", word.end)
    line = text[start : end if end >= 0 else len(text)]
    return line == line.lower() and " " in line


def _gaps_fit(part: Sequence[Word], pattern: Pattern) -> bool:
    for word, place in zip(part[1:], pattern.places[1:], strict=True):
        if word.gap != place.gap and not (pattern.may_be_part and word.gap == "-" and place.gap == " "):
            return False
    return True


def _stands_alone(first: Word, following: Word | None) -> bool:
    # "EU-Sanktionen" is one word, another than "Sanktionen"; whether it belongs to the family is another mode's question.
    return first.gap != "-" and (following is None or following.gap != "-")


def _finished(number: int, pattern: Pattern, part: Sequence[Word], following: Word | None) -> Hit:
    start, end = part[0].start - len(pattern.before), part[-1].end + len(pattern.after)
    folded = tuple(word.folded for word in part)
    if pattern.may_be_part and following is not None and following.gap == "'" and following.folded == "s":
        # "Selenskyj's": the genitive as English writes it, and many Germans too.
        return Hit(number, start, following.end, "genitive")
    if folded == pattern.plain:
        return Hit(number, start, end, pattern.by)
    is_genitive = pattern.may_be_part and folded[-1] != pattern.plain[-1] and folded[-1].endswith("s")
    if is_genitive:
        return Hit(number, start, end, "genitive")
    return Hit(number, start, end, pattern.by if pattern.may_be_part else "inflected")
