"""What is new, what changed, what is known."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, item
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.changes import aliases_of, compare, is_another_story, is_gap, keys_of, migrated, titles_of, url_keys_of
from monitor.core.identity import candidates
from monitor.core.ids import ItemId
from monitor.core.record import New, Unchanged, Updated
from monitor.core.state import Known


class Memory:
    """A store that remembers items as the real one does: by key, and by the key of their address."""

    def __init__(self):
        self.items = {}
        self.aliases = {}
        self.urls = {}

    def poll(self, *items):
        listed = candidates(items)
        known = {key: self.by_key[key] for key in keys_of(listed) if key in self.by_key}
        by_url = {key: self.by_url[key] for key in url_keys_of(listed, known) if key in self.by_url}
        titles = titles_of(listed, known, by_url)
        by_title = {title: [one for one in self.items.values() if one.title == title] for title in titles}
        changes = compare(listed, known, by_url, by_title)
        for change in changes:
            if not isinstance(change, Unchanged):
                self.remember(change)
        for alias in aliases_of(changes):
            self.aliases.setdefault(alias.key, alias.item)
            self.urls[alias.item] = alias.url_key
        return changes

    def remember(self, change):
        one = change.identified
        number = change.known.id if isinstance(change, Updated) else ItemId(len(self.items) + 1)
        self.items[number] = Known(
            number, one.key, one.fingerprint, 1, one.item.url, title=one.item.title, published=one.item.published, first_seen=NOON
        )
        self.urls[number] = one.url_key

    @property
    def by_key(self):
        own = {one.key: one for one in self.items.values()}
        return {key: self.items[number] for key, number in self.aliases.items()} | own

    @property
    def by_url(self):
        return {self.urls[number]: one for number, one in self.items.items() if self.urls[number]}


def kinds(changes):
    return [type(change).__name__ for change in changes]


def test_an_item_is_new_once():
    memory = Memory()

    assert kinds(memory.poll(item("a"))) == ["New"]
    assert kinds(memory.poll(item("a"))) == ["Unchanged"]


def test_an_edited_text_is_an_update():
    memory = Memory()
    memory.poll(item("a"))

    assert kinds(memory.poll(item("a", content="other"))) == ["Updated"]


def test_an_item_that_moves_to_another_address_is_known():
    memory = Memory()
    memory.poll(item("a"))

    assert kinds(memory.poll(item("a", url="https://news.example/moved"))) == ["Unchanged"]


def test_an_article_that_is_moved_and_renamed_under_its_guid_is_an_update_that_may_be_another_story():
    memory = Memory()
    memory.poll(item("a"))

    (change,) = memory.poll(item("a", url="https://news.example/b", title="Another story"))

    assert isinstance(change, Updated)
    assert is_another_story(change.identified.item, change.known)


def test_an_edited_headline_is_the_same_story():
    memory = Memory()
    memory.poll(item("a"))

    (change,) = memory.poll(item("a", title="Better headline"))

    assert not is_another_story(change.identified.item, change.known)


def test_a_guid_shared_by_many_items_does_not_hide_any():
    memory = Memory()
    first = item("same", url="https://news.example/1", title="Live")
    second = item("same", url="https://news.example/2", title="Live")

    assert kinds(memory.poll(first, second)) == ["New", "New"]
    assert kinds(memory.poll(second, first)) == ["Unchanged", "Unchanged"]


HOME = "https://news.example/"


@pytest.mark.parametrize("url", [None, HOME])
def test_one_guid_for_all_items_of_one_address_hides_none_of_them(url):
    first, second, third = (item(HOME, url=url, title=title) for title in ("Erste", "Zweite", "Dritte"))
    memory = Memory()

    assert kinds(memory.poll(first)) == ["New"]
    assert sorted(kinds(memory.poll(third, second, first))) == ["New", "New", "Unchanged"]
    assert kinds(memory.poll(second, third, first)) == ["Unchanged"] * 3
    assert {one.title for one in memory.items.values()} == {"Erste", "Zweite", "Dritte"}


def test_items_of_one_guid_are_told_apart_though_the_first_has_no_address():
    memory = Memory()
    bare, second, third = item("0", url=None, title="A"), *(item("0", url=f"https://n.example/{one}", title=one) for one in "BC")

    assert kinds(memory.poll(bare)) == ["New"]
    assert kinds(memory.poll(bare, second)) == ["Unchanged", "New"]
    assert sorted(kinds(memory.poll(third, second, bare))) == ["New", "Unchanged", "Unchanged"]
    assert kinds(memory.poll(bare, third)) == ["Unchanged", "Unchanged"]


def test_new_guids_for_known_addresses_make_nothing_new():
    memory = Memory()
    memory.poll(item("a"), item("b"))

    changes = memory.poll(
        item("x-1", url=item("a").url, title="Title a", content="Content a"),
        item("x-2", url=item("b").url, title="Title b", content="Content b"),
    )

    assert kinds(changes) == ["Unchanged", "Unchanged"]


def test_another_item_at_the_address_of_a_listed_one_is_new():
    memory = Memory()
    memory.poll(item("a"))

    assert kinds(memory.poll(item("a"), item("b", url=item("a").url, title=item("a").title))) == ["Unchanged", "New"]


def test_a_live_ticker_without_guids_at_one_address_loses_no_entry():
    memory = Memory()
    entries = [item(None, url="https://news.example/live", title=f"{hour} Uhr") for hour in range(3)]

    assert kinds(memory.poll(entries[0])) == ["New"]
    assert kinds(memory.poll(*entries)) == ["Unchanged", "New", "New"]
    assert kinds(memory.poll(*reversed(entries))) == ["Unchanged"] * 3


def notice(text):
    return item(None, url=None, title="Pressemitteilung", content=text)


def test_notices_of_one_title_without_guid_and_address_are_told_apart_by_their_text():
    memory = Memory()
    first, second, third = map(notice, ("Waffenruhe", "Brand", "Unfall"))

    assert kinds(memory.poll(first, second)) == ["New", "New"]
    assert kinds(memory.poll(second, first)) == ["Unchanged", "Unchanged"]
    assert kinds(memory.poll(third, second, first)) == ["New", "Unchanged", "Unchanged"]
    assert [kinds(memory.poll(one)) for one in (first, second, third)] == [["Unchanged"]] * 3


def test_a_notice_without_guid_and_address_that_is_alone_with_its_title_may_be_edited():
    memory = Memory()
    memory.poll(notice("Waffenruhe"), ARTICLES[0])

    assert kinds(memory.poll(notice("Waffenruhe hält"), ARTICLES[0])) == ["Updated", "Unchanged"]
    assert kinds(memory.poll(notice("Waffenruhe hält"), ARTICLES[0])) == ["Unchanged", "Unchanged"]


def test_a_headline_edited_at_its_address_without_a_guid_is_an_update():
    memory = Memory()
    memory.poll(item(None, title="old"))

    assert kinds(memory.poll(item(None, title="new"))) == ["Updated"]


def test_only_a_poll_that_shares_nothing_is_a_gap():
    memory = Memory()
    memory.poll(item("a"), item("b"))

    assert not is_gap(memory.poll(item("b"), item("c")))
    assert is_gap(memory.poll(item("x"), item("y")))
    assert not is_gap(memory.poll())


ITEMS = st.builds(
    item,
    guid=st.none() | st.sampled_from("abc"),
    url=st.none() | st.sampled_from(["https://news.example/1", "https://news.example/2"]),
    title=st.sampled_from(["", "one", "two"]),
    content=st.sampled_from(["", "text"]),
)


@given(st.lists(ITEMS, max_size=6))
def test_the_same_document_twice_changes_nothing(items):
    memory = Memory()
    memory.poll(*items)

    assert all(isinstance(change, Unchanged) for change in memory.poll(*items))


@given(st.lists(ITEMS, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(items, chance):
    memory = Memory()
    memory.poll(*items)
    chance.shuffle(items)

    assert not [change for change in memory.poll(*items) if isinstance(change, New)]


ARTICLES = [item(str(number)) for number in range(12)]
UNDATED = [item(None, url=f"https://news.example/{number}", title=f"T{number}") for number in range(12)]
WINDOWS = st.lists(st.tuples(st.integers(0, 11), st.integers(1, 12), st.booleans()), max_size=8)


@given(st.sampled_from([ARTICLES, UNDATED]), WINDOWS)
def test_an_item_is_new_at_most_once_whatever_part_of_the_feed_is_shown(feed, windows):
    memory, new = Memory(), []
    for start, length, is_turned in windows:
        shown = feed[start : start + length]
        changes = memory.poll(*(reversed(shown) if is_turned else shown))
        new += [change.identified.item.title for change in changes if isinstance(change, New)]

    assert len(new) == len(set(new))


def renamed(one, **facts):
    return replace(one, guid=f"new-{one.guid}", **facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"url": None},
        {"published": NOON, "url": "https://other.example/x"},
        {"content": "edited"},
    ],
    ids=["same-text-no-address", "title-and-date", "address-and-title"],
)
def test_guids_that_change_all_at_once_are_a_migration(facts):
    memory = Memory()
    dated = [replace(one, published=NOON) for one in ARTICLES]
    memory.poll(*dated)

    changes = memory.poll(*(renamed(one, **facts) for one in dated))

    assert (kinds(changes).count("New"), migrated(changes)) == (0, 12)


def test_a_site_that_moves_undated_items_to_another_host_and_edits_them_is_known_by_path_and_title():
    memory = Memory()
    memory.poll(*ARTICLES)

    moved = [renamed(one, url=one.url.replace("news.", "new."), content="edited") for one in ARTICLES]

    assert kinds(memory.poll(*moved)) == ["Updated"] * 12


def at(host, one):
    return replace(one, url=one.url.replace("news.example", host), guid=f"https://{host}/?p={one.guid}")


@pytest.mark.parametrize("published", [None, NOON])
@pytest.mark.parametrize("with_guids", [True, False])
def test_a_site_that_answers_under_two_names_in_turn_brings_each_item_once(published, with_guids):
    memory, new = Memory(), []
    articles = [item(str(number), published=published) for number in range(20)]
    for turn in range(10):
        shown = [at(("news.example", "www2.news.example")[turn % 2], one) for one in articles[turn : turn + 6]]
        changes = memory.poll(*(one if with_guids else replace(one, guid=None) for one in reversed(shown)))
        new += [change.identified.item.title for change in changes if isinstance(change, New)]

    assert len(new) == len(set(new)) == 15


def test_two_hosts_of_one_document_have_an_item_each():
    memory = Memory()
    memory.poll(ARTICLES[0])

    assert kinds(memory.poll(ARTICLES[0], at("other.example", ARTICLES[0]))) == ["Unchanged", "New"]


def test_a_title_at_the_same_path_of_another_host_with_another_date_is_new():
    memory = Memory()
    memory.poll(*(replace(one, published=NOON) for one in ARTICLES[:3]))
    other = replace(at("other.example", ARTICLES[0]), published=NOON + timedelta(days=1))

    assert kinds(memory.poll(*(replace(one, published=NOON) for one in ARTICLES[1:3]), other)) == ["Unchanged", "Unchanged", "New"]


def test_one_item_with_a_title_that_was_there_before_is_new():
    memory = Memory()
    memory.poll(*ARTICLES)

    assert kinds(memory.poll(*ARTICLES, item("w", title=ARTICLES[0].title, url="https://news.example/w"))).count("New") == 1


def test_a_page_of_the_same_titles_with_other_dates_is_new():
    memory = Memory()
    memory.poll(*(item(f"a{day}", title="Das Wetter", published=NOON - timedelta(days=day)) for day in range(10, 15)))

    today = [item(f"b{day}", title="Das Wetter", published=NOON - timedelta(days=day)) for day in range(5)]

    assert kinds(memory.poll(*today)) == ["New"] * 5


def test_a_feed_that_begins_to_give_guids_or_stops_brings_nothing_new():
    memory = Memory()
    with_guids, without = ARTICLES[:4], [replace(one, guid=None) for one in ARTICLES[:4]]

    turns = [memory.poll(*turn) for turn in (with_guids, without, with_guids)]

    assert [kinds(turn) for turn in turns[1:]] == [["Unchanged"] * 4] * 2


@given(st.lists(ITEMS, max_size=6))
def test_every_item_that_can_be_told_apart_is_found(items):
    found = Memory().poll(*items)

    assert {change.identified.item.title for change in found if isinstance(change, New)} >= {
        one.title for one in items if one.title and one.guid is None and one.url is None
    }
