"""The compact dictionary of one language, made from simplemma. Runs in a child process of its own: simplemma takes 700 MB here.

One file: a head that names format, versions and the checksum, then sections. ``forms`` is a trie of all forms; to each belongs
the number of its base form (``lemma``), to each base form the row of its forms (``row_start``, ``rows``). ``folded`` is a trie
of the folded forms and of the parts of compounds; to each belong its ``flags`` and what it costs as first part (``left``), as
last part of a noun (``noun_tail``) and of another word (``other_tail``): 255 is never.
"""

from __future__ import annotations

import contextlib
import gc
import json
import math
import os
import sys
import tempfile
import zlib
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from pathlib import Path

import marisa_trie

from monitor.children.serving import die_with_parent
from monitor.match.forms.german import LINKS, PREFIXES
from monitor.match.forms.parts import Parts, Split, Words, bends, learn, may_end
from monitor.match.words import fold

# Changes with what the file holds or how its costs are found: a file of another number is made again.
FORMAT = 2
MAGIC = b"monitor forms\n"

NOUN, OTHER, NAME, COMPOUND, LEMMA, PREFIXED = 1, 2, 4, 8, 16, 32
NEVER = 255
# Costs are natural logarithms in steps of 1/12: a byte holds up to 21.1.
STEP = 12
# A known word that no compound of the dictionary has as a part …
UNSEEN_COUNT = 0.25
# … and the longer it is, the likelier it is a compound that was not seen to be one: for each letter above eight.
LONG, PER_LETTER = 8, 0.3
# So many compounds must show a plural that the noun itself has not.
ENOUGH_PLURALS = 2
# A noun that bends as a name does and ends no compound is one: "Hofer", "Bronn", "Esch".
LONGEST_NAME = 7
# What a compound that is not cut costs more than its parts.
UNCUT = 6.0


def pack(lemmas: Mapping[str, str], language: str, stamp: str) -> bytes:
    """Return the file of a dictionary, form to base form. Compounds are looked for in German only."""
    is_german = language == "de"
    rows = _rows(lemmas, has_own_nouns=is_german)
    # In the child nobody else holds it: 120 MB are free for what follows.
    del lemmas
    forms = marisa_trie.Trie(chain(rows, *rows.values()))
    numbers = {lemma: array("I", [forms[form] for form in row]) for lemma, row in rows.items()}
    sections = {"forms": forms.tobytes(), "lemma": _lemmas(numbers, forms)}
    folded = _fold_all(rows)
    bases = {lemma: _fold(lemma) for lemma in rows}
    words = _words(bases, folded) if is_german else {True: {}, False: {}}
    parts = learn(words)
    for lemma, plurals in _more_plurals(numbers, bases, forms, words, parts).items():
        folded[lemma] += map(_fold, plurals)
        numbers[lemma].extend(forms[plural] for plural in plurals)
    return _file({"stamp": stamp}, sections | _rows_sections(numbers, forms) | _folded_sections(bases, folded, words, parts))


def _rows(lemmas: Mapping[str, str], *, has_own_nouns: bool) -> dict[str, list[str]]:
    """Return each base form with its forms."""
    rows: dict[str, list[str]] = {}
    for form, lemma in lemmas.items():
        row = rows.get(lemma)
        if row is None:
            rows[lemma] = [form]
        else:
            row.append(form)
    for form, lemma in _nouns_of_their_own(rows, lemmas).items() if has_own_nouns else ():
        rows[lemmas[form]].remove(form)
        rows.setdefault(lemma, []).append(form)
    return rows


def _nouns_of_their_own(rows: Mapping[str, list[str]], lemmas: Mapping[str, str]) -> dict[str, str]:
    """Return nouns that the dictionary takes for forms of a verb, with themselves as base forms: "Beutel" is not of "beuteln"."""
    found: dict[str, str] = {}
    for lemma, row in rows.items():
        if lemma.islower():
            for form in row:
                is_adjective = form.lower().startswith(lemma) and len(form) > len(lemma)
                if form[0].isupper() and form[1:].islower() and not is_adjective:
                    found[form] = form
    for form in list(found):
        for bent in (form + ending for ending in ("s", "es", "e", "n", "en")):
            if lemmas.get(bent, "X").islower():
                found[bent] = form
    return found


