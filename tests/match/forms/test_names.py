"""The words of names: case and genitive, never cut, and Lange is not Länge."""

import pytest

from monitor.match.forms.names import name_forms


@pytest.mark.parametrize(
    ("alias", "token", "by"),
    [
        ("Merkel", "Merkel", "exact"),
        ("Merkel", "MERKEL", "exact"),
        ("Merkel", "Merkels", "inflected"),
        ("Merkel", "Merkel’s", "inflected"),
        ("Merkel", "merkel", None),
        ("Merkel", "Merkelchen", None),
        ("Merz", "Merz'", "inflected"),
        ("Merz", "Merzs", None),
        ("Merz", "Maerz", None),
        ("Scholz", "Scholzen", None),
        ("Özil", "Ozil", "exact"),
        ("Özil", "Oezil", "exact"),
        ("Lange", "Länge", None),
        ("Erdoğan", "Erdogans", "inflected"),
        ("Wien", "Jugoslawien", None),
        ("Merkel", "Anti-Merkel-Proteste", "compound"),
        ("Putin", "Cloud-Computing", None),
    ],
)
def test_a_name_takes_its_genitive_and_no_other_form(alias, token, by):
    found = name_forms(alias, "family").judge(token)

    assert (found.by if found else None) == by


def test_the_hyphened_word_is_a_hit_in_family_only():
    assert name_forms("Merkel", "inflected").judge("Merkel-Besuch") is None
    assert name_forms("Merkel", "exact").judge("Merkels") is None


def test_an_inner_word_takes_the_endings_of_an_adjective():
    inner = name_forms("Deutsche", "family", is_last=False)

    assert inner.judge("Deutschen").by == "inflected"
    assert inner.judge("Deutsches").by == "inflected"
    assert name_forms("Bank", "family").judge("Banken") is None


@pytest.mark.parametrize(
    ("word", "bent"),
    [("Islamischer", "Islamischen"), ("Rotes", "Roten"), ("Auswärtiges", "Auswärtige"), ("Vereinigtes", "Vereinigten")],
)
def test_an_adjective_that_ends_as_its_noun_wants_takes_the_other_endings_too(word, bent):
    assert name_forms(word, "family", is_last=False).judge(bent).by == "inflected"


@pytest.mark.parametrize("word", ["Peter", "Johannes", "Alexander", "Charles"])
def test_a_first_name_is_no_adjective(word):
    assert name_forms(word, "family", is_last=False).judge(word[:-1]) is None


@pytest.mark.parametrize(
    ("word", "genitive"), [("Staat", "Staates"), ("Bundestag", "Bundestages"), ("Haus", "Hauses"), ("Kreuz", "Kreuzes")]
)
def test_a_name_that_ends_in_a_noun_has_its_long_genitive(word, genitive):
    assert name_forms(word, "family").judge(genitive).by == "inflected"
    assert name_forms("Brand", "family").judge("Brandes") is None


def test_small_letters_say_nothing_in_a_headline_of_them():
    assert name_forms("Siemens", "family").judge("siemens", case_tells=False).by == "exact"
