"""Whether what is said of an asset can be: a number where the library asks for a number, one of its choices …; pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from backend.rules.answer_shapes import is_date
from backend.rules.answer_words import unit_word
from backend.rules.library_words import FactWords

UNKNOWN: Final[tuple[Any, ...]] = (None, "", [])
MOST: Final = 1_000_000_000
LETTERS: Final = 200


def fault_of(fact: FactWords, value: Any) -> str:
    """What is wrong with a value of a fact, in words; "" when nothing is. What is not known (None, "", []) is never wrong."""
    if value in UNKNOWN:
        return ""
    match fact.type:
        case "number":
            return fault_of_number(fact, value)
        case "text":
            most = int(fact.most or LETTERS)
            return "" if isinstance(value, str) and len(value) <= most else f"Write at most {most} letters."
        case "date":
            return "" if is_date(value) else "Write a day, such as 28/02/2019."
        case "boolean":
            return "" if isinstance(value, bool) else "Say yes or no."
        case "choice":
            return "" if value in fact.options else f"Choose one of: {', '.join(fact.options)}."
        case "choices":
            chosen = value if isinstance(value, list | tuple) else [value]
            return "" if all(each in fact.options for each in chosen) else f"Choose from: {', '.join(fact.options)}."
    return ""


def fault_of_number(fact: FactWords, value: Any) -> str:
    """What is wrong with a number of a fact: its limits are the library's, and never below nought where it names none."""
    least, most = fact.least or 0, MOST if fact.most is None else fact.most
    if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
        return ""
    unit = f", in {word}" if (word := unit_word(fact.unit)) else ""
    if fact.least is None and fact.most is None:
        return f"Write a number, not below nought{unit}."
    return (
        f"Write a number {f'from {least:.10g} to {most:.10g}' if fact.most is not None else f'of at least {least:.10g}'}{unit}."
    )


def on_day(asked: Mapping[str, FactWords], facts: Mapping[str, Any], day: dt.date) -> dict[str, Any]:
    """Facts as they are on a day: a number that counts the years since a known date is that many, whatever was written."""
    found = dict(facts)
    for key, fact in asked.items():
        since = facts.get(fact.since) if fact.since else None
        if is_date(since):
            first = dt.date.fromisoformat(str(since))
            found[key] = max(day.year - first.year - ((day.month, day.day) < (first.month, first.day)), 0)
    return found


def faults(asked: Mapping[str, FactWords], facts: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, str]:
    """Fact key -> what is wrong with it, of the facts that differ from `before`.

    Facts of which the library does not know stay as somebody wrote them: they decide nothing.
    """
    changed = {key: value for key, value in facts.items() if key in asked and before.get(key) != value}
    found = {key: fault_of(asked[key], value) for key, value in changed.items()}
    return {key: said for key, said in found.items() if said}
