"""Whatever way a text is gone over, what is found is the same, and what ``match`` says is what ``explain`` says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.habits import Removed
from monitor.core.rule import Entity, Entry, Rule
from monitor.core.verdict import Subject
from monitor.match import index, pieces
from monitor.match.engine import Engine
from monitor.match.latin import flat_bytes
from monitor.match.words import flat

ENTITIES = (
    Entity("weber", "Manfred Weber", "person", ("EVP-Weber",), weak_aliases=("Weber",), context=("EVP",), exclude=("Grill",)),
    Entity("bank", "Deutsche Bank", "organisation", acronyms=("DB",), prefixes=("DB",)),
    Entity("oezil", "Özil", "person"),
)
TERMS = (
    *("Sanktion", "Rat", "recht", "KI", "=Haus", "==Haus", "~Haus", "Haus*", "*recht*", "§", "C++", "停战", "Ärger", "Erdogan", "/ra[td]/"),
    *('"Deutsche Bank"', '"neues Haus"', '"Rat Haus"~2', '"Haus * Rat"', '"AT&T"', "@weber", "@bank", "@oezil", "Haus{2}", "title:Rat"),
)
QUERIES = (
    "",
    "Haus AND NOT Rat",
    "2 OF (Haus, Rat, KI)",
    "Haus NEAR/2 Rat",
    "Haus NEAR/s Sanktion",
    "(Haus OR Rat) AND (recht OR @weber)",
    "NOT Haus",
)
WORDS = (
    *(
        "Sanktionen",
        "sanktion",
        "Rat",
        "Räte",
        "Rathaus",
        "Recht",
        "recht",
        "rechtens",
        "KI",
        "KIs",
        "ki",
        "KI停战",
        "Haus",
        "Hauses",
        "HAUS",
    ),
    *("neuen", "neues", "Haus,", "„Haus“", "Rat.", "Ärger", "A\u0308rger", "Erdoğan", "ERDOĞAN", "§", "C++", "Özil", "Ozils", "AT&T", "\n"),
    *(
        "Deutsche",
        "Deutschen",
        "Bank",
        "Deutsche-Bank-Chef",
        "DB-Chef",
        "Manfred",
        "Weber",
        "Andreas",
        "EVP",
        "Grill",
        "Ha\u00adus",
        "-",
        "и",
    ),
    *("и", "https://x.example/Haus", "Haus\u00a0Rat", "µ", "\u3000", ". Und", "  "),
)
lists = st.lists(st.sampled_from(TERMS).map(Entry), min_size=1, max_size=4).map(tuple)
rules = st.builds(
    Rule,
    st.just("r"),
    keywords=lists,
    entities=st.sampled_from([(), (), ("weber", "bank")]),
    all=st.one_of(st.just(()), lists),
    none=st.one_of(st.just(()), lists),
    query=st.sampled_from(QUERIES),
    mode=st.sampled_from(["exact", "inflected", "family", "derived"]),
    min_count=st.sampled_from([1, 1, 2]),
    fields=st.sampled_from([("title", "summary", "content"), ("title",), ("content", "url")]),
)
simple = st.builds(Rule, st.just("r"), keywords=lists, mode=st.sampled_from(["exact", "inflected", "family", "derived"]))
texts = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)


def subject(title, content):
    noise = (Removed(0, len(content) // 4, "x"),) if len(content) % 3 == 0 else ()
    return Subject("news", (), "article", "de", {"title": title, "content": content, "url": "https://x.example/haus"}, {"content": noise})


@settings(max_examples=60)
@given(st.lists(st.one_of(simple, rules), min_size=1, max_size=5), st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_rules_that_match_are_those_that_are_explained_to_hold_with_the_same_evidence(lexicon, rules, items):
    engine = Engine(rules, ENTITIES, lexicon)
    for title, content in items:
        one = subject(title, content)

        assert engine.match(one) == tuple(verdict.match for verdict in engine.explain(one) if verdict.match)


@settings(max_examples=60)
@given(st.lists(st.one_of(simple, rules), min_size=1, max_size=5), st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_a_text_holds_the_same_with_few_anchors_as_with_many_and_with_little_memory(lexicon, rules, items):
    few = Engine(rules, ENTITIES, lexicon)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "MOST_ANCHORS", 0)
        patch.setattr(pieces, "MOST_KEPT", 8)
        many = Engine(rules, ENTITIES, lexicon)
        for title, content in items:
            one = subject(title, content)

            assert many.match(one) == few.match(one)


@given(st.text(max_size=60))
def test_a_flat_text_in_bytes_is_the_flat_text_sign_by_sign(text):
    data = flat_bytes(text)

    assert data is None or (len(data) == len(text) and data == flat_bytes(flat(text)))


@pytest.mark.parametrize("text", ["Ärger in Łódź – „Erdoğan“", "ǅ", "Київ", "İstanbul", "x\ty\u00a0z", "µ", "ΣΑΣ", "\x85"])
def test_signs_that_bytes_do_not_have_are_left_to_the_other_way(text):
    data = flat_bytes(text)

    assert data is None or data == flat_bytes(flat(text))


def test_german_text_has_only_signs_that_bytes_have():
    assert flat_bytes("„Ärger“ in Łódź – Erdoğan: 5 € für Žižek… »Ça va?«\n") is not None


def test_what_is_remembered_of_pieces_is_bounded(lexicon, monkeypatch):
    monkeypatch.setattr(pieces, "MOST_KEPT", 100)
    monkeypatch.setattr(index, "MOST_ANCHORS", 0)
    looked = index.Index([])
    assert looked.hits("Haus") == []
    engine = Engine([Rule("r", keywords=(Entry("Haus"),))], (), lexicon)
    for number in range(50):
        engine.match(subject("", " ".join(f"Haus{number}x{one}" for one in range(20))))

    (finder,) = engine._finders.values()
    memory = finder._index._latin
    assert len(memory.kept) + len(memory._older) <= 150


@pytest.mark.parametrize("most", [0, 1000])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Der „Neue“ (Plan), sagt er", []),
        ("Der „Neue“ Plan, sagt er", ["Neue“ Plan"]),
        ("Neue\u00a0Plan", ["Neue\u00a0Plan"]),
        ("Neue Plan", ["Neue Plan"]),
        ("Neue\nPlan", []),
        ("Neuer Plan, Neue Pläne, Neue Planung, Erneue Plan", []),
        ("Київ: Neue Plan", ["Neue Plan"]),
        ("Neue Plan neue plan", ["Neue Plan", "neue plan"]),
    ],
)
def test_a_row_of_words_is_found_by_what_stands_beside_its_anchor(lexicon, monkeypatch, most, text, found):
    monkeypatch.setattr(index, "MOST_ANCHORS", most)
    engine = Engine([Rule("r", keywords=(Entry('"Neue Plan"'),), mode="exact")], (), lexicon)

    found_there = engine.match(Subject("news", (), "article", "de", {"content": text}))

    assert [one.text for match in found_there for one in match.evidence] == found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Müller", "Müllers Haus, Muellers Haus, MULLERS Haus, Müller-Rede", ["Müllers", "Muellers", "MULLERS", "Müller"]),
        ("Müller", "Müllerin, Vormüller, Müllersche", []),
        ("Bær", "Bærs Rede", ["Bærs"]),
        (
            "Deutsche Welthungerhilfe",
            "Deutscher Welthungerhilfe, der Deutschen Welthungerhilfes",
            ["Deutscher Welthungerhilfe", "Deutschen Welthungerhilfes"],
        ),
        ("Nordatlantische Runde", "in der Nordatlantischen Runde", ["Nordatlantischen Runde"]),
        ("NATO", "NATOs Plan, die Natos", ["NATOs"]),
        ("Hans", "Hans’ und Hansens", ["Hans"]),
        ("Putin", "Putin's, Putin\u00ads und Putins\u00ad", ["Putin's", "Putin\u00ads", "Putins\u00ad"]),
    ],
)
@pytest.mark.parametrize("most_anchors", [index.MOST_ANCHORS, 0])
def test_a_name_is_found_in_all_its_forms_and_not_in_a_longer_word(lexicon, monkeypatch, most_anchors, name, text, found):
    monkeypatch.setattr(index, "MOST_ANCHORS", most_anchors)
    engine = Engine([Rule("r", entities=("one",))], (Entity("one", name, "topic"),), lexicon)
    one = Subject("news", (), "article", "de", {"content": text})

    assert [span.text for match in engine.match(one) for span in match.evidence] == found
