"""What is wrong in an expression, where, and what would be right."""

import pytest

from monitor.errors import QueryError
from monitor.match.language.parser import parse

CASES = [
    ("", 0, "there is nothing in it", "leave it out"),
    ("Sanktion und Russland", 9, "“und” is written small", 'write UND as the operator, or "und" in quotes'),
    ("Sanktion or Zoll", 9, "“or” is written small", "write OR"),
    ("nicht Zoll", 0, "“nicht” is written small", "write NICHT"),
    ("a near/5 b", 2, "near/5 is written small", "write NEAR/5"),
    ("2 of (a, b)", 2, "“of” is written small", "write OF (…)"),
    ("Sanktion AND OR Zoll", 13, "OR does not fit here", "before and behind AND, OR and NEAR stands a word or a bracket"),
    ("AND a", 0, "AND does not fit here", "stands a word"),
    ("a NEAR NOT b", 7, "NOT does not fit here", "stands a word"),
    ("a NEAR (b AND c)", 7, "AND cannot stand on one side of NEAR", "groups of them with OR"),
    ("(a OR NOT b) NEAR c", 0, "NOT cannot stand on one side of NEAR", "groups of them with OR"),
    ("a NEAR 2 OF (b, c)", 7, "n OF (…) cannot stand on one side of NEAR", "groups of them with OR"),
    ("Sanktion AND", 12, "the expression ends too early", "is a word missing"),
    ("title:", 6, "the expression ends too early", "is a word missing"),
    ("(Sanktion AND Russland", 0, "this bracket is never closed", "write )"),
    ("2 OF (a, b", 5, "this bracket is never closed", "write )"),
    ("a) b", 1, ") does not fit here", "there is no ( before it"),
    ("(a AND)", 6, ") does not fit here", "stands a word"),
    ("a ()", 3, "a bracket is empty", "between ( and )"),
    ("2 OF (a, )", 9, "a bracket is empty", "between ( and )"),
    ("a, b", 1, "a comma does not fit here", "write OR"),
    ("3 OF (a, b)", 0, "3 of 2 alternatives can never be", "a space behind each comma"),
    ("0 OF (a, b)", 0, "0 of 2 alternatives can never be", "2 OF (a, b, c)"),
    ('"Haus', 0, 'the quote " is never closed', "on the same line"),
    ('"Haus\nHof"', 0, 'the quote " is never closed', "on the same line"),
    ("a „b", 2, "the quote „ is never closed", "write “"),
    ("'Haus und Hof'", 0, "' is no quote", "double quotes"),
    ("‚Haus‘", 0, "‚ is no quote", "double quotes"),
    ('""', 0, "a phrase has no letter", "write words"),
    ('"Impf* Hof"', 0, "a phrase has no wildcards", "ONEAR/0"),
    ('"Me?er Hof"', 0, "a phrase has no wildcards", "ONEAR/0"),
    ('"* Hof"', 0, "* at the edge of a phrase", "leave it out"),
    ('"a b"~100', 5, "a phrase's distance", '"a b"~3'),
    ('"a"~2', 3, "a phrase's distance", '"a b"~3'),
    ("Im*", 0, "a wildcard must have 3 letters, “Im*” has 2", "Impf*"),
    ("*", 0, "a wildcard must have 3 letters", "Impf*"),
    ("a*b*c*d*e*f", 0, "a wildcard has 4 * at most", "/…/"),
    ("~Impf*", 0, "~ stands before a word or a phrase only", "it has all its words already"),
    ("=@x", 0, "= stands before a word or a phrase only", '="…"'),
    ("a ~ b", 2, "nothing stands directly behind ~", "~Sanktion"),
    ("Bund - Länder", 5, "nothing stands directly behind -", "write NOT"),
    ("a=b", 1, "= stands directly behind a word", "write a space before it"),
    ("Öl-(a)", 2, "- stands directly behind a word", "write a space before it"),
    ("@ x", 0, "nothing stands directly behind @", "@name"),
    ("@(x)", 0, "a name must stand directly behind @", "@name"),
    ("@x{2}", 2, "a name takes no count", "leave it out"),
    ("a{0}", 1, "a count must be a number from 1 to 999", "Sanktion{3}"),
    ("a{x}", 1, "a count must be a number", "Sanktion{3}"),
    ("a AND {2}", 6, "{2} does not fit here", "directly behind a word"),
    ("a NEAR/x b", 2, "NEAR/x has no distance", "NEAR/5"),
    ("a NEAR/ b", 2, "NEAR/ has no distance", "NEAR/s"),
    ("a ONEAR/1000 b", 2, "ONEAR/1000 has no distance", "ONEAR/5"),
    ("titl:Zins", 0, "there is no field “titl”", "did you mean title:?"),
    ("Zoll: USA", 0, "there is no field “Zoll”", "stands in quotes"),
    ("https://news.example/a", 0, "this is an address", "url:word"),
    ("a desk@news.example", 2, "this is an address", "url:word"),
    ("www.news.example", 0, "this is an address", "url:word"),
    ("/abc", 0, "a regular expression is never closed", "/…/"),
    ("//", 0, "a regular expression is empty", "/…/"),
    ("/a/gi", 3, "“gi” is no option", "/…/i"),
    ("a ; b", 2, "“;” is no sign of the language", "in quotes"),
    ("a \x07 b", 2, "“U+0007” is no sign of the language", "in quotes"),
    ("#", 0, "“#” has no letter", "leave it out"),
    ("(" * 60 + "a" + ")" * 60, 50, "the expression is nested more than 50 deep", "split it"),
    ("x" * 301, 0, "a word is longer than 300", "the words that matter"),
]


@pytest.mark.parametrize(("text", "position", "message", "hint"), CASES, ids=[case[0][:30] for case in CASES])
def test_what_is_wrong_is_told_with_its_place_and_what_would_be_right(text, position, message, hint):
    with pytest.raises(QueryError) as caught:
        parse(text, is_entry=False)

    assert caught.value.position == position
    assert caught.value.message.startswith(message)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("...", 0, "“...” has no letter"),
        ("two\nlines", 3, "a phrase goes over more than one line"),
        ("a " * 301, 0, "a phrase is longer than 300"),
        ("desk@news.example", 0, "this is an address"),
        ("AND", 0, "AND does not fit here"),
        ('"a b" und c', 6, "“und” is written small"),
    ],
)
def test_an_entry_that_is_wrong_is_told_too(text, position, message):
    with pytest.raises(QueryError) as caught:
        parse(text, is_entry=True)

    assert caught.value.position == position
    assert caught.value.message.startswith(message)


def test_an_error_is_one_line_and_can_be_drawn():
    with pytest.raises(QueryError) as caught:
        parse("Sanktion AND OR Zoll", is_entry=False)

    assert str(caught.value) == (
        'OR does not fit here, at character 14, before "OR Zoll"; before and behind AND, OR and NEAR stands a word or a bracket'
    )
    assert caught.value.sketch == "Sanktion AND OR Zoll\n             ^"


def test_an_error_in_a_text_of_several_lines_names_the_line():
    with pytest.raises(QueryError) as caught:
        parse("Sanktion\nAND und\nZoll", is_entry=False)

    assert 'in its line 2 at character 5, before "und Zoll"' in str(caught.value)
    assert caught.value.sketch == "AND und\n    ^"


def test_a_long_expression_is_drawn_around_the_place():
    with pytest.raises(QueryError) as caught:
        parse("Zoll OR " * 50 + "AND x", is_entry=False)

    row, caret = caught.value.sketch.splitlines()

    assert row[len(caret) - 1 :].startswith("AND x")
    assert len(row) <= 100
