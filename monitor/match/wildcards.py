"""Words with open places as patterns: ``Impf*``, ``*minister*``, ``Me?er``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from monitor.match.forms.tokens import spellings
from monitor.match.hits import Chunk, Hit, LocalPattern
from monitor.match.rows import Refuses
from monitor.match.words import fold


@dataclass(frozen=True, slots=True)
class WildcardPattern(LocalPattern):
    """A wildcard on the folded word, or on a part of a hyphenated one."""

    pattern: Any
    anchors: frozenset[str]
    refuses: Refuses

    def in_chunk(self, chunk: Chunk, *, case_tells: bool) -> list[Hit]:  # noqa: ARG002  # case is not asked for
        """See ``Pattern``."""
        found = []
        for token in chunk.tokens:
            folded = fold(token.text)
            if any(self.pattern.fullmatch(one) for one in (folded, *folded.split("-"))) and not self.refuses(token.text):
                found.append(Hit(token.start, token.end, "wildcard"))
        return found


def wildcard_pattern(pattern: str, refuses: Refuses) -> WildcardPattern:
    """Return the pattern of a wildcard. Its anchor is the longest of its fixed pieces."""
    pieces = re.split(r"([*?])", pattern)
    ways = {"*": ".*", "?": "."}
    compiled = re.compile("".join(ways.get(piece) or re.escape(fold(piece)) for piece in pieces if piece))
    fixed = [fold(piece) for piece in pieces if piece not in ("*", "?", "")]
    return WildcardPattern(compiled, frozenset(spellings(max(fixed, key=len))), refuses)
