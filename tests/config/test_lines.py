"""Every problem names a line that is there, whatever the file looks like."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import resources
from monitor.config.lines import Lines, join
from monitor.config.load import parse
from monitor.errors import ConfigError

TEXT = """\
title."two words" = 1
inline = { a = 1, b = { c = [1, { d = 2 }] } }
many = [
  "a", # one
  # not "b",
  ["c",
   "d"],
]
long = \"\"\"
[not.a.table]
x = 1 \\\"""\"\"\"
raw = '''
[[nor.this]]'''
[[feeds]]
name = "a"
[feeds.headers]
"X-A" = "# no comment"
[[feeds]] # second
"na\\u006de" = 'b'
[[feeds.deep]]
k = 2026-01-01 10:00:00
"e = [" = 3
[[feeds.deep]]
k = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ('title."two words"', 1),
        ("inline.a", 2),
        ("inline.b.c[1].d", 2),
        ("many", 3),
        ("many[0]", 4),
        ("many[1]", 6),
        ("many[1][1]", 7),
        ("long", 9),
        ("raw", 12),
        ("feeds[0]", 14),
        ("feeds[0].name", 15),
        ("feeds[0].headers", 16),
        ("feeds[0].headers.X-A", 17),
        ("feeds[1]", 18),
        ("feeds[1].name", 19),
        ("feeds[1].deep[0].k", 21),
        ('feeds[1].deep[0]."e = ["', 22),
        ("feeds[1].deep[1].k", 24),
        ("feeds", 14),
        ("feeds[1].deep", 20),
        ("feeds[1].absent", 18),
        ("many[1][7]", 6),
        ("nowhere", 1),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_key_is_found_where_it_stands(path, line, line_end):
    assert Lines("f", TEXT.replace("\n", line_end)).at(path) == f"f:{line}"


def test_keys_that_need_quotes_do_not_run_into_others():
    assert (join("a", "b.c"), join("a", "b-c"), join("", 'x"y'), join("a", "")) == ('a."b.c"', "a.b-c", '"x\\"y"', 'a.""')


PIECES = st.sampled_from(
    [
        "",
        "[",
        "]",
        "[[",
        "]]",
        '"',
        "'''",
        '"""',
        "{",
        "}",
        "=",
        ",",
        "#",
        "\n",
        "\r\n",
        ".",
        "\\",
        "${X}",
        "${",
        "\x00",
        "\u202e",
        "ä",
        "1",
        "x = 1",
    ]
)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 7000), st.integers(0, 40), PIECES), min_size=1, max_size=4))
def test_a_spoiled_file_is_read_or_told_with_lines_that_are_there(tmp_path_factory, changes):
    text = resources.example_config()
    for start, length, piece in changes:
        text = text[: start % (len(text) + 1)] + piece + text[start % (len(text) + 1) + length :]

    try:
        parse(tmp_path_factory.getbasetemp() / "c.toml", text, {})
    except ConfigError as error:
        problems = error.problems
    else:
        problems = ()

    lines = [int(re.match(r".*?c\.toml:(\d+): ", one)[1]) for one in problems]
    assert all(1 <= line <= max(1, text.count("\n") + 1) for line in lines)
    assert lines == sorted(lines)
    assert all(one.isprintable() for one in problems)
