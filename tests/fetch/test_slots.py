"""How close after one another a host is asked."""

import asyncio
import time

import pytest

from monitor.fetch.slots import Hosts, is_private


def begun(host, number=3, spacing_s=0.1):
    """When each of several visits of a host began, after the first."""

    async def act():
        hosts, times = Hosts(10, spacing_s), []

        async def visit():
            async with hosts.slot(host, is_suspect=False):
                times.append(time.monotonic())

        await asyncio.gather(*(visit() for _ in range(number)))
        return [one - times[0] for one in times]

    return asyncio.run(act())


def test_visits_of_a_host_begin_at_a_distance():
    first, second, third = begun("news.example")

    assert (first, second >= 0.09, third >= 0.19) == (0, True, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "10.1.2.3"])
def test_ones_own_machines_need_no_distance(host):
    assert max(begun(host, 10, 10.0)) < 5


def test_a_distance_is_kept_although_the_first_visit_has_ended():
    async def act():
        hosts = Hosts(1, 0.1)
        async with hosts.slot("news.example", is_suspect=False):
            begin = time.monotonic()
        async with hosts.slot("news.example", is_suspect=False):
            return time.monotonic() - begin

    assert asyncio.run(act()) >= 0.09


def test_hosts_that_were_left_are_forgotten_when_their_distance_has_passed():
    async def act():
        hosts = Hosts(1, 0.05)
        for name in ("one.example", "two.example"):
            async with hosts.slot(name, is_suspect=False):
                pass
        before = len(hosts._hosts)
        await asyncio.sleep(0.06)
        async with hosts.slot("127.0.0.1", is_suspect=False):
            pass
        return before, len(hosts._hosts)

    assert asyncio.run(act()) == (2, 0)


def test_a_name_is_not_taken_for_a_private_host():
    assert not is_private("127.0.0.1.news.example")
