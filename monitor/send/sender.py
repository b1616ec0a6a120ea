"""Send messages in children that can be ended; print those of the built-in receiver ``console``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TextIO

from monitor.children.pool import ChildPool
from monitor.core.delivery import Message, Receipt
from monitor.core.model import Target
from monitor.core.rule import Receiver
from monitor.errors import ChildError

WALL = timedelta(seconds=30)
MEMORY_BYTES = 1024 * 1024 * 1024
CONSOLE = "console:"
RULE = "─" * 72


class Sender:
    """Knows the addresses of the receivers, which nobody else does. ``services`` tells what is known of them, see ``KnownAddresses``."""

    def __init__(self, receivers: Sequence[Receiver], *, stdout: TextIO, services: Callable[[], Mapping[str, str]], size: int = 4) -> None:
        self._urls = {target.url_id: (target, url) for receiver in receivers for target, url in receiver.urls}
        self._stdout = stdout
        self._all_services = services
        self._children = ChildPool("monitor.send.child", size=size, memory_bytes=MEMORY_BYTES)

    async def __call__(self, message: Message, target: Target) -> Receipt:
        """Send one message to one address; never raises for what the receiver does."""
        known = self._urls.get(target.url_id)
        if known is None:
            return Receipt("not_sent", "the address is not in the config any more")
        url = known[1].reveal()
        if url == CONSOLE:
            return self._print(message)
        question = {
            "do": "send",
            "url": url,
            "service": self._services.get(target.url_id),
            "title": message.title,
            "text": message.text,
            "html": message.html,
            "severity": message.severity,
            "prefer_text": message.prefer_text,
        }
        try:
            ((outcome, detail),) = await self._children.ask(question, wall=WALL)
        except ChildError as error:
            # It may have been ended after the service took the message.
            return Receipt("unknown", "the sender took too long and was ended" if error.timed_out else "the sender died")
        return Receipt(outcome, detail)

    @cached_property
    def _services(self) -> Mapping[str, str]:
        services = self._all_services()
        return {url_id: services[url_id] for url_id in self._urls if url_id in services}

    async def describe(self) -> tuple[dict[str, str], tuple[tuple[Target, str], ...]]:
        """Return the services of all addresses by their ids, and the addresses that Apprise does not know, with the reason.

        Only what is not known yet is asked for. Nothing is sent.
        """
        services, problems = dict(self._services), []
        for target, url in self._urls.values():
            if url.reveal() == CONSOLE or target.url_id in services:
                continue
            try:
                ((reason, service),) = await self._children.ask({"do": "describe", "url": url.reveal()}, wall=WALL)
            except ChildError as error:
                reason, service = f"could not be checked: the sender {error}", ""
            if reason:
                problems.append((target, reason))
            else:
                services[target.url_id] = service
        return services, tuple(problems)

    async def warm(self) -> None:
        """Start a child before there is a message, if there is an address that needs one, and let it load their services."""
        if any(url.reveal() != CONSOLE for _, url in self._urls.values()):
            await self._children.warm({"do": "load", "services": sorted(set(self._services.values()))})

    async def close(self) -> None:
        """End the children."""
        await self._children.close()

    def _print(self, message: Message) -> Receipt:
        try:
            self._stdout.write(f"{RULE}\n{message.text}\n")
            self._stdout.flush()
        except (OSError, ValueError) as error:
            return Receipt("not_sent", f"standard output is closed: {error}")
        return Receipt("sent")
