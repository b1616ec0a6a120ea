"""How many visits at once, how many of them at one host, and how close after one another."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

# Between the beginnings of two requests to one host: a site with two hundred feeds is read in two minutes, not at a blow.
SPACING_S = 0.5


class Slots:
    """A number of slots, of which suspects may take three quarters."""

    def __init__(self, number: int) -> None:
        self._all = asyncio.Semaphore(number)
        self._for_suspects = asyncio.Semaphore(max(number * 3 // 4, 1))

    @asynccontextmanager
    async def taken(self, *, is_suspect: bool) -> AsyncIterator[None]:
        """Hold a slot."""
        if not is_suspect:
            async with self._all:
                yield
            return
        async with self._for_suspects, self._all:
            yield


class Hosts:
    """Slots of each host, and the space between two visits of it. One's own machines need none."""

    def __init__(self, per_host: int, spacing_s: float) -> None:
        self._per_host = per_host
        self._spacing_s = spacing_s
        self._hosts: dict[str, _Host] = {}
        self._left: deque[str] = deque()

    @asynccontextmanager
    async def slot(self, name: str, *, is_suspect: bool) -> AsyncIterator[None]:
        """Hold a slot of a host, and begin when its turn has come."""
        spacing_s = 0.0 if is_private(name) else self._spacing_s
        host = self._hosts.setdefault(name.lower(), _Host(self._per_host))
        host.users += 1
        try:
            async with host.slots.taken(is_suspect=is_suspect):
                await host.turn(spacing_s)
                yield
        finally:
            host.users -= 1
            self._left.append(name.lower())
            self._forget()

    def _forget(self) -> None:
        """Forget the hosts that were left, in this order, as far as their distance has passed."""
        now = time.monotonic()
        while self._left:
            host = self._hosts.get(self._left[0])
            if host and not host.users and host.next_turn > now:
                return
            name = self._left.popleft()
            if host and not host.users:
                del self._hosts[name]


class _Host:
    def __init__(self, number: int) -> None:
        self.slots = Slots(number)
        self.users = 0
        self.next_turn = 0.0

    async def turn(self, spacing_s: float) -> None:
        if not spacing_s:
            return
        now = time.monotonic()
        begin = max(now, self.next_turn)
        self.next_turn = begin + spacing_s
        await asyncio.sleep(begin - now)


@lru_cache(maxsize=10_000)
def is_private(host: str) -> bool:
    """Say whether a host is a machine of one's own, by its name alone."""
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
