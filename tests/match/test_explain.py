"""What explain says: a reason for every no, and what came near."""

import pytest

from monitor.core.rule import Entity, Entry, Rule
from monitor.core.verdict import Condition, Subject
from monitor.match.engine import Engine

SELENSKYJ = Entity("selenskyj", "Wolodymyr Selenskyj", "person", ("Selenskyj",))


@pytest.fixture(scope="session")
def explained(lexicon):
    def explain(text, **facts):
        engine = Engine([Rule("r", **facts)], [SELENSKYJ], lexicon)
        (verdict,) = engine.explain(Subject("news", (), "article", "de", {"title": "Titel", "content": text}))
        return verdict

    return explain


def named(conditions: tuple[Condition, ...], name: str) -> Condition:
    return next(one for one in conditions if one.name == name)


def near(verdict, name="query"):
    return named(verdict.conditions, name).near


@pytest.mark.parametrize(
    ("query", "text", "why"),
    [
        ("=Bank", "Banken", "the exact word is missing: no Bank is in title, summary or content"),
        ("Bank", "Kasse", "no form or compound of Bank is in title, summary or content"),
        ("title:Bank", "Bank", "no form or compound of Bank is in title"),
        ("Kasse OR Bank", "Hof", "none of Kasse, Bank is in title, summary or content"),
        ("Bank{2}", "Die Bank", "Bank is there once, wanted 2 times"),
        ("Bank AND NOT Kasse", "Bank und Kasse", "not all of it holds; the first that fails is NOT Kasse"),
        ("2 OF (Bank, Kasse, Hof)", "Bank", "2 of Bank, Kasse, Hof are wanted, only Bank held"),
        ("Bank NEAR/2 Kasse", "Bank", "missing: Kasse"),
        ("Bank NEAR/2 Kasse", "Bank a b c Kasse", "both are there, but not with at most 2 words between them"),
        ("Bank ONEAR/2 Kasse", "Kasse a Bank", "both are there, but not in this order with at most 2 words between them"),
        ("@selenskyj", "Hof", "no name of @selenskyj is in title, summary or content"),
        ('"Deutsche Bank"', "Hof", '"Deutsche Bank" is not in title, summary or content'),
    ],
)
def test_every_no_has_a_reason(explained, query, text, why):
    assert named(explained(text, query=query).conditions, "query").why == why


@pytest.mark.parametrize(
    ("query", "text", "misses"),
    [
        ("=Sanktion", "Sanktionen", ('“Sanktionen” in content would be a hit with mode = "inflected"',)),
        ("Sanktion", "Die sanktionierte Bank", ('“sanktionierte” in content would be a hit with mode = "derived"',)),
        ("title:Sanktion", "Sanktion", ("“Sanktion” stands in content, where it is not looked for",)),
        ("Recht", "Das ist recht so", ("“recht” in content is written with other case",)),
        ("Bank NEAR/2 Kasse", "Bank a b c Kasse", ("nearest: “Bank” and “Kasse”, with 3 words between them",)),
        ("Bank ONEAR/2 Kasse", "Kasse a Bank", ("“Bank” and “Kasse” stand in the other order",)),
        ('"große Stadt"', "Die große alte Stadt", ("its words are there, but not in a row: “große”, “Stadt”",)),
        ("@selenskyj", "Zelenskyy kam", ("“Zelenskyy” in content looks like another spelling; if it is, add it to `aliases`",)),
        ("Bank", "Hof", ()),
    ],
)
def test_a_no_tells_what_came_near(explained, query, text, misses):
    assert near(explained(text, query=query)) == misses


def test_an_exception_is_a_near_miss(explained):
    verdict = explained("Chefposten und Briefpost", keywords=(Entry("Post"),), exceptions=("*post",))

    assert "“Briefpost” in content is left out by `except`" in near(verdict, "keywords")


def test_a_hit_is_shown_with_how_its_word_was_cut(explained):
    (proof,) = named(explained("Die Sanktionspakete", query="Sanktion").conditions, "query").evidence

    assert (proof.text, proof.by, proof.analysis) == ("Sanktionspakete", "compound", "Sanktions·pakete")


def test_the_first_that_failed_is_followed_down_to_the_word(explained):
    verdict = explained("Bank", query="Bank AND (title:Kasse AND Hof)")

    assert verdict.first_failed == ("query", "title:Kasse AND Hof", "title:Kasse")


def test_of_a_rule_that_matches_nothing_failed(explained):
    assert explained("Bank", query="Bank").first_failed == ()
