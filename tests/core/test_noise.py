"""Page noise is known by its repetition, and nothing of the text goes with it."""

import itertools
import re
import time

import pytest
from builders import item
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.core.habits import Learned
from monitor.core.model import Identified, Key
from monitor.core.noise import FRESH, WINDOW, Pattern, Settings, habits, is_within, learn, removed
from monitor.core.rule import Entry, Rule
from monitor.core.verdict import Subject
from monitor.errors import RegexTimeout
from monitor.match.engine import Engine

PLAIN = Settings()
LEADS = ["Die Seiten reden wieder miteinander.", "Das Gericht hat am Abend entschieden.", "Der Zug kam zu spät an."]
JOBS = ["Alles rund um die Technik von morgen", "Unsere Bücher der Woche", "Was die Redaktion empfiehlt"]


def known(*items):
    return [Identified(Key(f"g:{one.guid}"), "guid", "", one) for one in items]


def pages(count, tail, lead="{0} und noch mehr davon, was nur in diesem Text von {0} steht."):
    return [item(f"i{n}", title=f"Nachricht {letters(n)}", content="\n".join([lead.format(letters(n) * 2), *tail])) for n in range(count)]


def letters(number):
    return "".join("abcdefghij"[int(digit)] for digit in str(number)) + "x"


def gone(one, learned, given=PLAIN):
    return [one.content[span.start : span.end] for span in removed(one, learned, given).spans.get("content", ())]


def test_what_the_whole_first_fetch_repeats_is_removed_from_each_of_its_items():
    items = pages(6, JOBS)
    learned = learn(Learned(), known(*items))

    assert [gone(one, learned) for one in items] == [JOBS] * 6


def test_the_reason_says_how_often_it_was_seen():
    items = pages(6, JOBS)

    (first, *_) = removed(items[0], learn(Learned(), known(*items)), PLAIN).spans["content"]

    assert first.reason == "repeated in 6 of the feed's last items"


def test_twice_is_not_enough_once_the_feed_is_known():
    items = pages(6, [])
    items[1], items[4] = (
        item(one.guid, title=one.title, content=f"{one.content}\nHintergrund der Lage\nWie es weiter geht") for one in (items[1], items[4])
    )

    assert gone(items[1], learn(Learned(), known(*items))) == []


def test_twice_is_enough_in_a_young_feed_if_the_order_is_the_same():
    young = pages(2, JOBS)
    mixed = [young[0], item("i1", title="Nachricht b", content="\n".join(["Ganz anderes steht in diesem Text.", *reversed(JOBS)]))]

    assert gone(young[0], learn(Learned(), known(*young))) == JOBS
    assert len(gone(mixed[0], learn(Learned(), known(*mixed)))) < 2


def test_a_label_that_some_items_have_stays_and_a_longer_line_goes():
    items = pages(40, [])
    for number in (3, 9, 20, 33):
        lines = ["Kunstmuseum Musterstadt", "Dieser Text erschien auch in der Ausgabe vom Wochenende"]
        items[number] = item(items[number].guid, title=items[number].title, content="\n".join([items[number].content, *lines]))

    assert gone(items[9], learn(Learned(), known(*items))) == ["Dieser Text erschien auch in der Ausgabe vom Wochenende"]


def test_a_list_without_prose_has_no_lower_end():
    lists = [
        item(f"i{n}", title=f"Folge {n}", content=f"Heute wieder da.\nVerweise zur Sendung\nKiew meldet {letters(n)}\nEnde der Liste")
        for n in range(9)
    ]

    assert "Kiew meldet ex" not in gone(lists[4], learn(Learned(), known(*lists)))
    assert "Verweise zur Sendung" in gone(lists[4], learn(Learned(), known(*lists)))


def test_a_revision_counts_once():
    first, *others = pages(6, [])
    edits = [item("i0", title="Nachricht a", content=f"{first.content}\nEin Nachtrag zu diesem Fall\nStand {n}") for n in range(5)]

    learned = learn(learn(Learned(), known(first, *others)), known(*edits))

    assert gone(edits[-1], learned) == []
    assert len(learned.seen) == 6


def test_the_same_news_under_new_guids_make_no_habit():
    text = "\n".join(["Die Waffen ruhen seit dem Morgen.", "Beide Seiten halten sich daran.", "Kiew meldet keinen Beschuss."])
    copies = [item(f"copy{n}", title=f"Ticker {n}", content=text + f"\nUm {n} Uhr kam dies dazu." * n) for n in range(5)]

    learned = learn(Learned(), known(*pages(5, []), *copies))

    assert gone(copies[-1], learned) == []


