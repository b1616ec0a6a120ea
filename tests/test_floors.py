"""The floors of the house: who may import whom. Deferred imports count too."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "monitor"

FLOOR = {
    "errors": 0,
    "core": 0,
    **dict.fromkeys(("fetch", "parse", "match", "store", "render", "send", "config", "log", "resources", "children"), 1),
    "work": 2,
    "app": 3,
    **dict.fromkeys(("daemon", "cli", "demo", "__main__", "__init__"), 4),
}
# Beyond floor 0, a part of floor 1 knows only these.
SHARED = {"resources", "children", "log"}
ALSO = {"config": {"match"}}
ABOVE = {"app", "work", "core", "errors", "config", "log", "resources", "daemon", "cli", "demo", "__init__"}
THIRD_PARTY = {
    "fetch": {"aiohttp", "yarl"},
    "parse": {"feedparser", "lxml", "selectolax", "trafilatura"},
    "match": {"ahocorasick_rs", "marisa_trie", "regex", "simplemma"},
    "store": {"sqlite_utils", "pysqlite3"},
    "render": {"jinja2"},
    "send": {"apprise"},
    "config": {"tomlkit"},
    "daemon": {"apscheduler"},
    "cli": {"click", "rich"},
    "demo": {"aiohttp"},
}
STANDARD = __import__("sys").stdlib_module_names


def imports(source: str, of: str = "monitor.x.y"):
    """The modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{of}: relative import"
            if node.module == "monitor":
                yield from (f"monitor.{alias.name}" for alias in node.names)
            else:
                yield node.module


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def breach(part: str, module: str) -> str | None:
    """Why a part may not import a module, or None."""
    top, _, rest = module.partition(".")
    if top != "monitor":
        is_known = top in STANDARD or top in THIRD_PARTY.get(part, ())
        return None if is_known else f"{part} may not use {top}"
    other = rest.partition(".")[0] or "__init__"
    if other == part or (other.startswith("__version") and FLOOR[part] >= 3):
        return None
    mine, theirs = FLOOR[part], FLOOR.get(other)
    if theirs is None:
        return None if FLOOR[part] >= 3 else f"{part} may not import monitor itself"
    allowed = {
        0: theirs == 0,
        1: theirs == 0 or other in SHARED or other in ALSO.get(part, ()),
        2: theirs == 0,
        3: theirs <= 2,
        4: other in ABOVE,
    }[mine]
    return None if allowed else f"{part} (floor {mine}) may not import {other} (floor {theirs})"


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_floor_may(path):
    found = [breach(part_of(path), module) for module in imports(path.read_text("utf-8"), str(path))]

    assert [one for one in found if one] == []


def test_no_parts_import_each_other_in_a_circle():
    graph = {}
    for path in MODULES:
        inner = {name.split(".")[1] for name in imports(path.read_text("utf-8")) if name.startswith("monitor.")}
        graph.setdefault(part_of(path), set()).update(inner - {part_of(path)})

    def reaches(start, goal, seen):
        return any(one == goal or (one not in seen and reaches(one, goal, seen | {one})) for one in graph.get(start, ()))

    assert [part for part in graph if part not in ("__main__", "cli", "demo") and reaches(part, part, set())] == []


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("core", "import click"),
        ("core", "def later():\n    from monitor.store import Store"),
        ("fetch", "from monitor.parse import pool"),
        ("work", "from monitor import store"),
        ("cli", "from monitor.send.sender import Sender"),
    ],
)
def test_a_breach_is_seen(part, source):
    assert any(breach(part, module) for module in imports(source))
