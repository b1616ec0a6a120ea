from __future__ import annotations

import json

from monitor.store import Store


def test_stats_count_what_is_there(home, publish):
    publish(rule="ceasefire")

    assert json.loads(home("db", "stats", "--format", "json").stdout)["matches"] == 1


def test_a_backup_is_a_database_of_its_own(home, publish):
    publish()

    home("db", "backup", str(home.path / "copy.db"))

    with Store.open(home.path / "copy.db", create=False) as copy:
        assert len(copy.item_rows()) == 1


def test_a_backup_overwrites_nothing(home, publish):
    publish()
    (home.path / "copy.db").write_text("precious")

    home("db", "backup", str(home.path / "copy.db"), code=1)

    assert (home.path / "copy.db").read_text() == "precious"


def test_migrate_makes_the_database(home):
    home("db", "migrate")

    assert home.database.exists()


def test_a_sound_database_is_ok(home, publish):
    publish()

    assert home("db", "check").stderr == "ok\n"


def test_prune_forgets_what_is_older_than_the_retention(home, publish):
    publish(minutes=-2 * 365 * 24 * 60)

    assert home("db", "prune").stderr == "1 items forgotten\n"


def test_a_file_that_is_no_database_is_one_line_and_no_traceback(home):
    home.database.write_bytes(b"no database" * 1000)

    result = home("db", "stats", code=1)

    assert result.stderr.startswith("monitor: ")
    assert home.database.read_bytes() == b"no database" * 1000
