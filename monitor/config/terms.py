"""What may stand in a rule's lists. The whole language is to come; what would mean something else then is refused now."""

from __future__ import annotations

import re

_LONGEST = 300
_ADDRESS = r"(?:https?://|www\.)[^\s<>\"]+|[\w.+-]+@[\w-]+\.[\w.-]+"
_OPERATOR = r"(?<!\w)(AND|OR|NOT|UND|ODER|NICHT|O?NEAR(?:/\w+)?)(?!\w)"
_FIELD = r"^(title|titel|summary|content|text|author|category|feed|url|lang):|\s(title|titel|summary|content):\S"


def term_problem(term: str) -> str | None:
    """Return what is wrong with a term of a rule, or None if it is a plain word or phrase."""
    plain = term.strip()
    if problem := _shape_problem(plain):
        return problem
    if any(sign.isalnum() for sign in plain) and (reason := _reserved(plain)):
        return f"{reason} not available yet; write a plain word or phrase"
    return _unfindable(plain)


def name_problem(name: str) -> str | None:
    """Return what is wrong with a name of an entity, or None. Names are no expressions: "Procter AND Gamble (USA)" is one."""
    plain = name.strip()
    if problem := _shape_problem(plain):
        return problem
    if "*" in plain:
        return "wildcards (*) are not available yet; write the name out"
    return _unfindable(plain)


def _shape_problem(plain: str) -> str | None:
    if not plain:
        return "is empty; write a word or a phrase, or leave it out"
    if len(plain) > _LONGEST:
        return f"is longer than {_LONGEST} characters; write the words that matter"
    if "\n" in plain or "\r" in plain:
        return "goes over more than one line; write one word or phrase an entry"
    return None


def _unfindable(plain: str) -> str | None:
    if not any(sign.isalnum() for sign in plain):
        return "has no letter and no digit, so it can never be found"
    # The matching's own pattern; a test holds the two together. To import the matching here would cost each command 3 ms.
    is_address = ("://" in plain or "www." in plain or "@" in plain) and not any(map(str.isalnum, re.sub(_ADDRESS, "", plain)))
    return "is an address: texts are searched without the addresses in them" if is_address else None


def _reserved(plain: str) -> str | None:
    if "*" in plain or "?" in plain:
        return "wildcards (* and ?) are"
    if plain[0] in "@~=%-":
        return f"a term that begins with {plain[0]} is"
    if any(quote in plain for quote in '"„“”»«') or (plain[0] == "/" and re.fullmatch(r"/.+/i?", plain)):
        return "quoted phrases and regular expressions are"
    if any(sign in plain for sign in "()|"):
        return "brackets and | are"
    if found := re.search(_OPERATOR, plain):
        return f"the operator {found[1]} is"
    if (":" in plain and re.search(_FIELD, plain, re.IGNORECASE)) or (plain[-1] == "}" and re.search(r"\{\d+\}$", plain)):
        return "fields and counts are"
    return None
