"""Near misses: what in an item almost made a condition hold, so that a person sees what to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from monitor.core.model import FIELDS, Field
from monitor.core.rule import MODES, Entity, Mode
from monitor.match.evaluate import Evaluation, Outcome, Unit
from monitor.match.find import Found
from monitor.match.forms.lexicon import Lexicon
from monitor.match.language import tree
from monitor.match.plan import Close, Find
from monitor.match.rows import refusing
from monitor.match.transliterate import Spellings, other_spellings
from monitor.match.words import tokens, words

# Missing words that are looked into: of a list of a thousand the first ones.
MOST_LEAVES = 20
MOST_MISSES = 5


class NearMisses:
    """Looks for near misses. ``exceptions`` are what each leaf must not be, by its number."""

    def __init__(
        self, terms: Mapping[int, str], exceptions: Mapping[int, tuple[str, ...]], entities: Sequence[Entity], lexicon: Lexicon
    ) -> None:
        self._entities = entities
        self._terms = terms
        self._exceptions = exceptions
        self._lexicon = lexicon

    def of_leaves(self, leaves: Sequence[Find], scope: Sequence[Field], found: Found) -> tuple[str, ...]:
        """Return near misses of words of which one would have been enough."""
        misses = [miss for leaf in leaves[:MOST_LEAVES] for miss in self.of_leaf(leaf, scope, found)]
        return tuple(misses[:MOST_MISSES])

    def of_leaf(self, plan: Find, scope: Sequence[Field], found: Found) -> tuple[str, ...]:
        """Return near misses of one word or name: in page noise, in another field, in another form, with other case, not meant."""
        term = self._terms[plan.leaf]
        misses = [f"“{found.text(span)}” stands only in page noise of {span.field}" for span in found.removed.get(plan.leaf, ())]
        elsewhere = [span for span in found.spans.get(plan.leaf, ()) if span.field not in scope]
        misses += [f"“{found.text(span)}” stands in {span.field}, where it is not looked for" for span in elsewhere]
        dropped = found.dropped.get(plan.leaf, {})
        misses += [f"“{found.text(span)}” in {span.field} {why}" for span, why in dropped.items() if span.field in scope]
        if not misses:
            misses += self._others(term, plan, scope, found)
        return tuple(dict.fromkeys(misses))[:MOST_MISSES]

    def of_distance(self, plan: Close, outcomes: Sequence[Outcome], found: Found) -> tuple[str, ...]:
        """Return how far apart the nearest are, where both are there."""
        if len(outcomes) != 2 or not all(one.held for one in outcomes):
            return ()
        evaluation = Evaluation(found, lambda *_: [])
        pairs = [
            (distance, one, other)
            for one in outcomes[0].units
            for other in outcomes[1].units
            if (distance := evaluation.distance(one, other, 0)) is not None
        ]
        if not pairs:
            return ("they stand in different paragraphs or fields",)
        distance, one, other = min(pairs, key=lambda pair: pair[0])
        where = f"“{_unit(one, found)}” and “{_unit(other, found)}”"
        if isinstance(plan.within, int) and distance <= plan.within:
            return (f"{where} stand in the other order",)
        return (f"nearest: {where}, with {distance} words between them",)

    def _others(self, term: str, plan: Find, scope: Sequence[Field], found: Found) -> Iterator[str]:
        match plan.source:
            case tree.Word():
                yield from self._other_forms(term, plan, scope, found)
            case tree.Phrase(parts=parts):
                yield from self._apart(parts, plan.source.mode or "exact", scope, found)
            case tree.EntityRef(name):
                yield from self._other_spellings(name, scope, found)

    def _apart(self, parts: Sequence[str], mode: Mode, scope: Sequence[Field], found: Found) -> Iterator[str]:
        """Yield a line if all words of a phrase are there, and not in a row."""
        forms = [self._lexicon.phrase_forms(part, mode, _language(found)) for part in parts if part != tree.ANY_WORD]
        seen = [word for word, _ in self._tokens(scope, found)]
        hits = [next((word for word in seen if one.judge(word)), None) for one in forms]
        if all(hits):
            yield f"its words are there, but not in a row: {', '.join(f'“{word}”' for word in hits)}"

    def _other_spellings(self, name: str, scope: Sequence[Field], found: Found) -> Iterator[str]:
        entity = next((one for one in self._entities if one.name == name), None)
        if entity is None:
            return
        seen = {word: field for word, field in self._tokens(scope, found) if word[:1].isupper()}
        for spelling in other_spellings(entity, Spellings(dict.fromkeys(seen, 1))):
            yield f"“{spelling.word}” in {seen[spelling.word]} looks like another spelling; if it is, add it to `aliases`"

    def _other_forms(self, term: str, plan: Find, scope: Sequence[Field], found: Found) -> Iterator[str]:
        assert isinstance(plan.source, tree.Word)
        language = _language(found)
        mode: Mode = plan.source.mode or "exact"
        wider = MODES[MODES.index(mode) :]
        refuses = refusing(self._exceptions.get(plan.leaf, ()))
        forms = [(one, self._lexicon.forms(term, one, language)) for one in wider]
        small = self._lexicon.forms(term.lower(), "inflected", language)
        for word, field in self._tokens(scope, found):
            low = word.lower()
            step = next((name for name, form in forms if any(a in low for a in form.anchors) and form.judge(word)), None)
            if step is not None and refuses(word):
                yield f"“{word}” in {field} is left out by `except`"
            elif step is not None and step != mode:
                yield f'“{word}” in {field} would be a hit with mode = "{step}"'
            elif step is None and small.judge(word):
                yield f"“{word}” in {field} is written with other case"

    def _tokens(self, scope: Sequence[Field], found: Found) -> Iterator[tuple[str, Field]]:
        seen: dict[str, Field] = {}
        for field in scope if scope else FIELDS:
            text = found.subject.texts.get(field, "")
            for token in tokens(text, words(text)):
                seen.setdefault(token.text, field)
        yield from seen.items()


def _language(found: Found) -> str:
    return found.subject.language.replace("_", "-").partition("-")[0].lower()


def _unit(unit: Unit, found: Found) -> str:
    return found.subject.texts[unit.field][unit.start : unit.end]
