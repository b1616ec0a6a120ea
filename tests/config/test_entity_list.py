"""Entities from CSV: what is read, what is wrong and on which line, and that many are read fast."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.entity_list import Columns, read_entities
from monitor.core.rule import Entity

COLUMNS = Columns("name", "id", "aliases", ";")


def read(text, columns=COLUMNS):
    return read_entities(text.encode() if isinstance(text, str) else text, "s", columns, "topic")


def brandt(name="s:1", **facts):
    return Entity(name, "Brandt", aliases=("B. Brandt",), **{"id": "1", "source": "s", **facts})


@pytest.mark.parametrize(
    "text",
    [
        "id,name,aliases\n1,Brandt,B. Brandt",
        "\ufeffid,name,aliases\r\n1,Brandt,B. Brandt\r\n",
        "\n\nid,name,aliases\n\n1,Brandt,B. Brandt\n\n",
        "id;name;aliases\n1;Brandt;B. Brandt\n",
        'id;name;aliases\n1;Brandt;"B. Brandt;Brandt; B. Brandt "\n',
        "id\tname\taliases\n1\tBrandt\tB. Brandt\n",
        '"id","name","aliases"\n"1","Brandt","B. Brandt"\n',
        'more, id ,name,"aliases"\n"x, y",1,"Brandt\n",B.  Brandt;;\n',
        "id,name,aliases\n1,Brandt,B. Brandt,,\n",
        "name,aliases,id\nBrandt,B. Brandt,1\n",
    ],
)
def test_a_file_is_read_however_it_is_written(text):
    found = read(text)

    assert (found.entities, found.problems, found.warnings) == ((brandt(),), (), ())


def test_names_of_any_alphabet_and_with_quotes_are_read():
    found = read('id,name\n1,"Володимир ""Вова"" Зеленський"\n2,"Acme, Inc."\n')

    assert [entity.label for entity in found.entities] == ['Володимир "Вова" Зеленський', "Acme, Inc."]


def test_labels_and_ids_that_stand_twice_are_kept_under_names_of_their_own():
    found = read("id,name\n1,Brandt\n1,Brandt\n,Brandt\n")

    assert [(one.name, one.id) for one in found.entities] == [("s:1", "1"), ("s:1 (line 3)", "1"), ("s:line 4", None)]


def test_columns_may_have_other_names_and_id_and_aliases_may_be_missing():
    columns = Columns("Full Name", "ref", "aka", "|", frozenset({"id", "aliases"}))

    assert read("ref,Full Name,aka\n1,Brandt,B. Brandt|Brandt\n", columns).entities == (brandt(),)
    assert read("name\nBrandt\n").entities == (Entity("s:line 2", "Brandt", source="s"),)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", (1, "the file is empty")),
        (" \n\n", (1, "the file is empty")),
        ("id,label\n1,x\n", (1, 'there is no column "name"; the head has id, label')),
        ("id,name,aliases\n1,x,y\n2,z\n", (3, "the row is too short: it has 2 values, the head names 3")),
        (
            "id,name\n1,Brandt, Helena\n",
            (2, "the row is too long: it has 3 values, the head names 2; put a value that holds the delimiter"),
        ),
        ("id,name\n1, \n", (2, 'the label is empty; write a name in column "name"')),
        ('id,name\n1,a\n2,"b\n3,c\n4,d\n', (3, "a quote that opens in this row is never closed")),
        ('id,name\n1,"a"b"\n', (2, "a quote stands within a value")),
        ('id,name\n1,a\n"2\n",\n3,\n', (3, "the label is empty")),
        (b"id,name\n1,caf\xe9\n", (2, "the file is not UTF-8; save it as UTF-8")),
        ("id,name\n1,a".encode("utf-16"), (1, "the file is not UTF-8")),
        ('id,name\n1,"' + "x" * 200_000 + '"\n', (2, "a quote that opens in this row is never closed")),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, problem):
    line, message = read(text).problems[0]

    assert line == problem[0]
    assert message.startswith(problem[1])


def test_columns_that_the_config_names_must_be_there():
    columns = Columns("name", "ref", "aka", ";", frozenset({"id", "aliases"}))

    assert read("name\nx\n", columns).problems == ((1, 'there are no columns "ref", "aka"; the head has name'),)


def test_a_file_with_only_a_head_is_warned_of():
    assert read("id,name\n").warnings == ((1, "the file has no entities, only its head"),)


@given(st.lists(st.tuples(st.text(max_size=8), st.text(min_size=1, max_size=8), st.lists(st.text(max_size=5), max_size=3)), max_size=5))
def test_every_row_is_an_entity_or_has_a_problem(rows):
    import csv
    import io

    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "name", "aliases"), *((id_, name, ";".join(aliases)) for id_, name, aliases in rows)])

    found = read_entities(file.getvalue().encode("utf-8", "replace"), "s", COLUMNS, "topic")

    assert len(found.entities) + len(found.problems) == len(rows)
    assert len({entity.name for entity in found.entities}) == len(found.entities)


def test_fifty_thousand_rows_are_read_with_all_their_names():
    text = "id,name,aliases\n" + "".join(f"EU.{n},Helena Brandt {n},H. Brandt {n};Brandt {n};Гелена Брандт {n}\n" for n in range(50_000))

    found = read(text)

    assert len(found.entities) == 50_000
    assert found.entities[-1].aliases == ("H. Brandt 49999", "Brandt 49999", "Гелена Брандт 49999")
