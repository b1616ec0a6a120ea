"""What runs in a child: answer the parent's questions until there are no more.

Little is imported here: every start of a child waits for it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from typing import Any


def frame_length(frame: bytes) -> bytes:
    """Return what goes before a frame on the wire."""
    return len(frame).to_bytes(4, "big")


def serve(answer: Callable[[dict[str, Any], bytes], Iterable[object]]) -> None:
    """Answer questions until the parent closes the pipe: the main loop of a child.

    Whatever a library prints goes to standard error: standard output belongs to the answers.
    """
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    _limit(int(sys.argv[1]))
    ready = b"true"
    answers.write(frame_length(ready) + ready)
    answers.flush()
    while head := questions.read(4):
        question = json.loads(questions.read(int.from_bytes(head, "big")))
        body = questions.read(int.from_bytes(questions.read(4), "big"))
        for value in answer(question, body):
            frame = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
            answers.write(frame_length(frame) + frame)
        answers.write(frame_length(b""))
        answers.flush()


def _limit(memory_bytes: int) -> None:
    try:
        import resource
    except ImportError:
        # No such limits on this system; the wall-clock limit of the parent holds everywhere.
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def belong_to(parent: int) -> None:
    """End this process with its parent, and not before: a stop is for the parent, who lets a message that is being sent arrive."""
    # A service manager sends it to every process. Who dies of it leaves a delivery of which nobody knows whether it arrived.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
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
