"""Text of an expression -> tokens. Each sign is looked at once, so a text of any length takes time in proportion to it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NoReturn

from monitor.errors import QueryError

Kind = Literal[
    "word", "wildcard", "string", "regex", "field", "and", "or", "not", "near", "(", ")", ",", "@", "prefix", "count", "slop", "end"
]

AND, OR, NOT = frozenset({"AND", "UND"}), frozenset({"OR", "ODER"}), frozenset({"NOT", "NICHT"})
OF = frozenset({"OF", "VON"})
OPERATORS = AND | OR | NOT | {"NEAR", "ONEAR"}
SMALL_OPERATORS = {
    "and": "AND", "und": "UND", "or": "OR", "oder": "ODER", "not": "NOT", "nicht": "NICHT",
}  # fmt: skip
FIELD_NAMES = ("title", "titel", "summary", "content", "text", "author", "category", "feed", "url", "lang")
LONGEST_WORD = 300
CLOSING = {'"': '"', "„": '“”"', "“": '”“"', "”": "”", "»": "«", "«": "»"}
_SINGLE_QUOTES = "'‘‚’‹›`´"

_PUNCTUATION: dict[str, Kind] = {"(": "(", ")": ")", ",": ",", "|": "or", "&": "and"}
_FIELD = re.compile(rf"({'|'.join(FIELD_NAMES)}):", re.IGNORECASE)
_NEAR = re.compile(r"(O?)NEAR(?:/(.*))?", re.DOTALL)
_QUOTE_END = re.compile('[\n"“”«»]')
_REGEX = re.compile(r"/((?:[^/\\\n]|\\[^\n])*)(/?)")
_COUNT = re.compile(r"\{([^{}\n]{0,20})\}")
_SLOP = re.compile(r"~(\d+)(?!\w)")
# Marks and joiners belong to the word around them; § and currencies are words by themselves too.
_JOINERS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SIGNS = "#§%+°№‰_"
_INNER = ".'’‘´-‐‑\u2012–\u2212"
_IN_NAMES = "-_.:&'’"
_WORDLIKE = ("word", "wildcard", "string", "count", "slop", "regex", "@")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+|[\w.+-]+@[\w-]+\.[\w.-]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text. ``value`` is what counts of it: a string without quotes, a field's name, the signs of a word."""

    kind: Kind
    value: str
    start: int
    end: int


def is_letter(sign: str) -> bool:
    """Say whether a sign is a letter or digit of any script, or a mark on one."""
    return sign.isalnum() or (not sign.isascii() and (sign in _JOINERS or unicodedata.category(sign)[0] == "M"))


def is_findable(word: str) -> bool:
    """Say whether a word has something to find in it: a letter, a digit, a currency or a paragraph sign."""
    return any(sign.isalnum() or sign == "§" or unicodedata.category(sign) == "Sc" for sign in word)


def is_address(text: str) -> bool:
    """Say whether there is nothing to find in a text but in its addresses, which are taken out of what is searched."""
    return ("://" in text or "www." in text or "@" in text) and not is_findable(_ADDRESS.sub("", text))


def tokens(text: str) -> list[Token]:
    """Return the tokens of an expression; the last is "end". Raises ``QueryError``."""
    return _Tokenizer(text).run()


