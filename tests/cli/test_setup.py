from __future__ import annotations

import json

import pytest

from monitor.config import load


def test_init_writes_a_config_that_passes_its_own_check(home):
    home.config.unlink()

    home("init")

    home("check")


def test_init_leaves_a_config_alone(home):
    before = home.config.read_text()

    assert "is there already" in home("init", code=1).stderr
    assert home.config.read_text() == before


def test_init_where_nothing_can_be_written_is_one_line(home):
    home.config.unlink()

    assert "cannot be written" in home("--config", str(home.path / "absent" / "config.toml"), "init", code=1).stderr


def test_check_says_what_the_config_holds(home):
    assert "ok, 1 feed, 1 rule, 0 entities, 1 receiver" in home("check").stdout


def test_check_prints_every_problem_on_a_line_and_ends_with_2(home):
    home.config.write_text(home.config.read_text() + '\ncolour = "red"\n[weather]\n')

    result = home("check", code=2)

    assert [line.split(":")[0].endswith("config.toml") for line in result.stderr.splitlines()] == [True, True]
    assert "colour" in result.stderr
    assert "weather" in result.stderr


def test_check_runs_the_rules_own_examples(home):
    home.config.write_text(home.config.read_text() + 'must_not_match = ["Waffenruhe gebrochen"]\n')

    assert "must_not_match" in home("check", code=2).stderr


def test_a_config_that_is_not_there_ends_with_2(home):
    home.config.unlink()

    assert "config.toml" in home("matches", code=2).stderr


def test_a_sample_goes_to_the_console(home):
    assert "sent" in home("test", "console").stdout


def test_a_sample_to_the_console_does_not_get_among_the_rows_of_a_script(home):
    assert json.loads(home("test", "console", "--format", "json").stdout)[0]["outcome"] == "sent"


def test_a_sample_to_nobody_is_an_error(home):
    assert "no such receiver" in home("test", "nobody", code=1).stderr


def test_a_feed_is_added_and_removed(home):
    home("feeds", "add", "https://other.example/feed", "--name", "other", "--force")
    assert [feed.name for feed in load(home.config, {}).feeds] == ["news", "other"]

    home("feeds", "remove", "other")
    assert [feed.name for feed in load(home.config, {}).feeds] == ["news"]


def test_removing_a_feed_that_is_not_there_is_an_error(home):
    home("feeds", "remove", "other", code=1)


def test_what_cannot_be_visited_is_not_added(home):
    before = home.config.read_text()

    home("feeds", "add", "http://127.0.0.1:9/feed", code=1)

    assert home.config.read_text() == before


@pytest.mark.parametrize("words", [("matches", "--since", "yesterday"), ("items", "--limit", "0"), ("matches", "--format", "xml")])
def test_a_wrong_command_line_ends_with_2(home, words):
    assert "Error" in home(*words, code=2).stderr


RULE = '[[rules]]\nname = "more"\n'


def checked(home, more):
    home.config.write_text(home.config.read_text("utf-8") + more, "utf-8")
    return home("check").stderr.splitlines()


def test_check_warns_of_what_is_probably_not_meant_with_file_line_and_path(home):
    (line,) = checked(home, RULE + "query = 'Gipfel OR Treffen Sanktoin'\n")[:1]

    assert line.startswith(f"warning: {home.config}:{len(home.config.read_text('utf-8').splitlines())}: rules[1].query: ")


@pytest.mark.parametrize(
    ("more", "warning"),
    [
        (RULE + "query = 'Gipfel OR Treffen Hafen'\n", "AND and OR stand together without brackets"),
        (RULE + "query = 'Sanktoin'\n", "did you mean Sanktion?"),
        (RULE + "query = 'Rat'\n", "“Rat” is short"),
        (RULE + "query = '/(a+)+$/'\n", "runs out of time on some texts"),
        ('[entities.k]\nlabel = "Anna König"\naliases = ["König"]\n', "entities.k.aliases[0]: “König” is a common word too"),
    ],
)
def test_check_warns(home, more, warning):
    (line,) = checked(home, more)

    assert warning in line


@pytest.mark.parametrize("more", [RULE + "query = 'Charkiw OR Putin'\n", '[entities.m]\nlabel = "Angela Merkel"\naliases = ["Merkel"]\n'])
def test_check_does_not_warn_of_names(home, more):
    assert checked(home, more) == []


def test_check_warns_once_of_a_list_of_entities(home):
    (home.path / "a.csv").write_text("name\n" + "".join(f"{word}\n" for word in ("Anna Albers", "König", "Sommer", "Koch")), "utf-8")

    (line,) = checked(home, '[[entity_lists]]\nname = "a"\nfile = "a.csv"\n')

    assert "entity_lists[0]: names of a are common words too" in line
    assert "König, Sommer, Koch" in line


def test_check_tells_of_other_spellings_that_were_seen(home, publish):
    publish("a", title="Zelenskyy reist", minutes=60 * 24)

    (line,) = checked(home, '[entities.s]\nlabel = "Selenskyj"\n')

    assert "entities.s: also seen: Zelenskyy 1x" in line


def test_check_says_nothing_of_rules_in_which_a_variable_stands(home, monkeypatch):
    monkeypatch.setenv("WORD", "Sanktoin")

    assert checked(home, RULE + "query = '${WORD}'\n") == []


@pytest.mark.parametrize("command", ["poll", "backfill"])
def test_rules_whose_examples_are_wrong_do_not_run(home, publish, command):
    publish("a")
    home.config.write_text(home.config.read_text() + 'must_not_match = ["Waffenruhe gebrochen"]\n')

    assert "must_not_match" in home(command, code=2).stderr


@pytest.mark.parametrize(("option", "engine"), [("--google-news", "google_news"), ("--bing-news", "bing_news")])
def test_a_search_feed_is_added_with_its_terms(home, option, engine):
    result = home("feeds", "add", option, "Waffenruhe Kiew", "--region", "AT", "--force")

    assert f'{engine} = "Waffenruhe Kiew"\nregion = "AT"' in home.config.read_text("utf-8")
    assert "non-commercial" in result.stderr
    assert f"feeds[1].{engine}: " in home("check").stderr


@pytest.mark.parametrize("words", [(), ("https://x.example", "--bing-news", "Öl"), ("https://x.example", "--region", "AT")])
def test_a_feed_has_one_source(home, words):
    home("feeds", "add", *words, code=2)
