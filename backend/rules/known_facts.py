"""What is known of a site and its buildings, and how: by its register, by what people said, by what a building keeps; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from backend.rules.place_facts import PLACE_FACTS, Kind, PlaceFact, said


class Source(StrEnum):
    """How a fact is known."""

    SAID = "said"
    REGISTER = "register"
    KEPT = "kept"  # on the building itself, or worked out from it
    USUAL = "usual"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Known:
    """A fact's value (None: unknown), how it is known, and what shows it. `against`: people said no, the register says yes."""

    value: Any
    source: Source
    words: str = ""
    against: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """An asset in the register that is not retired."""

    id: str
    name: str
    type: str
    building: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class House:
    """A building: what people said of it, and what it keeps itself (`built`, `floor_area_m2`, `floors`)."""

    id: str
    name: str
    said: Mapping[str, Any] = field(default_factory=dict)
    built: int | None = None
    floor_area_m2: int | None = None
    floors: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A site with all that decides what applies to it."""

    name: str
    said: Mapping[str, Any]
    houses: Sequence[House]
    things: Sequence[Thing]


@dataclass(frozen=True, slots=True)
class Judging:
    """A site made ready to be asked of many checks: its facts, its buildings' facts, its assets by kind."""

    place: Place
    site: Mapping[str, Known]
    houses: Mapping[str, Mapping[str, Known]]
    by_type: Mapping[str, Sequence[Thing]]

    def values(self, house: str = "") -> dict[str, Any]:
        """The facts that conditions are asked of: the site's, and over them a building's."""
        known = {**self.site, **self.houses.get(house, {})}
        return {key: each.value for key, each in known.items()}

    def name(self, house: str) -> str:
        """What a place is called."""
        return next((each.name for each in self.place.houses if each.id == house), self.place.name)


def judging(place: Place) -> Judging:
    """Work the facts out once."""
    by_type: dict[str, list[Thing]] = defaultdict(list)
    for thing in place.things:
        by_type[thing.type].append(thing)
    houses = {house.id: {key: of_house(house, fact) for key, fact in PLACE_FACTS.items() if fact.on == "building"}
              for house in place.houses}  # fmt: skip
    site = {key: of_site(place, fact, by_type, houses) for key, fact in PLACE_FACTS.items()}
    return Judging(place, site, houses, by_type)


def of_house(house: House, fact: PlaceFact) -> Known:
    """What is known of a building."""
    if fact.column:
        kept = getattr(house, fact.column)
        return Known(kept, Source.KEPT if kept is not None else Source.UNKNOWN)
    if fact.key == "built_before_2000" and house.built is not None:
        return Known(house.built < 2000, Source.KEPT, f"built {house.built}")
    value = said(house.said, fact.key)
    return Known(value, Source.SAID if value is not None else Source.UNKNOWN)


def of_site(
    place: Place, fact: PlaceFact, by_type: Mapping[str, Sequence[Thing]], houses: Mapping[str, Mapping[str, Known]]
) -> Known:
    """What is known of a site: by its register, by what people said, and of what belongs to buildings by all of them."""
    if fact.on == "building":
        return rolled_up([houses[house.id][fact.key] for house in place.houses], fact, [house.name for house in place.houses])
    told = said(place.said, fact.key)
    if things := [thing for kind in fact.asset_types for thing in by_type.get(kind, ())]:
        return Known(True, Source.REGISTER, things_in_words(things, place), against=told is False)
    if told is not None:
        return Known(told, Source.SAID)
    return Known(True, Source.USUAL) if fact.usual and fact.key not in place.said else Known(None, Source.UNKNOWN)


def rolled_up(each: Sequence[Known], fact: PlaceFact, names: Sequence[str]) -> Known:
    """Of yes or no: yes if any building says so, no if all say no, else unknown. A figure of several buildings is none."""
    if fact.kind is not Kind.YES_NO:
        return Known(None, Source.UNKNOWN)
    shown = [name for known, name in zip(each, names, strict=True) if known.value]
    if shown:
        return Known(True, Source.KEPT, some(shown))
    if not each or any(known.value is None for known in each):
        return Known(None, Source.UNKNOWN)
    return Known(False, Source.KEPT)


def some(names: Sequence[str], most: int = 3) -> str:
    """The first few of many names."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def things_in_words(things: Sequence[Thing], place: Place) -> str:
    """Assets with the buildings where they are: "Boiler 1 in Main block"."""
    names = {house.id: house.name for house in place.houses}
    if len(things) == 1:
        where = names.get(things[0].building)
        return f"{things[0].name} in {where}" if where else things[0].name
    homes = sorted({names[thing.building] for thing in things if thing.building in names})
    return f"{len(things)} in the register" + (f", in {some(homes)}" if homes else "")
