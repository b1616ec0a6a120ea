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


def test_small_letters_say_nothing_in_a_headline_of_them():
    assert name_forms("Siemens", "family").judge("siemens", case_tells=False).by == "exact"