def _words(bases: Mapping[str, str], folded: Mapping[str, list[str]]) -> dict[bool, dict[str, list[str]]]:
    words: dict[bool, dict[str, list[str]]] = {True: {}, False: {}}
    for lemma, base in bases.items():
        if len(base) >= 3 and lemma[1:].islower() and base.isalpha():
            of_kind = words[lemma[0].isupper()]
            known = of_kind.get(base)
            of_kind[base] = folded[lemma] if known is None else [*known, *folded[lemma]]
    return words


def _more_plurals(
    numbers: Mapping[str, array[int]], bases: Mapping[str, str], forms: marisa_trie.Trie, words: Words, parts: Parts
) -> dict[str, list[str]]:
    """Return the plural of a noun that its compounds have: the dictionary takes "Schulden" for another word, but not "Staatsschulden"."""
    nouns = words[True]
    seen: Counter[str] = Counter()
    for base, (left, tail) in parts.split[True].items():
        if not bends(tail, nouns[tail]):
            seen.update({form[len(left) :] for form in nouns[base] if form in (base + "en", base + "n")})
    enough = {plural for plural, count in seen.items() if count >= ENOUGH_PLURALS}
    found: dict[str, list[str]] = {}
    for lemma, base in bases.items():
        if lemma[0].isupper() and (base + "en" in enough or base + "n" in enough) and base in nouns and not bends(base, nouns[base]):
            plurals = [plural for plural in (lemma + "en", lemma + "n") if plural in forms and _fold(plural) in enough]
            if plurals := [plural for plural in plurals if len(numbers.get(plural, ())) <= 1 and forms[plural] not in numbers[lemma]]:
                found[lemma] = plurals
    return found


