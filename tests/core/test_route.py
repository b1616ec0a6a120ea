"""Who is told of a match."""

from builders import match

from monitor.core.model import Target
from monitor.core.route import Router
from monitor.core.rule import Receiver, Rule
from monitor.core.secret import Secret


def receiver(name, *url_ids, **facts):
    return Receiver(name, tuple((Target(name, one, f"{name} {one}"), Secret(one)) for one in url_ids), **facts)


def route(*receivers, severity="info"):
    names = tuple(one.name for one in receivers) or ("gone",)
    return Router([Rule("ceasefire", receivers=names)], receivers)(match(severity=severity))


def test_every_address_of_every_receiver_is_told():
    assert [one.url_id for one in route(receiver("a", "1", "2"), receiver("b", "3")).targets] == ["1", "2", "3"]


def test_an_address_that_two_receivers_share_is_told_once():
    assert [one.url_id for one in route(receiver("a", "1"), receiver("b", "1", "2")).targets] == ["1", "2"]


def test_a_receiver_of_critical_alerts_is_not_told_of_others():
    picky = receiver("a", "1", min_severity="critical")

    assert route(picky, severity="warning").reason == "below the receivers' severity"
    assert route(picky, severity="critical").targets


def test_a_rule_whose_receivers_are_gone_says_so():
    assert route().reason == "no receiver"
