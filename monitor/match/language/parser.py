"""Text of an expression -> tree, by recursive descent.

or    = and { OR and }
and   = not { [AND] not }
not   = (NOT | "-") not | near
near  = atom { NEAR atom }
    atom  = "(" or ")" | field atom | number OF "(" or { "," or } ")" | leaf
    leaf  = [~ = == %] (word | "phrase" [~n]) [{n}] | wild*card [{n}] | @name | /regex/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn

from monitor.core.model import FIELDS, Field
from monitor.core.rule import Mode
from monitor.errors import QueryError
from monitor.match.language.entry import has_sign, plain_entry
from monitor.match.language.tokens import LONGEST_WORD, OF, SMALL_OPERATORS, Token, is_findable, tokens
from monitor.match.language.tree import (
    ANY_WORD,
    And,
    AtLeast,
    EntityRef,
    InField,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Wildcard,
    Word,
    children,
    depth,
)

LONGEST = 100_000
DEEPEST = 50
SHORTEST_WILDCARD = 3
MAX_STARS = 4
_MODE: dict[str, Mode] = {"=": "exact", "==": "exact", "~": "family", "%": "derived"}
_FIELDS: dict[str, tuple[Field, ...]] = {
    "title": ("title",),
    "titel": ("title",),
    "summary": ("summary",),
    "content": ("content",),
    "text": FIELDS,
    "author": ("author",),
    "category": ("category",),
    "feed": ("feed",),
    "url": ("url",),
    "lang": ("lang",),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A tree, and what only the text tells: where AND and OR stand together without brackets, and how words were joined."""

    tree: Node
    mixed_at: tuple[int, ...] = ()
    ampersands: tuple[int, ...] = ()
    joined_at: tuple[int, ...] = ()


def parse(text: str, *, is_entry: bool) -> Node:
    """Return the tree of an expression; ``is_entry``: it is an entry of a list, where words without a sign are a phrase.

    Raises ``QueryError``.
    """
    return read(text, is_entry=is_entry).tree