def _fold_all(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    """Fold all forms in their place: their numbers are enough from here on, and both would not go into 400 MB."""
    for row in rows.values():
        row[:] = map(_fold, row)
    return rows


def _lemmas(numbers: Mapping[str, array[int]], forms: marisa_trie.Trie) -> bytes:
    """Return the number of the base form of each form."""
    # What is in no row is a base form that its own row has not.
    lemma = array("I", range(len(forms)))
    for base, row in numbers.items():
        number = forms[base]
        for one in row:
            lemma[one] = number
    return lemma.tobytes()


def _rows_sections(numbers: Mapping[str, array[int]], forms: marisa_trie.Trie) -> dict[str, bytes]:
    members: list[Iterable[int]] = [()] * len(forms)
    for base, row in numbers.items():
        members[forms[base]] = row
    starts, flat = array("I", [0]), array("I")
    for of_base in members:
        flat.extend(of_base)
        starts.append(len(flat))
    return {"row_start": starts.tobytes(), "rows": flat.tobytes()}


def _folded_sections(bases: Mapping[str, str], folded: Mapping[str, list[str]], words: Words, parts: Parts) -> dict[str, bytes]:
    trie = marisa_trie.Trie(chain(bases.values(), parts.lefts, *folded.values()))
    flags, left = bytearray(len(trie)), bytearray([NEVER]) * len(trie)
    tails = {True: bytearray([NEVER]) * len(trie), False: bytearray([NEVER]) * len(trie)}
    for lemma, base in bases.items():
        is_noun = lemma[:1].isupper()
        flag, cost = _flag(base, parts, is_noun=is_noun), _tail_cost(base, words, parts, is_noun=is_noun)
        split, of_kind = parts.split[is_noun].get(base), tails[is_noun]
        for form in folded[lemma]:
            number = trie[form]
            flags[number] |= flag
            if cost < of_kind[number] and (split is None or not _ends_as_its_part(form, split, words[is_noun])):
                of_kind[number] = cost
        if base in folded[lemma]:
            flags[trie[base]] |= LEMMA
    for string, count in parts.lefts.items():
        if string not in PREFIXES:
            is_whole = string in words[False] or _compound_of(string, parts) is None
            left[trie[string]] = _cost(count, parts) if is_whole else _compound_left_cost(string, parts)
    return {
        "folded": trie.tobytes(),
        "flags": bytes(flags),
        "left": bytes(left),
        "noun_tail": bytes(tails[True]),
        "other_tail": bytes(tails[False]),
    }


def _flag(base: str, parts: Parts, *, is_noun: bool) -> int:
    flag = NOUN if is_noun else OTHER
    if base in parts.split[is_noun]:
        flag |= COMPOUND
    if base in parts.names:
        flag |= NAME
    return flag | PREFIXED if is_noun and base in parts.prefixed else flag


def _ends_as_its_part(form: str, split: Split, of_kind: Mapping[str, Collection[str]]) -> bool:
    """Say whether a form of a compound is cut as its last part is: "Zahnärzte" is, and needs no cost of its own."""
    left, tail = split
    return form.startswith(left) and form[len(left) :] in of_kind[tail]


def _tail_cost(base: str, words: Words, parts: Parts, *, is_noun: bool) -> int:
    if not base.isalpha() or not may_end(base, is_noun=is_noun):
        return NEVER
    if base in parts.split[is_noun]:
        left, tail = parts.split[is_noun][base]
        return min(NEVER - 1, _cost(parts.lefts[left], parts) + _cost(parts.tails[is_noun][tail], parts))
    count = parts.tails[is_noun][base]
    if count:
        return _cost(count, parts)
    is_like_a_name = is_noun and base in words[True] and all(form in (base, base + "s") for form in words[True][base])
    if is_like_a_name and len(base) <= LONGEST_NAME:
        return NEVER
    return _cost(0, parts, extra=PER_LETTER * max(0, len(base) - LONG))


def _compound_of(left: str, parts: Parts) -> str | None:
    bases = (left, *(left.removesuffix(link) for link in LINKS if link and left.endswith(link)), left + "e")
    return next((base for base in bases if base in parts.split[True]), None)


def _compound_left_cost(string: str, parts: Parts) -> int:
    """Return what a compound costs as a first part: a little more than its own parts, which are to be seen where they can."""
    base = _compound_of(string, parts)
    if base is None:
        return NEVER
    left, tail = parts.split[True][base]
    return min(NEVER - 1, _cost(parts.lefts[left], parts) + _cost(parts.tails[True][tail], parts, extra=UNCUT))


def _cost(count: float, parts: Parts, extra: float = 0) -> int:
    total = max(parts.total, 1)
    return min(NEVER - 1, round(STEP * (math.log(total / (count + UNSEEN_COUNT)) + extra)))


def _fold(form: str) -> str:
    """Return what ``fold`` does, without remembering a million words."""
    return form.lower() if form.isascii() else fold.__wrapped__(form)


def _file(head: Mapping[str, str], sections: Mapping[str, bytes]) -> bytes:
    body = bytearray()
    table = {}
    for name, content in sections.items():
        # Arrays of numbers are read where they lie: they begin at a multiple of eight.
        body += b"\0" * (-len(body) % 8)
        table[name] = (len(body), len(content))
        body += content
    text = json.dumps({**head, "sections": table, "size": len(body), "crc": zlib.crc32(body)}).encode()
    text += b" " * (-(len(MAGIC) + len(text) + 1) % 8)
    return MAGIC + text + b"\n" + bytes(body)


def write(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all; who writes it at the same time writes the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()


def languages() -> Iterable[str]:
    """Return the languages of which there is a dictionary."""
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    found: Iterable[str] = SUPPORTED_LANGUAGES
    return found


def main() -> None:
    """Make the file PATH for LANGUAGE with STAMP, for the process PARENT: the four arguments. Ends when that ends."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    path, language, stamp, parent = sys.argv[1:5]
    die_with_parent(int(parent))
    # A million strings and few cycles: looking for those takes a third of the time.
    gc.disable()
    write(Path(path), pack(DefaultDictionaryFactory(cache_max_size=0).get_dictionary(language), language, stamp))


if __name__ == "__main__":
    main()
