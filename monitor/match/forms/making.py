"""Makes compact dictionaries in child processes, whose memory is given back when they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from monitor.errors import DictionaryStopped

MAKE_S = 600


class ChildMaker:
    """Makes dictionaries until it is stopped. It may be called and stopped from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[str]] = set()
        self._is_stopped = False

    def __call__(self, path: Path, language: str, stamp: str) -> None:
        """Make a dictionary in a child process.

        Raises:
            OSError: it could not be made; the message is the child's last line.
            DictionaryStopped: nobody waits for it any more.
        """
        root = str(Path(__file__).resolve().parents[3])
        program = f"import sys; sys.path.append({root!r}); from monitor.match.forms.pack import main; main()"
        child = self._started([sys.executable, "-I", "-c", program, str(path), language, stamp, str(os.getpid())], language)
        try:
            _, told = child.communicate(timeout=MAKE_S)
        except subprocess.TimeoutExpired as error:
            raise OSError(f"took longer than {MAKE_S} s") from error
        finally:
            # Also when Ctrl-C ends the wait. A child that has ended is not killed again.
            child.kill()
            child.communicate()
            with self._lock:
                self._children.discard(child)
        # Ctrl-C at a terminal reaches the child as well, as a service manager's SIGTERM does, and it may be the first to end.
        if self._is_stopped or child.returncode in (-signal.SIGINT, -signal.SIGTERM):
            raise DictionaryStopped(language)
        if child.returncode:
            raise OSError((told.strip().splitlines() or [f"exit status {child.returncode}"])[-1])

    def stop(self) -> None:
        """End what is made now, and make nothing any more: whoever waits gets ``DictionaryStopped``."""
        with self._lock:
            self._is_stopped = True
            for child in self._children:
                child.kill()

    def _started(self, command: list[str], language: str) -> subprocess.Popen[str]:
        with self._lock:
            if self._is_stopped:
                raise DictionaryStopped(language)
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            self._children.add(child)
        return child
