"""The rules of German word forms, each with a word that shows its reason."""

import pytest

HIT = [
    ("Sanktion", "Sanktionen", "inflected", "inflected", "a plural"),
    ("Sanktionen", "Sanktion", "inflected", "inflected", "a term may be a plural itself"),
    ("Rat", "Räte", "inflected", "inflected", "an umlaut"),
    ("Rat", "Raete", "inflected", "inflected", "an umlaut spelt with a digraph"),
    ("Maerkte", "Markt", "inflected", "inflected", "a digraph in the term"),
    ("Straße", "Strassen", "inflected", "inflected", "ss for ß"),
    ("Russland", "Russlands", "inflected", "inflected", "the genitive of a place"),
    ("Boot", "Boots", "inflected", "inflected", "a genitive that is a loan word too"),
    ("Schuld", "Schulden", "inflected", "inflected", "a plural that only the compounds know"),
    ("Heizungsgesetz", "Heizungsgesetzes", "inflected", "inflected", "an unknown word bends as its end"),
    ("sanktion", "Sanktionen", "inflected", "inflected", "a term in small letters means any case"),
    ("Sanktion", "SANKTIONEN", "inflected", "inflected", "capitals are a capital"),
    ("Sanktion", "EU-Sanktionen", "family", "compound", "the last part of a hyphened word"),
    ("Sanktion", "Sanktionspaket", "family", "compound", "a linking s"),
    ("Kind", "Kinderarzt", "family", "compound", "a linking er"),
    ("Sonne", "Sonnenschein", "family", "compound", "a linking n"),
    ("Schule", "Schulbus", "family", "compound", "a clipped stem"),
    ("Kirche", "Kirchturm", "family", "compound", "a clipped stem that is a place too"),
    ("Arzt", "Zahnärzte", "family", "compound", "a compound's plural"),
    ("Markt", "Arbeitsmarktgipfel", "family", "compound", "in the middle"),
    ("Daten", "Wetterdaten", "family", "compound", "a compound that has only a plural"),
    ("Brand", "brandgefährlich", "family", "compound", "a word in small letters that begins with the term"),
    ("Angriff", "Angriffs-", "family", "compound", "a cut-off first part"),
    ("Kosten", "kosten-", "family", "compound", "… in small letters"),
    ("Gas", "Abgaswerte", "family", "compound", "a true compound with a prefix"),
    ("Luft", "Umluftherd", "family", "compound", "… inside of a compound"),
    ("Jahr", "Vorjahre", "family", "compound", "… and its plural"),
    ("Wand", "Rückwand", "family", "compound", "the noun of no verb"),
    ("Wind", "Aufwind", "family", "compound", "a verb that only sounds alike"),
    ("Ware", "Handelsware", "family", "compound", "a noun before it"),
    ("Heim", "Katzenheim", "family", "compound", "an unknown word with a linking letter"),
    ("Berg", "Aktenberg", "family", "compound", "… that could end a name, too"),
    ("Kraft", "Fachkräftemangel", "family", "compound", "a compound of a compound of the term"),
    ("Waffe", "Waffenstillstandsgespräche", "family", "compound", "… with its linking letter"),
    ("Bund", "Bundesarbeitsgericht", "family", "compound", "… in a part that only begins others"),
    ("Wald", "Amamiwaldschnepfe", "family", "compound", "behind a name, what the dictionary knows"),
    ("Sanktion", "Sanktionierung", "derived", "derived", "a noun made of it"),
    ("Sanktion", "sanktionieren", "derived", "derived", "a verb made of it"),
    ("Beschluss", "Beschlüsse", "inflected", "inflected", "a form that the dictionary has of the old spelling only"),
    ("Kongress", "Kongresses", "inflected", "inflected", "… in the genitive"),
    ("Flüsse", "Fluss", "inflected", "inflected", "… written as a plural"),
    ("Sitzungsbeschluss", "Sitzungsbeschlüssen", "inflected", "inflected", "… as the end of an unknown compound"),
    ("Beschluss", "Kabinettsbeschlüsse", "family", "compound", "… as the end of a compound"),
    ("Grüne", "Grüner", "inflected", "inflected", "an adjective that is a noun, of which the dictionary has two base forms"),
    ("Müller", "Müllers", "inflected", "inflected", "a genitive of a noun in -er"),
    ("Niederlande", "Niederlanden", "inflected", "inflected", "the dative of a land that is a plural"),
    ("Sanktion", "sanktioniert", "derived", "derived", "a participle that the dictionary takes for a word of its own"),
    ("Streik", "bestreikte", "derived", "derived", "a form of such a participle, or of its verb"),
    ("Streik", "bestreikt", "derived", "derived", "a participle of a verb with a prefix"),
    ("Demonstration", "demonstrierten", "derived", "derived", "the verb of a noun in -ation"),
    ("Wahl", "wählte", "derived", "derived", "a verb with an umlaut"),
    ("Kirche", "kirchliche", "derived", "derived", "an adjective made of it"),
]

