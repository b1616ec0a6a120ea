"""The dictionary is asked once, and its silence loses no rule."""

from monitor.match.dictionary import forms
from monitor.match.lexicon import Inflection, Lexicon

LEMMAS = {"Bank": "Bank", "Banken": "Bank", "Gesetz": "Gesetz", "Gesetze": "Gesetz", "Gesetzes": "Gesetz", "Russland": "Russland"}
FORMS = {"Bank": ["Bank", "Banken"], "Gesetz": ["Gesetz", "Gesetze", "Gesetzes"], "Russland": ["Russland"]}


def bend(word):
    return forms(word, LEMMAS.get, FORMS)


def test_a_form_has_all_forms_of_its_word():
    assert bend("Banken") == (["Banken", "Bank"], True)


def test_an_unknown_compound_bends_as_its_end():
    assert bend("Heizungsgesetz")[0] == ["Heizungsgesetz", "Heizungsgesetze", "Heizungsgesetzes"]


def test_a_place_takes_the_genitive():
    assert bend("Russland")[0] == ["Russland", "Russlands"]


def test_an_unknown_name_takes_regular_endings():
    assert bend("Selenskyj")[0] == ["Selenskyj", "Selenskyjs", "Selenskyjen", "Selenskyjes"]


def test_the_dictionary_is_asked_once(tmp_path):
    asked = []

    def ask(language, words):
        asked.append((language, sorted(words)))
        return {word: ([word, word + "s"], True) for word in words}

    first = Lexicon(tmp_path, ask).inflections({"Zoll"}, "de")
    again = Lexicon(tmp_path, ask).inflections({"Zoll"}, "de")

    assert first == again == {"Zoll": Inflection(("Zoll", "Zolls"), True)}
    assert asked == [("de", ["Zoll"])]


def test_a_word_without_an_answer_stands_for_itself(tmp_path):
    assert Lexicon(tmp_path, lambda *_: {}).inflections({"Zoll"}, "xx") == {"Zoll": Inflection(("Zoll",), True)}


def test_a_directory_that_cannot_be_written_loses_nothing(tmp_path):
    (tmp_path / "file").write_text("")

    found = Lexicon(tmp_path / "file" / "below", lambda _, words: {word: ([word], False) for word in words}).inflections({"a"}, "de")

    assert found == {"a": Inflection(("a",), False)}


def test_a_spoilt_file_is_asked_for_again(tmp_path):
    lexicon = Lexicon(tmp_path, lambda _, words: {word: ([word], False) for word in words})
    lexicon.inflections({"a"}, "de")
    (spoilt,) = tmp_path.iterdir()
    spoilt.write_text("{")

    assert Lexicon(tmp_path, lambda *_: {"b": (["b"], False)}).inflections({"b"}, "de") == {"b": Inflection(("b",), False)}
