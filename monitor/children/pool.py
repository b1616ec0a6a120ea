"""Several children of one kind, and the questions that wait for them."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import Coroutine, Mapping
from datetime import timedelta
from typing import Any

from monitor.children.process import START_S, Child, spawn
from monitor.errors import ChildError


class ChildPool:
    """Up to ``size`` children that run ``main`` of ``module``, started on demand, replaced when they end or grow old.

    A question takes the first child that is free: one that has answered sooner than another one would have started.
    """

    def __init__(self, module: str, *, size: int, memory_bytes: int | None, recycle_after: int = 500) -> None:
        self._module = module
        self._memory_bytes = memory_bytes
        self._recycle_after = recycle_after
        self._size = size
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._ending: set[Child] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._waiting: list[tuple[int, int, asyncio.Future[Child]]] = []
        self._sequence = 0
        self._is_closed = False

    async def ask(self, question: Mapping[str, object], body: bytes = b"", *, wall: timedelta) -> list[Any]:
        """Return the frames of the answer, as JSON values. Questions with small bodies go first.

        Raises ``ChildError``: the child took longer than ``wall`` (``timed_out``), died, or could not be started.
        A question that nobody waits for any more ends its child.
        """
        child = await self._take(len(body))
        try:
            answer = await child.ask(question, body, wall.total_seconds())
        except BaseException:
            self._end(child)
            raise
        if child.answered < self._recycle_after:
            self._give(child)
        else:
            self._end(child)
        return answer

    async def warm(self, first: Mapping[str, object] | None = None) -> None:
        """Start a child before there is a question, and let it answer a ``first`` one that it learns by.

        Returns when its process is there; it gets ready while others work.
        One that does not get ready is left to the first question, which starts another and tells why that failed.
        """
        with contextlib.suppress(ChildError):
            child = await spawn(self._module, self._memory_bytes)
            self._start(self._warmed(child, first))

    async def close(self) -> None:
        """End all children, whatever they are doing; questions that wait for one get none any more."""
        self._is_closed = True
        while turn := self._next():
            turn.set_exception(ChildError("is not asked any more"))
        starting = tuple(self._starting)
        for task in starting:
            task.cancel()
        await asyncio.gather(*starting, return_exceptions=True)
        for child in (*self._idle, *self._busy):
            self._ended(child)
        self._idle.clear()
        await asyncio.gather(*(child.ended() for child in self._ending))

    async def _take(self, size: int) -> Child:
        if self._idle:
            child = self._idle.pop()
            self._busy.add(child)
            return child
        turn: asyncio.Future[Child] = asyncio.get_running_loop().create_future()
        self._sequence += 1
        heapq.heappush(self._waiting, (size, self._sequence, turn))
        self._grow()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._give(turn.result())
            raise

    def _give(self, child: Child) -> None:
        turn = self._next()
        if turn is None:
            self._busy.discard(child)
            self._idle.append(child)
        else:
            self._busy.add(child)
            turn.set_result(child)

    def _next(self) -> asyncio.Future[Child] | None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                return turn
        return None

    def _grow(self) -> None:
        """Start another child if a question waits and there may be one more."""
        wanted = sum(not turn.done() for _, _, turn in self._waiting) - len(self._starting)
        if wanted > 0 and not self._is_closed and len(self._idle) + len(self._busy) + len(self._starting) < self._size:
            self._start(self._started())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._starting.add(task)
        task.add_done_callback(self._has_started)

    def _has_started(self, task: asyncio.Task[None]) -> None:
        self._starting.discard(task)
        if not task.cancelled():
            self._grow()

    async def _started(self) -> None:
        try:
            child = await spawn(self._module, self._memory_bytes)
            await self._ready(child, None)
        except ChildError as error:
            if turn := self._next():
                turn.set_exception(error)

    async def _warmed(self, child: Child, first: Mapping[str, object] | None) -> None:
        with contextlib.suppress(ChildError):
            await self._ready(child, first)

    async def _ready(self, child: Child, first: Mapping[str, object] | None) -> None:
        try:
            await child.ready()
            if first is not None:
                await child.ask(first, b"", START_S)
        except BaseException:
            self._ended(child)
            raise
        self._give(child)

    def _end(self, child: Child) -> None:
        self._ended(child)
        self._grow()

    def _ended(self, child: Child) -> None:
        self._busy.discard(child)
        self._ending = {one for one in self._ending if one.is_running} | {child}
        child.kill()
