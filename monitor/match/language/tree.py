"""An expression as a tree: what the parser makes, the engine evaluates, and people get to read again.

Positions (``at``) say where in the text a node stands; two nodes that ask for the same are equal wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, assert_never

from monitor.core.model import FIELDS, Field
from monitor.core.rule import Mode

ANY_WORD = "*"  # a part of a phrase that stands for exactly one word
DEFAULT_DISTANCE = 5


def _position() -> int:
    return field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Word:
    """One word. ``mode`` None: the entry's or the rule's. ``is_verbatim``: its case counts too. ``count``: at least so many hits."""

    text: str
    mode: Mode | None = None
    is_verbatim: bool = False
    count: int = 1
    at: int = _position()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row, as written between spaces; "*" is any one word. ``slop``: so many other words may stand between them."""

    parts: tuple[str, ...]
    mode: Mode | None = None
    is_verbatim: bool = False
    slop: int = 0
    count: int = 1
    at: int = _position()


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A word with open places: ``*`` stands for any letters or none, ``?`` for one."""

    pattern: str
    count: int = 1
    at: int = _position()


@dataclass(frozen=True, slots=True)
class EntityRef:
    """An entity by its name, or all entities of a list by the list's."""

    name: str
    at: int = _position()


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression over the text of a field."""

    source: str
    ignore_case: bool = False
    at: int = _position()


@dataclass(frozen=True, slots=True)
class And:
    """All of them, two at least."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of them, two at least."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Nowhere in the fields that are looked at."""

    part: Node


@dataclass(frozen=True, slots=True)
class Near:
    """Both in one field and paragraph with at most ``within`` words between them, or in one sentence ("s") or paragraph ("p")."""

    left: Node
    right: Node
    within: int | Literal["s", "p"] = DEFAULT_DISTANCE
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class InField:
    """In these fields, whatever the fields of the rule are. The innermost counts."""

    fields: tuple[Field, ...]
    part: Node


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``n`` different ones of them."""

    n: int
    parts: tuple[Node, ...]


Leaf = Word | Phrase | Wildcard | EntityRef | Regex
Node = Leaf | And | Or | Not | Near | InField | AtLeast


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below, in the order of the text."""
    match node:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return parts
        case Not(part) | InField(_, part):
            return (part,)
        case Near(left, right):
            return (left, right)
        case Word() | Phrase() | Wildcard() | EntityRef() | Regex():
            return ()
    assert_never(node)


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves in the order of the text."""
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Word | Phrase | Wildcard | EntityRef | Regex):
            yield top
        stack += reversed(children(top))


def first_position(node: Node) -> int:
    """Return where in the text a node's first leaf stands."""
    return next(leaves(node)).at


def depth(node: Node) -> int:
    """Return how many nodes the longest way down goes through. Never recurses, so any tree may be asked."""
    deepest, stack = 0, [(node, 1)]
    while stack:
        top, level = stack.pop()
        deepest = max(deepest, level)
        stack += [(child, level + 1) for child in children(top)]
    return deepest


def holds_of_nothing(node: Node) -> bool:
    """Say whether an expression holds of an item in which none of its words stands: it consists of negations, or may do with one."""
    match node:
        case And(parts):
            return all(map(holds_of_nothing, parts))
        case Or(parts):
            return any(map(holds_of_nothing, parts))
        case AtLeast(n, parts):
            return sum(map(holds_of_nothing, parts)) >= n
        case Not(part):
            return not holds_of_nothing(part)
        case InField(_, part):
            return holds_of_nothing(part)
        case Near() | Word() | Phrase() | Wildcard() | EntityRef() | Regex():
            return False
    assert_never(node)


def combined(
    keywords: tuple[Node, ...] = (),
    entities: tuple[Node, ...] = (),
    every: tuple[Node, ...] = (),
    none: tuple[Node, ...] = (),
    query: Node | None = None,
) -> Node | None:
    """Return a rule's lists and query as one tree: OR within `keywords` and `entities`, AND between, nothing of `none`.

    None if there is nothing in them.
    """
    parts = [_joined(Or, group) for group in (keywords, entities) if group]
    parts += every
    parts += [Not(part) for part in none]
    parts += [query] if query is not None else []
    return _joined(And, tuple(parts)) if parts else None


def _joined(kind: type[And] | type[Or], parts: tuple[Node, ...]) -> Node:
    return parts[0] if len(parts) == 1 else kind(parts)


# ---------------------------------------------------------------- the text again

_OR, _AND, _NOT, _NEAR, _ATOM = range(5)
_PREFIX: dict[Mode, str] = {"exact": "=", "family": "~", "derived": "%"}
_QUOTES = (('"', '"', '"'), ("„", "“", '“”"'), ("»", "«", "«"), ("«", "»", "»"), ("“", "”", '”“"'), ("”", "”", "”"))


def render(node: Node) -> str:
    """Return an expression that parses to this tree. The language has no sign for mode "inflected": it is left out."""
    return _render(node, _OR)


def _render(node: Node, level: int) -> str:
    text, own = _text(node)
    return f"({text})" if own < level else text


def _text(node: Node) -> tuple[str, int]:
    """Return the text of a node, and how tightly it binds."""
    match node:
        case Or(parts):
            return " OR ".join(_render(part, _AND) for part in parts), _OR
        case And(parts):
            return " AND ".join(_render(part, _NOT) for part in parts), _AND
        case Not(part):
            return f"NOT {_render(part, _NOT)}", _NOT
        case Near(left, right, within, is_ordered):
            return f"{_render(left, _NEAR)} {'O' if is_ordered else ''}NEAR/{within} {_render(right, _ATOM)}", _NEAR
        case InField(fields, part):
            return f"{'text' if fields == FIELDS else fields[0]}:{_render(part, _ATOM)}", _ATOM
        case AtLeast(n, parts):
            return f"{n} OF ({', '.join(_render(part, _OR) for part in parts)})", _ATOM
        case Word() | Phrase() | Wildcard() | EntityRef() | Regex():
            return _leaf(node), _ATOM
    assert_never(node)


def _leaf(node: Leaf) -> str:
    match node:
        case Word(text):
            return _prefix(node) + text + _count(node)
        case Phrase(parts, slop=slop):
            return _prefix(node) + _quoted(" ".join(parts)) + (f"~{slop}" if slop else "") + _count(node)
        case Wildcard(pattern):
            return pattern + _count(node)
        case EntityRef(name):
            # A name with other signs is one too for the parser, but quotes are never wrong.
            return f"@{name}" if name.replace("-", "a").replace("_", "a").isalnum() else f"@{_quoted(name)}"
        case Regex(source, ignore_case):
            return f"/{source.replace('/', chr(92) + '/')}/{'i' if ignore_case else ''}"
    assert_never(node)


def _prefix(node: Word | Phrase) -> str:
    return "==" if node.is_verbatim else _PREFIX.get(node.mode, "") if node.mode else ""


def _count(node: Word | Phrase | Wildcard) -> str:
    return f"{{{node.count}}}" if node.count > 1 else ""


def _quoted(text: str) -> str:
    for opening, closing, ends in _QUOTES:
        if not any(sign in text for sign in ends):
            return opening + text + closing
    return f'"{text}"'
