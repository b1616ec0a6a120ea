"""One child process, on the parent's side: started, asked, ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitor.children.serving import frame_length
from monitor.errors import ChildError

START_S = 30.0
END_S = 2.0
# The loop is let go after so many bytes of an answer, so that a large one does not hold it up.
SLICE_BYTES = 64 * 1024
MAX_ANSWER_BYTES = 64 * 1024 * 1024
# Who starts, or reads a feed, makes objects by the ten thousand and hardly any cycles: Python's own 700 cost a tenth of the time.
YOUNG_OBJECTS = 20_000
_KEPT = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
)
# Isolated from the caller's directory and Python variables, but with this very package.
_ROOT = Path(__file__).resolve().parents[2]


class Child:
    """A child process and what it says."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._last_words = asyncio.create_task(_tail(process))
        self.answered = 0

    async def ask(self, question: Mapping[str, object], body: bytes, wall_s: float) -> list[Any]:
        """Return the frames of the answer, as JSON values. Raises ``ChildError``: it took too long, or died."""
        try:
            async with asyncio.timeout(wall_s):
                answer = await self._exchange(question, body)
        except TimeoutError as error:
            raise ChildError(f"took longer than {wall_s:g} s and was ended", timed_out=True) from error
        except (OSError, asyncio.IncompleteReadError) as error:
            self.kill()
            raise ChildError(f"died: {await self._why()}") from error
        self.answered += 1
        return answer

    async def ready(self) -> None:
        """Wait until it can be asked. Raises ``ChildError`` with what it said last."""
        try:
            async with asyncio.timeout(START_S):
                await self._frame()
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            self.kill()
            raise ChildError(f"did not start: {await self._why()}") from error

    @property
    def is_running(self) -> bool:
        """Say whether it has not ended yet."""
        return self._process.returncode is None

    def kill(self) -> None:
        """End it at once."""
        # Its whole group: what it may have started ends with it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    async def ended(self) -> None:
        """Wait a little for the end of one that was killed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_S):
                await self._process.wait()
                await self._last_words
        self._last_words.cancel()

    async def _exchange(self, question: Mapping[str, object], body: bytes) -> list[Any]:
        assert self._process.stdin is not None
        head = json.dumps(question).encode()
        self._process.stdin.write(frame_length(head) + head + frame_length(body) + body)
        await self._process.stdin.drain()
        answer, total, since_pause = [], 0, 0
        while frame := await self._frame():
            answer.append(json.loads(frame))
            total += len(frame)
            since_pause += len(frame)
            if total > MAX_ANSWER_BYTES:
                raise asyncio.IncompleteReadError(b"", None)
            if since_pause > SLICE_BYTES:
                since_pause = 0
                await asyncio.sleep(0)
        return answer

    async def _frame(self) -> bytes:
        assert self._process.stdout is not None
        size = int.from_bytes(await self._process.stdout.readexactly(4), "big")
        return await self._process.stdout.readexactly(size)

    async def _why(self) -> str:
        await self.ended()
        code = self._process.returncode
        words = self._last_words.result() if self._last_words.done() and not self._last_words.cancelled() else ""
        return words or f"exit status {code}"


async def spawn(module: str, memory_bytes: int | None) -> Child:
    """Start a child that runs ``main`` of ``module``; it is not ready yet. Raises ``ChildError``."""
    # It promises to end with its parent before it loads what its work needs: else the orphan of a killed parent goes on loading.
    promise = "from monitor.children.serving import belong_to; belong_to(int(sys.argv[2]))"
    path = f"gc.set_threshold({YOUNG_OBJECTS}); sys.path.append({str(_ROOT)!r})"
    program = f"import gc, sys; {path}; {promise}; from {module} import main; main()"
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", program, str(memory_bytes or 0), str(os.getpid())),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=kept | {"PYTHONUTF8": "1"},
            # Ctrl-C in the terminal is for the parent, who ends its children in its own order.
            start_new_session=True,
        )
    except OSError as error:
        raise ChildError(f"could not be started: {error}") from error
    return Child(process)


async def _tail(process: Process) -> str:
    """Read what the child says on its standard error, so that it never blocks there; return the last line."""
    assert process.stderr is not None
    last = b""
    while chunk := await process.stderr.read(4096):
        last = (last + chunk)[-2048:]
    lines = last.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
