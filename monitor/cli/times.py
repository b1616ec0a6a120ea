"""Moments as people type them: a span back from now, a day, or a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import assert_never

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LIKE = '"30d", "12h", "2026-11-01" or "2026-11-01T08:00:00Z"'

_SPAN = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII)

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ago:
    """A span back from now."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day, wherever it is read."""

    day: date


@dataclass(frozen=True, slots=True)
class At:
    """A time; without an offset it is local to whoever reads it."""

    moment: datetime


When = Ago | Day | At


def parse_when(text: str) -> When:
    """Read what was typed. Raises ``ValueError`` with what would be right."""
    try:
        if span := _SPAN.fullmatch(text):
            return Ago(timedelta(**{UNITS[span[2]]: int(span[1])}))
        if _DAY.fullmatch(text):
            return Day(date.fromisoformat(text))
        if _TIME.fullmatch(text):
            return At(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no such time ({error}); write {LIKE}") from error
    raise ValueError(f"{text!r} is no time; write {LIKE}")


def since(when: When, now: datetime, zone: tzinfo) -> datetime:
    """Return the first moment of ``when``, in UTC."""
    match when:
        case Ago(span):
            return now - span if now - _EARLIEST > span else _EARLIEST
        case Day(day):
            return _utc(datetime.combine(day, time()), zone)
        case At(moment):
            return _utc(moment, zone)
        case _:
            assert_never(when)


def until(when: When, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment, in UTC, before which ``when`` ends: a day is meant with all its hours."""
    match when:
        case Day(day) if day < date.max:
            return since(Day(day + timedelta(days=1)), now, zone)
        case _:
            return since(when, now, zone)


def _utc(moment: datetime, zone: tzinfo) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return _EARLIEST if moment.year == 1 else _LATEST
