"""The one thread that the store lives in."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from itertools import count
from queue import PriorityQueue
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from monitor.store import Store

T = TypeVar("T")

_FIRST, _IN_TURN, _LAST = range(3)


class StoreThread:
    """Runs functions of the store one after the other. What has begun is finished, even if nobody waits for it any more."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._turns = count()
        self._queue: PriorityQueue[tuple[int, int, Future[Any], Callable[[], Any] | None]] = PriorityQueue()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def __call__(self, function: Callable[..., T], /, *args: object) -> Awaitable[T]:
        """Run a function in its turn."""
        return self._put(_IN_TURN, partial(function, *args))

    def first(self, function: Callable[..., T], /, *args: object) -> Awaitable[T]:
        """Run a function before all that wait for their turn.

        A message that was sent is sent again if we are killed before it is noted: that must not wait behind a hundred polls.
        """
        return self._put(_FIRST, partial(function, *args))

    def close(self) -> None:
        """Finish what was asked for, and close the store."""
        self._queue.put((_LAST, next(self._turns), Future(), None))
        self._thread.join()
        self.store.close()

    def _put(self, rank: int, work: Callable[[], T]) -> Awaitable[T]:
        future: Future[T] = Future()
        self._queue.put((rank, next(self._turns), future, work))
        return asyncio.shield(asyncio.wrap_future(future))

    def _run(self) -> None:
        while True:
            _, _, future, work = self._queue.get()
            if work is None:
                return
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001  # whatever it is, it belongs to whoever asked
                future.set_exception(error)
            else:
                future.set_result(result)
