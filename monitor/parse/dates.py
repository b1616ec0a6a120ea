"""The dates of feeds: those of the specifications, those of email and of programs, and those that templates write for people.

feedparser reads only some of them, and reads others wrong: "CEST" as UTC, 7 pm as 7 am, 1520932969 as a day in 2015.
A wrong date is worse than none, so what is not read whole is not read at all.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.parse.date_words import FILLERS, OFFSETS, PLACES, month_of

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
LATEST = timedelta(days=2)
# No date is longer; a hostile one is not looked at.
_LONGEST = 100

_ACCENTS = re.compile(r"[\u0300-\u036f]")
# Comments of RFC 822, 3.1.4, and line breaks that a template wrote as "\n".
_ASIDE = re.compile(r"\([^()]*\)|\\[nrt]")
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{1,2})(?:[.,]\d+)?)?"
_OFFSET = r"(?:(?:utc|gmt)?(?P<sign>[+-])(?P<zone_hour>\d{1,2})(?::?(?P<zone_minute>\d{2}))?)"
_ZONE = rf"(?:{_OFFSET}|(?:etc/)?(?P<name>[a-z]{{1,5}})|(?P<place>[a-z]+(?:/[a-z_-]+){{1,2}}))"
# ISO 8601, W3C-DTF, RFC 3339, and how databases write it: "2026-11-24 10:00:00.0 +01:00", "20261124", "2026-329".
_ISO = re.compile(
    r"(?P<year>\d{4})(?:(?P<dash>-?)(?:(?P<ordinal>\d{3})|0?(?P<month>\d{2})(?:(?P=dash)(?P<day>\d{2}))?))?"
    rf"(?:(?:t|\s+){_CLOCK}\s*{_ZONE}?)?"
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})z?")
# ISO 8601 of 1988 and 2000, abolished in 2004: no later date is written so.
_OLD_ISO = re.compile(r"-(?P<year>\d{2})-?(?P<month>\d{2})|(?P<of>\d{2})-?(?P<ordinal>\d{3})")
_OLD_ISO_ENDED = datetime(2005, 1, 1, tzinfo=UTC)
_EPOCH = re.compile(r"(\d{10})(?:\d{3}|\.\d+)?")

_TIME = re.compile(rf"(?:^|(?<=[\s,t])){_CLOCK}(?:\s*(?P<half>[ap])\.?m\b\.?)?(?:\s*uhr)?(?:\s*{_ZONE}(?=\s|$))?")
_LAST_ZONE = re.compile(r"(?<=\s)(?P<name>" + "|".join(OFFSETS) + ")$")
_NUMBERS = re.compile(r"(?P<one>\d{1,4})(?P<sign>[./-])(?P<two>\d{1,2})(?P=sign)(?P<three>\d{2,4})")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|[.ºª])(?![\w.])")
_GAP = re.compile(r"[\s,.-]+")


def read_date(text: str) -> datetime | None:
    """Return the moment that a date stands for, or None if it is none that can be read for sure.

    Without a time it is midnight, without a zone, or with an unknown one, UTC (RFC 2822, 4.3).
    """
    if not 4 <= len(text) <= _LONGEST:
        return None
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", _ASIDE.sub(" ", text))).lower().strip()
    try:
        return _technical(plain) or _written(plain)
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):
        # Numbers that are no date: the 31st of February, 25 o'clock; a zone that nobody knows, or that is a folder.
        return None


def believable(moment: datetime | None, now: datetime) -> datetime | None:
    """Return a moment, or None if no feed item can be of that date.

    Feeds say year 0, 1970 and 9999; they may be a little ahead of us, by their zone or their clock.
    """
    return moment if moment is not None and EARLIEST <= moment <= now + LATEST else None


def _technical(text: str) -> datetime | None:
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        parts = found.groupdict()
        day = _day(int(parts["year"]), int(parts["month"] or 1), int(parts["day"] or 1), int(parts.get("ordinal") or 1))
        return _at(day, parts)
    if found := _OLD_ISO.fullmatch(text):
        year = _whole_year(found["year"] or found["of"])
        moment = _day(year, int(found["month"] or 1), 1, int(found["ordinal"] or 1)).replace(tzinfo=UTC)
        return moment if moment < _OLD_ISO_ENDED else None
    if found := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC)
    return None


def _written(text: str) -> datetime | None:
    """Read a date with a month's name or with signs between its numbers, in whatever order: nothing of it may be left."""
    time = _TIME.search(text) or _LAST_ZONE.search(text)
    rest = f"{text[: time.start()]} {text[time.end() :]}" if time else text
    if numbers := _NUMBERS.search(rest):
        day = _day_of_numbers(numbers)
        words = _words(rest.replace(numbers[0], " "))
    else:
        words = _words(rest)
        day = _day_of_words(words)
        words = [word for word in words if not word.isdecimal() and not month_of(word)]
    # One word may be the weekday's, whatever its language.
    if day is None or len(words) > 1 or not all(word.isalpha() for word in words):
        return None
    return _at(day, time.groupdict() if time else {})


