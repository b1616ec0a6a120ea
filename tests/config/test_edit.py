"""Feeds come and go, comments stay."""

import pytest

from monitor import resources
from monitor.config import load
from monitor.config.edit import add_feed, remove_feed
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
    assert (name, names(path)) == ("zeitung", ["boltwise", "zeitung"])
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []


def test_a_name_that_is_taken_gets_a_number(path):
    add_feed(path, "https://zeitung.example/a", None, {})

    assert add_feed(path, "https://zeitung.example/b", None, {}) == "zeitung-2"


def test_a_feed_that_is_there_already_is_refused_and_the_file_stays(path):
    before = path.read_text("utf-8")

    with pytest.raises(ConfigError, match="stands twice"):
        add_feed(path, "https://www.it-boltwise.de/feed", None, {})

    assert path.read_text("utf-8") == before
    assert [one.name for one in path.parent.iterdir()] == ["config.toml"]


def test_a_feed_is_removed(path):
    add_feed(path, "https://zeitung.example/a", "zeitung", {})
    remove_feed(path, "zeitung", {})

    assert names(path) == ["boltwise"]


def test_a_feed_that_is_not_there_cannot_be_removed(path):
    with pytest.raises(NotFound):
        remove_feed(path, "nobody", {})
