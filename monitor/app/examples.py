"""The rules' own examples, which are tried whenever the rules are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from monitor.config import Config
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.match.forms.lexicon import Lexicon


def example_problems(config: Config, lexicon: Callable[[], Lexicon]) -> list[str]:
    """Return the examples that turn out otherwise than their rule says, each as ``FILE:LINE: PATH: what is wrong``.

    ``lexicon`` is opened if there are examples.
    """
    if not any(rule.must_match or rule.must_not_match for rule in config.rules):
        return []
    from monitor.match.engine import check_rules

    index = {rule.name: number for number, rule in enumerate(config.rules)}
    found = []
    for problem in check_rules(config.rules, config.entities, lexicon(), config.language):
        path = f"rules[{index[problem.rule]}].{problem.key}"
        found.append(f"{config.lines.at(path)}: {path}: {problem.message}")
    return found


def refuse_wrong_rules(config: Config, lexicon: Callable[[], Lexicon]) -> None:
    """Raise ``ConfigError`` if an example of a rule turns out otherwise than the rule says."""
    if problems := example_problems(config, lexicon):
        raise ConfigError(*problems)
