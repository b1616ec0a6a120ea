"""Regular expressions of users know Unicode and cannot hang."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import QueryError, RegexTimeout
from monitor.match.regexes import compile_regex, is_slow, search


def found(source, text, *, ignore_case=False):
    return [text[start:end] for start, end in search(compile_regex(source, ignore_case=ignore_case), text)]


@pytest.mark.parametrize(
    ("source", "text", "hits"),
    [
        (r"\bкот\b", "чёрный кот тут", ["кот"]),
        (r"\w+", "Größe ١٢", ["Größe", "١٢"]),
        (r"\d{2}", "1٢3", ["1٢"]),
        (r"EU.\d", "EU-7 eu-8", ["EU-7"]),
        (r"a*b?(?=c)", "aac c", ["aa"]),
    ],
)
def test_a_pattern_finds_its_spans(source, text, hits):
    assert found(source, text) == hits


def test_without_case_means_without_case_in_every_alphabet():
    assert found("strasse", "Straße STRASSE", ignore_case=True) == ["Straße", "STRASSE"]
    assert found("кот", "КОТ", ignore_case=True) == ["КОТ"]


@pytest.mark.parametrize(
    ("source", "position", "message"),
    [
        ("[a", 3, "does not compile: unterminated character set"),
        ("a(b", 4, "does not compile: missing )"),
        (r"\p{Foo}", 8, "does not compile: unknown property"),
        ("(" * 490 + "a" + ")" * 490, 0, "does not compile: it is too deep"),
        ("a" * 1001, 0, "is longer than 1000"),
        ("a*", 0, "matches the empty text"),
        ("^", 0, "matches the empty text"),
    ],
)
def test_a_pattern_that_is_wrong_is_told_with_its_place(source, position, message):
    with pytest.raises(QueryError) as caught:
        compile_regex(source, ignore_case=False)

    assert caught.value.position == position
    assert message in caught.value.message


@pytest.mark.parametrize("source", ["(a+)+$", "(a|aa)+$", r"(\w+\s?)+$", r"([a-zA-Z]+)*\d", "(a{1,1000}){1,1000}b"])
def test_a_pattern_that_would_hang_is_stopped_and_known_before(source):
    pattern = compile_regex(source, ignore_case=False)
    started = time.process_time()

    with pytest.raises(RegexTimeout, match=r"took longer than 0\.1 s"):
        search(pattern, "a" * 5000 + "!", 0.1)

    assert time.process_time() - started < 1
    assert is_slow(pattern)


@pytest.mark.parametrize("source", [r"\bkot\b", r"EU-\w+", "(Drohne|Rakete)n?", r"[A-Z]{2,5} \(dpa\)"])
def test_an_ordinary_pattern_is_not_slow(source):
    assert not is_slow(compile_regex(source, ignore_case=True))


def test_hits_without_end_are_cut():
    assert len(search(compile_regex("a", ignore_case=False), "a" * 5000)) == 1000


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ab|()[]{}*+?.^$\\d1,-:=!<>P", max_size=15), st.text(alphabet="ab1-", max_size=30))
def test_any_pattern_finds_spans_or_is_refused_or_stopped(source, text):
    try:
        spans = search(compile_regex(source, ignore_case=False), text)
    except (QueryError, RegexTimeout):
        return
    assert all(0 <= start < end <= len(text) for start, end in spans)
