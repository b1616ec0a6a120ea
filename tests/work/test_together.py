"""What waits at the same time is committed together, and each of it has its own end."""

import asyncio

import pytest

from monitor.errors import StoreError
from monitor.work import together
from monitor.work.together import Together


class Store:
    """Keeps what is committed; refuses a transaction with "broken" in it as a whole."""

    def __init__(self):
        self.transactions = []

    def commit(self, records):
        if "broken" in records:
            raise StoreError("refused")
        self.transactions.append(list(records))
        return [f"{record} committed" for record in records]


async def call(function, *args):
    await asyncio.sleep(0)
    return function(*args)


def committed(store, records):
    async def act():
        commit = Together(call, store.commit)
        return await asyncio.gather(*map(commit, records), return_exceptions=True)

    return asyncio.run(act())


def test_what_waits_at_the_same_time_is_one_transaction():
    store = Store()

    assert committed(store, ["a", "b", "c"]) == ["a committed", "b committed", "c committed"]
    assert store.transactions == [["a", "b", "c"]]


def test_no_transaction_has_more_than_what_is_urgent_may_wait_for():
    store = Store()

    committed(store, list(map(str, range(together.MOST + 1))))

    assert [len(one) for one in store.transactions] == [together.MOST, 1]


def test_one_that_cannot_be_committed_keeps_no_other_from_it():
    store = Store()

    first, broken, last = committed(store, ["a", "broken", "b"])

    assert (first, str(broken), last, store.transactions) == ("a committed", "refused", "b committed", [["a"], ["b"]])


def test_what_nobody_waits_for_any_more_is_committed_all_the_same():
    store = Store()

    async def act():
        commit = Together(call, store.commit)
        gone = asyncio.create_task(commit("a"))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await commit("b")

    assert (asyncio.run(act()), store.transactions) == ("b committed", [["a"], ["b"]])