class _Tokenizer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[Token] = []

    def run(self) -> list[Token]:
        position, size = 0, len(self._text)
        while position < size:
            sign = self._text[position]
            if sign.isspace() or sign in _JOINERS:
                position += 1
                continue
            self._found.append(self._token(position, sign))
            position = self._found[-1].end
        self._found.append(Token("end", "", size, size))
        return self._found

    def _token(self, at: int, sign: str) -> Token:
        if sign in CLOSING:
            return self._string(at, sign)
        if kind := _PUNCTUATION.get(sign):
            return Token(kind, sign, at, at + 1)
        if sign == "/":
            return self._regex(at)
        if sign == "{":
            return self._count(at)
        if sign in "@~=%-" and (token := self._sign(at, sign)):
            return token
        if field := _FIELD.match(self._text, at):
            return Token("field", field[1].lower(), at, field.end())
        return self._word(at)

    def _sign(self, at: int, sign: str) -> Token | None:
        if sign == "~" and self._found and self._found[-1].kind == "string" and (slop := _SLOP.match(self._text, at)):
            return Token("slop", slop[1], at, slop.end())
        if self._found and self._found[-1].end == at and self._found[-1].kind in _WORDLIKE:
            raise self._error(f"{sign} stands directly behind a word", at, f"write a space before it, or put words with {sign} in quotes")
        end = at + (2 if self._text.startswith("==", at) else 1)
        following = self._text[end : end + 1]
        if not following or following.isspace():
            self._lonely(at, sign)
        if sign == "@":
            name_end = self._end_of_name(end)
            return Token("@", self._text[end:name_end], at, name_end)
        return Token("not" if sign == "-" else "prefix", self._text[at:end], at, end)

    def _end_of_name(self, position: int) -> int:
        while position < len(self._text):
            sign, following = self._text[position], self._text[position + 1 : position + 2]
            if not is_letter(sign) and not (sign in _IN_NAMES and following and is_letter(following)):
                break
            position += 1
        return position

    def _lonely(self, at: int, sign: str) -> NoReturn:
        hints = {
            "-": 'write NOT, or put words with a dash between them in quotes: "Bund - Länder"',
            "@": 'write @name, or @"name of more than one word"',
        }
        raise self._error(f"nothing stands directly behind {sign}", at, hints.get(sign, f"write it directly before a word: {sign}Sanktion"))

    def _string(self, at: int, opening: str) -> Token:
        closing = CLOSING[opening]
        for found in _QUOTE_END.finditer(self._text, at + 1):
            if found[0] == "\n":
                break
            if found[0] in closing:
                return Token("string", self._text[at + 1 : found.start()], at, found.end())
        raise self._error(
            f"the quote {opening} is never closed", at, f"write {closing[0]} behind the last word of the phrase, on the same line"
        )

    def _regex(self, at: int) -> Token:
        found = _REGEX.match(self._text, at)
        if found is None or not found[2]:
            raise self._error(
                "a regular expression is never closed", at, 'write /…/ on one line, with \\/ for a slash in it; a plain slash: "/"'
            )
        if not found[1]:
            raise self._error("a regular expression is empty", at, "write it between the slashes: /…/")
        end = found.end()
        while end < len(self._text) and is_letter(self._text[end]):
            end += 1
        if (flags := self._text[found.end() : end]) not in ("", "i"):
            raise self._error(
                f"“{flags[:20]}” is no option of a regular expression", found.end(), "write /…/ or /…/i, and a space behind it"
            )
        return Token("regex", found[1] + "/" + flags, at, end)

    def _count(self, at: int) -> Token:
        found = _COUNT.match(self._text, at)
        if found is None or not found[1].isdecimal() or not found[1].isascii() or not 1 <= int(found[1]) <= 999:
            raise self._error("a count must be a number from 1 to 999 in braces", at, "write Sanktion{3} for at least three hits")
        return Token("count", found[1], at, found.end())

    def _word(self, at: int) -> Token:
        end = self._end_of_word(at)
        word = self._text[at:end]
        if end == at:
            self._no_word(at)
        if near := _NEAR.fullmatch(word):
            return self._near(at, end, near)
        if word.lower().startswith(("near/", "onear/")):
            raise self._error(
                f"{word[:20]} is written small, so it would be a word to look for", at, f"write {word[:20].upper()} as the operator"
            )
        if self._text.startswith(":", end):
            self._colon(at, end, word)
        if is_address(word) or (self._text.startswith("@", end) and is_letter(self._text[end + 1 : end + 2] or " ")):
            self._address(at)
        if end - at > LONGEST_WORD:
            raise self._error(f"a word is longer than {LONGEST_WORD} characters", at, "write the words that matter")
        kind: Kind = "and" if word in AND else "or" if word in OR else "not" if word in NOT else "word"
        if "*" in word or "?" in word:
            return Token("wildcard", word, at, end)
        if kind == "word" and not is_findable(word):
            raise self._error(f"“{word[:20]}” has no letter and no digit, so it can never be found", at, "leave it out")
        # "Dr." is looked for as "Dr"; of "U.S.A." the last full stop is a part.
        return Token(kind, word if "." in word[:-1] else word.removesuffix("."), at, end)

    def _near(self, at: int, end: int, near: re.Match[str]) -> Token:
        distance = near[2]
        if distance is None and self._text.startswith("/", end):
            distance = ""
        if distance is not None and not re.fullmatch(r"[0-9]{1,3}|s|p", distance):
            name = f"{near[1]}NEAR"
            raise self._error(
                f"{name}/{distance[:10]} has no distance that is one",
                at,
                f"write {name}/5 for five words at most between, {name}/s or {name}/p",
            )
        return Token("near", near[1] + (distance if distance is not None else "5"), at, end)

    def _colon(self, at: int, end: int, word: str) -> NoReturn:
        if self._text.startswith("://", end):
            self._address(at)
        from difflib import get_close_matches

        close = get_close_matches(word.lower()[:20], FIELD_NAMES, n=1)
        hint = f"did you mean {close[0]}:?" if close else f"the fields are {', '.join(FIELD_NAMES)}; a plain colon stands in quotes"
        raise self._error(f"there is no field “{word[:20]}”", at, hint)

    def _address(self, at: int) -> NoReturn:
        hint = "url:word searches the item's own address"
        raise self._error("this is an address, and texts are searched without the addresses in them", at, hint)

    def _no_word(self, at: int) -> NoReturn:
        sign = self._text[at]
        if sign in _SINGLE_QUOTES:
            raise self._error(f"{sign} is no quote of the language", at, 'put phrases in double quotes: "Künstliche Intelligenz"')
        shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
        hint = "to look for it, put it in quotes together with the words around it"
        raise self._error(f"“{shown}” is no sign of the language", at, hint)

    def _end_of_word(self, at: int) -> int:
        position = at
        while position < len(self._text) and self._continues(position, at):
            position += 1
        # A full stop or an apostrophe at the end belongs to it: U.S.A., Hans'.
        if position > at and self._text[position : position + 1] in (".", "'", "’"):
            position += 1
        return position

    def _continues(self, position: int, start: int) -> bool:
        sign = self._text[position]
        if is_letter(sign) or sign in "*?":
            return True
        if sign in _SIGNS or (not sign.isascii() and unicodedata.category(sign) == "Sc") or sign == "$":
            # A sign opens only some words: #hashtag, §218; + and % at a beginning mean something else.
            return position > start or sign not in "+"
        following = self._text[position + 1 : position + 2]
        if not following or not (is_letter(following) or following in "*?"):
            return False
        if sign in _INNER:
            return position > start or sign == "."
        before = self._text[position - 1] if position > start else ""
        if sign in ",:":
            return before.isdecimal() and following.isdecimal()
        return sign in "&/" and before != "" and (is_letter(before) or before in "*?")

    def _error(self, message: str, at: int, hint: str) -> QueryError:
        return QueryError(message, at, hint, self._text)
