"""Users' regular expressions cannot hang."""

import time

import pytest

from monitor.errors import PatternTimedOut
from monitor.match import patterns
from monitor.match.patterns import BoundedPattern, PatternError

HOSTILE = "a" * 60 + "!"


def test_a_pattern_knows_lines_and_unicode():
    assert BoundedPattern(r"^\p{Lu}{2,} – ")("x\nKYJIW – und\nЛЬВІВ – і") == [(2, 10), (14, 22)]


def test_a_pattern_that_would_hang_is_ended(monkeypatch):
    started = time.monotonic()

    with pytest.raises(PatternTimedOut, match="took longer"):
        BoundedPattern(r"(?:a|aa)+$")(HOSTILE)

    assert time.monotonic() - started < 5


def test_after_three_times_it_is_not_tried_any_more(monkeypatch):
    pattern = BoundedPattern(r"(?:a|aa)+$")
    for _ in range(patterns.TRIES):
        with pytest.raises(PatternTimedOut):
            pattern(HOSTILE)
    started = time.monotonic()

    with pytest.raises(PatternTimedOut, match="not tried any more"):
        pattern("b")

    assert time.monotonic() - started < patterns.TIMEOUT_S


@pytest.mark.parametrize("source", ["(", "[a", "a{2,1}", r"\p{Nonsense}", "(?<=a+"])
def test_what_is_no_pattern_is_refused(source):
    with pytest.raises(PatternError):
        BoundedPattern(source)
