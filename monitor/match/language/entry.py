"""An entry of a list without a sign of the language: a word, or with a space in it a phrase."""

from __future__ import annotations

import re

from monitor.errors import QueryError
from monitor.match.language.tokens import CLOSING, FIELD_NAMES, LONGEST_WORD, OPERATORS, is_address, is_findable, tokens
from monitor.match.language.tree import Phrase, Word

# What makes an entry of a list an expression; without one of these, an entry with a space is a phrase.
_ENTRY_SIGN = re.compile(
    # "Was nun?" ends in a question mark, "Me?er" has an open place.
    rf"[{re.escape(''.join(CLOSING))}()|*]|\?(?!\s*$)|^\s*\S+\?\s*$|(?<!\S)[@~=%/-](?=\S)|\{{\d+\}}|(?<!\S)({'|'.join(FIELD_NAMES)}):(?=\S)",
    re.IGNORECASE,
)
_OPERATOR = re.compile(rf"(?<!\S)({'|'.join(sorted(OPERATORS))}|O?NEAR/\S*)(?!\S)")


def has_sign(text: str) -> bool:
    """Say whether an entry of a list holds a sign of the language, and so is an expression and no plain word or phrase."""
    return _ENTRY_SIGN.search(text) is not None or _OPERATOR.search(text) is not None


def plain_entry(text: str) -> Word | Phrase:
    """Return an entry without a sign as a word or a phrase. Raises ``QueryError``."""
    at = len(text) - len(text.lstrip())
    parts = tuple(text.split())
    if not is_findable(text):
        raise QueryError(f"“{' '.join(parts)[:20]}” has no letter and no digit, so it can never be found", at, "leave it out", text)
    if is_address(text):
        hint = "url:word searches the item's own address"
        raise QueryError("this is an address, and texts are searched without the addresses in them", at, hint, text)
    if (line_end := text.strip().find("\n")) >= 0:
        raise QueryError("a phrase goes over more than one line", at + line_end, "write one word or phrase an entry", text)
    if sum(map(len, parts)) > LONGEST_WORD:
        raise QueryError(f"a phrase is longer than {LONGEST_WORD} characters", at, "write the words that matter", text)
    if len(parts) == 1 and (word := _one_word(parts[0], at)):
        return word
    return Phrase(parts, at=at)


def _one_word(part: str, at: int) -> Word | None:
    """Return an entry without a space as a word, without the punctuation around it; None if it is more than one."""
    bare = part.strip("!?,;:…")
    try:
        found = tokens(bare)
    except QueryError:
        return None
    return Word(found[0].value, at=at + part.index(bare)) if len(found) == 2 and found[0].kind == "word" else None
