"""Dictionaries of word forms that take seconds to be made: the store's thread waits for none, and neither does a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

from monitor.app.store_thread import StoreThread
from monitor.errors import DictionaryMissing

if TYPE_CHECKING:
    from monitor.match.forms.making import ChildMaker

T = TypeVar("T")


@cache
def maker() -> ChildMaker:
    """Return what makes dictionaries in this process: all of them, so that it can be stopped."""
    from monitor.match.forms.making import ChildMaker

    return ChildMaker()


def stop_making() -> None:
    """Make no dictionary any more in this process, which is to end: to make one takes longer than a stop may."""
    maker().stop()


class WithDictionaries:
    """Runs functions of the store; one that lacks a dictionary runs again when that is made, and others go on meanwhile.

    The first item in a language would otherwise hold up all polls and deliveries for seconds. The rules are asked before
    anything is committed, so that nothing is done twice.
    """

    def __init__(self, call: StoreThread, make: Callable[[str], object]) -> None:
        self._call = call
        self._make = make
        self._making: dict[str, asyncio.Task[object]] = {}

    async def __call__(self, function: Callable[..., T], /, *args: object) -> T:
        """Run a function in its turn."""
        while True:
            try:
                return await self._call(function, *args)
            except DictionaryMissing as missing:
                await asyncio.shield(self._made(missing.language))

    def _made(self, language: str) -> asyncio.Task[object]:
        # Many polls may need it; it is made once.
        if language not in self._making:
            task = asyncio.create_task(asyncio.to_thread(partial(self._make, language)))
            task.add_done_callback(partial(self._ended, language))
            self._making[language] = task
        return self._making[language]

    def _ended(self, language: str, task: asyncio.Task[object]) -> None:
        self._making.pop(language, None)
        # At a stop nobody may be left who waits for it; that it was stopped is then no news.
        if not task.cancelled():
            task.exception()
