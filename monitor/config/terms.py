"""What may stand in a rule's lists. The whole language is to come; what would mean something else then is refused now."""

from __future__ import annotations

import re

_OPERATOR = re.compile(r"(?<!\w)(AND|OR|NOT|UND|ODER|NICHT|O?NEAR(?:/\w+)?)(?!\w)")
_FIELD = re.compile(r"^(title|titel|summary|content|text|author|category|feed|url|lang):", re.IGNORECASE)
_COUNT = re.compile(r"\{\d+\}$")


def term_problem(term: str) -> str | None:
    """Return what is wrong with a term, or None if it is a plain word or phrase."""
    plain = term.strip()
    if not plain:
        return "is empty; write a word or a phrase, or leave it out"
    if not any(sign.isalnum() for sign in plain):
        return "has no letter and no digit, so it can never be found"
    if len(plain) > 300:
        return "is longer than 300 characters; write the words that matter"
    if reason := _reserved(plain):
        return f"{reason} not available yet; write a plain word or phrase"
    return None


def _reserved(plain: str) -> str | None:
    if "*" in plain or "?" in plain:
        return "wildcards (* and ?) are"
    if plain[0] in "@~=%" or plain.startswith("-"):
        return f"a term that begins with {plain[0]} is"
    if plain[0] in '"„“»/' and len(plain) > 1 and plain[-1] in '"“”«/i':
        return "quoted phrases and regular expressions are"
    if "(" in plain or ")" in plain or "|" in plain:
        return "brackets and | are"
    if found := _OPERATOR.search(plain):
        return f"the operator {found[1]} is"
    if _FIELD.match(plain) or _COUNT.search(plain):
        return "fields and counts are"
    return None
