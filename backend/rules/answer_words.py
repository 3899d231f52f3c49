"""Answers, units and limits as a caretaker would say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

UNIT_WORDS: Mapping[str, str] = {
    "degC": " °C",
    "%": "%",
    "ohm": " Ω",
    "micron": " µm",
    "h": " hours",
    "min": " minutes",
    "s": " seconds",
    "t": " tonnes",
    "m2": " m²",
    "m3": " m³",
    "m/s2": " m/s²",
    "m3/s": " m³/s",
    "count": "",
    "ratio": "",
    "points": "",
    "units": "",
    "pH": "",
}
"""How a unit of the library follows its number; any other unit follows after a space as it is written."""

SEVERAL = frozenset({"h", "min", "s", "t"})
"""Units whose word is said without its last letter of one: "1 minute"."""


def unit_word(unit: str | None) -> str:
    """A unit by itself as it is written for people: "°C", "hours"; "" for a plain number."""
    return "£" if unit == "GBP" else UNIT_WORDS.get(unit, unit).strip() if unit else ""


def with_unit(value: float, unit: str | None) -> str:
    """A reading in words: ``46 °C``, ``£1200``, ``3``. A whole number is written without a decimal point."""
    number = str(int(value)) if float(value).is_integer() else str(value)
    if unit == "GBP":
        return f"£{number}"
    words = UNIT_WORDS.get(unit, f" {unit}") if unit else ""
    return number + (words.removesuffix("s") if value == 1 and unit in SEVERAL else words)


def spoken(question: Mapping[str, Any], answer: Any) -> str:
    """An answer that failed, in words."""
    kind = question["type"]
    if kind == "number":
        return with_unit(answer, question.get("unit"))
    if kind == "boolean":
        return "yes" if answer else "no"
    return "failed" if kind == "pass-fail" else _option(answer)


def should_be(
    question: Mapping[str, Any],
    rule: Mapping[str, Any],
    answers: Mapping[str, Any],
    asked: Mapping[str, Mapping[str, Any]],
) -> str:
    """What the answer should have been, beginning with a comma; empty where it goes without saying."""
    unit = question.get("unit")
    if "at_least" in rule:
        return f", should be at least {with_unit(rule['at_least'], unit)}"
    if "at_most" in rule:
        limit = rule["at_most"]
        return ", should be none" if limit == 0 and unit == "count" else f", should be at most {with_unit(limit, unit)}"
    if "between" in rule:
        low, high = rule["between"]
        return f", should be between {with_unit(low, None)} and {with_unit(high, unit)}"
    if "in" in rule:
        return f", should be {_or([_option(option) for option in rule['in']])}"
    if "equals_question" in rule:
        other = rule["equals_question"]
        return f", should be {with_unit(answers[other], unit)} ({asked[other]['label']})"
    return ""


def _option(value: Any) -> str:
    return str(value).replace("-", " ")


def _or(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
