"""What of all that the rules ask for stands in an item's texts: each is gone over once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.core.habits import Removed
from monitor.core.model import Field
from monitor.core.rule import Entity
from monitor.core.verdict import Subject
from monitor.match import persons
from monitor.match.hits import Pattern
from monitor.match.index import Index
from monitor.match.sentences import Places
from monitor.match.words import fold

# A term that stands in a text more often says no more by it.
MOST_SPANS = 200
# So many words may stand between a name and a word of `exclude`.
EXCLUDE_WITHIN = 2
# What an entity's pattern finds belongs to leaves only when it is known whether it counts.
NO_LEAF = -1


class Span(NamedTuple):
    """A hit of a leaf in a field. ``entity`` is the name of the entity that was found."""

    field: Field
    start: int
    end: int
    by: str
    leaf: int
    entity: str | None = None
    analysis: str = ""
    entity_id: str | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return itself: see ``evaluate.Unit``."""
        return (self,)


@dataclass(slots=True)
class Found:
    """The spans of every leaf that was found; kept apart are those in page noise, and names that do not count, each with the reason."""

    subject: Subject
    spans: dict[int, list[Span]] = field(default_factory=dict)
    removed: dict[int, list[Span]] = field(default_factory=dict)
    dropped: dict[int, dict[Span, str]] = field(default_factory=dict)
    places: dict[Field, Places] = field(default_factory=dict)

    def place(self, name: Field) -> Places:
        """Return where words and sentences of a field are."""
        if name not in self.places:
            self.places[name] = Places(self.subject.texts[name])
        return self.places[name]

    def text(self, span: Span) -> str:
        """Return the text of a span."""
        return self.subject.texts[span.field][span.start : span.end]


@dataclass(frozen=True, slots=True)
class NameOwner:
    """A pattern of an entity. ``role``: "name", "weak", "context" or "exclude"."""

    entity: int
    role: str


@dataclass(frozen=True, slots=True)
class Known:
    """An entity that rules ask for, and the leaves that are found with it: its own and those of its list."""

    entity: Entity
    leaves: tuple[int, ...]
    own_words: frozenset[str]


@dataclass(slots=True)
class _Names:
    strong: list[Span] = field(default_factory=list)
    weak: list[Span] = field(default_factory=list)
    excluding: list[Span] = field(default_factory=list)
    has_context: bool = False


