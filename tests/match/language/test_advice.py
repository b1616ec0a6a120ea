"""What is allowed and probably not meant is said, with its place, and nothing else is."""

from difflib import get_close_matches

import pytest

from monitor.core.rule import Entity, Entry, Rule
from monitor.match.language.advice import Advice, advise, entity_advice, rule_advice, shared_names


class Words:
    """A dictionary of a few words; nouns are those with a capital."""

    def __init__(self, *known):
        self.known = set(known)

    def is_known(self, word):
        return word in self.known

    def is_noun(self, word):
        return word[:1].isupper() and word in self.known

    def is_base(self, word):
        return word in self.known

    def nearest(self, word):
        return next(iter(get_close_matches(word, sorted(self.known), n=1, cutoff=0.8)), None)


GERMAN = Words("Sanktion", "Zoll", "Rat", "Recht", "recht", "Minister", "impfen", "Platz", "lange", "Öl", "Haus", "und", "Hof")


def said(expression, mode="family", is_entry=False):
    return list(advise(expression, mode, GERMAN, is_entry=is_entry))


@pytest.mark.parametrize(
    ("expression", "line"),
    [
        (
            "Zoll OR Sanktion Recht",
            'AND and OR stand together without brackets, and AND binds tighter, at character 18, before "Recht"; '
            "write brackets: a OR (b AND c)",
        ),
        (
            "Zoll OR Rat",
            '“Rat” is short, and in mode family a short word is found in many others, at character 9, before "Rat"; '
            "see `monitor words Rat`; name others in except, or write mode inflected",
        ),
        ("Sanktoin", '“Sanktoin” is in no dictionary, at character 1, before "Sanktoin"; did you mean Sanktion?'),
        ('"Sanktoin und Hof"', '“Sanktoin” is in no dictionary, at character 1, before ""Sanktoin und Hof""; did you mean Sanktion?'),
        ("SANKTION", '“SANKTION” is in capitals, so it is found only in capitals, at character 1, before "SANKTION"; write Sanktion'),
        ("EU-Sanktoin", '“Sanktoin” is in no dictionary, at character 1, before "EU-Sanktoin"; did you mean Sanktion?'),
        (
            "sanktion",
            '“sanktion” is a noun written small, at character 1, before "sanktion"; '
            "write Sanktion, which is told from other words by its capital",
        ),
        (
            "*minister*",
            '“*minister*” finds all that has these letters, at character 1, before "*minister*"; '
            "~Minister finds the forms and compounds of the word, and no other",
        ),
        ("Zoll & Sanktion", '& means AND here, at character 6, before "& Sanktion"; put a name with & in it in quotes: "Ernst & Young"'),
        (
            "/(a|aa)+$/",
            '/(a|aa)+$/ runs out of time on some texts, and then does not count, at character 1, before "/(a|aa)+$/"; '
            "take nested repeats such as (a+)+ apart",
        ),
    ],
)
def test_what_is_probably_not_meant_is_said(expression, line):
    assert said(expression) == [line]


@pytest.mark.parametrize(
    "expression",
    [
        "Zoll OR (Sanktion AND Recht)",
        "Zoll OR Sanktion",
        "Zoll Sanktion NOT Recht",
        "=Rat",
        "EU",
        "G7",
        "Selenskyj",
        "recht",
        "impfen",
        "==sanktoin",
        "Impf*",
        "Me?er",
        "@selenskyj",
        r"/\bZoll\b/",
        '"Haus und Hof"',
    ],
)
def test_what_is_ordinary_is_not_talked_about(expression):
    assert said(expression) == []


def test_a_short_word_is_ordinary_in_the_narrow_modes():
    assert said("Rat", "inflected") == said("Rat", "exact") == []
    assert len(said("~Rat", "exact")) == len(said("Rat", "derived")) == 1


def test_words_of_an_entry_that_are_joined_without_a_sign_between_them_are_said():
    (line,) = said("Haus Recht -Platz", is_entry=True)

    assert line.startswith("this entry holds a sign of the language, so its words are joined by AND, at character 6")
    assert said("Haus AND Recht -Platz", is_entry=True) == said("Haus Recht -Platz") == []


def test_remarks_come_in_the_order_of_the_text_and_with_their_key():
    rule = Rule("r", keywords=(Entry("Zoll"), Entry("Rat", "inflected"), Entry("Rat")), none=(Entry("Sanktoin"),), query="Öl OR Rat Zoll")

    found = [(one.key, one.message.partition(",")[0]) for one in rule_advice(rule, GERMAN)]

    assert found == [
        ("keywords[2]", "“Rat” is short"),
        ("none[0]", "“Sanktoin” is in no dictionary"),
        ("query", "“Öl” is short"),
        ("query", "“Rat” is short"),
        ("query", "AND and OR stand together without brackets"),
    ]


def test_names_that_are_common_words_are_said():
    entity = Entity("x", "Platz", aliases=("Helena Platz", "Lange", "Selenskyj", "RECHT"), weak_aliases=("Zoll",))

    assert [one.key for one in entity_advice(entity, GERMAN)] == ["label", "aliases[1]"]
    assert entity_advice(entity, GERMAN)[1] == Advice(
        "aliases[1]",
        "“Lange” is a common word too, and would be found where nobody means the name; "
        "move it to weak_aliases, which count only beside another name or one of context",
    )


def test_a_name_of_one_letter_is_said():
    (advice,) = entity_advice(Entity("x", "Paul Meier", "person", aliases=("M",)), GERMAN)

    assert advice == Advice("aliases[0]", "“M” is one letter, and would be found where nobody means the name; write more of it")


def test_a_name_that_two_entities_share_is_said_of_both():
    paul, eva = Entity("paul", "Paul Meier", "person", ("Meier",)), Entity("eva", "Eva Meier", "person", ("MEIER",))
    bank = Entity("bank", "DB", acronyms=("DB",), weak_aliases=("Meier",))

    found = list(shared_names([paul, eva, bank]))

    assert [(entity.name, one.key) for entity, one in found] == [("paul", "aliases[0]"), ("eva", "aliases[0]")]
    assert found[0][1].message.startswith("“Meier” is a name of eva too, and each would be found where the other is meant; move it to weak")
