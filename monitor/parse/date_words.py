"""The words of dates: months in the languages of the feeds that were seen, zones, and what stands between them.

All in small letters without accents.
"""

from __future__ import annotations

# How the names of the months begin: English, German, French, Spanish, Italian, Portuguese, Dutch, Greek.
_MONTHS = (
    "jan gen ene ιαν",
    "feb fev φεβ",
    "mar mrz mrt maa μαρ",
    "apr avr abr απρ",
    "may mai mag mei μαι",
    "jun juin giu ιουν",
    "jul juil lug ιουλ",
    "aug aou ago αυγ",
    "sep set σεπ",
    "oct okt ott out οκτ",
    "nov νοε",
    "dec dez dic δεκ",
)
_BEGINNINGS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

# What stands beside the day, and says nothing.
FILLERS = frozenset(["um", "uhr", "den", "at", "of", "the", "on", "le", "a", "de", "del", "h"])

# By minutes east of Greenwich. RFC 822 knows only American zones by name, and feeds use others.
_ZONES = {
    -480: "pst",
    -420: "mst pdt",
    -360: "cst mdt",
    -300: "est cdt",
    -240: "ast edt",
    -180: "adt",
    0: "z ut utc gmt wet",
    60: "west bst cet mez met",
    120: "cest mesz mest eet",
    180: "eest msk",
    330: "ist",
    540: "jst kst",
    600: "aest",
    660: "aedt",
    720: "nzst",
    780: "nzdt",
}
OFFSETS = {name: minutes for minutes, names in _ZONES.items() for name in names.split()}
# American zones without a word on summer time: it is the day that tells.
PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}


def month_of(word: str) -> int | None:
    """Return the number of a month by its name or the beginning of it, "Sept" and "décembre" alike; None if it is no month."""
    return _BEGINNINGS.get(word[:4]) or _BEGINNINGS.get(word[:3])
