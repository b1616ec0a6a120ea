"""Regular expressions of users know Unicode and cannot hang."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import QueryError, RegexError, RegexTimeout
from monitor.match.regexes import MOST_TIMEOUTS, BoundedRegex, compile_regex, is_slow


def found(source, text, *, ignore_case=False):
    return [text[start:end] for start, end in BoundedRegex(source, ignore_case=ignore_case)(text)]


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


def test_lines_count_if_they_are_asked_for():
    text = "x\nKYJIW – und\nЛЬВІВ – і"

    assert BoundedRegex(r"^\p{Lu}{2,} – ", by_lines=True)(text) == [(2, 10), (14, 22)]
    assert BoundedRegex(r"^\p{Lu}{2,} – ")(text) == []


@pytest.mark.parametrize("source", ["(", "[a", "a{2,1}", r"\p{Nonsense}", "(?<=a+", "x*"])
def test_what_is_no_pattern_is_refused(source):
    with pytest.raises(RegexError):
        BoundedRegex(source, by_lines=True)


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
    pattern = BoundedRegex(source)
    started = time.process_time()

    with pytest.raises(RegexTimeout, match=r"took longer than 0\.1 s"):
        pattern("a" * 5000 + "!", 0.1)

    assert time.process_time() - started < 1
    assert is_slow(source, ignore_case=False)


def test_after_three_times_it_is_given_up():
    pattern = BoundedRegex(r"(?:a|aa)+$")
    for _ in range(MOST_TIMEOUTS):
        assert not pattern.is_given_up
        with pytest.raises(RegexTimeout):
            pattern("a" * 60 + "!", 0.01)

    assert pattern.is_given_up
    with pytest.raises(RegexTimeout):
        pattern("b")


@pytest.mark.parametrize("source", [r"\bkot\b", r"EU-\w+", "(Drohne|Rakete)n?", r"[A-Z]{2,5} \(dpa\)"])
def test_an_ordinary_pattern_is_not_slow(source):
    assert not is_slow(source, ignore_case=True)


def test_hits_without_end_are_cut():
    assert len(BoundedRegex("a")("a" * 50_000, limit_s=60)) == 10_000


@settings(max_examples=200)
@given(st.text(alphabet="ab|()[]{}*+?.^$\\d1,-:=!<>P", max_size=15), st.text(alphabet="ab1-", max_size=30))
def test_any_pattern_finds_spans_or_is_refused_or_stopped(source, text):
    try:
        spans = compile_regex(source, ignore_case=False)(text)
    except (QueryError, RegexTimeout):
        return
    assert all(0 <= start < end <= len(text) for start, end in spans)
