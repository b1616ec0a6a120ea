"""The store's thread: one thing after the other, what is urgent first."""

import asyncio
import threading

import pytest

from monitor.app.store_thread import StoreThread


class Store:
    """Only ever closed; everything else is a function of the test."""

    is_closed = False

    def close(self):
        self.is_closed = True


def with_thread(act):
    async def run():
        call = StoreThread(Store())
        try:
            return await act(call)
        finally:
            call.close()

    return asyncio.run(run())


def test_what_is_urgent_goes_before_all_that_wait():
    order, gate = [], threading.Event()

    async def act(call):
        waiting = [call(gate.wait), call(order.append, "poll 1"), call(order.append, "poll 2"), call.first(order.append, "settle")]
        gate.set()
        await asyncio.gather(*waiting)

    with_thread(act)

    assert order == ["settle", "poll 1", "poll 2"]


def test_what_has_begun_is_finished_though_nobody_waits():
    done = []

    async def act(call):
        task = asyncio.ensure_future(call(done.append, 1))
        task.cancel()

    with_thread(act)

    assert done == [1]


def test_an_error_reaches_whoever_asked_and_nobody_else():
    async def act(call):
        with pytest.raises(ZeroDivisionError):
            await call(divmod, 1, 0)
        return await call(divmod, 3, 2)

    assert with_thread(act) == (1, 1)


def test_closing_closes_the_store_after_all_that_was_asked_for():
    async def run():
        call = StoreThread(Store())
        seen = []
        call(lambda: seen.append(call.store.is_closed))
        call.close()
        return seen, call.store.is_closed

    assert asyncio.run(run()) == ([False], True)