def _words(text: str) -> list[str]:
    return [word for word in _GAP.split(_ORDINAL.sub("", text)) if word and word not in FILLERS]


def _day_of_words(words: list[str]) -> datetime | None:
    # "Mar, 1 déc": the first of two is a weekday.
    months = [month for word in words if (month := month_of(word))]
    numbers = [word for word in words if word.isdecimal()]
    if not months or len(months) > 2 or not 1 <= len(numbers) <= 2:
        return None
    year = next((number for number in numbers if len(number) == 4), None)
    if year is None:
        # The year is the last: "1 Jan 04".
        return _day(_whole_year(numbers[1]), months[-1], int(numbers[0])) if len(numbers) == 2 and len(numbers[1]) == 2 else None
    numbers.remove(year)
    return _day(int(year), months[-1], int(numbers[0]) if numbers else 1)


def _day_of_numbers(found: re.Match[str]) -> datetime | None:
    one, two, three = int(found["one"]), int(found["two"]), int(found["three"])
    if len(found["one"]) == 4:
        return _day(one, two, three)
    if len(found["one"]) == 3 or len(found["three"]) == 3 or (found["sign"] == "-" and three < 100):
        # "20-04-10" may begin with the year.
        return None
    year = _whole_year(found["three"])
    if found["sign"] == ".":
        return _day(year, two, one)
    # Americans put the month first, others the day: what can be read both ways is not read.
    if one <= 12 and two <= 12 and one != two:
        return None
    return _day(year, one, two) if one <= 12 else _day(year, two, one)


def _whole_year(text: str) -> int:
    # RFC 2822, 4.3.
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 50 else 1900)


def _day(year: int, month: int, day: int, ordinal: int = 1) -> datetime:
    if not 1 <= ordinal <= 366:
        raise ValueError("no such day")
    # Local, of whatever zone.
    return datetime(year, month, day) + timedelta(days=ordinal - 1)  # noqa: DTZ001


def _at(day: datetime, parts: dict[str, str | None]) -> datetime:
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if half == "p" else 0)
    # 24:00 is the end of a day (ISO 8601); a minute may have a leap second.
    if minute > 59 or second > 60 or (hour, minute, second) > (24, 0, 0):
        raise ValueError("no such time")
    local = day + timedelta(hours=hour, minutes=minute, seconds=second)
    return local.replace(tzinfo=_zone(parts)).astimezone(UTC)


def _zone(parts: dict[str, str | None]) -> tzinfo:
    if parts.get("sign"):
        offset = timedelta(hours=int(parts["zone_hour"] or 0), minutes=int(parts.get("zone_minute") or 0))
        if offset >= timedelta(hours=16) or int(parts.get("zone_minute") or 0) > 59:
            raise ValueError("no such zone")
        return timezone(-offset if parts["sign"] == "-" else offset)
    if place := parts.get("place"):
        return ZoneInfo(re.sub("[a-z]+", lambda part: part[0].capitalize(), place))
    name = parts.get("name") or ""
    if name in PLACES:
        return ZoneInfo(PLACES[name])
    return timezone(timedelta(minutes=OFFSETS.get(name, 0)))
