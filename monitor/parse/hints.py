"""What a document says of when to ask again.

feedparser keeps only the last of several ``<hour>`` and ``<day>``: those are read from the body here.
Source: RSS 2.0 <ttl> (minutes), <skipHours> (GMT, 0-23; RSS 0.91 counts to 24), <skipDays>; RSS 1.0 module syndication.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from monitor.core.health import Hints

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# No feed is left alone for longer by what it says itself.
_LONGEST = timedelta(days=7)
_ITEM = re.compile(rb"<(?:item|entry)[\s>]")
_LIST_BYTES = 3000


def hints_of(channel: Any, body: bytes) -> Hints:
    """Return the hints of feedparser's ``channel`` and of the UTF-8 or ASCII-like ``body`` that it was read from."""
    spans = [span for span in (_ttl(channel), _period(channel)) if span]
    hours = {int(text) % 24 for text in _listed(body, b"skipHours", b"hour") if text.isdigit() and int(text) <= 24}
    days = {_DAYS.index(text.lower()) for text in _listed(body, b"skipDays", b"day") if text.lower() in _DAYS}
    # Who skips every hour or every day has misread the specification.
    return Hints(
        min(max(spans), _LONGEST) if spans else None,
        tuple(sorted(hours)) if len(hours) < 24 else (),
        tuple(sorted(days)) if len(days) < 7 else (),
    )


def _ttl(channel: Any) -> timedelta | None:
    minutes = _number(dict.get(channel, "ttl"))
    return timedelta(minutes=minutes) if minutes else None


def _period(channel: Any) -> timedelta | None:
    period = _PERIODS.get(str(dict.get(channel, "sy_updateperiod") or "").strip().lower())
    return period / (_number(dict.get(channel, "sy_updatefrequency")) or 1) if period else None


def _number(text: Any) -> int | None:
    plain = str(text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 8 else None


def _listed(body: bytes, outer: bytes, inner: bytes) -> list[str]:
    """Return the texts of a list of the channel: before its items, or behind the last of them, never in their texts."""
    first = _ITEM.search(body)
    head, tail = (body[: first.start()], body[body.rfind(b"</item") :]) if first else (body, b"")
    for part in (head, tail):
        begin = part.find(b"<" + outer)
        if begin >= 0:
            inside = part[begin : begin + _LIST_BYTES].partition(b"</" + outer)[0]
            found = re.findall(rb"<" + inner + rb"\s*>\s*([A-Za-z0-9]{1,10})\s*</" + inner, inside)
            return [text.decode("ascii") for text in found]
    return []
