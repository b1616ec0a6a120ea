"""One daemon on a database: a lock that the kernel releases when the process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from monitor.errors import AlreadyRunning, StoreError


@contextmanager
def only_daemon(database: Path) -> Iterator[None]:
    """Hold the lock beside the database. Raises ``AlreadyRunning`` with the other's process id, or ``StoreError``."""
    path = database.with_name(database.name + ".lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: the lock of the database cannot be made: {error.strerror}") from error
    try:
        _take(handle, path)
        _sign(handle)
        yield
    finally:
        # The file stays: removing it would let two processes hold the locks of two files of one name.
        os.close(handle)


def _sign(handle: int) -> None:
    # Only for the other's message: the lock holds without it, on a full disk too.
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)


def _take(handle: int, path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
        advice = "end it first, or give this one another `database`"
        raise AlreadyRunning(f"another daemon (process {holder}) already works on this database: {advice} ({path})") from error
