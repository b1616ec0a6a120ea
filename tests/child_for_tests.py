"""A child that does what it is told: for the tests of the pool."""

import os
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from monitor.children.serving import serve


def answer(question, body):
    """Do what the question says."""
    if "print" in question:
        print(question["print"], flush=True)
    if "sleep" in question:
        time.sleep(question["sleep"])
    if "raise" in question:
        raise ValueError(question["raise"])
    if "allocate" in question:
        bytearray(question["allocate"])
    if "length" in question:
        yield len(body)
    if "pid" in question:
        yield os.getpid()
    if "environ" in question:
        yield os.environ.get(question["environ"])
    yield from question.get("say", [])


def main():
    """Serve."""
    serve(answer)
