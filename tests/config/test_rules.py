"""Rules and entities with the whole language: what is read, and what is wrong with which line."""

import subprocess
import sys

import pytest

from monitor.config import load
from monitor.core.rule import Entity, Entry
from monitor.errors import ConfigError

RULE = '[[rules]]\nname = "r"\nkeywords = ["Wort"]\n'
BARE = '[[rules]]\nname = "r"\n'
ENTITY = '[entities.selenskyj]\nlabel = "Selenskyj"\n'
LIST = '[[entity_lists]]\nname = "sanctions"\nfile = "s.csv"\n'


@pytest.fixture
def read(tmp_path):
    def read_text(text, csv="id,name,aliases\nEU.1,Helena Brandt,H. Brandt;Brandt\n"):
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        (tmp_path / "s.csv").write_text(csv, encoding="utf-8")
        return load(path, {"WORD": "geheim und x"})

    return read_text


def problems(read, text, **facts):
    with pytest.raises(ConfigError) as caught:
        read(text, **facts)
    return [problem.rpartition("/")[2] if "s.csv" in problem else problem.partition("config.toml:")[2] for problem in caught.value.problems]


def test_everything_of_a_rule_is_read(read):
    text = """
[[rules]]
name = "r"
keywords = ["Sanktion", { term = "Post", mode = "inflected", except = ["*posten"] }, "Impf*", "a OR b"]
all = ["=Bank"]
none = ["-Krieg"]
query = '(Drohne OR Rakete) NEAR/6 Kiew'
mode = "derived"
except = ["Sanktionär"]
min_count = 2
weights = { "Sanktionspaket" = 3, Zoll = 0.5 }
min_score = 2.5
"""
    rule = read(text).rules[0]

    assert rule.keywords == (Entry("Sanktion"), Entry("Post", "inflected", ("*posten",)), Entry("Impf*"), Entry("a OR b"))
    assert (rule.all, rule.none) == ((Entry("=Bank"),), (Entry("-Krieg"),))
    assert rule.query == "(Drohne OR Rakete) NEAR/6 Kiew"
    assert (rule.mode, rule.exceptions, rule.min_count) == ("derived", ("Sanktionär",), 2)
    assert (rule.weights, rule.min_score) == ((("Sanktionspaket", 3), ("Zoll", 0.5)), 2.5)


@pytest.mark.parametrize("mode", ["exact", "inflected", "family", "derived"])
def test_every_mode_may_be_set(read, mode):
    assert read(RULE + f"mode = '{mode}'").rules[0].mode == mode


def test_a_prefix_may_be_written_with_its_hyphen(read):
    assert read(ENTITY + "prefixes = ['US-', 'EU\u2011', 'UN']").entities[0].prefixes == ("US", "EU", "UN")


