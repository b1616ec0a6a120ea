"""One term alone: which words it hits, so that a false one is seen before its first alarm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from monitor.core.rule import Entity, Entry, Mode, Rule
from monitor.core.verdict import Subject
from monitor.errors import QueryError
from monitor.match.analysis import as_written
from monitor.match.compile import Compiler, verbatim
from monitor.match.find import Finder
from monitor.match.forms.lexicon import Lexicon
from monitor.match.hits import Chunk
from monitor.match.language import tree
from monitor.match.language.parser import parse
from monitor.match.plan import Leaves
from monitor.match.rows import accepts_all
from monitor.match.wildcards import wildcard_pattern


@dataclass(frozen=True, slots=True)
class TermHit:
    """A word that a term hits, by which step, and how it was cut: "Waffen·ruhe", or ""."""

    word: str
    by: str
    analysis: str = ""


class Preview:
    """The words that a term hits, in texts and in the dictionary: by the patterns that the engine uses.

    Raises ``QueryError`` for what does not parse, or is more than one term.
    """

    def __init__(self, term: str, mode: Mode, entities: Sequence[Entity], lexicon: Lexicon) -> None:
        self._leaf = parse(term, is_entry=True)
        if not isinstance(self._leaf, tree.Word | tree.Phrase | tree.Wildcard | tree.EntityRef):
            raise QueryError("this is more than one word, phrase or name", 0, "`monitor try` tries a whole query", term)
        leaves = Leaves()
        leaves.rule(Rule("words", keywords=(Entry(term, mode),), mode=mode))
        self._mode = mode
        self._lexicon = lexicon
        self._compiler = Compiler(leaves, entities, lexicon)
        self._finders: dict[str, Finder] = {}

    def in_subject(self, subject: Subject) -> Iterator[TermHit]:
        """Yield what is hit in an item, without what is page noise in it."""
        language = subject.language.replace("_", "-").partition("-")[0].lower()
        if language not in self._finders:
            self._finders[language] = self._compiler.finder(language)
        found = self._finders[language](subject)
        for spans in found.spans.values():
            for span in spans:
                word = subject.texts[span.field][span.start : span.end]
                yield TermHit(word, span.by, as_written(word, span.analysis))

    def in_dictionary(self, language: str) -> Iterator[TermHit]:
        """Yield the words of a language's dictionary that are hit; of a phrase or a name there are none."""
        match self._leaf:
            case tree.Word(text, mode, is_verbatim):
                forms = verbatim(text) if is_verbatim else self._lexicon.forms(text, mode or self._mode, language)
                for word, step in self._lexicon.dictionary_hits(forms, language):
                    yield TermHit(word, step.by, as_written(word, step.analysis))
            case tree.Wildcard(pattern):
                hits = partial(wildcard_pattern(pattern, accepts_all).in_chunk, case_tells=True)
                dictionary = self._lexicon.dictionary(language)
                for word in dictionary.words() if dictionary else ():
                    yield from (TermHit(word, hit.by) for hit in hits(Chunk(word)))
