"""How many visits at once, how many of them at one host, and how close after one another."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

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
        async with AsyncExitStack() as stack:
            if is_suspect:
                await stack.enter_async_context(self._for_suspects)
            await stack.enter_async_context(self._all)
            yield


class Hosts:
    """Slots of each host, and the space between two visits of it. One's own machines need none."""

    def __init__(self, per_host: int, spacing_s: float) -> None:
        self._per_host = per_host
        self._spacing_s = spacing_s
        self._hosts: dict[str, _Host] = {}

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
            self._forget()

    def _forget(self) -> None:
        now = time.monotonic()
        for name in [name for name, host in self._hosts.items() if not host.users and host.next_turn <= now]:
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


def is_private(host: str) -> bool:
    """Say whether a host is a machine of one's own, by its name alone."""
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