class Finder:
    """The patterns of all rules for texts in one language: of words, phrases and wildcards, each with its leaf; of names."""

    def __init__(
        self,
        terms: Sequence[tuple[Pattern, int]],
        names: Sequence[tuple[Pattern, Sequence[NameOwner]]],
        known: Sequence[Known],
        fields: Iterable[Field],
        first_names: frozenset[str],
    ) -> None:
        self._index = Index([pattern for pattern, _ in (*terms, *names)])
        self._leaves = [leaf for _, leaf in terms]
        self._owners = [tuple(owners) for _, owners in names]
        self._known = known
        self._fields = frozenset(fields)
        self._first_names = first_names

    def __call__(self, subject: Subject) -> Found:
        """Return what is found in the texts of a subject."""
        found = Found(subject)
        names: dict[int, _Names] = defaultdict(_Names)
        hidden: dict[int, _Names] = defaultdict(_Names)
        leaves, terms = self._leaves, len(self._leaves)
        for name, text in subject.texts.items():
            if not text or name not in self._fields:
                continue
            noise = subject.removed.get(name, ())
            for begin, hits in self._index.hits(text, is_address=name == "url"):
                for number, (start, end, by, analysis) in hits:
                    leaf = leaves[number] if number < terms else NO_LEAF
                    span = Span(name, begin + start, begin + end, by, leaf, None, analysis)
                    is_noise = noise and touches(noise, span.start, span.end)
                    if number < terms:
                        _add(found.removed if is_noise else found.spans, leaf, span)
                        continue
                    for owner in self._owners[number - terms]:
                        _note((hidden if is_noise else names)[owner.entity], owner.role, span)
        self._settle(names, found, found.spans)
        self._settle(hidden, found, found.removed)
        return found

    def _settle(self, names: Mapping[int, _Names], found: Found, target: dict[int, list[Span]]) -> None:
        for number, one in names.items():
            known = self._known[number]
            spans, dropped = self._counting(known, one, found)
            for leaf in known.leaves if spans else ():
                for span in spans:
                    _add(target, leaf, span._replace(leaf=leaf, entity=known.entity.name, entity_id=known.entity.id))
            for leaf in known.leaves if dropped and target is found.spans else ():
                found.dropped.setdefault(leaf, {}).update(dropped)

    def _counting(self, known: Known, one: _Names, found: Found) -> tuple[list[Span], Mapping[Span, str]]:
        """Return the spans of an entity that count, and the others with the reason: others of its name, weak ones that stand alone."""
        dropped = {
            span: f"stands behind “{first}”, the first name of another"
            for span in (*one.strong, *one.weak)
            if (first := self._first_name_of_another(known, span, found))
        }
        strong = [span for span in one.strong if span not in dropped]
        weak = [span for span in one.weak if span not in dropped]
        if weak and not (strong or one.has_context):
            alone = "is a weak alias, and neither another name nor a word of `context` stands in the item"
            dropped |= {span: alone for span in weak if not self._has_title(known, span, found)}
        spans = _longest([span for span in (*strong, *weak) if span not in dropped])
        for span in spans if one.excluding else ():
            if other := next((other for other in one.excluding if _is_near(span, other, found)), None):
                dropped[span] = f"stands near “{found.text(other)}”, a word of `exclude`"
        return [span for span in spans if span not in dropped], dropped

    def _first_name_of_another(self, known: Known, span: Span, found: Found) -> str:
        """Return another's first name that stands before a surname, or "": "Andreas Weber" is not Manfred Weber."""
        if known.entity.type != "person" or not self._first_names:
            return ""
        text = found.subject.texts[span.field]
        if " " in text[span.start : span.end]:
            return ""
        before = persons.word_before(text, span.start)
        is_anothers = fold(before) in self._first_names and fold(before) not in known.own_words
        return before if is_anothers else ""

    def _has_title(self, known: Known, span: Span, found: Found) -> bool:
        # Who names a context means it: "Anwalt Weber" is not Weber of the EVP.
        if known.entity.type != "person" or known.entity.context:
            return False
        return persons.announces_person(fold(persons.word_before(found.subject.texts[span.field], span.start)))


def _note(names: _Names, role: str, span: Span) -> None:
    if role == "name":
        names.strong.append(span)
    elif role == "weak":
        names.weak.append(span)
    elif role == "exclude":
        names.excluding.append(span)
    else:
        names.has_context = True


def _add(spans: dict[int, list[Span]], leaf: int, span: Span) -> None:
    held = spans.get(leaf)
    if held is None:
        spans[leaf] = [span]
    elif len(held) < MOST_SPANS:
        held.append(span)


def touches(noise: Sequence[Removed], start: int, end: int) -> bool:
    """Say whether a span touches one that is page noise."""
    return any(one.start < end and start < one.end for one in noise)


def _is_near(span: Span, other: Span, found: Found) -> bool:
    if span.field != other.field or (span.start, span.end) == (other.start, other.end):
        return False
    places = found.place(span.field)
    first, second = sorted((span, other), key=lambda one: one.start)
    if not places.is_one_paragraph(first.end, second.start):
        return False
    return places.word(second.start) - places.word(max(first.end - 1, first.start)) - 1 <= EXCLUDE_WITHIN


def _longest(spans: Sequence[Span]) -> list[Span]:
    """Leave out what stands within another span: "Brandt" within "Helena Brandt"."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.field, one.start, -one.end)):
        if not kept or kept[-1].field != span.field or span.end > kept[-1].end:
            kept.append(span)
    return kept