def test_everything_of_an_entity_is_read(read):
    lists = {key: (f"{key} word",) for key in ("aliases", "prefixes", "weak_aliases", "context", "exclude")}
    text = ENTITY + "".join(f'{key} = ["{value[0]}"]\n' for key, value in lists.items())

    assert read(text).entities == (Entity("selenskyj", "Selenskyj", **lists),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            BARE + "query = 'a AND OR b'",
            ['3: rules[0].query: OR does not fit here, at character 7, before "OR b"; before and behind AND, OR'],
        ),
        (
            BARE + "query = '''\na\nund b'''",
            ["3: rules[0].query: “und” is written small, so it would be a word to look for, in its line 2 at char"],
        ),
        (
            RULE + "query = '@selenskij'\n" + ENTITY,
            ['4: rules[0].query: there is no entity "selenskij", at character 1, before "@selenskij"; did'],
        ),
        (BARE + "keywords = ['@who']", ['3: rules[0].keywords[0]: there is no entity "who", at character 1, before "@who"']),
        (BARE + "keywords = [\n'a',\n{ term = '(a' }]", ["5: rules[0].keywords[1].term: this bracket is never closed, at character 1"]),
        (BARE + "keywords = [{ mode = 'exact' }]", ["3: rules[0].keywords[0].term: is missing; write the word, phrase or expression"]),
        (BARE + "keywords = [{ term = 'a', mode = 'x' }]", ['3: rules[0].keywords[0].mode: "x" is not known; use "exact" or "inflected"']),
        (BARE + "keywords = [{ term = 'a', modus = 'x' }]", ["3: rules[0].keywords[0].modus: is not a known setting"]),
        (BARE + "keywords = [{ term = 'a', except = ['b c'] }]", ["3: rules[0].keywords[0].except[0]: is more than one word"]),
        (BARE + "keywords = [1]", ["3: rules[0].keywords[0]: must be a text in quotes or a table, is a number"]),
        (BARE + "query = '${WORD}'", ["3: rules[0].query: is no right expression, at character 8 with its variables replaced"]),
        (BARE + "query = '/(a/'", ["3: rules[0].query: a regular expression does not compile: missing ), at character 4"]),
        (BARE + "none = ['x']", ["1: rules[0]: asks for nothing; give it `keywords`, `entities`, `all` or `query`"]),
        (BARE + "query = ' '", ["1: rules[0]: asks for nothing"]),
        (BARE + "query = 'NOT x'", ["3: rules[0].query: would hold of every item that has none of its words"]),
        (BARE + "query = 'a OR -x'\nnone = ['y']", ["3: rules[0].query: would hold of every item"]),
        (BARE + "all = ['-x']", ["1: rules[0]: would hold of every item that has none of its words"]),
        (RULE + "mode = 'stem'", ['4: rules[0].mode: "stem" is not known; use "exact" or "inflected" or "family" or "derived"']),
        (RULE + "except = ['*']", ["4: rules[0].except[0]: has no letter"]),
        (RULE + "min_count = 0", ["4: rules[0].min_count: must be a whole number from 1 to 1000, is 0"]),
        (BARE + "all = ['a']\nmin_count = 2", ["4: rules[0].min_count: counts the hits of `keywords`, and there are none"]),
        (RULE + "weights = { a = 'x' }", ["4: rules[0].weights.a: must be a number from -1000 to 1000, is a text"]),
        (RULE + "weights = { '*' = 1 }", ['4: rules[0].weights."*": holds a *']),
        (RULE + "weights = 3", ["4: rules[0].weights: must be a table, is a number"]),
        (RULE + "min_score = nan", ["4: rules[0].min_score: must be a number from 0 to 1e+06, is nan"]),
        (RULE + "fields = ['author']", ['4: rules[0].fields[0]: there is no field "author"']),
        (ENTITY + "prefixes = ['US*']", ["3: entities.selenskyj.prefixes[0]: holds a *, and names have no wildcards"]),
        (ENTITY + "context = ['']", ["3: entities.selenskyj.context[0]: is empty"]),
        (LIST.replace("s.csv", "none.csv"), ["3: entity_lists[0].file: the file none.csv cannot be read: No such file"]),
        ("[[entity_lists]]\nname = 'a'", ["1: entity_lists[0].file: is missing; write the name of a CSV file"]),
        ("[[entity_lists]]\nfile = 's.csv'", ["1: entity_lists[0].name: is missing; give the list a name"]),
        (LIST + LIST, ["5: entity_lists[1].name: this name stands twice, the first time on line 2"]),
        (LIST + "separator = ''", ["4: entity_lists[0].separator: is empty"]),
        (LIST + "type = 'bank'", ['4: entity_lists[0].type: "bank" is not known']),
        (LIST + "kind = 'bank'", ["4: entity_lists[0].kind: is not a known setting"]),
        (LIST + "[entities.sanctions]\nlabel = 'S'", ["2: entity_lists[0].name: there is an entity of this name too, on line 4"]),
        (LIST + RULE + "entities = ['sanction']", ['7: rules[0].entities[0]: there is no entity "sanction"; did you mean "sanctions"?']),
        (
            LIST + "label = 'Name'",
            ['s.csv:1: entity_lists[0]: there is no column "Name"; the head has id, name, aliases; did you mean "name"?'],
        ),
        ("entity_lists = 1", ["1: entity_lists: must be tables such as [[entity_lists]]"]),
    ],
)
def test_what_is_wrong_is_told_once_with_its_line(read, text, expected):
    found = problems(read, text)

    assert len(found) == len(expected)
    assert [one.startswith(start) for one, start in zip(found, expected, strict=True)] == [True] * len(expected), found