MISS = [
    ("Kosten", "kosten", "inflected", "a noun is not a word in small letters"),
    ("Rat", "Rate", "inflected", "the archaic dative is another word"),
    ("Merz", "März", "inflected", "ä is ae and never a"),
    ("Sanktion", "Sanktionspaket", "inflected", "a compound is no inflected form"),
    ("Sanktion", "EU-Sanktionen", "inflected", "nor is a hyphened word"),
    ("Zug", "Zugriff", "family", "zu·griff beats zug·riff"),
    ("Gas", "Gasthaus", "family", "gast·haus beats gas·thaus"),
    ("Rat", "Quadrat", "family", "a known word is no chance cut"),
    ("Rat", "Magistratsabteilung", "family", "… nor inside of a compound"),
    ("Wahl", "Auswahl", "family", "a verb's prefix makes another word"),
    ("Zug", "Arbeitsmarktzugang", "family", "… inside of a compound too"),
    ("Kur", "Kursänderung", "family", "the linking letter belongs to another word"),
    ("Kohle", "Kohlkopf", "family", "the clipped stem is another word"),
    ("Land", "Griechenland", "family", "the name of a place is not cut"),
    ("Ware", "Software", "family", "an English word"),
    ("Ware", "Middleware", "family", "another gender, and no noun before it"),
    ("Teil", "Urteil", "family", "a verb is made of it as a whole"),
    ("Kreis", "Umkreis", "family", "… which keeps its stem"),
    ("Fahrt", "Abfahrt", "family", "a noun that many particles have"),
    ("Tor", "Reaktor", "family", "nothing else begins with what is before it"),
    ("Impfung", "Beschimpfung", "family", "the noun of another verb"),
    ("Stadt", "Darmstadt", "family", "a name has no plural"),
    ("Wald", "Waldhofen", "family", "the end of a place in an unknown word"),
    ("Heim", "Sindelheim", "family", "an unknown word that begins like no compound"),
    ("Berg", "Tannberg", "family", "… or like the name of a place or a family"),
    ("Recht", "gerecht", "family", "a word in small letters does not end in a noun"),
    ("Zeuge", "Fahrzeuge", "family", "a plural of another word"),
    ("Los", "kostenlos", "family", "an ending is no part"),
    ("Wand", "Wanderweg", "family", "the linking letter belongs to a verb"),
    ("Dorf", "Waldorfschule", "family", "a part that is built like a name"),
    ("Eis", "Zerreißprobe", "family", "no linking s stands behind an s"),
    ("Pass", "Passagier", "family", "no noun ends in a finite form of a verb"),
    ("Licht", "Bonpflicht", "family", "an unknown word ends in the longest noun"),
    ("Haft", "Präsidentschafts-Kandidatin", "family", "… without its linking letter too"),
    ("Stein", "Steinmeier", "family", "a family's name"),
    ("See", "Seehofers", "family", "a family's name in the genitive"),
    ("Wein", "Weinberger", "family", "a family's name that no dictionary has"),
    ("Brand", "Brandenburger", "family", "who lives in a place"),
    ("Sanktion", "Sanktionierung", "family", "a derivation is no compound"),
]


@pytest.mark.parametrize(("term", "token", "mode", "by", "reason"), HIT, ids=lambda value: value)
def test_a_form_is_found(step, term, token, mode, by, reason):
    assert step(term, token, mode) == by, reason


@pytest.mark.parametrize(("term", "token", "mode", "reason"), MISS, ids=lambda value: value)
def test_a_look_alike_is_not(step, term, token, mode, reason):
    assert step(term, token, mode) is None, reason


def test_small_letters_say_nothing_in_a_sentence_of_them(step):
    assert step("Sanktion", "sanktionen", "inflected") is None
    assert step("Sanktion", "sanktionen", "inflected", case_tells=False) == "inflected"
    assert step("Sanktion", "sanktionspaket", case_tells=False) == "compound"


def test_an_adjective_of_a_phrase_is_bent_and_has_any_case(lexicon):
    forms = lexicon.phrase_forms("Künstliche", "family", "de")

    assert forms.judge("künstlicher").by == "inflected"
    assert forms.judge("Künstlichen").by == "inflected"
    assert lexicon.phrase_forms("Intelligenz", "inflected", "de").judge("intelligenz") is None


def test_exact_is_any_case_and_no_other_form(step):
    assert step("Maße", "MASSE", "exact") == "exact"
    assert step("Sanktion", "Sanktionen", "exact") is None


def test_the_analysis_shows_the_parts(lexicon):
    forms = lexicon.forms("Stillstand", "family", "de")

    assert forms.judge("EU-Stillstandsverhandlungen").analysis == "EU-stillstands·verhandlungen"


def test_a_phrase_of_hyphens_is_a_term(step):
    assert step("U-Bahn", "U-Bahnen", "inflected") == "inflected"
    assert step("U-Bahn", "U-Bahn-Tunnel") == "compound"


@pytest.mark.parametrize(
    ("token", "mode", "by"),
    [
        ("KI", "exact", "exact"),
        ("Ki", "exact", None),
        ("KIs", "exact", None),
        ("KIs", "inflected", "inflected"),
        ("KI's", "inflected", "inflected"),
        ("KI-Modell", "inflected", None),
        ("KI-Modell", "family", "compound"),
        ("Nicht-KI-Bilder", "family", "compound"),
        ("ki-Modell", "family", None),
        ("KIEW", "family", None),
    ],
)
def test_a_term_in_capitals_keeps_its_case(step, token, mode, by):
    assert step("KI", token, mode) == by


def test_a_short_acronym_is_a_word_in_a_sentence_of_capitals(step):
    assert step("IT", "IT", case_tells=False) is None
    assert step("NATO", "NATO", case_tells=False) == "exact"
    assert step("NATO", "nato", case_tells=False) == "inflected"
