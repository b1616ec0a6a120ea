"""Commit together what waits at the same time: the answers of a hundred unchanged feeds in one transaction, not in a hundred."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from monitor.core.record import Committed, PollRecord
from monitor.work.ports import Call

# What is urgent in the store's thread waits for one commit at most.
MOST = 50


class Together:
    """Takes the records of polls that brought no document. Lives in one event loop.

    Records that come while a commit is under way are the next one. Each is committed by itself if they cannot be together.
    """

    def __init__(self, call: Call, commit: Callable[[Sequence[PollRecord]], list[Committed]]) -> None:
        self._call = call
        self._commit = commit
        self._waiting: list[tuple[PollRecord, asyncio.Future[Committed]]] = []
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, record: PollRecord) -> Committed:
        """Commit a record. It is committed, too, if nobody waits for it any more. Raises ``StoreError``."""
        done: asyncio.Future[Committed] = asyncio.get_running_loop().create_future()
        self._waiting.append((record, done))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await done

    async def _work(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._settle(taken)
        finally:
            self._working = None

    async def _settle(self, taken: Sequence[tuple[PollRecord, asyncio.Future[Committed]]]) -> None:
        try:
            added = await self._call(self._commit, [record for record, _ in taken])
        except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to the one whose record it is
            if len(taken) > 1:
                for one in taken:
                    await self._settle([one])
            elif not taken[0][1].done():
                taken[0][1].set_exception(error)
            return
        for (_, done), committed in zip(taken, added, strict=True):
            if not done.done():
                done.set_result(committed)
