"""Child processes that answer questions and can be ended: for work that may take too long or too much.

A thread cannot be stopped; a process can. A question is a small JSON value and a body, an answer a row of JSON values.
On the wire each is a frame: its length in four bytes, then its bytes. An empty frame ends an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from monitor.errors import ChildError

START_S = 30.0
END_S = 2.0
# The loop is let go after so many bytes of an answer, so that a large one does not hold it up.
SLICE_BYTES = 64 * 1024
MAX_ANSWER_BYTES = 64 * 1024 * 1024
_KEPT = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
)
# Isolated from the caller's directory and Python variables, but with this very package.
_ROOT = Path(__file__).resolve().parents[1]


class ChildPool:
    """Up to ``size`` children that run ``main`` of ``module``, started on demand, replaced when they end or grow old."""

    def __init__(self, module: str, *, size: int, memory_bytes: int | None, recycle_after: int = 500) -> None:
        self._module = module
        self._memory_bytes = memory_bytes
        self._recycle_after = recycle_after
        self._free = size
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._ending: set[_Child] = set()
        self._warming: asyncio.Task[None] | None = None
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._sequence = 0

    async def ask(self, question: Mapping[str, object], body: bytes = b"", *, wall: timedelta) -> list[Any]:
        """Return the frames of the answer, as JSON values. Questions with small bodies go first.

        Raises ``ChildError``: the child took longer than ``wall`` (``timed_out``), died, or could not be started.
        A question that nobody waits for any more ends its child.
        """
        await self._take_slot(len(body))
        child: _Child | None = None
        try:
            if not self._idle and self._warming:
                await asyncio.wait([self._warming])
            child = self._idle.pop() if self._idle else await _start(self._module, self._memory_bytes)
            self._busy.add(child)
            answer = await child.ask(question, body, wall.total_seconds())
        except BaseException:
            if child:
                self._end(child)
            raise
        else:
            if child.answered < self._recycle_after:
                self._busy.discard(child)
                self._idle.append(child)
            else:
                self._end(child)
            return answer
        finally:
            self._give_slot()

    async def warm(self) -> None:
        """Start a child before there is a question. Returns when its process is there; it gets ready while others work.

        One that does not get ready is left to the first question, which starts another and tells why that failed.
        """
        with contextlib.suppress(ChildError):
            child = await _spawn(self._module, self._memory_bytes)
            self._busy.add(child)
            self._warming = asyncio.create_task(self._get_ready(child))

    async def _get_ready(self, child: _Child) -> None:
        try:
            await child.ready()
        except ChildError:
            self._end(child)
        else:
            self._busy.discard(child)
            self._idle.append(child)
        finally:
            self._warming = None

    async def close(self) -> None:
        """End all children, whatever they are doing."""
        if self._warming:
            self._warming.cancel()
        for child in (*self._idle, *self._busy):
            self._end(child)
        self._idle.clear()
        await asyncio.gather(*(child.ended() for child in self._ending))

    def _end(self, child: _Child) -> None:
        self._busy.discard(child)
        self._ending = {one for one in self._ending if one.is_running} | {child}
        child.kill()

    async def _take_slot(self, size: int) -> None:
        if self._free > 0:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sequence += 1
        heapq.heappush(self._waiting, (size, self._sequence, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_slot()
            raise

    def _give_slot(self) -> None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class _Child:
    def __init__(self, process: Process) -> None:
        self._process = process
        self._last_words = asyncio.create_task(_tail(process))
        self.answered = 0

    async def ask(self, question: Mapping[str, object], body: bytes, wall_s: float) -> list[Any]:
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
        try:
            async with asyncio.timeout(START_S):
                await self._frame()
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            self.kill()
            raise ChildError(f"did not start: {await self._why()}") from error

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    def kill(self) -> None:
        # Its whole group: what it may have started ends with it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    async def ended(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_S):
                await self._process.wait()
                await self._last_words
        self._last_words.cancel()

    async def _exchange(self, question: Mapping[str, object], body: bytes) -> list[Any]:
        assert self._process.stdin is not None
        head = json.dumps(question).encode()
        self._process.stdin.write(_length(head) + head + _length(body) + body)
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


async def _start(module: str, memory_bytes: int | None) -> _Child:
    child = await _spawn(module, memory_bytes)
    try:
        await child.ready()
    except BaseException:
        child.kill()
        raise
    return child


async def _spawn(module: str, memory_bytes: int | None) -> _Child:
    program = f"import sys; sys.path.append({str(_ROOT)!r}); from {module} import main; main()"
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
    return _Child(process)


async def _tail(process: Process) -> str:
    """Read what the child says on its standard error, so that it never blocks there; return the last line."""
    assert process.stderr is not None
    last = b""
    while chunk := await process.stderr.read(4096):
        last = (last + chunk)[-2048:]
    lines = last.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def _length(frame: bytes) -> bytes:
    return len(frame).to_bytes(4, "big")


def serve(answer: Callable[[dict[str, Any], bytes], Iterable[object]]) -> None:
    """Answer questions until the parent closes the pipe: the main loop of a child.

    Whatever a library prints goes to standard error: standard output belongs to the answers.
    """
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    _limit(int(sys.argv[1]), parent=int(sys.argv[2]))
    ready = b"true"
    answers.write(_length(ready) + ready)
    answers.flush()
    while head := questions.read(4):
        question = json.loads(questions.read(int.from_bytes(head, "big")))
        body = questions.read(int.from_bytes(questions.read(4), "big"))
        for value in answer(question, body):
            frame = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
            answers.write(_length(frame) + frame)
        answers.write(_length(b""))
        answers.flush()


def _limit(memory_bytes: int, *, parent: int) -> None:
    try:
        import resource
    except ImportError:
        # No such limits on this system; the wall-clock limit of the parent holds everywhere.
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    die_with_parent(parent)


def die_with_parent(parent: int) -> None:
    """End this process when its parent ends, however it ends, where the system can."""
    if sys.platform != "linux":
        return
    # A child busy with a hostile body would not see the end of its parent in the pipe. Source: prctl(2), PR_SET_PDEATHSIG.
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)
