"""Durations, sizes, variables and addresses: texts of the config to values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import unquote_plus, urlsplit, urlunsplit

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SIZES = {"B": 1, "kB": 1000, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
_TELLING = r"key|token|secret|auth|pass|pwd|sig|session|code"
# … and these look like it, but are what people search feeds by.
_PLAIN_NAMES = frozenset({"keyword", "keywords", "author", "authors"})
STARS = "***"


def duration(text: str) -> timedelta | None:
    """Return the duration of a text such as "15m", "0.3s" or "1h 30m", or None."""
    plain = text.replace(" ", "")
    parts = re.findall(r"([0-9]+(?:\.[0-9]+)?)(ms|[smhdw])", plain)
    if not parts or "".join(number + unit for number, unit in parts) != plain:
        return None
    try:
        return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))
    except OverflowError:
        return None


def size_bytes(text: str) -> int | None:
    """Return the bytes of a text such as "10MB", or None."""
    found = re.fullmatch(r"\s*([0-9]{1,9}(?:\.[0-9]+)?)\s*([A-Za-z]+)\s*", text)
    return int(float(found[1]) * _SIZES[found[2]]) if found and found[2] in _SIZES else None


def substituted(text: str, environ: Mapping[str, str]) -> tuple[str, str, str | None]:
    """Return a text with its ``${NAME}`` and ``${NAME:-default}`` replaced, the same with stars for them, and what is wrong.

    As in a shell, the default also stands for a variable that is empty.
    """
    if "${" not in text:
        return text, text, None
    missing: list[str] = []

    def value(found: re.Match[str]) -> str:
        name, default = found[1], found[2]
        if name not in environ and default is None:
            missing.append(name)
        return environ.get(name, "") or default or ""

    variable = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
    full, shown = variable.sub(value, text), variable.sub(STARS, text)
    return full, shown, _variable_problem(variable.sub(lambda found: found[2] or "", text), full, list(dict.fromkeys(missing)))


def _variable_problem(rest: str, full: str, missing: list[str]) -> str | None:
    if "${" in rest:
        return "${ begins a variable; write ${NAME} or ${NAME:-default}"
    if len(missing) == 1:
        return f"the environment variable {missing[0]} is not set; set it, or write ${{{missing[0]}:-default}}"
    if missing:
        return f"the environment variables {', '.join(missing)} are not set; set them, or write ${{{missing[0]}:-default}}"
    # Bytes of the environment that are not UTF-8 come as lone surrogates.
    if any("\ud800" <= sign <= "\udfff" for sign in full):
        return "an environment variable in it is not UTF-8"
    return None


def shown_address(address: str, shown: str) -> str:
    """Return an address as it may be shown: stars for the password, for what variables gave, and for parameters that look secret.

    ``shown`` is the address with stars for its variables. The rest of it stays as it is written.
    """
    try:
        parts = urlsplit(shown if STARS in shown else address)
    except ValueError:
        return STARS
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{STARS}@{host}" if "@" in parts.netloc else host
    return printable(urlunsplit(parts._replace(netloc=netloc, query=_without_secrets(parts.query))))


def _without_secrets(query: str) -> str:
    return re.sub(r"([^&;=]+)=([^&;]*)", lambda pair: f"{pair[1]}={STARS}" if _is_secret(pair[1]) else pair[0], query)


def _is_secret(name: str) -> bool:
    plain = unquote_plus(name).lower()
    return plain not in _PLAIN_NAMES and re.search(_TELLING, plain) is not None


def address_problem(address: str) -> str | None:
    """Return what is wrong with the address of a feed, or None. Quotes nothing of it: it may hold a password."""
    # Of all spaces, only the plain one is printable.
    if " " in address or not address.isprintable():
        return "has a space or a control character in it; write %20 for a space"
    try:
        parts = urlsplit(address)
        port_is_right = parts.port is None or 0 < parts.port < 65536
    except ValueError:
        return "is no address; expected https://host/path"
    if parts.scheme not in ("http", "https"):
        return "must begin with https:// or http://"
    if not parts.hostname or not parts.hostname.strip("."):
        return "has no host; expected https://host/path"
    return None if port_is_right else "has a port that does not exist; expected one from 1 to 65535"


def same_address(address: str) -> str:
    """Return an address without the differences that no server sees, to tell whether two are the same."""
    parts = urlsplit(address)
    port = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return urlunsplit(parts._replace(netloc=parts.netloc.lower().removesuffix(port), path=parts.path or "/", fragment=""))


def is_private_host(address: str) -> bool:
    """Say whether an address names a machine of one's own, by itself: "localhost" or a private IP address."""
    import ipaddress

    host = urlsplit(address).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def url_id(url: str) -> str:
    """Return a name for an Apprise URL that is stable and tells nothing about it."""
    from hashlib import blake2b

    return blake2b(url.encode(), digest_size=16, person=b"feedmonitor").hexdigest()


def printable(text: str) -> str:
    """Return a text with line breaks and control characters escaped, so that a problem stays on its line."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
