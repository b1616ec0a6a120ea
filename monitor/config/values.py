"""Durations, sizes, variables and addresses: texts of the config to values."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2b
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")
_SIZES = {"B": 1, "kB": 1000, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 1024, "MiB": 1024**2}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|kB|KB|MB|GB|KiB|MiB)")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_SECRET_NAME = re.compile(r"key|token|secret|auth|pass|sig|session|code", re.IGNORECASE)
STARS = "***"


def duration(text: str) -> timedelta | None:
    """Return the duration of a text such as "15m", "0.3s" or "1h 30m", or None."""
    parts = list(_DURATION.finditer(text))
    if not parts or "".join(part[0] for part in parts) != text.replace(" ", ""):
        return None
    try:
        return timedelta(seconds=sum(float(part[1]) * _UNITS[part[2]] for part in parts))
    except OverflowError:
        return None


def size_bytes(text: str) -> int | None:
    """Return the bytes of a text such as "10MB", or None."""
    found = _SIZE.fullmatch(text.strip())
    return int(float(found[1]) * _SIZES[found[2]]) if found else None


def substituted(text: str, environ: Mapping[str, str]) -> tuple[str, str, list[str]]:
    """Return a text with ``${NAME}`` and ``${NAME:-default}`` replaced, the same with stars for them, and the missing names."""
    missing = [name for name, default in _VARIABLE.findall(text) if name not in environ and not _has_default(text, name)]
    full = _VARIABLE.sub(lambda found: environ.get(found[1], found[2] or ""), text)
    shown = _VARIABLE.sub(STARS, text)
    return full, shown, missing


def _has_default(text: str, name: str) -> bool:
    return f"${{{name}:-" in text


def shown_address(address: str, shown: str) -> str:
    """Return an address as it may be shown: stars for the password, for what variables gave, and for parameters that look secret."""
    if STARS in shown:
        address = shown
    try:
        parts = urlsplit(address)
    except ValueError:
        return STARS
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{STARS}@{host}" if "@" in parts.netloc else host
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(_SECRET_NAME.search(name) for name, _ in pairs):
        hidden = [f"{quote(name)}={STARS if _SECRET_NAME.search(name) else quote(value)}" for name, value in pairs]
        return urlunsplit(parts._replace(netloc=netloc, query="&".join(hidden)))
    return urlunsplit(parts._replace(netloc=netloc))


def address_problem(address: str) -> str | None:
    """Return what is wrong with the address of a feed, or None."""
    try:
        parts = urlsplit(address)
        port_is_right = parts.port is None or 0 < parts.port < 65536
    except ValueError:
        return "is no address; expected https://host/path"
    if parts.scheme not in ("http", "https"):
        return "must begin with https:// or http://"
    return None if parts.hostname and port_is_right else "has no host; expected https://host/path"


def is_private_host(address: str) -> bool:
    """Say whether an address names a machine of one's own, by itself: "localhost" or a private IP address."""
    host = urlsplit(address).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def url_id(url: str) -> str:
    """Return a name for an Apprise URL that is stable and tells nothing about it."""
    return blake2b(url.encode(), digest_size=16, person=b"feedmonitor").hexdigest()
