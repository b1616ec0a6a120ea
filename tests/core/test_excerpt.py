"""The part of a text that shows why."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.excerpt import LENGTH, excerpt
from monitor.core.model import Evidence


def hit(text, word):
    start = text.index(word)
    return Evidence(word, None, "content", word, start, start + len(word), "exact")


def test_a_hit_far_inside_is_shown_with_what_is_around_it():
    text = "Anfang. " * 100 + "Hier steht das Wort im Satz. " + "Ende. " * 100

    pieces = excerpt(text, "content", [hit(text, "Wort")])

    assert [piece.text for piece in pieces if piece.is_hit] == ["Wort"]
    assert pieces[0].text == "… "
    assert pieces[-1].text == " …"


def test_a_text_without_a_hit_shows_its_beginning():
    assert excerpt("kurz", "content", [])[0].text == "kurz"


@given(st.text(min_size=1, max_size=2000), st.integers(0, 1999), st.integers(1, 30))
def test_an_excerpt_is_a_part_of_the_text(text, start, length):
    start %= len(text)
    word = text[start : start + length]
    pieces = excerpt(text, "content", [Evidence("t", None, "content", word, start, start + len(word), "exact")])
    shown = [piece.text for piece in pieces]

    body = "".join(shown[1 if start > 0 and shown[0] == "… " else 0 : -1 if shown[-1] == " …" else None])

    assert body in text.replace("\n", " ")
    assert len(body) <= LENGTH + length + 130
