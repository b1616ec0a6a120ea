"""Which addresses may be visited: only public ones, unless the config allows others.

The check is made where a socket is opened, after the name was looked up and for every redirect: a check of the
name alone can be told one address while another one is dialled.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_EMBEDS_V4 = tuple(ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48"))
# Source: IANA's special-purpose address registries (RFC 6890), and what `ipaddress` calls global though it is not.
_SPECIAL = tuple(
    ipaddress.ip_network(net)
    for net in (
        *("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "240.0.0.0/4", "::/96", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        *("5f00::/16", "fc00::/7", "fec0::/10"),
    )
)


class Forbidden(OSError):
    """The address that is about to be dialled may not be visited."""


def why_forbidden(text: str) -> str | None:
    """Return why an IP address may not be visited, or None if it may."""
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = _inner(address)
    if inner is not None:
        return why_forbidden(str(inner))
    kinds = {
        "loopback": address.is_loopback,
        "link-local": address.is_link_local,
        "multicast": address.is_multicast,
        "unspecified": address.is_unspecified,
        "private": address.is_private,
    }
    for kind, applies in kinds.items():
        if applies:
            return kind
    is_special = any(address in net for net in _SPECIAL if net.version == address.version)
    return "special-purpose" if is_special or not address.is_global else None


def guarded_socket() -> Callable[[Any], socket.socket]:
    """Return a maker of sockets that refuses to dial a forbidden address. It raises ``Forbidden``."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, where = info
        if why := why_forbidden(where[0]):
            raise Forbidden(f"{where[0]} is a {why} address")
        return socket.socket(family, kind, protocol)

    return make


def _inner(address: Address) -> Address | None:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if any(address in net for net in _EMBEDS_V4):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
