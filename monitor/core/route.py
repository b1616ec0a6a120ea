"""Decide who is told of a match."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.core.model import SEVERITIES, Finding, Match, Target
from monitor.core.rule import Receiver, Rule


class Router:
    """The receivers of every rule, by the config as it is now."""

    def __init__(self, rules: Iterable[Rule], receivers: Iterable[Receiver]) -> None:
        self._rules = {rule.name: rule for rule in rules}
        self._receivers = {receiver.name: receiver for receiver in receivers}

    def __call__(self, match: Match) -> Finding:
        """Return the match with its targets, each address once, or with the reason why nobody is told."""
        rule = self._rules[match.rule]
        named = [self._receivers[name] for name in rule.receivers if name in self._receivers]
        if not named:
            return Finding(match, reason="no receiver", template=rule.template)
        willing = [receiver for receiver in named if _reaches(match, receiver)]
        if not willing:
            return Finding(match, reason="below the receivers' severity", template=rule.template)
        targets: dict[str, Target] = {}
        for receiver in willing:
            for target, _ in receiver.urls:
                targets.setdefault(target.url_id, target)
        return Finding(match, tuple(targets.values()), template=rule.template)


def _reaches(match: Match, receiver: Receiver) -> bool:
    return SEVERITIES.index(match.severity) >= SEVERITIES.index(receiver.min_severity)