def test_an_expression_that_is_wrong_is_drawn_for_people(read):
    with pytest.raises(ConfigError) as caught:
        read(BARE + "query = 'Sanktion AND OR Zoll'\nall = ['@who']\nnone = ['(${WORD}']\nmode = 'x'")

    drawn = [caught.value.sketches.get(problem) for problem in caught.value.problems]

    assert drawn == ["Sanktion AND OR Zoll\n             ^", "@who\n^", None, None]


def test_words_of_a_variable_are_a_phrase_in_a_list(read):
    assert read(BARE + "keywords = ['${WORD}']").rules[0].keywords == (Entry("geheim und x"),)


def test_no_problem_quotes_what_a_variable_gave(read):
    assert "geheim" not in str(problems(read, BARE + "query = '${WORD}'"))


@pytest.mark.parametrize(
    "text",
    [
        BARE + "query = 'a NOT x'",
        BARE + "all = ['a', '-x']",
        BARE + "keywords = ['-x']\nall = ['a']",
        BARE + "query = 'a'\nnone = ['NOT x']",
        BARE + "query = 'NOT NOT x'",
        LIST + BARE + "entities = ['sanctions']",
        LIST + BARE + "entities = ['sanctions:EU.1']",
        LIST + BARE + "query = '@sanctions OR @sanctions:EU.1'",
        ENTITY + BARE + "keywords = ['@selenskyj']",
    ],
)
def test_a_rule_that_asks_for_something_is_right(read, text):
    assert len(read(text).rules) == 1


def test_problems_of_the_config_and_of_its_files_are_told_at_once(read):
    found = problems(read, LIST + RULE + "modus = 1\n", csv="id,name\n1,\n2,B\n3\n")

    assert found == [
        "7: rules[0].modus: is not a known setting" + '; did you mean "mode"?',
        's.csv:2: entity_lists[0]: the label is empty; write a name in column "name"',
        "s.csv:4: entity_lists[0]: the row is too short: it has 1 value, the head names 2",
    ]


def test_many_problems_of_a_file_are_cut(read):
    found = problems(read, LIST, csv="id,name\n" + "1\n" * 100)

    assert len(found) == 21
    assert found[-1] == "s.csv:101: entity_lists[0]: and 80 more problems to here"


def test_the_entities_of_a_list_follow_those_of_the_config(read):
    config = read(ENTITY + LIST + "type = 'person'\n")

    assert config.entities[1] == Entity("sanctions:EU.1", "Helena Brandt", "person", ("H. Brandt", "Brandt"), id="EU.1", source="sanctions")


def test_names_of_a_list_that_can_never_be_found_are_warned_of(read):
    warnings = read(LIST, csv="name\n---\nA\ndesk@x.example\n").warnings

    assert [one.rpartition("/")[2] for one in warnings if "s.csv" in one] == [
        's.csv:2: entity_lists[0]: "---" has no letter and no digit, so it can never be found',
        's.csv:4: entity_lists[0]: "desk@x.example" is an address: texts are searched without the addresses in them',
    ]


def test_weights_without_a_score_are_warned_of(read):
    assert any("rules[0].weights: weights do nothing without `min_score`" in one for one in read(RULE + "weights = { a = 1 }").warnings)


def test_reading_a_config_of_plain_words_loads_nothing_of_the_matching(tmp_path):
    (tmp_path / "config.toml").write_text(RULE + ENTITY, encoding="utf-8")
    program = """
import sys
from pathlib import Path
from monitor.config import load
load(Path("config.toml"), {})
print([name for name in ("monitor.match", "regex", "csv") if name in sys.modules])
"""

    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
