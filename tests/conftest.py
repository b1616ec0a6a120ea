"""What all tests share: the reference material, if it is there."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from monitor.match.forms.lexicon import Lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material beside the project. Absent: the test is skipped, but in CI that is an error."""
    if SHARED.is_dir():
        return SHARED
    reason = f"no reference material at {SHARED}"
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def lexicon(tmp_path_factory) -> Lexicon:
    """The dictionaries as they are made from simplemma: once a test run, whatever the number of workers."""
    base = tmp_path_factory.getbasetemp()
    directory = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "forms-dictionary"
    directory.mkdir(exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lexicon = Lexicon.open(directory)
        assert lexicon.dictionary("de") is not None
    return lexicon