def test_the_first_sentence_stays_even_if_the_feed_repeats_it():
    items = [
        item(
            f"i{n}",
            title=f"T{n}",
            content=f"Das Wetter bleibt gut.\nDetails für Ort {chr(97 + n) * 5} und Umgebung ohne Gewähr\n{'x' * 40}{n}",
        )
        for n in range(8)
    ]
    learned = learn(Learned(), known(*items))
    repeats = item("z", title="Z", content="Das Wetter bleibt gut.\nNur ein Wort")

    assert "Das Wetter bleibt gut." not in gone(repeats, learned)


def test_a_repeated_paragraph_that_is_most_of_an_item_stays():
    learned = learn(Learned(), known(*pages(6, ["Der Bund gibt Geld für neue Brücken im ganzen Land"])))

    assert gone(item("z", title="Z", content="Der Bund gibt Geld für neue Brücken im ganzen Land\nEin Wort"), learned) == []


def test_changing_lines_between_repeated_ones_go_with_them():
    items = pages(6, [])
    items = [
        item(
            one.guid,
            title=one.title,
            content=f"{one.content}\nOffene Stellen\nKoch in {one.title.split()[-1]}\nArzt {one.guid}\nEnde der Liste",
        )
        for one in items
    ]

    assert gone(items[2], learn(Learned(), known(*items)))[1:3] == ["Koch in cx", "Arzt i2"]


def test_a_heading_between_two_repeated_notes_within_the_text_stays():
    body = "Später am Abend trafen sich beide Seiten noch einmal und sprachen lange über {0} miteinander."
    items = pages(6, ["Hier geht es weiter", "Kiew wehrt sich {0}", "Hier klicken zum Hören", body])
    items = [item(one.guid, title=one.title, content=one.content.replace("{0}", one.title.split()[-1])) for one in items]

    assert gone(items[2], learn(Learned(), known(*items))) == ["Hier geht es weiter", "Hier klicken zum Hören"]


def test_a_dateline_is_removed_and_the_sentence_stays():
    one = item("a", content="WASHINGTON / MÜNCHEN (IT MUSTERWELT) – Die Hilfe kommt.\nSie kommt spät.")

    assert gone(one, Learned()) == ["WASHINGTON / MÜNCHEN (IT MUSTERWELT) – "]


def test_noise_at_first_sight_goes_though_nothing_was_learned():
    one = item("a", content="Die Gespräche laufen.\nLesen Sie auch: Minister reist nach Kiew und spricht über Sanktionen")

    assert gone(one, Learned()) == ["Lesen Sie auch: Minister reist nach Kiew und spricht über Sanktionen"]


def found(source):
    return Pattern(source, lambda text: [one.span() for one in re.finditer(source, text, re.MULTILINE)])


def test_the_user_strips_and_keeps():
    one = item("a", content="Vorspann: Die Gespräche laufen.\nAnzeige\nFoto: dpa")

    given = Settings(strip=(found("^Vorspann: "),), keep=(found("dpa"),))

    assert gone(one, Learned(), given) == ["Vorspann: ", "Anzeige"]


def test_a_pattern_that_takes_too_long_is_named_and_left_out():
    def slow(text):
        raise RegexTimeout("(a+)+$", 0.2)

    judged = removed(item("a", content="Die Gespräche laufen.\nAnzeige"), Learned(), Settings(strip=(Pattern("(a+)+$", slow),)))

    assert judged.problems == ("(a+)+$",)
    assert [span.reason for span in judged.spans["content"]] == ["consent and advertising labels"]


def test_what_is_remembered_is_bounded_and_forgets_old_habits():
    learned = learn(Learned(), known(*pages(20, JOBS)))
    later = [
        item(f"n{n}", title=f"N{n}", content="\n".join(f"Satz {letters(n)} {letters(p)} am Ende." for p in range(60))) for n in range(300)
    ]

    learned = learn(learned, known(*later))

    assert len(learned.seen) == WINDOW
    assert not any(len(one.masks) > 50 for one in learned.seen)
    assert gone(pages(1, JOBS)[0], learned) == []


