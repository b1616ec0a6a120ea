"""The German dictionary as it is made from simplemma: once a test run, whatever the number of workers."""

from __future__ import annotations

import fcntl
import os

import pytest

from monitor.match.forms.lexicon import Lexicon


@pytest.fixture(scope="session")
def lexicon(tmp_path_factory):
    base = tmp_path_factory.getbasetemp()
    directory = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "forms-dictionary"
    directory.mkdir(exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lexicon = Lexicon.open(directory)
        assert lexicon.dictionary("de") is not None
    return lexicon


@pytest.fixture(scope="session")
def step(lexicon):
    """Return the step by which a German term hits a token in a mode, or None."""

    def step(term, token, mode="family", *, case_tells=True):
        found = lexicon.forms(term, mode, "de").judge(token, case_tells=case_tells)
        return found.by if found else None

    return step
