"""Start, signals, reload, stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from monitor import app
from monitor.app import builders, checks, composition
from monitor.app.dictionaries import stop_making
from monitor.config import Config, load
from monitor.daemon.lock import only_daemon
from monitor.daemon.service import Service
from monitor.daemon.ticks import Ticks
from monitor.errors import ConfigError, DictionaryStopped, MonitorError, StoreError

log = logging.getLogger(__name__)

TICK = timedelta(milliseconds=250)
LOOK = timedelta(seconds=2)
ADVICE_AFTER_S = 3.0
HOUSEKEEPING = timedelta(hours=1)


def run(config_path: Path, environ: Mapping[str, str]) -> int:
    """Run the daemon until SIGTERM or SIGINT; return the exit status.

    Raises ``ConfigError``, ``AlreadyRunning`` and ``StoreError`` before anything runs.
    """
    config = load(config_path, environ)
    with only_daemon(config.database):
        return asyncio.run(Daemon(config, environ).run())


def _checked(path: Path, environ: Mapping[str, str]) -> Config:
    config = load(path, environ)
    checks.refuse_wrong(config)
    return config


def _tell_warnings(config: Config) -> None:
    from monitor.app import advice

    # Rules that need no dictionary must not have one made, which takes seconds, for the sake of advice.
    is_cheap = builders.lexicon().is_made(config.language)
    for warning in (*config.warnings, *(advice.rule_warnings(config) if is_cheap else ())):
        log.warning("the config has what is probably not meant", extra={"reason": warning})


class Daemon:
    """One life of the daemon."""

    def __init__(self, config: Config, environ: Mapping[str, str]) -> None:
        self._config = config
        self._environ = environ
        self._stop = asyncio.Event()
        self._reload = asyncio.Event()
        self._stamp = _stamp(config.path)
        self._has_started = False

    async def run(self) -> int:
        """Work until told to stop; return 0, or 1 if the database was lost."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end)
        loop.add_signal_handler(signal.SIGHUP, self._reload.set)
        try:
            return await self._work()
        except DictionaryStopped:
            # Told to stop before anything had begun: the first start on a machine takes a while.
            log.info("stopped")
            return 0

    def _end(self) -> None:
        self._stop.set()
        if not self._has_started:
            stop_making()

    async def _work(self) -> int:
        loop = asyncio.get_running_loop()
        ticks = Ticks(app.utc_now, time.monotonic)
        async with composition.opened(self._config, checks.get_ready) as whole:
            service = Service(whole, app.utc_now, app.utc_now())
            await service.begin()
            # What the life before left over goes out while we load what polls need.
            await service.send_due()
            await whole.complete()
            self._schedule(ticks, service)
            ticks.start(service.after_jump)
            self._has_started = True
            log.info("started", extra={"feeds": len(whole.parts.feeds), "rules": len(self._config.rules)})
            # It takes a while for long lists of entities: after the first polls, in a thread that holds nothing up and ends with us.
            loop.call_later(ADVICE_AFTER_S, threading.Thread(target=_tell_warnings, args=[self._config], name="advice", daemon=True).start)
            reloading = asyncio.create_task(self._reload_when_asked(service, whole))
            await self._stop.wait()
            log.info("stopping")
            ticks.stop()
            reloading.cancel()
            await asyncio.gather(reloading, return_exceptions=True)
            await service.stop()
            ticks.close()
            # Polls that waited for one have ended; our threads must, too.
            stop_making()
        log.info("stopped")
        return self._verdict(service.failure)

    def _schedule(self, ticks: Ticks, service: Service) -> None:
        async def look_after() -> None:
            await service.look_after()
            if service.failure:
                self._stop.set()
            if _stamp(self._config.path) != self._stamp:
                self._reload.set()

        ticks.every(TICK, service.poll_due)
        ticks.every(TICK, service.send_due)
        ticks.every(LOOK, service.repair_due)
        ticks.every(TICK, service.read_pages)
        ticks.every(LOOK, look_after)
        ticks.every(HOUSEKEEPING, service.keep_house)

    async def _reload_when_asked(self, service: Service, whole: composition.Running) -> None:
        while True:
            await self._reload.wait()
            self._reload.clear()
            self._stamp = _stamp(self._config.path)
            try:
                # Reading, compiling and checking take a while: not in the loop that everything else runs in.
                config = await asyncio.to_thread(_checked, self._config.path, self._environ)
                _refuse_other_database(config, self._config)
                parts = await asyncio.to_thread(whole.parts_of, config)
            except MonitorError as error:
                log.error("the new config is not used, the old one stays", extra={"reason": str(error)})
                continue
            await service.use(parts)
            self._config = config
            log.info("config read again", extra={"feeds": len(parts.feeds), "rules": len(config.rules)})

    @staticmethod
    def _verdict(failure: StoreError | None) -> int:
        if failure is None:
            return 0
        log.error("ended", extra={"reason": str(failure)})
        return 1


def _refuse_other_database(new: Config, old: Config) -> None:
    if new.database != old.database:
        at = new.lines.at("monitor.database")
        raise ConfigError(f"{at}: monitor.database: another database needs a new start of the daemon, not a reload")


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        # An editor may be replacing it at this moment; the next look sees it.
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
