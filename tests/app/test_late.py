"""The rules are compiled when they are needed, and once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from monitor.app.late import LateRules


class Engine:
    """Matches every subject by its name."""

    def match(self, subject):
        return (f"match of {subject}",)


def test_rules_that_several_threads_need_at_once_are_made_once():
    made, together = [], Barrier(4)

    def make():
        made.append(Engine())
        return made[-1]

    rules = LateRules(make)

    def ask(subject):
        together.wait()
        return rules.match(subject)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, "abcd"))

    assert (len(made), answers[0]) == (1, ("match of a",))


def test_rules_that_could_not_be_made_are_tried_again_by_the_next_who_needs_them():
    attempts = iter([OSError("no room"), None])

    def make():
        if error := next(attempts):
            raise error
        return Engine()

    rules = LateRules(make)
    with pytest.raises(OSError, match="no room"):
        rules.load()

    assert rules.match("a") == ("match of a",)
