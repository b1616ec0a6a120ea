"""Ordinary words are terms; what will mean something else one day is refused now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.terms import name_problem, term_problem
from monitor.match.words import words


@pytest.mark.parametrize(
    "term",
    [
        "US-Hilfen",
        "G7",
        "C++",
        "AT&T",
        "Saint-Denis",
        "O'Neill",
        "3,5 Prozent",
        "Dow Jones",
        "und so weiter",
        "Tom and Jerry",
        "24/7",
        "§ 218",
        "Yahoo!",
        "Ernst & Young",
        "#metoo",
        ".NET",
        "Київ",
        "東京",
        "Nota",
        "ANDERSON",
        "NOTE",
        "New York, New York",
        "1. FC Köln",
        "5 $",
    ],
)
def test_an_ordinary_term_is_right(term):
    assert term_problem(term) is None


@pytest.mark.parametrize(
    "term",
    [
        "Impf*",
        "Me?er",
        "@selenskyj",
        "~Sanktion",
        "=Bank",
        "==KI",
        "-Fußball",
        "%Zoll",
        '"Künstliche Intelligenz"',
        "„so“",
        "/reg.x/i",
        "(a b)",
        "a|b",
        "a AND b",
        "a ODER b",
        "NOT a",
        "a NEAR/3 b",
        "a ONEAR b",
        "title:Kommentar",
        "Zoll title:x",
        "Sanktion{3}",
    ],
)
def test_what_belongs_to_the_coming_language_is_not_available_yet(term):
    assert "not available yet" in term_problem(term)


@pytest.mark.parametrize("term", ["", "  ", "---", "!?", "*", "@", '""', "x" * 301, "two\nlines", "https://x.example/a", "desk@x.example"])
def test_a_term_that_can_never_be_found_is_wrong(term):
    assert term_problem(term)


@pytest.mark.parametrize("name", ["Procter AND Gamble", "Alphabet (Google)", "Was nun?", '„Der" Spiegel', "NOT"])
def test_names_are_no_expressions(name):
    assert name_problem(name) is None


@pytest.mark.parametrize("name", ["", "...", "Selensk*"])
def test_a_name_that_can_never_be_found_is_wrong(name):
    assert name_problem(name)


@given(st.text(alphabet="aZ1ä-@.:/ w'&§東_", max_size=12))
def test_a_name_is_right_exactly_if_the_matching_sees_a_word_in_it(name):
    assert (name_problem(name) is None) == bool(words(name))
