"""Rounds proposed from what is owed: which checks make one walk, and in which order somebody walks it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

OFTEN: Final = ("day", "week", "month", "term", "year")
_FLOORS: Final = {"basement": -1, "lower ground": -1, "ground": 0, "first": 1, "second": 2, "third": 3, "fourth": 4, "roof": 99}
_NUMBER: Final = re.compile(r"-?\d+")


@dataclass(frozen=True, slots=True)
class Stop:
    """One check and where it is. `minutes` None: not known. No building or space: the site, or the building, as a whole."""

    key: str
    title: str
    building: str = ""
    floor: str = ""
    space: str = ""
    thing: str = ""
    minutes: int | None = None


def often_of(rule: Mapping[str, Any] | None) -> str:
    """In which round a check belongs by its interval: "day", "week", "month", "term" or "year"; a one-off in none ("")."""
    if not rule:
        return ""
    every, unit = int(rule.get("every", 1)), str(rule.get("unit"))
    if unit in ("day", "term"):
        return unit
    if unit == "week":
        return "week" if every < 4 else "month"
    if unit == "month":
        return "month" if every < 3 else "term" if every <= 4 else "year"
    return "year"


def floor_order(floor: str) -> tuple[int, str]:
    """From the lowest floor up: "Basement", "Ground", "1", "First" … One that says nothing is as the ground floor."""
    said = floor.strip().lower()
    named = next((number for name, number in _FLOORS.items() if said.startswith(name)), None)
    if named is not None:
        return named, said
    number = _NUMBER.search(said)
    return (int(number.group()), said) if number else (0, said)


def walked(stops: Iterable[Stop]) -> list[Stop]:
    """The stops in the order of a walk: what is outside and the site's as a whole first, then building by building, floor by
    floor, space by space."""
    return sorted(stops, key=lambda stop: (stop.building, *floor_order(stop.floor), stop.space, stop.thing, stop.title, stop.key))


def proposed(stops: Mapping[str, Sequence[Stop]]) -> dict[str, list[Stop]]:
    """The walks of a site by how often: `stops` by "day", "week" … Empty ones are left out."""
    return {often: walked(stops[often]) for often in OFTEN if stops.get(often)}


def by_place(stops: Iterable[Stop]) -> list[tuple[str, str, list[Stop]]]:
    """(building, space, stops) as they follow one another: a place that is come back to is named again."""
    found: list[tuple[str, str, list[Stop]]] = []
    for stop in stops:
        if not found or found[-1][:2] != (stop.building, stop.space):
            found.append((stop.building, stop.space, []))
        found[-1][2].append(stop)
    return found


def minutes_of(stops: Iterable[Stop]) -> tuple[int, int]:
    """(minutes in all, how many stops of which it is not known)."""
    listed = list(stops)
    return sum(stop.minutes or 0 for stop in listed), sum(1 for stop in listed if stop.minutes is None)
