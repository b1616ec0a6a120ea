"""The example says all there is to set, and what is so if nothing is set."""

import re
from dataclasses import replace

import pytest

from monitor import resources
from monitor.config.lines import Lines
from monitor.config.load import parse
from monitor.config.table import Table

TEXT = resources.example_config()
# What an example has to show and a default cannot be.
SHOWN = {
    "feeds": {"name", "url", "google_news", "bing_news"},
    "entities": {"type", "label", "aliases"},
    "rules": {"name", "keywords", "none", "must_match", "must_not_match"},
}


def read(text, tmp_path):
    (tmp_path / "sanctions.csv").write_text("id,name,aliases\n1,Helena Brandt,\n", encoding="utf-8")
    return replace(parse(tmp_path / "config.toml", text, {}), lines=Lines("", ""))


def settings(text):
    """Section, key, row number and whether it is live, of every setting; `# key =` is one too."""
    section = ""
    for number, row in enumerate(text.splitlines()):
        if header := re.match(r"(?:# )?\[+(\w+)", row):
            section = header[1]
        elif setting := re.match(r"(# )?(\w+) = ", row):
            yield section, setting[2], number, not setting[1]


def uncommented_receiver():
    start = TEXT.index("# [receivers.desk]")
    return re.sub(r"^# ?", "", TEXT[start:], flags=re.MULTILINE).replace(
        '"mailtos://${SMTP}", "slack://${SLACK}", "file:telegram.secret"', '"json://h"'
    )


def uncommented_list():
    start = TEXT.index("# [[entity_lists]]")
    return re.sub(r"^# ?", "", TEXT[start : TEXT.index("\n\n", start)], flags=re.MULTILINE)


def test_every_setting_that_is_read_stands_in_the_example_and_no_other(tmp_path, monkeypatch):
    read_keys = set()
    finish = Table.finish

    def note(table):
        # An entry of a list that is a table stands within a row of the example.
        if table.path and "]." not in table.path:
            read_keys.update((re.match(r"\w*", table.path)[0], key) for key in table._known)
        finish(table)

    monkeypatch.setattr(Table, "finish", note)
    read(TEXT + "\n" + uncommented_list() + "\n" + uncommented_receiver(), tmp_path)

    told = {(section, key) for section, key, _, _ in settings(TEXT)}
    assert told == read_keys


def test_every_setting_has_a_comment_of_its_own_or_says_it_itself():
    rows = TEXT.splitlines()
    plain = {"url", "name", "label", "fields", "template", "google_news", "bing_news", "region", "must_not_match", "aliases"}
    first = {}
    for section, key, number, _ in settings(TEXT):
        first.setdefault((section, key), rows[number])

    assert [one for one, row in first.items() if one[1] not in plain and "  # " not in row and one[1] != "urls"] == []


def first_of_each():
    seen = set()
    for section, key, number, is_live in settings(TEXT):
        if is_live and (section, key) not in seen and key not in SHOWN.get(section, ()):
            seen.add((section, key))
            yield pytest.param(number, id=f"{section}.{key}")


@pytest.mark.parametrize("number", list(first_of_each()))
def test_without_a_setting_all_stays_as_the_example_shows_it(number, tmp_path):
    rows = TEXT.splitlines()

    less = "\n".join(rows[:number] + rows[number + 1 :])

    assert read(less, tmp_path) == read(TEXT, tmp_path)


def test_the_receiver_in_the_comments_is_right_and_shows_its_defaults(tmp_path):
    full = read(TEXT + "\n" + uncommented_receiver(), tmp_path)

    assert full == read(TEXT + '\n[receivers.desk]\nurls = ["json://h"]\n', tmp_path)


def test_the_list_in_the_comments_is_right_and_shows_its_defaults(tmp_path):
    full = read(TEXT + "\n" + uncommented_list(), tmp_path)

    assert full == read(TEXT + '\n[[entity_lists]]\nname = "sanctions"\nfile = "sanctions.csv"\n', tmp_path)
    assert full.entities[-1].name == "sanctions:1"


def test_alerts_of_the_example_go_to_the_console(tmp_path):
    config = read(TEXT, tmp_path)

    assert [feed.address.reveal() for feed in config.feeds if feed.enabled] == ["https://www.it-boltwise.de/feed"]
    assert {rule.name: rule.receivers for rule in config.rules} == dict.fromkeys(
        ("waffenstillstand", "sanktionen", "selenskyj"), ("console",)
    )
