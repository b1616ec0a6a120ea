"""A key that is the same for the ways a foreign name is written: Selenskyj, Zelensky, Zelenskyy, Зеленский.

For suggestions only, never for matching: "Merz" and "März", "Scholz" and "Schulz" are as near to each other as spellings of one name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from monitor.core.rule import Entity
from monitor.match.words import fold

# Russian and Ukrainian letters by what German and English papers agree on, after the merging below.
_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгґдезийіїклмнопрстуфхцчшщыэжё", "abvggdesiiiiklmnoprstufhshssieso", strict=True)),
        **dict(zip("єюяъь", ("ie", "iu", "ia", "", ""), strict=True)),
    }
)
_LATIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "a", "œ": "o", "’": "", "'": ""})
# Letters that stand for one sound, the longest first. "ch" is Tsch- in English and the sound of Bach in German, so both are one.
_SOUNDS = (
    *(("schtsch", "s"), ("shch", "s"), ("tsch", "h"), ("dsch", "i"), ("tch", "h"), ("dzh", "i"), ("sch", "s")),
    *(("cz", "h"), ("sh", "s"), ("sz", "s"), ("zh", "s"), ("kh", "h"), ("ch", "h"), ("dj", "i"), ("gh", "g")),
    *(("ph", "f"), ("th", "t"), ("dh", "d"), ("ck", "k"), ("ts", "s"), ("tz", "s"), ("qu", "kv")),
    *(("ae", "a"), ("oe", "o"), ("ue", "u"), ("ou", "u"), ("x", "ks"), ("q", "k"), ("w", "v"), ("z", "s")),
    *(("j", "i"), ("y", "i")),
)
_SOUND = re.compile("|".join(letters for letters, _ in _SOUNDS))
_OF_SOUND = dict(_SOUNDS)
# Of a Slavic name: Romanoff is Romanow.
_END = re.compile("ff?$")
# What is alike at one letter more or less must be so long: short names are alike by chance.
SHORTEST_EQUAL = 4
SHORTEST_NEAR = 6


@dataclass(frozen=True, slots=True)
class Spelling:
    """Another spelling of a name, and how often it was seen."""

    word: str
    count: int


@lru_cache(maxsize=65536)
def key(word: str) -> str:
    """Return the key of one word of a name."""
    plain = word.lower().translate(_CYRILLIC).translate(_LATIN)
    marked = unicodedata.normalize("NFD", plain.replace("č", "ch").replace("ć", "ch").replace("š", "sh").replace("ž", "zh"))
    bare = "".join(sign for sign in marked if sign.isalnum())
    sounds = _SOUND.sub(lambda found: _OF_SOUND[found[0]], _END.sub("v", bare))
    hard = re.sub(r"c(?=[ei])", "s", sounds).replace("c", "k")
    return re.sub(r"(.)\1+", r"\1", hard)


def are_alike(one: str, other: str) -> bool:
    """Say whether two keys are those of one name: the same, or, if they are long, one letter apart."""
    if one == other:
        return len(one) >= SHORTEST_EQUAL
    if min(len(one), len(other)) < SHORTEST_NEAR or abs(len(one) - len(other)) > 1 or one[:1] != other[:1]:
        return False
    shorter, longer = sorted((one, other), key=len)
    at = next((place for place, sign in enumerate(shorter) if sign != longer[place]), len(shorter))
    rest = shorter[at:] if len(shorter) < len(longer) else shorter[at + 1 :]
    return longer[at + 1 :] == rest


class Spellings:
    """Words that were seen, with their counts, to be asked which of them are another spelling of a name."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._by_part: dict[str, list[str]] = defaultdict(list)
        for word in counts:
            for part in _parts(key(word)):
                self._by_part[part].append(word)

    def of(self, names: Iterable[str], known: Iterable[str]) -> tuple[Spelling, ...]:
        """Return the words that are spellings of one of the names, the most frequent first, without those that are ``known``.

        What differs from these by case and accents only is found anyway: Orbán by Orban.
        """
        taken = {fold(word) for word in known}
        found: dict[str, None] = {}
        for name in names:
            own = key(name)
            near = dict.fromkeys(word for part in _parts(own) for word in self._by_part.get(part, ()))
            found |= dict.fromkeys(word for word in near if fold(word) not in taken and are_alike(own, key(word)))
        spellings = [Spelling(word, self._counts[word]) for word in found]
        return tuple(sorted(spellings, key=lambda one: (-one.count, one.word)))


def _parts(whole: str) -> Iterator[str]:
    """Yield a key, and if it may be one letter apart from another, the key without each of its letters.

    Two words that are one letter apart share one of these, so that not every word is held against every name.
    """
    yield whole
    if len(whole) >= SHORTEST_NEAR:
        yield from {whole[:at] + whole[at + 1 :] for at in range(1, len(whole))}


def other_spellings(entity: Entity, seen: Spellings, others: Collection[str] = ()) -> tuple[Spelling, ...]:
    """Return which of the words that were seen look like an entity's name, and are none of its names nor of ``others``.

    Asked for are names of one word, and of persons the surname. A name with the genitive's -s is no other spelling.
    """
    whole = (entity.label, *entity.aliases)
    listed = (*whole, *entity.acronyms, *entity.weak_aliases)
    words = [name.split()[-1] for name in whole if " " not in name or entity.type == "person"]
    known = {part for name in listed for part in re.split(r"[\s-]+", name)}
    bent = {form for word in known for form in (word, f"{word}s", f"{word}'s", f"{word}’s", f"{word}'")}
    return seen.of(dict.fromkeys(words), known=[*bent, *others])
