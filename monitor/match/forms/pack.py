"""The compact dictionary of one language, made from simplemma. Runs in a child process of its own: simplemma takes 700 MB here.

One file: a head that names format, versions and the checksum, then sections. ``forms`` is a trie of all forms; to each belongs
the number of its base form (``lemma``), to each base form the row of its forms (``row_start``, ``rows``). ``folded`` is a trie
of the folded forms and of the parts of compounds; to each belong its ``flags`` and what it costs as first part (``left``), as
last part of a noun (``noun_tail``) and of another word (``other_tail``): 255 is never.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
import tempfile
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import marisa_trie

from monitor.match.forms.german import LINKS, PREFIXES
from monitor.match.forms.parts import Key, Parts, Word, bends, learn, may_end
from monitor.match.words import fold

# Changes with what the file holds or how its costs are found: a file of another number is made again.
FORMAT = 1
MAGIC = b"monitor forms\n"

NOUN, OTHER, NAME, COMPOUND, LEMMA = 1, 2, 4, 8, 16
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
    if language == "de":
        lemmas = {**lemmas, **_nouns_of_their_own(lemmas)}
    rows: dict[str, list[str]] = defaultdict(list)
    for form, lemma in lemmas.items():
        rows[lemma].append(form)
    folds = {form: fold(form) for form in {*lemmas, *rows}}
    words = _words(rows, folds) if language == "de" else {}
    parts = learn(words)
    _add_plurals(rows, folds, words, parts)
    return _file({"stamp": stamp}, _form_sections(lemmas, rows) | _folded_sections(rows, folds, words, parts))


def _nouns_of_their_own(lemmas: Mapping[str, str]) -> dict[str, str]:
    """Return nouns that the dictionary takes for forms of a verb, with themselves as base forms: "Beutel" is not of "beuteln"."""
    found: dict[str, str] = {}
    for form, lemma in lemmas.items():
        is_adjective = form.lower().startswith(lemma) and form.lower() != lemma
        if form[:1].isupper() and form[1:].islower() and lemma.islower() and not is_adjective:
            found[form] = form
    for form in list(found):
        for bent in (form + ending for ending in ("s", "es", "e", "n", "en")):
            if lemmas.get(bent, "X").islower():
                found[bent] = form
    return found


def _words(rows: Mapping[str, list[str]], folds: Mapping[str, str]) -> dict[Key, Word]:
    forms: dict[Key, set[str]] = defaultdict(set)
    for lemma, row in rows.items():
        base = folds[lemma]
        if lemma[1:].islower() and base.isalpha() and len(base) >= 3:
            forms[base, lemma[0].isupper()].update(folds[form] for form in row)
    return {key: Word(*key, frozenset(all_forms)) for key, all_forms in forms.items()}


def _add_plurals(rows: dict[str, list[str]], folds: Mapping[str, str], words: Mapping[Key, Word], parts: Parts) -> None:
    """Give a noun the plural that its compounds have: the dictionary takes "Schulden" for another word, but not "Staatsschulden"."""
    seen: Counter[str] = Counter()
    for key, (left, tail) in parts.split.items():
        if key[1] and not bends(words[tail, True]):
            seen.update(form[len(left) :] for form in words[key].forms if form in (key[0] + "en", key[0] + "n"))
    for lemma, row in rows.items():
        word = words.get((folds[lemma], True))
        if lemma[:1].isupper() and word is not None and not bends(word):
            plurals = [one for one in (lemma + "en", lemma + "n") if len(rows.get(one, ())) <= 1 and one not in row]
            row += [plural for plural in plurals if seen[folds.get(plural, "")] >= ENOUGH_PLURALS]


def _form_sections(lemmas: Mapping[str, str], rows: Mapping[str, list[str]]) -> dict[str, bytes]:
    trie = marisa_trie.Trie({*lemmas, *rows})
    lemma = array("I", bytes(4 * len(trie)))
    members: list[list[int]] = [[] for _ in range(len(trie))]
    for form, base in lemmas.items():
        lemma[trie[form]] = trie[base]
    for base, row in rows.items():
        members[trie[base]] = [trie[form] for form in row]
        if base not in lemmas:
            lemma[trie[base]] = trie[base]
    starts, flat = array("I", [0]), array("I")
    for numbers in members:
        flat.extend(numbers)
        starts.append(len(flat))
    return {"forms": trie.tobytes(), "lemma": lemma.tobytes(), "row_start": starts.tobytes(), "rows": flat.tobytes()}


def _folded_sections(rows: Mapping[str, list[str]], folds: Mapping[str, str], words: Mapping[Key, Word], parts: Parts) -> dict[str, bytes]:
    trie = marisa_trie.Trie({*folds.values(), *parts.lefts})
    flags, left = bytearray(len(trie)), bytearray([NEVER]) * len(trie)
    tails = {True: bytearray([NEVER]) * len(trie), False: bytearray([NEVER]) * len(trie)}
    for lemma, row in rows.items():
        base, is_noun = folds[lemma], lemma[:1].isupper()
        flag = (NOUN if is_noun else OTHER) | (NAME if base in parts.names else 0) | (COMPOUND if (base, is_noun) in parts.split else 0)
        cost = _tail_cost((base, is_noun), words, parts) if base.isalpha() and may_end(base, is_noun=is_noun) else NEVER
        for form in row:
            number = trie[folds[form]]
            flags[number] |= flag | (LEMMA if form == lemma else 0)
            if not _ends_as_its_part(folds[form], (base, is_noun), words, parts):
                tails[is_noun][number] = min(tails[is_noun][number], cost)
    for string, count in parts.lefts.items():
        if string not in PREFIXES:
            is_whole = (string, False) in words or _compound_of(string, parts) is None
            left[trie[string]] = _cost(count, parts) if is_whole else _compound_left_cost(string, parts)
    return {
        "folded": trie.tobytes(),
        "flags": bytes(flags),
        "left": bytes(left),
        "noun_tail": bytes(tails[True]),
        "other_tail": bytes(tails[False]),
    }


def _ends_as_its_part(form: str, key: Key, words: Mapping[Key, Word], parts: Parts) -> bool:
    """Say whether a form of a compound is cut as its last part is: "Zahnärzte" is, and needs no cost of its own."""
    split = parts.split.get(key)
    return split is not None and form.startswith(split[0]) and form[len(split[0]) :] in words[split[1], key[1]].forms


def _tail_cost(key: Key, words: Mapping[Key, Word], parts: Parts) -> int:
    base, is_noun = key
    if key in parts.split:
        left, tail = parts.split[key]
        return min(NEVER - 1, _cost(parts.lefts[left], parts) + _cost(parts.tails[tail, is_noun], parts))
    count = parts.tails[key]
    if count:
        return _cost(count, parts)
    is_like_a_name = is_noun and key in words and words[key].forms <= {base, base + "s"}
    if is_like_a_name and len(base) <= LONGEST_NAME:
        return NEVER
    return _cost(0, parts, extra=PER_LETTER * max(0, len(base) - LONG))


def _compound_of(left: str, parts: Parts) -> Key | None:
    bases = (left, *(left.removesuffix(link) for link in LINKS if link and left.endswith(link)), left + "e")
    return next(((base, True) for base in bases if (base, True) in parts.split), None)


def _compound_left_cost(string: str, parts: Parts) -> int:
    """Return what a compound costs as a first part: a little more than its own parts, which are to be seen where they can."""
    key = _compound_of(string, parts)
    if key is None:
        return NEVER
    left, tail = parts.split[key]
    return min(NEVER - 1, _cost(parts.lefts[left], parts) + _cost(parts.tails[tail, True], parts, extra=UNCUT))


def _cost(count: float, parts: Parts, extra: float = 0) -> int:
    total = max(len(parts.split), 1)
    return min(NEVER - 1, round(STEP * (math.log(total / (count + UNSEEN_COUNT)) + extra)))


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
    """Make the file PATH for LANGUAGE with STAMP: the three arguments."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    path, language, stamp = sys.argv[1:4]
    write(Path(path), pack(dict(DefaultDictionaryFactory().get_dictionary(language)), language, stamp))


if __name__ == "__main__":
    main()
