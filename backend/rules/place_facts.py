"""Facts about sites and buildings that decide which checks apply: what each is called, and how it is asked in plain words.

People answer yes, no or a figure; what nobody has said, and what they said they do not know, is unknown, and is never taken for
no. Where the register holds assets of a fact's kinds the answer is known already, and they speak louder than a "no".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal

from backend.rules.place_fact_list import LINES

UNKNOWN: Final = "unknown"
"""Kept as a fact's value when somebody was asked and did not know."""


class Kind(StrEnum):
    """How a fact is answered."""

    YES_NO = "yes-no"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """One fact. `asset_types` are the kinds of asset that show it; `column` is where a building keeps it.

    `usual`: nearly every school has it, so it is expected until somebody says no. Numbers lie between `least` and `most`.
    """

    key: str
    group: str
    question: str
    on: Literal["site", "building"] = "site"
    kind: Kind = Kind.YES_NO
    help: str = ""
    unit: str = ""
    least: int = 0
    most: int = 1_000_000
    asset_types: tuple[str, ...] = ()
    column: str = ""
    usual: bool = False

    def read(self, value: Any) -> Any:
        """A value as it is kept: a switch, a whole number, or UNKNOWN. Raises ValueError in words."""
        if value == UNKNOWN:
            return UNKNOWN
        if self.kind is Kind.YES_NO:
            if not isinstance(value, bool):
                raise ValueError("Answer yes, no or not known.")
            return value
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise ValueError(f"Give a whole number from {self.least:,} to {self.most:,}.")
        return value


GROUPS: Final[Mapping[str, str]] = {
    "buildings": "The buildings",
    "fire": "Fire safety",
    "heating": "Gas, oil and heating",
    "electricity": "Electricity and energy",
    "water": "Water",
    "lifting": "Lifts and lifting",
    "air": "Ventilation and cooling",
    "kitchen": "Kitchen",
    "teaching": "Science, design and technology",
    "outside": "Play, sport and grounds",
    "pool": "Swimming pool",
    "security": "Security, gates and doors",
    "vehicles": "Vehicles",
    "fabric": "Fabric and first aid",
}
"""One screen of questions each, in order."""

PLACE_FACTS: Final[Mapping[str, PlaceFact]] = {
    line["key"]: PlaceFact(
        **{**line, "kind": Kind(line.get("kind", "yes-no")), "asset_types": tuple(line.get("asset_types", ()))}
    )
    for line in LINES
}
"""Every fact by its key, in the order in which they are asked."""

BY_TYPE: Final[Mapping[str, PlaceFact]] = {kind: fact for fact in PLACE_FACTS.values() for kind in fact.asset_types}
"""Kind of asset -> the fact that it shows."""


def said(facts: Mapping[str, Any], key: str) -> Any:
    """What people said of a fact, or None when nobody did or they did not know."""
    value = facts.get(key)
    return None if value == UNKNOWN else value
