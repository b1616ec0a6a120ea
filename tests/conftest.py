"""What all tests share: the reference material, if it is there, and the dictionaries."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from monitor.match.forms.lexicon import Lexicon

# How fast a machine is, is no matter of a test.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

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


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory) -> Path:
    """A cache directory for all tests and the programs that they start, with the German dictionary, made once a run."""
    base = tmp_path_factory.getbasetemp()
    cache = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    directory = cache / "feedmonitor"
    directory.mkdir(parents=True, exist_ok=True)
    os.environ["XDG_CACHE_HOME"] = str(cache)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert Lexicon.open(directory).dictionary("de") is not None
    return cache


@pytest.fixture(scope="session")
def lexicon(cache: Path) -> Lexicon:
    """The dictionaries as they are made from simplemma."""
    return Lexicon.open(cache / "feedmonitor")
