"""Markup to what a reader sees."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.text import clean, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Eins</p><p>Zwei</p>", "Eins\nZwei"),
        ("Eins<br/>Zwei", "Eins\nZwei"),
        ("a <b>fett</b>es Wort", "a fettes Wort"),
        ("<script>x</script>sichtbar<style>y</style>", "sichtbar"),
        ("a &lt;b&gt; &amp; c&nbsp;d", "a <b> & c d"),
        ("3 < 5 und 7 > 6", "3 < 5 und 7 > 6"),
        ('<a href="x>y">Link</a>', "Link"),
        ("<!-- weg -->da", "da"),
        ("vor <iframe src='https://video.example/1'/>nach", "vor nach"),
        ("vor <object data='x'><b>und</b> nach", "vor und nach"),
        ("<head><title>T</title><body>Text", "TText"),
        ("vor <script>nie zu Ende", "vor"),
        ("<a title=it's>da</a> und hier", "da und hier"),
        ("Zeile\nim Quelltext", "Zeile im Quelltext"),
        ("offen <a href='x", "offen a href='x"),
        ("<li>eins<li>zwei", "eins\nzwei"),
        ("eins\u2028zwei\x1cdrei\x85\r\nvier", "eins zwei drei vier"),
        ("Waf\u00adfen\u200bstill", "Waffenstill"),
        ("Mu\u0308ll und Cafe\u0301", "Müll und Café"),
        ("Auf\u200clage", "Auflage"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩\u200d💻", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩\u200d💻"),
    ],
)
def test_markup_becomes_what_a_reader_sees(markup, text):
    assert plain_text(markup) == text


@given(st.text())
def test_any_text_is_read(text):
    plain = plain_text(text)

    assert "\x00" not in plain
    assert plain == plain.strip()


@given(st.text(alphabet=st.characters(blacklist_characters="<&", blacklist_categories=["Cs", "Cc"])))
def test_text_without_markup_keeps_its_words(text):
    assert plain_text(text).split() == clean(text, len(text)).split()


@pytest.mark.parametrize("flood", ["<", "<!--", "&", "<a", "<a '", '<a b="', "<script>", "<object>", "<object><svg>", "</", "<![CDATA["])
def test_a_flood_of_half_tags_takes_no_longer_than_its_length(flood):
    """Four times the text must not take sixteen times as long: compared within one run, with room for noise."""

    def seconds(size):
        started = time.process_time()
        plain_text(flood * size)
        return time.process_time() - started

    short = max(seconds(20_000), 0.005)

    assert seconds(80_000) < 12 * short