def read(text: str, *, is_entry: bool) -> Reading:
    """Return the tree of an expression, with what only its text tells. Raises ``QueryError``."""
    if not text.strip():
        raise QueryError("there is nothing in it", 0, "write a word or a phrase, or leave it out", text)
    if len(text) > LONGEST:
        raise QueryError(f"the expression is longer than {LONGEST} characters", LONGEST, "split it into several rules or a list")
    if is_entry and (not has_sign(text) or not is_findable(text)):
        return Reading(plain_entry(text))
    return _Parser(text).run()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._next = 0
        self._level = 0
        self._mixed: list[int] = []
        self._joined: list[int] = []

    def run(self) -> Reading:
        tree = self._or()
        if self._token.kind != "end":
            raise self._unexpected()
        if depth(tree) > 2 * DEEPEST:
            self._too_deep(0)
        ampersands = tuple(token.start for token in self._tokens if token.kind == "and" and token.value == "&")
        return Reading(tree, tuple(self._mixed), ampersands, tuple(self._joined))

    # ------------------------------------------------------------ operators

    def _or(self) -> Node:
        first_or, first_and = -1, -1
        parts: list[Node] = []
        while True:
            part, and_at = self._and()
            parts.append(part)
            first_and = first_and if first_and >= 0 else and_at
            if self._token.kind != "or":
                break
            first_or = first_or if first_or >= 0 else self._token.start
            self._take()
        if first_or >= 0 and first_and >= 0:
            self._mixed.append(max(first_or, first_and))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> tuple[Node, int]:
        """Return what stands between two ORs, and where its first AND is, or -1."""
        parts, and_at = [self._not()], -1
        while self._token.kind not in ("or", ")", ",", "end"):
            at = self._token.start
            if self._token.kind == "and":
                self._take()
            elif self._token.kind != "not":
                self._joined.append(at)
            and_at = and_at if and_at >= 0 else at
            parts.append(self._not())
        return (parts[0] if len(parts) == 1 else And(tuple(parts))), and_at

    def _not(self) -> Node:
        if self._token.kind != "not":
            return self._near()
        token = self._take()
        return Not(self._deeper(self._not, token))

    def _near(self) -> Node:
        first = self._token.start
        left = self._atom()
        while self._token.kind == "near":
            token = self._take()
            self._may_be_near(left, first)
            at = self._token.start
            right = self._atom()
            self._may_be_near(right, at)
            is_ordered = token.value.startswith("O")
            left = Near(left, right, _distance(token.value.removeprefix("O")), is_ordered)
        return left

    def _may_be_near(self, node: Node, at: int) -> None:
        # The left one of a chain has been looked at already: to walk down it again would take the square of its length.
        below = () if isinstance(node, Near) else children(node)
        if isinstance(node, And | Not | AtLeast):
            what = {And: "AND", Not: "NOT", AtLeast: "n OF (…)"}[type(node)]
            raise self._error(f"{what} cannot stand on one side of NEAR", at, "NEAR takes words, phrases, names and groups of them with OR")
        for child in below:
            self._may_be_near(child, at)

    # ------------------------------------------------------------ atoms

    def _atom(self) -> Node:
        token = self._token
        match token.kind:
            case "(":
                return self._group()
            case "field":
                self._take()
                return InField(_FIELDS[token.value], self._deeper(self._atom, token))
            case "@":
                return self._entity()
            case "prefix":
                return self._prefixed()
            case "word" if self._is_of():
                return self._at_least()
            case "word":
                return self._word(None, is_verbatim=False)
            case "string":
                return self._phrase(None, is_verbatim=False)
            case "wildcard":
                return self._wildcard()
            case "regex":
                self._take()
                source, _, flags = token.value.rpartition("/")
                return Regex(re.sub(r"\\(.)", lambda pair: "/" if pair[1] == "/" else pair[0], source), flags == "i", token.start)
            case _:
                raise self._unexpected()

    def _group(self) -> Node:
        opening = self._take()
        inner = self._deeper(self._or, opening)
        if self._token.kind != ")":
            self._never_closed(opening)
        self._take()
        return inner

    def _is_of(self) -> bool:
        number, of, bracket = (self._tokens[min(self._next + step, len(self._tokens) - 1)] for step in range(3))
        if bracket.kind != "(" or not re.fullmatch(r"[0-9]{1,4}", number.value) or of.kind != "word":
            return False
        if of.value in ("of", "von"):
            raise self._error(
                f"“{of.value}” is written small, so it would be a word to look for", of.start, f"write {of.value.upper()} (…)"
            )
        return of.value in OF

    def _at_least(self) -> Node:
        number, _, opening = self._take(), self._take(), self._take()
        parts = [self._deeper(self._or, opening)]
        while self._token.kind == ",":
            self._take()
            parts.append(self._deeper(self._or, opening))
        if self._token.kind != ")":
            self._never_closed(opening)
        self._take()
        n = int(number.value)
        if not 1 <= n <= len(parts):
            hint = "write 2 OF (a, b, c), with a space behind each comma"
            raise self._error(f"{n} of {len(parts)} alternatives can never be", number.start, hint)
        return AtLeast(n, tuple(parts))

    def _entity(self) -> Node:
        sign = self._take()
        name = sign.value
        if not name and self._token.kind == "string" and self._token.start == sign.end:
            name = self._take().value.strip()
        if not name:
            raise self._error("a name must stand directly behind @", sign.start, 'write @name, or @"name of more than one word"')
        if self._token.kind == "count":
            raise self._error("a name takes no count", self._token.start, "leave it out, or count a word: Sanktion{3}")
        return EntityRef(name, sign.start)

    def _prefixed(self) -> Node:
        prefix, token = self._take(), self._token
        is_verbatim = prefix.value == "=="
        is_word = token.kind in ("word", "string") or (token.kind in ("and", "or", "not") and token.value.isalpha())
        if token.start != prefix.end or not is_word:
            hint = "it has all its words already" if token.kind == "wildcard" else f'write {prefix.value}Sanktion or {prefix.value}"…"'
            raise self._error(f"{prefix.value} stands before a word or a phrase only", prefix.start, hint)
        if token.kind == "string":
            return self._phrase(_MODE[prefix.value], is_verbatim=is_verbatim)
        return self._word(_MODE[prefix.value], is_verbatim=is_verbatim)

    def _word(self, mode: Mode | None, *, is_verbatim: bool) -> Node:
        token = self._take()
        if mode is None and token.value in SMALL_OPERATORS and len(self._tokens) > 2:
            big = SMALL_OPERATORS[token.value]
            raise self._error(
                f"“{token.value}” is written small, so it would be a word to look for",
                token.start,
                f'write {big} as the operator, or "{token.value}" in quotes as a word',
            )
        return Word(token.value, mode, is_verbatim, self._counted(), token.start)

    def _phrase(self, mode: Mode | None, *, is_verbatim: bool) -> Node:
        token = self._take()
        parts = tuple(token.value.split())
        self._check_phrase(token, parts)
        slop = 0
        if self._token.kind == "slop":
            distance = self._take()
            slop = int(distance.value[:3])
            if slop > 99 or len(parts) < 2:
                hint = 'write "a b"~3 for three other words at most between'
                raise self._error("a phrase's distance takes two words and a number to 99", distance.start, hint)
        return Phrase(parts, mode, is_verbatim, slop, self._counted(), token.start)

    def _check_phrase(self, token: Token, parts: Sequence[str]) -> None:
        if not is_findable(token.value):
            raise self._error(
                "a phrase has no letter and no digit, so it can never be found", token.start, "write words between the quotes"
            )
        if len(token.value) > LONGEST_WORD:
            raise self._error(f"a phrase is longer than {LONGEST_WORD} characters", token.start, "write the words that matter")
        if ANY_WORD in (parts[0], parts[-1]):
            raise self._error("* at the edge of a phrase says nothing", token.start, "leave it out; between words it stands for one word")
        if any("*" in part and part != ANY_WORD for part in parts) or any(re.search(r"\w\?\w", part) for part in parts):
            raise self._error("a phrase has no wildcards in its words", token.start, "write them in a row: Impf* ONEAR/0 Pflicht")

    def _wildcard(self) -> Node:
        token = self._take()
        letters = sum(sign.isalnum() for sign in token.value)
        if letters < SHORTEST_WILDCARD:
            hint = "write more of it: Impf*"
            raise self._error(f"a wildcard must have {SHORTEST_WILDCARD} letters, “{token.value[:20]}” has {letters}", token.start, hint)
        pattern = re.sub(r"\*+", "*", token.value)
        if pattern.count("*") > MAX_STARS:
            raise self._error(f"a wildcard has {MAX_STARS} * at most", token.start, "write more of the word, or a regular expression: /…/")
        return Wildcard(pattern, self._counted(), token.start)

    def _counted(self) -> int:
        return int(self._take().value) if self._token.kind == "count" else 1

    # ------------------------------------------------------------ tokens and errors

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _deeper(self, inner: Callable[[], Node], opening: Token) -> Node:
        self._level += 1
        if self._level > DEEPEST:
            self._too_deep(opening.start)
        found = inner()
        self._level -= 1
        return found

    def _too_deep(self, at: int) -> NoReturn:
        raise self._error(f"the expression is nested more than {DEEPEST} deep", at, "split it into several rules")

    def _never_closed(self, opening: Token) -> NoReturn:
        if self._token.kind == "end":
            raise self._error("this bracket is never closed", opening.start, "write ) behind the last word of the group")
        raise self._unexpected()

    def _unexpected(self) -> QueryError:
        token = self._token
        shown = self._text[token.start : token.end][:20]
        operators = "before and behind AND, OR and NEAR stands a word or a bracket"
        match token.kind:
            case "end":
                return self._error("the expression ends too early", token.start, "is a word missing behind the last operator?")
            case ")":
                is_empty = self._next > 0 and self._tokens[self._next - 1].kind in ("(", ",")
                if is_empty:
                    return self._error("a bracket is empty", token.start, "write words between ( and )")
                is_open = self._level > 0
                return self._error(") does not fit here", token.start, operators if is_open else "there is no ( before it; leave it out")
            case ",":
                return self._error(
                    "a comma does not fit here", token.start, 'write OR between alternatives; 2 OF (a, b, c); "a, b" for a phrase'
                )
            case "count" | "slop":
                return self._error(
                    f"{shown} does not fit here", token.start, 'it stands directly behind a word or a phrase: Sanktion{3}, "a b"~3'
                )
            case _:
                return self._error(f"{shown} does not fit here", token.start, operators)

    def _error(self, message: str, at: int, hint: str) -> QueryError:
        return QueryError(message, at, hint, self._text)


def _distance(text: str) -> int | Literal["s", "p"]:
    return "s" if text == "s" else "p" if text == "p" else int(text)
