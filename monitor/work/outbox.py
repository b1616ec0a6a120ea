"""Deliver what is in the outbox: claim, render, send, record.

Its only input is the database. Success is recorded last: a process that dies in between sends again, and loses nothing.
One channel (one address of a receiver) gets its messages one by one, in order; a broken one holds up itself only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from monitor.core import schedule
from monitor.core.delivery import Alert, Delivery, Message, Receipt
from monitor.core.health import SourceAlert
from monitor.errors import TemplateError
from monitor.work.ports import Call, OutboxStore, Render, Send

log = logging.getLogger(__name__)

# Longer than a sender may take, so that only a dead process loses a claim.
LEASE = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the attempts of one drain came to."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class _Sending:
    delivery: Delivery
    task: asyncio.Task[Receipt]


class Outbox:
    """Send due deliveries, several channels at once. ``on_ended`` is called when one has ended: its channel may have more."""

    def __init__(
        self,
        owner: str,
        *,
        render: Render,
        send: Send,
        store: OutboxStore,
        call: Call,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        width: int = 8,
    ) -> None:
        self._owner = owner
        self._render = render
        self._send = send
        self._store = store
        self._call = call
        self._now = now
        self._chance = chance
        self._width = width
        self._under_way: dict[str, _Sending] = {}
        self._delivered = Delivered()
        self._failures: dict[str, int] = {}
        self.on_ended: Callable[[], None] = lambda: None

    def replace(self, render: Render, send: Send) -> None:
        """Use another renderer and sender from the next delivery on."""
        self._render, self._send = render, send

    @property
    def is_idle(self) -> bool:
        """Say whether nothing is under way."""
        return not self._under_way

    async def step(self) -> int:
        """Claim what is due and start sending it; return how many were started. Raises ``StoreError``."""
        free = self._width - len(self._under_way)
        if free <= 0:
            return 0
        now = self._now()
        claimed = await self._call(self._store.claim_deliveries, now, now + LEASE, self._owner, free, tuple(self._under_way))
        for delivery in claimed:
            task = asyncio.create_task(self._deliver(delivery))
            self._under_way[delivery.target.url_id] = _Sending(delivery, task)
            task.add_done_callback(partial(self._ended, delivery.target.url_id))
        return len(claimed)

    async def drain(self) -> Delivered:
        """Send until nothing is due any more; return what became of the attempts."""
        self._delivered = Delivered()
        while await self.step() or self._under_way:
            await self.wait()
        return self._delivered

    async def wait(self) -> None:
        """Wait until one of the deliveries under way has ended."""
        if self._under_way:
            await asyncio.wait([one.task for one in self._under_way.values()], return_when=asyncio.FIRST_COMPLETED)

    async def close(self, patience_s: float) -> None:
        """Wait up to ``patience_s`` for what is under way; end the rest, whose outcome is then unknown."""
        if not self._under_way:
            return
        sending = {one.task: one.delivery for one in self._under_way.values()}
        _, late = await asyncio.wait(sending, timeout=patience_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        now = self._now()
        for task in late:
            await self._call(self._store.settle_delivery, sending[task].id, Receipt("unknown", "ended while sending"), now, now)

    def _ended(self, channel: str, task: asyncio.Task[Receipt]) -> None:
        self._under_way.pop(channel, None)
        if task.cancelled():
            return
        self.on_ended()
        if error := task.exception():
            # The lease brings this delivery back; one that cannot be recorded must not stop the others.
            log.error("delivery not recorded", exc_info=error)
            return
        is_sent = task.result().outcome == "sent"
        before = self._delivered
        self._delivered = Delivered(before.sent + is_sent, before.failed + (not is_sent))

    async def _deliver(self, delivery: Delivery) -> Receipt:
        receipt = await self._send(self._message(delivery), delivery.target)
        await self._record(delivery, receipt)
        return receipt

    def _message(self, delivery: Delivery) -> Message:
        try:
            message = self._render(delivery.alert)
        except TemplateError as error:
            log.warning("template failed, a plain message is sent instead", extra={"delivery": delivery.id, "reason": str(error)})
            message = plain_message(delivery.alert)
        # What a service refused once may be refused for its markup.
        return replace(message, prefer_text=True) if delivery.last_outcome == "rejected" else message

    async def _record(self, delivery: Delivery, receipt: Receipt) -> None:
        now = self._now()
        if receipt.outcome == "sent":
            await self._call(self._store.settle_delivery, delivery.id, receipt, now, None)
            await self._channel_works(delivery, now)
            log.info("sent", extra=_facts(delivery))
            return
        again = schedule.next_try(now, delivery.created, delivery.attempts, receipt.outcome, self._chance(), receipt.retry_after)
        await self._call(self._store.settle_delivery, delivery.id, receipt, now, again)
        if receipt.outcome != "rejected":
            await self._channel_failed(delivery.target.url_id, now)
        if again is None:
            log.error("given up", extra=_facts(delivery) | {"reason": receipt.detail})
        else:
            log.warning("not delivered, will be tried again", extra=_facts(delivery) | {"reason": receipt.detail, "next_try": again})

    async def _channel_works(self, delivery: Delivery, now: datetime) -> None:
        had_failed = self._failures.pop(delivery.target.url_id, 0)
        if had_failed or delivery.attempts > 1:
            await self._call(self._store.push_channel, delivery.target.url_id, None, now)

    async def _channel_failed(self, channel: str, now: datetime) -> None:
        """Let a channel rest that fails again and again. One failure is the message's own: the next one is tried at once."""
        count = self._failures[channel] = self._failures.get(channel, 0) + 1
        if count > 1:
            await self._call(self._store.push_channel, channel, now + schedule.pause(count - 1, self._chance()), now)


def plain_message(alert: Alert | SourceAlert) -> Message:
    """Return the message of an alert whose template failed: what happened and where, in plain text."""
    if isinstance(alert, SourceAlert):
        title = f"{alert.feed}: {alert.trouble}{' is over' if alert.ended else ''}"
        text = "\n".join(part for part in (title, alert.detail, alert.url) if part)
    else:
        item = alert.item.item
        title = f"{alert.rule}: {item.title or item.url or alert.feed_title}"
        text = "\n".join(part for part in (item.title, alert.feed_title, item.url) if part)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>\n")
    return Message(title, text, escaped, alert.severity, prefer_text=True)


def _facts(delivery: Delivery) -> dict[str, object]:
    alert = delivery.alert
    about = {"feed": alert.feed, "trouble": alert.trouble} if isinstance(alert, SourceAlert) else {"rule": alert.rule}
    return {"delivery": delivery.id, "to": delivery.target.label, **about, "attempts": delivery.attempts}
