"""What is found: spans of a text, each with the step that made it a hit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from monitor.match.forms.term import TermForms
from monitor.match.words import Token, Word, tokens, words


class Hit(NamedTuple):
    """A span in characters. ``by`` is the step: see ``core.model.Evidence``; ``analysis`` how a word was cut, for people."""

    start: int
    end: int
    by: str
    analysis: str = ""


@dataclass(frozen=True)
class Chunk:
    """A piece of a text between two spaces. Its words are found when they are first asked for."""

    text: str
    is_address: bool = False
    _held: dict[int, bool] = field(default_factory=dict)

    @property
    def is_mixed(self) -> bool:
        """Say whether it has small letters and capitals: then its sentence is neither all in the ones nor all in the others."""
        return self.text not in (self.text.lower(), self.text.upper())

    @cached_property
    def words(self) -> list[Word]:
        """Return the words, those of addresses only if the whole is one that is searched."""
        return words(self.text, with_addresses=self.is_address)

    @cached_property
    def tokens(self) -> list[Token]:
        """Return the words, those that are joined by hyphens as one."""
        return tokens(self.text, self.words)

    def holds(self, forms: TermForms) -> bool:
        """Say whether a word of it is a form of a term, with capitals that tell something or without. Many phrases share a word."""
        held = self._held.get(id(forms))
        if held is None:
            # Either may say yes where the other says no: capitals that tell nothing make acronyms words, and words nouns.
            judged = (forms.judge(token.text, case_tells=tells) for token in self.tokens for tells in (True, False))
            held = self._held[id(forms)] = any(step is not None for step in judged)
        return held


class Pattern(Protocol):
    """Something to look for, once for all rules that want it.

    ``anchors``: in lower case, see ``words.flat``; what is hit has one of them in one of its words. ``is_local``: the chunk
    around the anchor decides, and ``in_chunk`` is asked, with spans in the chunk; else ``around``, with spans in the text, but
    only where ``is_anchored``, which is asked once a chunk, and one of ``beside`` is in a chunk of the ``reach`` too.
    ``case_tells`` False: the sentence is all in small letters or all in capitals.
    """

    @property
    def anchors(self) -> frozenset[str]:
        """Return what is looked for first."""
        ...

    @property
    def is_whole(self) -> bool:
        """Say whether an anchor within a longer word is no hit."""
        ...

    @property
    def is_local(self) -> bool:
        """Say whether the chunk decides."""
        ...

    def in_chunk(self, chunk: Chunk, *, case_tells: bool) -> list[Hit]:
        """Return the hits in a chunk."""
        ...

    def is_anchored(self, chunk: Chunk) -> bool:
        """Say whether the chunk really has the word that the anchor stands for, and not only its letters."""
        ...

    @property
    def beside(self) -> frozenset[str]:
        """Return what must stand in the anchor's chunk or beside it, as anchors are written; empty if nothing must."""
        ...

    @property
    def is_beside_whole(self) -> bool:
        """Say whether those are words, so that one within a longer word does not count."""
        ...

    @property
    def reach(self) -> tuple[int, int]:
        """Return how many chunks before and behind the anchor's it may take."""
        ...

    def around(self, text: str, start: int, end: int, *, case_tells: bool) -> list[Hit]:
        """Return the hits that have their anchor in the chunk ``text[start:end]``."""
        ...


class LocalPattern:
    """A pattern of one word, which needs nothing around its chunk: what all of them answer alike."""

    __slots__ = ()

    @property
    def is_whole(self) -> bool:
        """See ``Pattern``."""
        return False

    @property
    def is_local(self) -> bool:
        """See ``Pattern``."""
        return True

    def is_anchored(self, chunk: Chunk) -> bool:  # noqa: ARG002
        """See ``Pattern``."""
        return False

    @property
    def beside(self) -> frozenset[str]:
        """See ``Pattern``."""
        return frozenset()

    @property
    def is_beside_whole(self) -> bool:
        """See ``Pattern``."""
        return False

    @property
    def reach(self) -> tuple[int, int]:
        """See ``Pattern``."""
        return 0, 0

    def around(self, text: str, start: int, end: int, *, case_tells: bool) -> list[Hit]:  # noqa: ARG002
        """See ``Pattern``."""
        return []
