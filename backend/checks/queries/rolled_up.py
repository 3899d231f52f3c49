"""The counts of compliance summed by school, site or discipline, as they are sent."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final

from backend.checks.queries.compliance import Cell, Counts, Place, SchoolOf

BY: Final = ("school", "site", "discipline")
KEYS: Final[dict[str, Callable[[Cell], Any]]] = {
    "school": attrgetter("site.school"),
    "site": attrgetter("site"),
    "discipline": attrgetter("discipline"),
}


def roll_up(cells: Sequence[Cell], by: Sequence[str]) -> list[dict[str, Any]]:
    """Sum the cells by any of school, site, discipline: rows with their keys and the counts, in the order of the cells."""
    rows: dict[tuple[Any, ...], Counts] = {}
    keys = [KEYS[name] for name in by]
    for each in cells:
        key = tuple([of(each) for of in keys])
        if key not in rows:
            rows[key] = Counts()
        rows[key].add(each.counts)
    names = {part: named(part) for key in rows for part in key}
    return [
        {**{name: names[part] for name, part in zip(by, key, strict=True)}, **counts.as_mapping()} for key, counts in rows.items()
    ]


def named(part: SchoolOf | Place | str) -> Any:
    """A school, a site or a discipline as it is sent."""
    if isinstance(part, SchoolOf):
        return {"id": str(part.pk), "name": part.name, "urn": part.urn}
    return {"id": str(part.pk), "name": part.name} if isinstance(part, Place) else part
