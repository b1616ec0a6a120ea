"""Decide who is told of a match."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.core.model import SEVERITIES, Match, Severity, Target
from monitor.core.record import Finding
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
        targets = _targets(named, match.severity)
        if not targets:
            return Finding(match, reason="below the receivers' severity", template=rule.template)
        return Finding(match, targets, template=rule.template)

    def targets(self, receivers: Iterable[str], severity: Severity) -> tuple[Target, ...]:
        """Return the addresses of receivers that want to hear of a severity, each once."""
        return _targets([self._receivers[name] for name in receivers if name in self._receivers], severity)


def _targets(receivers: Iterable[Receiver], severity: Severity) -> tuple[Target, ...]:
    targets: dict[str, Target] = {}
    for receiver in receivers:
        if SEVERITIES.index(severity) >= SEVERITIES.index(receiver.min_severity):
            for target, _ in receiver.urls:
                targets.setdefault(target.url_id, target)
    return tuple(targets.values())
