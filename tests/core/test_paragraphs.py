"""Paragraphs have their places, and a mask by which their like is known again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.paragraphs import Paragraph, mask, paragraphs


@given(st.text(alphabet="ab \n\t.", max_size=60))
def test_a_paragraph_is_where_it_says(text):
    found = paragraphs(text)

    assert all(text[one.start : one.end] == one.text and "\n" not in one.text for one in found)
    assert "".join("".join(one.text.split()) for one in found) == "".join(text.split())


def one(text):
    return Paragraph(text, 0, len(text))


@pytest.mark.parametrize(
    ("text", "is_sentence", "is_prose"),
    [
        ("Die Gespräche laufen.", True, False),
        ("Er sagte: „Wir gehen.“", True, False),
        ("Waffenruhe in Sicht", False, False),
        ("Anzeige.", False, False),
        ("Am Morgen trafen sich beide Seiten zum dritten Mal in dieser Woche, um zu reden.", True, True),
        ("Entwickler für alles, was sich bewegt, in einem jungen Team am Rande der Stadt", False, False),
    ],
)
def test_a_sentence_ends_as_one_and_prose_is_a_longer_one(text, is_sentence, is_prose):
    assert (one(text).is_sentence, one(text).is_prose) == (is_sentence, is_prose)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Suche nach »Neue Impulse« im Netz", "Suche nach »Alte Hüte« im Netz"),
        ("12 Leser haben das gelesen!", "3.400 Leser haben das gelesen"),
        ("Kurz-Adresse: https://a.example/1", "Kurz-Adresse: https://a.example/2?b=c"),
        ("Mehr über Erster Titel bei uns", "Mehr über ZWEITER  TITEL bei uns"),
    ],
)
def test_what_differs_only_in_title_quotes_numbers_and_addresses_has_one_mask(first, second):
    assert mask(first, "Erster Titel") == mask(second, "Zweiter Titel") is not None


def test_other_words_are_another_mask():
    assert mask("Die Waffen ruhen heute", "") != mask("Die Waffen ruhen morgen", "")


@pytest.mark.parametrize(
    "text",
    ["„Wir werden weiter verhandeln und nicht aufgeben“, sagte er.", "Der Titel", "12:30", "– – –", "http://a.example/lang/und/breit"],
)
def test_what_says_nothing_of_its_own_cannot_be_known_again(text):
    assert mask(text, "Der Titel") is None
