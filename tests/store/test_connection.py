"""The connection to the file."""

from types import SimpleNamespace

import pytest

from monitor.errors import StoreError, StoreFull
from monitor.store import migrations
from monitor.store.connection import connect, driver, translated


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


def test_a_disk_that_is_full_while_the_tables_are_made_is_told_as_that(connection, monkeypatch):
    def fill(_):
        # As SQLite does it when the disk is full in the middle.
        connection.execute("ROLLBACK")
        raise driver.OperationalError("database or disk is full")

    monkeypatch.setattr(migrations, "import_module", lambda _: SimpleNamespace(upgrade=fill))

    with pytest.raises(StoreFull, match="make room"), translated("some.db"):
        migrations.apply(connection, 0)


def test_an_error_of_the_disk_says_that_it_may_be_full():
    error = driver.OperationalError("disk I/O error")

    with pytest.raises(StoreError, match="is the disk full"), translated("some.db"):
        raise error
