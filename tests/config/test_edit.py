"""Feeds come and go, comments stay."""

from pathlib import Path

import pytest

from monitor import resources
from monitor.config import load
from monitor.config.edit import add_feed, remove_feed, with_feed, without_feed, write
from monitor.errors import ConfigError, NotFound


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(resources.example_config(), encoding="utf-8")
    return file


def names(path):
    return [feed.name for feed in load(path, {}).feeds]


def test_a_feed_is_added_after_the_last_and_every_comment_stays(path):
    before = path.read_text("utf-8")

    name = add_feed(path, "https://www.zeitung.example/feed", None, {})

    after = path.read_text("utf-8")
    assert (name, names(path)) == ("zeitung", ["boltwise", "gnews-ukraine", "bing-sanktionen", "zeitung"])
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []


def test_a_name_that_is_taken_gets_a_number(path):
    add_feed(path, "https://zeitung.example/a", None, {})

    assert add_feed(path, "https://zeitung.example/b", None, {}) == "zeitung-2"


def test_a_feed_that_is_there_already_is_refused_and_the_file_stays(path):
    before = path.read_text("utf-8")

    with pytest.raises(ConfigError, match="is there already, as boltwise"):
        add_feed(path, "https://www.it-boltwise.de/feed", None, {})

    assert path.read_text("utf-8") == before
    assert [one.name for one in path.parent.iterdir()] == ["config.toml"]


def test_a_feed_is_removed(path):
    add_feed(path, "https://zeitung.example/a", "zeitung", {})
    remove_feed(path, "zeitung", {})

    assert names(path) == ["boltwise", "gnews-ukraine", "bing-sanktionen"]


def test_a_feed_that_is_not_there_cannot_be_removed(path):
    with pytest.raises(NotFound):
        remove_feed(path, "nobody", {})


FILE = Path("config.toml")
TWO = """\
# ---- feeds ----
[[feeds]]
name = "a" # one
url = "https://a.example/"
# interval = "1h"

# ---- the second ----
[[feeds]]
name = "b"
url = "https://b.example/"
[feeds.headers]
Accept = "*/*"

# ---- rules ----
[[rules]]
name = "r"
keywords = ["[[feeds]]"]
"""
NEW = """
[[feeds]]
name = "c"
url = "https://c.example/"
"""


def test_a_new_feed_stands_before_the_comments_of_the_next_table():
    assert with_feed(FILE, TWO, "c", "https://c.example/") == TWO.replace('"*/*"\n', f'"*/*"\n{NEW}')


def test_a_removed_feed_takes_its_own_rows_and_no_heading_with_it():
    assert without_feed(FILE, TWO, "b") == TWO.replace(TWO[TWO.index('[[feeds]]\nname = "b"') : TWO.index("\n# ---- rules")], "")
    assert without_feed(FILE, TWO, "a") == TWO.replace(TWO[TWO.index('[[feeds]]\nname = "a"') : TWO.index("\n# ---- the second")], "")


def test_comments_right_above_the_next_table_are_its_own():
    text = TWO.replace("\n\n# ---- rules", "\n# ---- rules")

    assert with_feed(FILE, text, "c", "https://c.example/") == text.replace("# ---- rules", f"{NEW}\n# ---- rules")
    assert "# ---- rules ----\n[[rules]]" in without_feed(FILE, text, "b")


@pytest.mark.parametrize("text", [TWO, TWO.replace("\n", "\r\n"), "\ufeff" + TWO, TWO.rstrip("\n"), "", "# empty", "feeds = []\n"])
def test_a_feed_that_comes_and_goes_leaves_the_other_rows_as_they_were(text):
    more = with_feed(FILE, text, "c", "https://c.example/", tags=("x", "y"), enabled=False)

    less = without_feed(FILE, more, "c")

    assert "enabled = false" in more
    assert [row for row in less.splitlines() if row.strip()] == [row for row in text.splitlines() if row.strip()]
    assert more.startswith("\ufeff") == text.startswith("\ufeff")
    assert more.replace("\r\n", "").count("\n") == 0 or "\r" not in text


def test_a_list_of_feeds_stays_a_list():
    text = 'feeds = [\n  { name = "a", url = "https://a.example/" }, # one\n]\n'

    more = with_feed(FILE, text, "b", 'https://b.example/?q="x"')

    assert "# one" in more
    assert without_feed(FILE, more, "b").split() == text.split()


def test_what_an_address_holds_cannot_write_settings():
    with pytest.raises(ConfigError, match="control character"):
        add_feed(FILE, 'https://x.example/"\n[monitor]', None, {})


def test_a_file_that_cannot_be_edited_safely_is_refused():
    text = TWO.replace("[feeds.headers]", '[[rules]]\nname = "x"\nkeywords = ["y"]\n[feeds.headers]')

    with pytest.raises(ConfigError, match="by hand"):
        without_feed(FILE, text, "b")


def test_a_feed_that_a_rule_names_stays(path):
    path.write_text(path.read_text("utf-8").replace("feeds = []", 'feeds = ["boltwise"]'), encoding="utf-8")
    before = path.read_bytes()

    with pytest.raises(ConfigError, match="boltwise is one of the `feeds` of the rule waffenstillstand; take it out there first"):
        remove_feed(path, "boltwise", {})

    assert path.read_bytes() == before


def test_a_file_keeps_its_mode_and_the_link_to_it(path, tmp_path):
    path.chmod(0o640)
    link = tmp_path / "elsewhere" / "link.toml"
    link.parent.mkdir()
    link.symlink_to(path)

    write(link, "[monitor]\n", {})

    assert link.is_symlink()
    assert (path.read_text("utf-8"), path.stat().st_mode & 0o777) == ("[monitor]\n", 0o640)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["config.toml", "elsewhere"]


def test_files_of_secrets_are_looked_for_beside_the_link(path, tmp_path):
    link = tmp_path / "elsewhere" / "link.toml"
    link.parent.mkdir()
    link.symlink_to(path)
    (link.parent / "desk.secret").write_text("json://x.example/")

    write(link, '[receivers.desk]\nurls = ["file:desk.secret"]\n', {})

    assert load(link, {}).receivers[0].name == "desk"
