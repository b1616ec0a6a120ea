"""Near misses: what in an item almost made a condition hold, so that a person sees what to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from monitor.core.model import FIELDS, Field
from monitor.core.rule import MODES, Mode
from monitor.match.evaluate import Evaluation, Outcome, Unit
from monitor.match.find import Found, Span
from monitor.match.forms.lexicon import Lexicon
from monitor.match.language import tree
from monitor.match.plan import Close, Find
from monitor.match.rows import refusing
from monitor.match.words import tokens, words

# Missing words that are looked into: of a list of a thousand the first ones.
MOST_LEAVES = 20
MOST_MISSES = 5


class NearMisses:
    """Looks for near misses. ``exceptions`` are what each leaf must not be, by its number."""

    def __init__(self, terms: Mapping[int, str], exceptions: Mapping[int, tuple[str, ...]], lexicon: Lexicon) -> None:
        self._terms = terms
        self._exceptions = exceptions
        self._lexicon = lexicon

    def of_leaves(self, leaves: Sequence[Find], scope: Sequence[Field], found: Found) -> tuple[str, ...]:
        """Return near misses of words of which one would have been enough."""
        misses = [miss for leaf in leaves[:MOST_LEAVES] for miss in self.of_leaf(leaf, scope, found)]
        return tuple(misses[:MOST_MISSES])

    def of_leaf(self, plan: Find, scope: Sequence[Field], found: Found) -> tuple[str, ...]:
        """Return near misses of one word or name: in page noise, in another field, in another form, with other case."""
        term = self._terms[plan.leaf]
        misses = [f"“{_text(span, found)}” stands only in page noise of {span.field}" for span in found.removed.get(plan.leaf, ())]
        elsewhere = [span for span in found.spans.get(plan.leaf, ()) if span.field not in scope]
        misses += [f"“{_text(span, found)}” stands in {span.field}, which is not looked at" for span in elsewhere]
        if isinstance(plan.source, tree.Word) and not misses:
            misses += self._other_forms(term, plan, scope, found)
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
        return (f"{where}: the distance was {distance} words",)

    def _other_forms(self, term: str, plan: Find, scope: Sequence[Field], found: Found) -> Iterator[str]:
        assert isinstance(plan.source, tree.Word)
        language = found.subject.language.replace("_", "-").partition("-")[0].lower()
        mode: Mode = plan.source.mode or "exact"
        wider = MODES[MODES.index(mode) :]
        refuses = refusing(self._exceptions.get(plan.leaf, ()))
        forms = [(one, self._lexicon.forms(term, one, language)) for one in wider]
        small = self._lexicon.forms(term.lower(), "inflected", language)
        for word, field in self._tokens(scope, found):
            low = word.lower()
            step = next((name for name, form in forms if any(a in low for a in form.anchors) and form.judge(word)), None)
            if step is not None and refuses(word):
                yield f"“{word}” in {field} is one of the exceptions"
            elif step is not None and step != mode:
                yield f"close: “{word}” in {field} ({step})"
            elif step is None and small.judge(word):
                yield f"close: “{word}” in {field} (written with other case)"

    def _tokens(self, scope: Sequence[Field], found: Found) -> Iterator[tuple[str, Field]]:
        seen: dict[str, Field] = {}
        for field in scope if scope else FIELDS:
            text = found.subject.texts.get(field, "")
            for token in tokens(text, words(text)):
                seen.setdefault(token.text, field)
        yield from seen.items()


def _text(span: Span, found: Found) -> str:
    return found.subject.texts[span.field][span.start : span.end]


def _unit(unit: Unit, found: Found) -> str:
    return found.subject.texts[unit.field][unit.start : unit.end]
