"""Names that stand in the statutory library alone: disciplines and the facts of a kind of asset."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from backend.assets.known import library
from backend.core.templatetags.words import day, plain, sentence_case
from backend.rules.answer_shapes import is_date
from backend.rules.answer_words import with_unit
from backend.rules.library_words import FactWords


def disciplines() -> dict[str, str]:
    """Discipline key -> title, in the library's order."""
    return library().disciplines


def discipline_title(key: str) -> str:
    """The title of a discipline; what belongs to none is called "Other"."""
    return disciplines().get(key, sentence_case(plain(key)) if key else "Other")


def discipline_order(key: str) -> int:
    """The place of a discipline in lists; unknown ones come last."""
    order = list(disciplines())
    return order.index(key) if key in order else len(order)


def known_facts(type_key: str, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, value in words with its unit) of what is known of an asset of a kind; what is not filled in is left out."""
    asked = library().facts.get(type_key, {})
    return [fact_words(key, value, asked.get(key)) for key, value in facts.items() if value not in (None, "", [])]


def fact_words(key: str, value: Any, fact: FactWords | None) -> tuple[str, str]:
    """A fact's label and value in words; one that the library does not know keeps its key."""
    if fact and fact.type == "number" and isinstance(value, int | float):
        return fact.label, with_unit(value, fact.unit)
    if fact and fact.type == "date" and is_date(value):
        return fact.label, day(dt.date.fromisoformat(value))
    if fact and fact.type == "text":
        return fact.label, str(value)
    return fact.label if fact else sentence_case(plain(key)), sentence_case(plain(value))
