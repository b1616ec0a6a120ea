"""What a server says beside the body: validators, when to ask again, how long the answer keeps."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from monitor.core.state import Validators

# No hint about caching is believed for longer (a year is common, and meant for pictures).
LONGEST_FRESH = timedelta(days=1)


def validators(headers: Mapping[str, str]) -> Validators:
    """Return the validators of an answer."""
    return Validators(_value(headers, "ETag"), _value(headers, "Last-Modified"))


def retry_after(text: str, now: datetime) -> float | None:
    """Return the seconds to wait. Source: RFC 9110, 10.2.3: a number of seconds, or a date."""
    plain = text.strip()
    if plain.isascii() and plain.isdigit():
        # A number of any length is a number; what is believed of it is not decided here.
        return float(plain[:18])
    moment = _date(plain)
    return None if moment is None else max((moment - now).total_seconds(), 0.0)


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long an answer may be kept without asking again; None if nothing says so.

    Source: RFC 9111, 4.2.1: max-age (less the Age it came with) outranks Expires, which counts from the answer's own Date.
    """
    control = {
        name.strip().lower(): value for name, _, value in (one.partition("=") for one in headers.get("Cache-Control", "").split(","))
    }
    if "no-cache" in control or "no-store" in control:
        return None
    if "max-age" in control:
        seconds = _number(control["max-age"])
        return None if seconds is None else _bounded(seconds - (_number(headers.get("Age", "")) or 0))
    expires = _date(headers.get("Expires", ""))
    if expires is None:
        return None
    return _bounded((expires - (_date(headers.get("Date", "")) or now)).total_seconds())


def _bounded(seconds: float) -> timedelta | None:
    return None if seconds <= 0 else min(timedelta(seconds=min(seconds, 1e9)), LONGEST_FRESH)


def _number(text: str) -> float | None:
    plain = text.strip().strip('"')
    return float(plain[:18]) if plain.isascii() and plain.isdigit() else None


def _date(text: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(text.strip())
    except (ValueError, OverflowError):
        # A year or a zone of twenty digits is no date either.
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _value(headers: Mapping[str, str], name: str) -> str | None:
    value = headers.get(name, "").strip()
    return value if 0 < len(value) <= 1000 and value.isascii() and value.isprintable() else None
