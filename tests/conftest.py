"""What all tests share: the reference material, if it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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
