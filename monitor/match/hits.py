"""What is found: spans of a text, each with the step that made it a hit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

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

    @cached_property
    def words(self) -> list[Word]:
        """Return the words, those of addresses only if the whole is one that is searched."""
        return words(self.text, with_addresses=self.is_address)

    @cached_property
    def tokens(self) -> list[Token]:
        """Return the words, those that are joined by hyphens as one."""
        return tokens(self.text, self.words)


class Pattern(Protocol):
    """Something to look for, once for all rules that want it.

    ``anchors``: in lower case, see ``words.flat``; what is hit has one of them in one of its words. ``is_local``: the chunk
    around the anchor decides, and ``in_chunk`` is asked, with spans in the chunk; else ``around``, with spans in the text, but
    only where ``is_anchored``, which is asked once a chunk, and ``may_be_around`` say that it is worth it.
    ``case_tells`` False: the sentence is all in small letters or all in capitals.
    """

    @property
    def anchors(self) -> frozenset[str]:
        """Return what is looked for first."""
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

    def may_be_around(self, low: str, start: int, end: int) -> bool:
        """Say, at a quick look at the flat text, whether the rest may stand around the chunk ``low[start:end]``."""
        ...

    def around(self, text: str, start: int, end: int, *, case_tells: bool) -> list[Hit]:
        """Return the hits that have their anchor in the chunk ``text[start:end]``."""
        ...


class LocalPattern:
    """A pattern of one word, which needs nothing around its chunk: what all of them answer alike."""

    __slots__ = ()

    @property
    def is_local(self) -> bool:
        """See ``Pattern``."""
        return True

    def is_anchored(self, chunk: Chunk) -> bool:  # noqa: ARG002
        """See ``Pattern``."""
        return False

    def may_be_around(self, low: str, start: int, end: int) -> bool:  # noqa: ARG002
        """See ``Pattern``."""
        return False

    def around(self, text: str, start: int, end: int, *, case_tells: bool) -> list[Hit]:  # noqa: ARG002
        """See ``Pattern``."""
        return []
