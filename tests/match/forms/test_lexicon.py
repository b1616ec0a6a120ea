"""The dictionary is made once, is never half a dictionary, and its absence loses no rule."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.errors import DictionaryStopped
from monitor.match.forms.compact import Compact, Spoilt
from monitor.match.forms.lexicon import Lexicon, hits
from monitor.match.forms.making import ChildMaker
from monitor.match.forms.pack import pack, write

WORDS = {"Bank": "Bank", "Banken": "Bank", "Haus": "Haus", "Häuser": "Haus", "Hauses": "Haus", "gut": "gut", "gute": "gut"}


class Maker:
    """Makes a dictionary of a few words, and counts how often."""

    def __init__(self):
        self.made = []

    def __call__(self, path, language, stamp):
        self.made.append(path)
        write(path, pack(WORDS, language, stamp))


def test_a_dictionary_is_made_once(tmp_path):
    make = Maker()

    for _ in range(2):
        forms = Lexicon(tmp_path, make).forms("Bank", "inflected", "de")
        assert forms.judge("Banken").by == "inflected"

    assert len(make.made) == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".bin"]


def test_that_a_dictionary_is_made_is_said_once_and_before(tmp_path):
    make, said = Maker(), []

    for _ in range(2):
        Lexicon(tmp_path, make, lambda language: said.append((language, len(make.made)))).dictionary("de")

    assert said == [("de", 0)]


@pytest.mark.parametrize("spoil", [lambda raw: raw[:-5], lambda raw: raw[:40], lambda raw: b"", lambda raw: raw[:-9] + b"x" + raw[-8:]])
def test_a_spoilt_file_is_made_again(tmp_path, spoil):
    make = Maker()
    Lexicon(tmp_path, make).dictionary("de")
    (file,) = tmp_path.iterdir()
    file.write_bytes(spoil(file.read_bytes()))

    forms = Lexicon(tmp_path, make).forms("Haus", "inflected", "de")

    assert forms.judge("Häuser").by == "inflected"
    assert len(make.made) == 2


def test_a_file_of_another_version_is_not_used(tmp_path):
    write(tmp_path / "x.bin", pack(WORDS, "de", "old"))

    with pytest.raises(Spoilt):
        Compact.open(tmp_path / "x.bin", "new")


def test_two_may_make_it_at_once(tmp_path):
    def open_and_ask(_):
        return Lexicon(tmp_path, Maker()).forms("Bank", "inflected", "de").judge("Banken").by

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(open_and_ask, range(8))) == {"inflected"}
    assert len(list(tmp_path.iterdir())) == 1


def test_a_directory_that_cannot_be_written_costs_time_only(tmp_path):
    (tmp_path / "file").write_text("")

    forms = Lexicon(tmp_path / "file" / "below", Maker()).forms("Bank", "inflected", "de")

    assert forms.judge("Banken").by == "inflected"


def test_a_dictionary_that_cannot_be_made_leaves_exact_words(tmp_path):
    def fail(*_):
        raise OSError("no memory")

    forms = Lexicon(tmp_path, fail).forms("Bank", "family", "de")

    assert forms.judge("BANK").by == "exact"
    assert forms.judge("Banken") is None


@pytest.mark.parametrize("language", ["xx", "", "../de", "und"])
def test_a_language_without_a_dictionary_folds_only(tmp_path, language):
    forms = Lexicon(tmp_path, Maker()).forms("Straße", "family", language)

    assert forms.judge("STRASSE").by == "exact"
    assert forms.judge("Straßen") is None


def test_another_language_bends_and_takes_hyphens(tmp_path):
    lexicon = Lexicon(tmp_path, Maker())

    assert lexicon.forms("bank", "inflected", "en").judge("Banken's").by == "inflected"
    assert lexicon.forms("bank", "inflected", "en").judge("bank-holiday") is None
    assert lexicon.forms("bank", "family", "en").judge("bank-holiday").by == "compound"
    assert lexicon.forms("bank", "derived", "en").judge("bank-holiday").by == "compound"


def test_the_child_makes_a_dictionary_of_a_language(tmp_path):
    forms = Lexicon.open(tmp_path).forms("city", "inflected", "en")

    assert forms.judge("cities").by == "inflected"


def test_who_waits_for_a_dictionary_that_is_stopped_is_told_at_once(tmp_path):
    maker = ChildMaker()

    assert is_stopped_by(maker.stop, maker, tmp_path)
    assert stopped(Lexicon.open(tmp_path, make=maker), "en")
    assert list(tmp_path.glob("*.bin")) == []


def test_a_signal_for_the_whole_group_stops_a_dictionary_though_it_reaches_the_child_first(tmp_path):
    maker = ChildMaker()

    assert is_stopped_by(lambda: next(iter(maker._children)).terminate(), maker, tmp_path)


def is_stopped_by(act, maker, path):
    """Say whether who waits for the German dictionary is told that it is stopped, when this happens while it is made."""
    told = []
    waiting = threading.Thread(target=lambda: told.append(stopped(Lexicon.open(path, make=maker), "de")))
    waiting.start()
    while not maker._children:
        time.sleep(0.01)
    act()
    waiting.join(timeout=10)
    return told == [True]


def stopped(lexicon, language):
    try:
        lexicon.dictionary(language)
    except DictionaryStopped:
        return True
    return False


def test_simplemma_is_not_imported_here(lexicon):
    program = f"""
import sys
from pathlib import Path
from monitor.match.forms.lexicon import Lexicon
Lexicon.open(Path({str(lexicon._directory)!r})).forms('Bank', 'family', 'de').judge('Bankhaus')
print('simplemma' in sys.modules)
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_a_forms_whole_paradigm_is_known(lexicon):
    german = lexicon.dictionary("de")

    assert german.lemma("Häusern") == "Haus"
    assert set(german.paradigm("Haus")) >= {"Haus", "Hauses", "Häuser", "Häusern"}
    assert german.spellings("Haeuser") == ["Häuser"]


def test_the_words_that_a_term_hits_are_listed(lexicon):
    found = dict(hits(lexicon.forms("Miete", "family", "de"), ["Mieter", "Kaltmiete", "Mieten", "Haus"]))

    assert {word: step.by for word, step in found.items()} == {"Kaltmiete": "compound", "Mieten": "inflected"}
    assert "Mietvertrag" in dict(lexicon.dictionary_hits(lexicon.forms("Miete", "family", "de"), "de"))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("Sanktoin", "Sanktion"), ("Regirung", "Regierung"), ("Hfaen", "Hafen"), ("Abkomen", "Abkommen"), ("Verhandlng", "Verhandlung")],
)
def test_the_nearest_known_word_is_found(lexicon, wrong, right):
    assert not lexicon.is_known(wrong, "de")
    assert lexicon.nearest(wrong, "de")[0] == right


def test_a_compound_of_known_words_is_known(lexicon):
    assert lexicon.is_known("Drohnenabwehrgipfel", "de")
    assert lexicon.is_known("Anything", "xx")
