"""Dates that feedparser reads wrong or not at all: named European time zones, German weekdays and months.

Source: RFC 822, 5.1 knows only American zones by name; "CEST" would be read as UTC, two hours late.
"""

from __future__ import annotations

import calendar
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_ZONES = {
    "CET": "+0100",
    "MEZ": "+0100",
    "CEST": "+0200",
    "MESZ": "+0200",
    "WEST": "+0100",
    "BST": "+0100",
    "IST": "+0530",
    "EET": "+0200",
    "EEST": "+0300",
    "MSK": "+0300",
    "AEST": "+1000",
    "AEDT": "+1100",
    "JST": "+0900",
    "UTC": "+0000",
}
_ZONE = re.compile(r"\b(" + "|".join(_ZONES) + r")\s*$")
_MONTHS = {"mär": "Mar", "mrz": "Mar", "mai": "May", "okt": "Oct", "dez": "Dec", "juni": "Jun", "juli": "Jul"}
_MONTH = re.compile(r"\b(mär|mrz|mai|okt|dez|juni|juli)[a-zä]*\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"^\s*(mo|di|mi|do|fr|sa|so|mon|die|mit|don|fre|sam|son)[a-z]*[.,]+\s*", re.IGNORECASE)
_RFC822 = re.compile(r"^\s*(\w+\.?,?\s+)?\d{1,2}\.?\s+\w+\.?\s+\d{2,4}\s+\d{1,2}:\d\d", re.UNICODE)
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
LATEST = timedelta(days=2)


def read_date(text: str) -> time.struct_time | None:
    """Return the moment in UTC of an RFC 822 date with a European zone or German words; None: another reader's turn."""
    if not _RFC822.match(text) or not (_ZONE.search(text) or _MONTH.search(text) or _WEEKDAY.match(text)):
        return None
    plain = _ZONE.sub(lambda found: _ZONES[found[1]], _WEEKDAY.sub("", text))
    plain = _MONTH.sub(lambda found: _MONTHS[found[1].lower()], plain)
    parts = parsedate_tz(plain.replace(".", " "))
    if parts is None:
        return None
    try:
        return time.gmtime(calendar.timegm((*parts[:8], 0)) - (parts[9] or 0))
    except (ValueError, OverflowError):
        return None


def believable(parts: time.struct_time | None, now: datetime) -> datetime | None:
    """Return a date as a moment, or None if no feed item can be of that date.

    Feeds say year 0, 1970 and 9999; they may be a little ahead of us, by their zone or their clock.
    """
    if parts is None:
        return None
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parts), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return moment if EARLIEST <= moment <= now + LATEST else None
