"""Deliveries from claim to record, with the real store and receivers that do as they are told."""

import asyncio
from datetime import timedelta

import pytest
from builders import NOON, feed, item, match

from monitor.core.delivery import Message, Receipt
from monitor.core.identity import fingerprint
from monitor.core.model import Identified, Key, Target
from monitor.core.record import Finding, New, PollRecord, Recorded
from monitor.errors import TemplateError
from monitor.store import Store
from monitor.work.outbox import Outbox

DESK, PHONE = Target("desk", "u1", "desk #1"), Target("desk", "u2", "desk #2")


class Receivers:
    """Answers what it is told, then "sent"; keeps what it got."""

    def __init__(self, **answers):
        self.answers = {url: list(given) for url, given in answers.items()}
        self.got = []

    async def __call__(self, message, target):
        answers = self.answers.get(target.url_id)
        outcome = answers.pop(0) if answers else "sent"
        self.got.append((target.url_id, message.title, outcome, message.prefer_text))
        return Receipt(outcome, "because")

    def sent(self, url):
        return [title for target, title, outcome, _ in self.got if (target, outcome) == (url, "sent")]


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "monitor.db", create=True) as opened:
        opened.sync_feeds([feed()], NOON)
        yield opened


def alert(store, *guids, targets=(DESK,)):
    (state,) = store.claim_named(["news"], NOON, NOON + timedelta(minutes=1), "me")
    new = [New(Identified(Key(guid), "guid", fingerprint(item(guid)), item(guid))) for guid in guids]
    recorded = tuple(Recorded(one, (Finding(match(), targets),)) for one in new)
    store.commit_poll(PollRecord(state.id, "me", NOON, "changed", NOON, timedelta(), baseline_done=True, recorded=recorded))


def render(alert):
    return Message(alert.item.item.title, "text", "html")


def drained(store, send, clock=None, draw=render):
    async def call(function, *args):
        return function(*args)

    async def act():
        outbox = Outbox("me", render=draw, send=send, store=store, call=call, now=clock or Clock(), chance=lambda: 0.5)
        return await outbox.drain()

    return asyncio.run(act())


def states(store):
    return {(row.title, row.label): row.state for row in store.delivery_rows()}


def test_every_address_gets_every_message_in_order(store):
    alert(store, "a", "b", "c", targets=(DESK, PHONE))
    receivers = Receivers()

    result = drained(store, receivers)

    assert (result.sent, result.failed) == (6, 0)
    assert receivers.sent("u1") == receivers.sent("u2") == ["Title a", "Title b", "Title c"]


def test_a_channel_that_fails_holds_up_itself_only(store):
    alert(store, "a", "b", targets=(DESK, PHONE))
    receivers = Receivers(u1=["not_sent"] * 9)

    drained(store, receivers)

    assert receivers.sent("u2") == ["Title a", "Title b"]
    assert {label: state for (_, label), state in states(store).items()} == {DESK.label: "failed", PHONE.label: "sent"}


def test_one_failure_does_not_hold_up_the_next_message(store):
    alert(store, "a", "b")
    receivers = Receivers(u1=["not_sent"])

    result = drained(store, receivers)

    assert receivers.sent("u1") == ["Title b", "Title a"]
    assert (result.sent, result.failed) == (2, 1)


def test_what_was_not_delivered_is_delivered_later(store):
    alert(store, "a")
    receivers, clock = Receivers(u1=["unknown"]), Clock()
    drained(store, receivers, clock)
    assert states(store) == {("Title a", DESK.label): "unknown"}

    clock.now += timedelta(seconds=3)
    drained(store, receivers, clock)

    assert states(store) == {("Title a", DESK.label): "sent"}


def test_a_rejected_message_is_tried_as_plain_text_and_then_given_up(store):
    alert(store, "a", "b")
    receivers, clock = Receivers(u1=["rejected", "sent", "rejected", "rejected", "rejected"]), Clock()

    for _ in range(4):
        drained(store, receivers, clock)
        clock.now += timedelta(minutes=20)

    assert states(store) == {("Title a", DESK.label): "dead", ("Title b", DESK.label): "sent"}
    assert [is_plain for _, title, _, is_plain in receivers.got if title == "Title a"] == [False, True, True, True]


def test_a_template_that_fails_loses_no_alert(store):
    def broken(_):
        raise TemplateError("alert.txt.j2:3: no such variable")

    alert(store, "a")
    receivers = Receivers()

    drained(store, receivers, draw=broken)

    assert receivers.sent("u1") == ["ceasefire: Title a"]


def test_an_empty_outbox_is_drained_at_once(store):
    result = drained(store, Receivers())

    assert (result.sent, result.failed) == (0, 0)
