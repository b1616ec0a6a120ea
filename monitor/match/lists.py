"""Rules that hold as soon as one of their words or names is found, which most rules are: decided without a tree.

What they decide is what ``judged`` decides of them; ``explain`` asks that one, and the tests hold the two against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from monitor.core.model import Field
from monitor.match.find import Found, Span
from monitor.match.judged import is_place_right
from monitor.match.language import tree
from monitor.match.plan import Find, Plan, RulePlan, Some


def order_of_list(plan: RulePlan) -> Mapping[int, int] | None:
    """Return the leaves of which one is enough for a rule, each with its place in the rule; None for a rule that wants more."""
    rule = plan.rule
    if plan.every or plan.none or plan.query or rule.min_count > 1 or rule.min_score or len(plan.wanted) != 1:
        return None
    match plan.wanted[0]:
        case Find() as part if _is_plain(part):
            return {part.leaf: 0}
        case Some(1, parts, by_leaf) if all(map(_is_plain, parts)):
            return by_leaf
    return None


def _is_plain(plan: Plan) -> bool:
    # A regular expression is searched when a rule asks.
    return isinstance(plan, Find) and plan.count == 1 and not isinstance(plan.source, tree.Regex)


class Lists:
    """Those of all rules that are such lists, by their number."""

    def __init__(self, plans: Sequence[RulePlan]) -> None:
        orders = ((number, order_of_list(plan)) for number, plan in enumerate(plans))
        self._orders = {number: order for number, order in orders if order is not None}
        self._rules = [plan.rule for plan in plans]
        # Most rules are for the same places: whether an item is one of them is asked once.
        scopes: dict[tuple[Sequence[str], ...], int] = {}
        self._scope_of = [scopes.setdefault((one.feeds, one.tags, one.kinds, one.fields), len(scopes)) for one in self._rules]
        self._by_leaf: dict[int, list[int]] = defaultdict(list)
        for number, order in self._orders.items():
            for leaf in order:
                self._by_leaf[leaf].append(number)

    def __contains__(self, number: int) -> bool:
        """Say whether a rule is a list."""
        return number in self._orders

    def held(self, found: Found) -> dict[int, list[Span]]:
        """Return the rules that apply, each with the spans of its words in the order of the rule."""
        leaves: dict[int, list[int]] = {}
        for leaf in found.spans:
            for number in self._by_leaf.get(leaf, ()):
                if number in leaves:
                    leaves[number].append(leaf)
                else:
                    leaves[number] = [leaf]
        held = {}
        fields: dict[int, Sequence[Field]] = {}
        for number, there in leaves.items():
            scope = self._scope_of[number]
            if scope not in fields:
                rule = self._rules[number]
                fields[scope] = rule.fields if is_place_right(rule, found.subject) else ()
            if len(there) > 1:
                there.sort(key=self._orders[number].__getitem__)
            asked = fields[scope]
            spans = [span for leaf in there for span in found.spans[leaf] if span[0] in asked]
            if spans:
                held[number] = spans
        return held
