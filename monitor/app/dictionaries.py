"""Work in the store's thread that does not wait there for a dictionary of word forms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from monitor.app.store_thread import StoreThread
from monitor.errors import DictionaryMissing

T = TypeVar("T")


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
            task.add_done_callback(lambda _: self._making.pop(language, None))
            self._making[language] = task
        return self._making[language]
