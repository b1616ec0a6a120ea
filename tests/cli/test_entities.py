from __future__ import annotations

import json

import pytest

from monitor.config import load

ENTITIES = """
[entities.selenskyj]
type = "person"
label = "Wolodymyr Selenskyj"
aliases = ["Selenskyj"]

[entities.koenig]
label = "Anna König"
aliases = ["König"]

[[rules]]
name = "president"
entities = ["selenskyj"]
"""


@pytest.fixture
def people(home):
    home.config.write_text(home.config.read_text("utf-8") + ENTITIES, "utf-8")


def rows(home, *words):
    return json.loads(home("entities", *words, "--format", "json").stdout)


def test_entities_are_listed_with_names_and_matches_most_first(home, people, publish):
    publish("a", title="Selenskyj kommt")
    home("backfill")

    first, second = rows(home)

    assert (first["name"], first["type"], first["aliases"], first["matches"]) == ("selenskyj", "person", ["Selenskyj"], 1)
    assert (second["name"], second["list"], second["id"], second["matches"]) == ("koenig", None, None, 0)


def test_other_spellings_that_were_seen_are_proposed(home, people, publish):
    publish("a", title="Zelenskyy reist", content="Zelenskyys Berater und Selenskyjs Minister")
    publish("b", title="Zelenskyy kommt", minutes=5)
    publish("c", title="Selenski kommt", minutes=10)

    assert rows(home)[0]["also_seen"] == [{"word": "Zelenskyy", "count": 3}, {"word": "Selenski", "count": 1}]
    assert "Zelenskyy 3x, Selenski 1x" in home("entities").stdout


def test_a_name_of_another_entity_is_no_other_spelling(home, people, publish):
    home.config.write_text(home.config.read_text("utf-8") + '[entities.frau]\nlabel = "Zelenskyy"\n', "utf-8")
    publish("a", title="Zelenskyy reist")

    assert rows(home)[0]["also_seen"] == []


def test_entities_are_listed_without_a_database(home, people):
    assert [row["name"] for row in rows(home)] == ["selenskyj", "koenig"]


def test_a_list_is_imported_with_the_columns_of_its_head(home, people):
    (home.path / "sanctions.csv").write_text("Entity_ID;Full Name;AKA\nQ1;Acme Trading;Acme Ltd|Acme GmbH\n", "utf-8")
    before = home.config.read_text("utf-8")

    said = home("entities", "import", str(home.path / "sanctions.csv")).stderr

    assert "added: sanctions, 1 entities, name from Full Name, id from Entity_ID, aliases from AKA" in said
    assert home.config.read_text("utf-8").startswith(before)
    assert 'file = "sanctions.csv"' in home.config.read_text("utf-8")
    (row,) = rows(home, "--list", "sanctions")
    assert (row["label"], row["id"], row["aliases"]) == ("Acme Trading", "Q1", ["Acme Ltd", "Acme GmbH"])


def test_an_import_keeps_line_ends_and_takes_name_and_type(home):
    home.config.write_bytes(home.config.read_bytes().replace(b"\n", b"\r\n"))
    (home.path / "a.csv").write_text("name\nAnna Albers\n", "utf-8")

    home("entities", "import", str(home.path / "a.csv"), "--name", "people", "--type", "person")

    assert b"\n" not in home.config.read_bytes().replace(b"\r\n", b"")
    (entity,) = load(home.config, {}).entities
    assert (entity.source, entity.type) == ("people", "person")


@pytest.mark.parametrize("content", ["colour;size\nred;1\n", "", "name\n"])
def test_what_is_no_list_of_names_is_not_imported(home, content):
    (home.path / "a.csv").write_text(content, "utf-8")
    before = home.config.read_bytes()

    home("entities", "import", str(home.path / "a.csv"), code=0 if content == "name\n" else 2)

    assert (home.config.read_bytes() == before) == (content != "name\n")


def test_a_list_is_not_imported_twice(home):
    (home.path / "a.csv").write_text("name\nAnna Albers\n", "utf-8")
    home("entities", "import", str(home.path / "a.csv"))

    assert "there is a list a already" in home("entities", "import", str(home.path / "a.csv"), code=2).stderr


def test_a_file_that_is_not_there_is_not_imported(home):
    assert "cannot be read" in home("entities", "import", str(home.path / "absent.csv"), code=2).stderr


def test_a_list_that_the_config_does_not_have_is_an_error(home, people):
    assert "no such list of entities: sanctions" in home("entities", "--list", "sanctions", code=1).stderr


@pytest.fixture
def listed(home):
    """A list of thirty entities, and a rule for all of them."""
    (home.path / "firms.csv").write_text("id,name\n" + "".join(f"F{number},Firma Nordwind{number}\n" for number in range(30)), "utf-8")
    more = '[[entity_lists]]\nname = "firms"\nfile = "firms.csv"\nid = "id"\n[[rules]]\nname = "firms"\nentities = ["firms"]\n'
    home.config.write_text(home.config.read_text("utf-8") + more, "utf-8")


def test_matches_of_a_list_are_those_of_all_its_entities(home, listed, publish):
    publish("a", title="Firma Nordwind3 und Firma Nordwind4")
    publish("b", title="Das Wetter", minutes=60)
    home("backfill")

    assert [row["item"]["id"] for row in json.loads(home("matches", "--entity", "firms", "--format", "json").stdout)] == [1]
    assert [row["item"]["id"] for row in json.loads(home("matches", "--entity", "firms:F4", "--format", "json").stdout)] == [1]
    assert home("matches", "--entity", "firms:F5").stdout == ""


def test_of_many_entities_some_are_named_where_one_is_not_there(home, listed, publish):
    publish("a")

    said = home("matches", "--entity", "nobody", code=1).stderr

    assert "no such entity: nobody; the config has firms, firms:F0" in said
    assert "and 11 more" in said
