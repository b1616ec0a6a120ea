"""Habits that a reader relies on: short files, short functions, no swallowed error."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "monitor").rglob("*.py"))


def body_lines(function):
    first = function.body[1] if isinstance(function.body[0], ast.Expr) and len(function.body) > 1 else function.body[0]
    return function.end_lineno - first.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_and_says_what_it_is_for(path):
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    swallowed = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and isinstance(node.body[0], ast.Pass)]

    assert ast.get_docstring(tree)
    assert len(text.splitlines()) < 400
    assert [one.name for one in functions if body_lines(one) > 50] == []
    assert swallowed == []
