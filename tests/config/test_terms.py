"""Ordinary words are terms and names; what can never be found is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.table import Text
from monitor.config.terms import OPERATORS, checked, exception_problem, is_plain, name_problem
from monitor.match.language import tokens
from monitor.match.language.parser import parse
from monitor.match.language.tree import Phrase, Word
from monitor.match.words import words


def problem_of(term, entities=(), is_entry=True):
    return checked(Text(term, term, "x"), entities, (), is_entry=is_entry).problem


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
    assert problem_of(term) is None


@pytest.mark.parametrize("term", ["", "  ", "---", "!?", "*", "@", '""', "x" * 301, "two\nlines", "https://x.example/a", "desk@x.example"])
def test_a_term_that_can_never_be_found_is_wrong(term):
    assert problem_of(term)


@given(
    st.text(alphabet="aZ1ä-東 ", max_size=12)
    | st.lists(st.sampled_from([*OPERATORS, "und", "OF", "a", "-b", "2"]), max_size=4).map(" ".join)
)
def test_a_term_that_is_plain_is_a_word_or_a_phrase_of_the_language(term):
    if is_plain(term):
        assert isinstance(parse(term, is_entry=True), Word | Phrase)


def test_the_operators_are_those_of_the_language():
    assert tokens.OPERATORS == OPERATORS


@pytest.mark.parametrize("name", ["Procter AND Gamble", "Alphabet (Google)", "Was nun?", '„Der" Spiegel', "NOT"])
def test_names_are_no_expressions(name):
    assert name_problem(name) is None


@pytest.mark.parametrize("name", ["", "...", "Selensk*"])
def test_a_name_that_can_never_be_found_is_wrong(name):
    assert name_problem(name)


@given(st.text(alphabet="aZ1ä-@.:/ w'&§東_", max_size=12))
def test_a_name_is_right_exactly_if_the_matching_sees_a_word_in_it(name):
    assert (name_problem(name) is None) == bool(words(name))


@pytest.mark.parametrize("word", ["*posten", "Software", "Chef?posten", "EU-*"])
def test_an_exception_is_one_word(word):
    assert exception_problem(word) is None


@pytest.mark.parametrize(("word", "problem"), [("Deutsche Post", "more than one word"), ("", "is empty"), ("*", "has no letter")])
def test_an_exception_that_is_none_is_wrong(word, problem):
    assert problem in exception_problem(word)


def test_a_name_that_is_not_known_is_told_with_all_others_and_its_place():
    problem = problem_of("@selenskij OR @x", {"selenskyj"}, is_entry=False)

    assert problem == (
        'there is no entity "selenskij", at character 1, before "@selenskij OR @x"; did you mean "selenskyj"?; '
        'and there is no entity "x", at character 15, before "@x"'
    )


def test_a_regular_expression_is_compiled_when_the_config_is_read():
    assert "does not compile: missing ), at character 9" in problem_of("Zoll /(a/", is_entry=False)


def test_an_expression_with_variables_is_not_quoted():
    problem = checked(Text("geheim und x", "*** und x", "x"), (), (), is_entry=False).problem

    assert problem == "is no right expression, at character 8 with its variables replaced"
