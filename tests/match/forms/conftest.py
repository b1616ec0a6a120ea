"""Words judged by the forms of a term."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def step(lexicon):
    """Return the step by which a German term hits a token in a mode, or None."""

    def step(term, token, mode="family", *, case_tells=True):
        found = lexicon.forms(term, mode, "de").judge(token, case_tells=case_tells)
        return found.by if found else None

    return step
