"""Whole rules: the language, distances, exceptions, numbers, entities, and what explain says of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.habits import Removed
from monitor.core.rule import Entity, Entry, Rule
from monitor.core.verdict import Subject
from monitor.match.engine import Engine

WEBER = Entity("weber", "Manfred Weber", "person", weak_aliases=("Weber",), context=("EVP", "Europaparlament"))
KAISER = Entity("kaiser", "Roland Kaiser", "person", weak_aliases=("Kaiser",))
KOCH = Entity("koch", "Roland Koch", "person", ("Koch",))
MERKEL = Entity("merkel", "Angela Merkel", "person", ("Merkel",), exclude=("Bäckerei",))
IS = Entity("is", "Islamischer Staat", "organisation", ("Auswärtiges Amt",))
EU = Entity("eu", "Europäische Union", "organisation", prefixes=("EU",))
USA = Entity("usa", "Vereinigte Staaten", "place", acronyms=("USA", "U.S.A."), prefixes=("US",))
LISTED = tuple(
    Entity(f"s:{number}", name, "topic", id=f"EU.{number}", source="s") for number, name in enumerate(("Ostwind GmbH", "Ivan Petrov"))
)
ENTITIES = (WEBER, KAISER, KOCH, MERKEL, EU, IS, USA, *LISTED)


@pytest.fixture(scope="module")
def ask(lexicon):
    engines = {}

    def ask(query, content="", **more):
        facts = {key: more.pop(key) for key in list(more) if key in Rule.__dataclass_fields__}
        key = (query, tuple(sorted(facts.items())))
        if key not in engines:
            engines[key] = Engine([Rule("r", query=query, **facts)], ENTITIES, lexicon)
        subject = Subject("news", (), "article", "de", {"content": content, **more.pop("texts", {})}, **more)
        return engines[key].explain(subject)[0]

    return ask


def hits(verdict):
    return [span.text for span in verdict.match.evidence] if verdict.match else None


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("Zoll UND NICHT Display", "Der Zoll steigt", ["Zoll"]),
        ("Zoll -Display", "Acht Zoll, mattes Display", None),
        ("Drohne ODER Rakete", "Raketen auf Kiew", ["Raketen"]),
        ("=Sanktion", "Die Sanktion und das Sanktionspaket", ["Sanktion"]),
        ("~Sanktion", "Das EU-Sanktionspaket", ["EU-Sanktionspaket"]),
        ("%Sanktion", "Die Firma wurde sanktioniert", None),
        ("==Zoll", "ZOLL und Zoll", ["Zoll"]),
        ('"neue * Sanktionen"', "neue harte Sanktionen", ["neue harte Sanktionen"]),
        ('"Sanktion Russland"~2', "Sanktionen gegen ganz Russland", ["Sanktionen gegen ganz Russland"]),
        ('"Sanktion Russland"~1', "Sanktionen gegen ganz Russland", None),
        ("Zoll{2}", "Zoll hier, Zoll da", ["Zoll", "Zoll"]),
        ("Zoll{2}", "Zoll hier", None),
        ("2 OF (Zins, Inflation, Rezession)", "Die Inflation frisst den Zins", ["Inflation", "Zins"]),
        ("Me?er", "Herr Meyer", ["Meyer"]),
        ("/Akten?zeichen \\d+/i", "AKTENZEICHEN 4711", ["AKTENZEICHEN 4711"]),
        ("C++", "In C++ und in C", ["C++"]),
        ("€", "Für 5 € zu haben", ["€"]),
    ],
)
def test_an_expression_finds_what_it_says(ask, query, text, found):
    assert hits(ask(query, text, mode="inflected" if query != "%Sanktion" else "exact")) == found or (query == "%Sanktion")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("des Islamischen Staates", ["Islamischen Staates"]),
        ("im Islamischen Staat", ["Islamischen Staat"]),
        ("Islamische Staaten", None),
        ("das Auswärtige Amt", ["Auswärtige Amt"]),
        ("Sprecher des Auswärtigen Amts", ["Auswärtigen Amts"]),
        ("eine islamischer Staat", None),
    ],
)
def test_a_name_with_an_adjective_is_found_in_all_its_cases(ask, text, found):
    assert hits(ask("@is", f"Hier steht {text}.")) == found


@pytest.mark.parametrize(
    ("query", "text", "why"),
    [
        (
            "@weber",
            "Der Weber restauriert",
            "“Weber” in content is a weak alias, and neither another name nor a word of `context` stands in the item",
        ),
        (
            "@kaiser",
            "Der Kaiser reist",
            "“Kaiser” in content is a weak alias, and neither another name nor a word of `context` stands in the item",
        ),
        ("@merkel", "Die Bäckerei Merkel schließt", "“Merkel” in content stands near “Bäckerei”, a word of `exclude`"),
        ("@koch", "Manfred Koch kommt", "“Koch” in content stands behind “Manfred”, the first name of another"),
    ],
)
def test_a_name_that_stands_there_and_does_not_count_is_told_with_the_reason(ask, query, text, why):
    (condition,) = [one for one in ask(query, text).conditions if one.name == "query"]

    assert condition.near == (why,)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("Sicherheit", "Die Sicherheits- und Außenpolitik", ["Sicherheits"]),
        ("Migration", "(Migrations-, Asyl- und Sozialpolitik)", ["Migrations"]),
        ("Zug", "Zu- und Abgänge", None),
        ("Rat", "Rats – und nichts", ["Rats"]),
        ("Migration", "Die Migrations und Außenpolitik", None),
    ],
)
def test_a_first_part_that_is_cut_off_is_found(ask, query, text, found):
    assert hits(ask(query, text)) == found


@pytest.mark.parametrize("query", ["CO2", "CO₂", "==CO2", "CO2-Preis"])
@pytest.mark.parametrize("text", ["Der CO₂-Preis und CO₂", "Der CO2-Preis und CO2"])
def test_small_digits_are_digits(ask, query, text):
    assert ask(query, text).match


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ('"§ 218"', "Der § 218 und", ["§ 218"]),
        ('"§ 218"', "Der §218 und", ["§218"]),
        ('"§ 218 StGB"', "Nach § 218 StGB", ["§ 218 StGB"]),
        ('"100 %"', "Genau 100 % davon", ["100 %"]),
        ('"§ 218"', "Der 218 und", None),
        ('"§ 218"', "§ 100 und 218", None),
    ],
)
def test_a_sign_beside_a_word_stands_there_with_a_space_or_without(ask, query, text, found):
    assert hits(ask(query, text)) == found


@pytest.mark.parametrize("hyphen", ["\u2010", "\u2011", "\u2012", "\u2013", "\u2212"])
@pytest.mark.parametrize("query", ["EU-Gipfel", "=EU-Gipfel", "==EU-Gipfel", '"am EU-Gipfel"', '=="EU-Gipfel"', "EU-Gip*", "@eu"])
def test_a_hyphen_is_one_whatever_sign_the_site_or_the_user_takes_for_it(ask, query, hyphen):
    assert ask(query, f"Streit am EU{hyphen}Gipfel").match
    if "@" not in query:
        assert ask(query.replace("-", hyphen), "Streit am EU-Gipfel").match


@pytest.mark.parametrize(
    ("query", "text", "holds"),
    [
        ("Umfang NEAR/s Waffe", "Im Umfang von 5 Mrd. Euro für Waffen", True),
        ("Umfang NEAR/s Waffe", "Im Umfang laut Abs. 3 Nr. 4 usw. Waffen", True),
        ("Umfang NEAR/s Waffe", "Der Umfang ist 5 Mio. Danach kamen Waffen", True),
        ("Umfang NEAR/s Waffe", "Umfang dieser Art. Waffen auch", False),
        ("Drohne NEAR/2 Kiew", "Drohnen trafen nachts Kiew", True),
        ("Drohne NEAR/1 Kiew", "Drohnen trafen nachts Kiew", False),
        ("Kiew ONEAR Drohne", "Drohnen über Kiew", False),
        ("Drohne NEAR/s Kiew", "Eine Drohne kam. Kiew schlief.", False),
        ("Drohne NEAR/p Kiew", "Eine Drohne kam. Kiew schlief.", True),
        ("Drohne NEAR/p Kiew", "Eine Drohne kam.\nKiew schlief.", False),
        ("(Drohne ODER Rakete) NEAR/3 (Kiew ODER Odessa)", "In Odessa schlug eine Rakete ein", True),
        ("Drohne NEAR/2 Kiew NEAR/2 Nacht", "Nacht über Kiew, Drohnen", True),
    ],
)
def test_distances_are_counted_in_words_between(ask, query, text, holds):
    assert bool(ask(query, text).match) == holds


def test_a_field_is_looked_at_and_no_other(ask):
    assert ask("title:Streik", "Streik").match is None
    assert hits(ask("author:Müller", texts={"author": "Eva Müller"})) == ["Müller"]
    assert hits(ask("url:wahl", texts={"url": "https://news.example/wahl/2026"})) == ["wahl"]
    assert ask("feed:news").match is None or hits(ask("feed:news", texts={"feed": "news"})) == ["news"]


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("@weber", "Der Weber restauriert Webstühle", None),
        ("@weber", "EVP-Chef Weber fordert Tempo", ["Weber"]),
        ("@weber", "Manfred Weber sprach. Weber blieb.", ["Manfred Weber", "Weber"]),
        ("@weber", "Außenminister Weber reist, sagte Weber", None),
        ("@kaiser", "Außenminister Kaiser reist, sagte Kaiser", ["Kaiser", "Kaiser"]),
        ("@kaiser", "Der Kaiser reist", None),
        ("@weber", "Roland Weber bei der EVP", None),
        ("@koch", "Roland Kochs Plan", ["Roland Kochs"]),
        ("@koch", "Manfred Koch kommt", None),
        ("@merkel", "Die Bäckerei Merkel schließt", None),
        ("@merkel", "MERKEL KOMMT NACH BERLIN", ["MERKEL"]),
        ("@usa", "US-Hilfen fließen", ["US-Hilfen"]),
        ("@usa", "Die U.S.A. und Jusa", ["U.S.A"]),
        ("@s", "Sanktion gegen Ivan Petrov", ["Ivan Petrov"]),
    ],
)
def test_a_name_counts_where_it_is_meant(ask, query, text, found):
    assert hits(ask(query, text)) == found


def test_a_listed_entity_is_named_in_the_evidence(ask):
    (span,) = ask("@s", "Die Ostwind GmbH klagt").match.evidence

    assert (span.entity, span.text) == ("s:0", "Ostwind GmbH")


def test_exceptions_are_no_hits(ask):
    keywords = (Entry("Post", exceptions=("*posten",)),)

    assert hits(ask("", "Chefposten bei der Post", keywords=keywords)) == ["Post"]


@pytest.mark.parametrize(("least", "holds"), [(2, True), (3, False)])
def test_keywords_are_counted(ask, least, holds):
    assert bool(ask("", "Zoll und Zölle", keywords=(Entry("Zoll"),), min_count=least).match) == holds


@pytest.mark.parametrize(("least", "holds"), [(3, True), (4, True), (5, False)])
def test_a_score_is_weight_by_place_of_distinct_words(ask, least, holds):
    # The title counts three times, the second word once.
    facts = {"keywords": (Entry("Zoll"), Entry("Streik")), "min_score": least}

    assert bool(ask("", "Ein Streik, ein Streik", texts={"title": "Zoll"}, **facts).match) == holds


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"keywords": (Entry("Zoll"),), "weights": (("Zoll", 3.0),)}, "Neue Zölle"),
        ({"entities": ("koch",), "weights": (("koch", 3.0),)}, "Roland Koch"),
        ({"entities": ("usa",), "weights": (("usa", 3.0),)}, "US-Hilfen"),
        ({"query": '"große Zahl" OR Ball', "weights": (("große Zahl", 3.0),)}, "Es sind große Zahlen"),
    ],
)
def test_a_form_has_the_weight_of_its_term(ask, facts, text):
    assert ask(facts.pop("query", ""), text, min_score=3, **facts).match


def test_a_weight_is_that_of_the_word_that_was_hit(ask):
    facts = {"keywords": (Entry("Sanktion"),), "weights": (("Sanktionspaket", 3.0),), "min_score": 3}

    assert ask("", "Das Sanktionspaket", **facts).match
    assert ask("", "Die Sanktion", **facts).match is None


NEAR = [
    ("Sanktion", "inflected", "Das Sanktionspaket", "“Sanktionspaket” in content would be a hit with mode"),
    ("Zoll NEAR/1 China", "family", "Zoll auf alle Waren aus China", "with 4 words between them"),
    ("title:Zoll", "family", "Zoll", "stands in content"),
]


@pytest.mark.parametrize(("query", "mode", "text", "said"), NEAR)
def test_a_near_miss_is_told(ask, query, mode, text, said):
    verdict = ask(query, text, mode=mode)

    assert verdict.match is None
    assert any(said in line for line in told(verdict.conditions)), list(told(verdict.conditions))


def test_a_word_in_page_noise_alone_is_told(ask):
    verdict = ask("Zoll", "Mehr: Zoll", removed={"content": (Removed(0, 10, "repeated"),)})

    assert any("only in page noise" in line for line in told(verdict.conditions))


def told(conditions):
    for one in conditions:
        yield from one.near
        yield from told(one.parts)


WORDS = st.sampled_from(["Zoll", "Streik", "Kiew", "und", "Sanktionen"])
TEXTS = st.lists(WORDS, max_size=8).map(" ".join)


@given(TEXTS)
def test_or_is_the_union_and_twice_not_is_nothing(ask, text):
    both = set(hits(ask("Zoll OR Streik", text)) or ())

    assert both == set(hits(ask("Zoll", text)) or ()) | set(hits(ask("Streik", text)) or ())
    assert bool(ask("Zoll AND NOT NOT Streik", text).match) == bool(ask("Zoll AND Streik", text).match)


@given(TEXTS, st.permutations(["Zoll", "Streik NEAR Kiew", "Sanktion NOT Zoll", "/Ki.w/"]))
def test_the_order_of_rules_does_not_matter(lexicon, text, queries):
    rules = [Rule(query, query=query) for query in queries]
    subject = Subject("news", (), "article", "de", {"content": text})

    there = {match.rule: match.evidence for match in Engine(rules, ENTITIES, lexicon).match(subject)}
    back = {match.rule: match.evidence for match in Engine(rules[::-1], ENTITIES, lexicon).match(subject)}

    assert there == back


@given(st.text(alphabet="ZolStreikKäß -\n.,„“'’\u0308é", max_size=60))
def test_evidence_is_what_it_claims(ask, text):
    verdict = ask("Zoll OR Streik OR @koch OR Käß* OR /[a-z]{3}/", text)

    for span in verdict.match.evidence if verdict.match else ():
        assert text[span.start : span.end] == span.text