def test_old_items_keep_only_what_others_have_too():
    learned = learn(Learned(), known(*pages(26, [*JOBS])))
    more = [
        item(f"n{n}", title=f"N{n}", content=f"Satz {chr(97 + n % 26) * 4} {chr(97 + n // 26) * 5} steht hier.\n{JOBS[0]}")
        for n in range(FRESH)
    ]

    learned = learn(learned, known(*more))

    assert habits(learned)[next(iter(learned.seen[-1].masks[1:]))] == 26 + FRESH
    assert max(len(one.masks) for one in learned.seen[:26]) <= 2 + len(JOBS)


WORDS = st.text(alphabet="abdefgiklmnorstu", min_size=3, max_size=9)
LINES = st.lists(WORDS, min_size=4, max_size=14).map(" ".join)


@st.composite
def feeds(draw):
    """Bodies of several items, and the noise around each: above, below, with numbers and titles that change."""
    count = draw(st.integers(2, 9))
    lines = draw(st.lists(LINES, min_size=count * 3 + 5, max_size=count * 3 + 5, unique=True))
    bodies = [[f"{line.capitalize()} {line[::-1]}." for line in lines[n * 3 : n * 3 + 3]] for n in range(count)]
    above = draw(st.integers(0, 1))
    noise = [line + draw(st.sampled_from(["", ".", " {n}", " »{title}« suchen", " https://x.example/{n}"])) for line in lines[-5:]]
    assume(len({frozenset(line.split()) for line in lines}) == len(lines))
    return (
        [item(f"i{n}", title=f"Über {bodies[n][0][:20]}", content="\n".join(bodies[n])) for n in range(count)],
        noise[:above],
        noise[above:],
    )


def with_noise(one, number, above, below):
    lines = [line.format(n=number, title=one.title) for line in (*above, "", *below)]
    at = len(above)
    return item(one.guid, title=one.title, content="\n".join([*lines[:at], one.content, *lines[at + 1 :]]))


def words_outside(one, spans):
    return [word[0] for word in re.finditer(r"\w+", one.content) if not is_within(spans, word.start(), word.end())]


@settings(max_examples=150)
@given(feeds())
def test_noise_that_repeats_in_a_feed_changes_no_match(feed):
    plain, above, below = feed
    noisy = [with_noise(one, number, above, below) for number, one in enumerate(plain)]
    assume(all(len(line) * 2 < len(one.content) for one in noisy for line in one.content.split("\n")))
    learned = learn(Learned(), known(*noisy))

    for before, after in zip(plain, noisy, strict=True):
        spans = removed(after, learned, PLAIN).spans.get("content", ())
        assert words_outside(after, spans) == words_outside(before, ())
        assert all(one.end <= other.start for one, other in itertools.pairwise(spans))


@settings(max_examples=40)
@given(feeds())
def test_with_noise_around_it_an_item_matches_the_same_rules(lexicon, feed):
    plain, above, below = feed
    noisy = [with_noise(one, number, above, below) for number, one in enumerate(plain)]
    assume(all(len(line) * 2 < len(one.content) for one in noisy for line in one.content.split("\n")))
    learned = learn(Learned(), known(*noisy))
    words = {word for one in noisy for word in re.findall(r"[^\W\d_]{3,}", one.content)}
    engine = Engine([Rule(word, keywords=(Entry(word),)) for word in sorted(words)], [], lexicon)

    def matched(one, spans):
        looked_at = Subject("news", (), "article", "xx", {"content": one.content}, {"content": spans})
        return {match.rule for match in engine.match(looked_at)}

    for before, after in zip(plain, noisy, strict=True):
        assert matched(after, removed(after, learned, PLAIN).spans.get("content", ())) == matched(before, ())


@pytest.mark.parametrize("size", [1, 2, 5])
def test_learning_bit_by_bit_is_learning_at_once(size):
    items = known(*pages(20, JOBS))
    learned = Learned()
    for start in range(0, len(items), size):
        learned = learn(learned, items[start : start + size])

    assert learned == learn(Learned(), items)


@pytest.mark.parametrize(
    "line", ["„" * 3000, "A, " * 900, "a\n" * 100_000, "newsletter " * 60 + "x", "((m/" * 150, "." * 2000, "A A A/" * 500]
)
def test_a_text_that_is_made_to_cost_time_does_not(line):
    one = item("a", content=(line + "\n") * (200_000 // len(line)))
    started = time.process_time()

    learned = learn(Learned(), known(one))
    removed(one, learned, PLAIN)

    assert time.process_time() - started < 1.5
