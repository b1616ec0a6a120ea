"""What is new, what changed, what is known."""

from builders import item
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.changes import compare, is_another_story, is_gap, keys_of, url_keys_of
from monitor.core.identity import candidates
from monitor.core.model import ItemId, Known, New, Unchanged, Updated


class Memory:
    """A store that remembers items as the real one does: by key, and by the key of their address."""

    def __init__(self):
        self.by_key = {}
        self.by_url = {}

    def poll(self, *items):
        listed = candidates(items)
        known = {key: self.by_key[key] for key in keys_of(listed) if key in self.by_key}
        by_url = {key: self.by_url[key] for key in url_keys_of(listed, known) if key in self.by_url}
        changes = compare(listed, known, by_url)
        for change in changes:
            if not isinstance(change, Unchanged):
                self.remember(change.identified)
        return changes

    def remember(self, one):
        known = Known(ItemId(1), one.key, one.fingerprint, 1, one.item.url, title=one.item.title)
        self.by_key[one.key] = known
        if one.url_key:
            self.by_url[one.url_key] = known


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
def test_the_same_document_twice_brings_nothing_new(items):
    memory = Memory()
    memory.poll(*items)

    assert all(isinstance(change, Unchanged | Updated) for change in memory.poll(*items))


@given(st.lists(ITEMS, max_size=6))
def test_every_item_that_can_be_told_apart_is_found(items):
    found = Memory().poll(*items)

    assert {change.identified.item.title for change in found if isinstance(change, New)} >= {
        one.title for one in items if one.title and one.guid is None and one.url is None
    }
