"""The connection to the file."""

import pytest

from monitor.store.connection import connect


@pytest.fixture
def connection(tmp_path):
    opened = connect(tmp_path / "some.db", create=True)
    yield opened
    opened.close()


def test_a_statement_is_compiled_once_however_many_came_before_it(connection):
    for number in range(300):
        connection.execute(f"SELECT {number}").fetchall()
    compiled = []

    def note(*what):
        compiled.append(what)
        return 0

    connection.set_authorizer(note)
    for _ in range(3):
        connection.execute("SELECT 'of every poll'").fetchall()
        connection.execute("SELECT 'of every other'").fetchall()

    assert len(compiled) == 2
