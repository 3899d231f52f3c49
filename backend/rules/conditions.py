"""What the library's conditions say about a thing or a place: does the check apply, and which rule holds for it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
}


def applies_to(content: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether a check (its published content) is owed for an asset with these facts.

    Every condition under ``applies`` must hold. A fact that nobody has filled in counts as the condition's
    ``if_unknown`` says.
    """
    return all(condition_holds(condition, facts) for condition in content.get("applies", ()))


def rule_for(content: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The rule mapping for an asset with these facts, or None when only an event calls for the check.

    Of the variants that state facts, the last one that holds replaces ``every`` and ``unit``; a variant in words
    alone is for a person to choose and changes nothing here.
    """
    if content.get("rule") is None:
        return None
    rule = dict(content["rule"])
    for variant in content.get("variants", ()):
        conditions: Sequence[Mapping[str, Any]] = variant.get("facts", ())
        if conditions and all(condition_holds(condition, facts) for condition in conditions):
            rule |= {"every": variant["every"], "unit": variant["unit"]}
    return rule


def condition_holds(condition: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether one condition holds. A fact with several values (a tap's roles) holds if any of them does."""
    value = facts.get(condition["fact"])
    if value is None or value == [] or value == "":
        return bool(condition.get("if_unknown", False))
    values = list(value) if isinstance(value, list | tuple | set) else [value]
    return any(_one_holds(condition, one) for one in values)


def all_hold(conditions: Iterable[Mapping[str, Any]], facts: Mapping[str, Any]) -> bool | None:
    """Whether every condition on a place holds; None while that hangs on a fact that nobody has said. Unknown is never no."""
    unknown = False
    for condition in conditions:
        if facts.get(condition["fact"]) is None:
            unknown = True
        elif not condition_holds(condition, facts):
            return False
    return None if unknown else True


def _one_holds(condition: Mapping[str, Any], value: Any) -> bool:
    if "equals" in condition:
        # In Python true equals 1; a switch and a number are never the same fact.
        return bool(value == condition["equals"]) and isinstance(value, bool) == isinstance(condition["equals"], bool)
    if "in" in condition:
        return value in condition["in"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return all(compare(value, condition[name]) for name, compare in _COMPARE.items() if name in condition)
