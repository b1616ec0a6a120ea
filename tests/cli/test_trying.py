from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from monitor.cli.root import monitor

FROM_THE_FIRST = ("--since", "2020-01-01")


@pytest.fixture
def archive(publish):
    """A first poll, and what came after it."""
    publish("first", title="Die Waffenruhe hält")
    publish("a", title="Neue Waffenruhe", minutes=60)
    publish("b", title="Feuerpause beendet", minutes=120)
    publish("c", title="Das Wetter", minutes=180)


def rows(home, *words):
    return json.loads(home(*words, "--format", "json").stdout)


def test_words_shows_archive_words_with_counts_before_those_of_the_dictionary(home, archive):
    first, *others = rows(home, "words", "Waffenruhe")

    assert first == {"word": "Waffenruhe", "items": 2, "by": "exact", "analysis": "", "source": "archive"}
    assert {"word": "Waffenruhen", "items": 0, "by": "inflected", "analysis": "", "source": "dictionary"} in others


def test_a_word_counts_once_an_item_and_not_in_page_noise(home, publish):
    publish("a", title="Briefpost", content="Die Briefpost und die Briefpost\nLesen Sie auch: Feldpost")

    assert [(row["word"], row["items"]) for row in rows(home, "words", "Post") if row["source"] == "archive"] == [("Briefpost", 1)]


def test_words_tells_how_each_word_was_cut(home, publish):
    publish("a", title="Chefposten gesucht")

    said = home("words", "Posten", "--limit", "1").stdout

    assert "compound  Chef·posten" in said


def test_words_of_a_mode(home, publish):
    publish("a", title="Sanktionen und Sanktionspaket")

    found = {row["word"] for row in rows(home, "words", "Sanktion", "--mode", "inflected")}

    assert "Sanktionen" in found
    assert "Sanktionspaket" not in found


def test_words_of_a_phrase_are_those_of_the_archive(home, publish):
    publish("a", title="Die Deutschen Banken und die Deutsche Bank")

    assert [row["word"] for row in rows(home, "words", "Deutsche Bank")] == ["Deutsche Bank", "Deutschen Banken"]


def test_words_of_a_language_are_of_texts_in_it(home, publish):
    publish("a", title="Sanktionen")

    found = rows(home, "words", "Sanktion", "--language", "fr")

    assert [row["word"] for row in found if row["source"] == "archive"] == []


def test_words_needs_no_archive(home):
    assert rows(home, "words", "Waffenruhe")[0]["items"] == 0


def test_words_takes_one_term(home):
    assert "monitor try" in home("words", "Bank AND Kasse", code=2).stderr


def test_try_counts_matches_and_leaves_first_polls_out_of_the_alerts(home, archive):
    trial = rows(home, "try", "Waffenruhe", *FROM_THE_FIRST)

    assert (trial["items"], trial["matches"], trial["alerts"]) == (4, 2, 1)
    assert trial["feeds"] == [{"feed": "news", "matches": 2, "items": 4}]
    assert [hit["title"] for hit in trial["newest"]] == ["Neue Waffenruhe", "Die Waffenruhe hält"]
    assert trial["gained"] is None


def test_try_against_a_rule_shows_what_is_gained_and_lost(home, archive):
    trial = rows(home, "try", "Feuerpause OR (Waffenruhe AND neu)", "--against", "ceasefire", *FROM_THE_FIRST)

    assert [hit["title"] for hit in trial["gained"]] == ["Feuerpause beendet"]
    assert [hit["title"] for hit in trial["lost"]] == ["Die Waffenruhe hält"]


def test_try_against_looks_where_the_rule_looks(home, archive):
    config = home.config.read_text("utf-8")
    home.config.write_text(config.replace("must_match", 'fields = ["content"]\nmust_match'), "utf-8")

    trial = rows(home, "try", "Feuerpause", "--against", "ceasefire", *FROM_THE_FIRST)

    assert trial["matches"] == 0


def test_words_of_an_entity_that_is_not_there_is_an_error(home, archive):
    assert 'there is no entity "nobody", at character 1' in home("words", "@nobody", code=2).stderr


def test_try_for_people_has_titles(home, archive):
    said = home("try", "Waffenruhe", "--against", "ceasefire", *FROM_THE_FIRST).stdout

    assert "2, 1 of them in first polls, which do not count as alerts" in said
    assert "gained against ceasefire: 0" in said
    assert "Neue Waffenruhe" in said


def test_try_records_nothing(home, archive):
    home("try", "Waffenruhe", *FROM_THE_FIRST)

    assert rows(home, "matches") == []


def test_try_of_old_items_only_when_asked(home, archive):
    assert rows(home, "try", "Waffenruhe", "--since", "2030-01-01")["items"] == 0


@pytest.mark.parametrize("query", ["Bank AND", "NOT Bank", "@nobody", "/(/", "/a*/"])
def test_try_refuses_what_a_rule_may_not_be(home, archive, query):
    assert "Error" in home("try", query, code=2).stderr


def test_try_against_a_rule_that_does_not_exist_is_an_error(home, archive):
    assert "no such rule: truce; the config has ceasefire" in home("try", "Bank", "--against", "truce", code=1).stderr


def test_try_without_a_database_is_an_error(home):
    home("try", "Bank", code=1)


def test_what_a_person_mistypes_is_shown_with_its_place(home, archive):
    result = CliRunner().invoke(monitor, ["--config", str(home.config), "try", "Bank AND OR Kasse"])

    assert 'before "OR Kasse"' in result.stderr
