"""Which item is which."""

from dataclasses import replace

from builders import item
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.address import canonical_url
from monitor.core.identity import candidates, fingerprint
from monitor.core.model import Item


def only(one: Item):
    (candidate,) = candidates([one])
    return candidate


def test_a_guid_that_is_escaped_once_more_is_the_same_guid():
    assert only(item(guid="tag:x,2024:1 &amp; 2")).guid == only(item(guid=" tag:x,2024:1 & 2 ")).guid


def test_a_wordpress_guid_that_moves_to_https_is_the_same_guid():
    assert only(item(guid="http://news.example/?p=7")).guid == only(item(guid="https://news.example/?p=7")).guid


def test_guids_that_differ_in_case_are_two_guids():
    assert only(item(guid="abcD")).guid != only(item(guid="abcd")).guid


def test_an_item_with_nothing_is_left_out_and_the_others_stay():
    assert [one.item.guid for one in candidates([Item(), item("a")])] == ["a"]


def test_an_item_listed_twice_is_one_item():
    assert len(candidates([item("a"), item("a", title="edited")])) == 1


def test_two_items_that_share_a_guid_are_two_items():
    listed = candidates([item("a", url="https://news.example/1"), item("a", url="https://news.example/2")])

    assert [one.is_shared for one in listed] == [True, True]


def test_tracking_parameters_do_not_change_an_address():
    plain = canonical_url("https://www.News.example:443/a/?id=1")

    assert canonical_url("http://news.example/a?id=1&utm_source=rss&fbclid=x") == plain


def test_a_comment_keeps_its_fragment():
    assert canonical_url("https://news.example/a#comment-1") != canonical_url("https://news.example/a#comment-2")


def test_an_address_that_cannot_be_read_is_compared_as_it_is():
    assert canonical_url(" http://[::1/x ") == "http://[::1/x"


def test_the_address_and_the_dates_are_not_part_of_the_fingerprint():
    assert fingerprint(item("a")) == fingerprint(replace(item("a"), url="https://other.example/", guid="b"))


def test_every_text_is_part_of_the_fingerprint():
    prints = {fingerprint(item("a", **{name: "other"})) for name in ("title", "summary", "content")}

    assert len(prints | {fingerprint(item("a"))}) == 4


@given(st.text(), st.text())
def test_a_text_that_moves_to_another_field_is_another_content(first, second):
    here, there = Item(title=first, summary=second), Item(title=second, summary=first)

    assert (fingerprint(here) == fingerprint(there)) == (first == second)


@settings(max_examples=300)
@given(st.text(max_size=40))
def test_any_text_has_a_canonical_form_that_stays(text):
    once = canonical_url("https://news.example/" + text)

    assert canonical_url("https:" + once) == once or "\n" in text or "\t" in text or "\r" in text
