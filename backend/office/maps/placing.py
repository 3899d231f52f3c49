"""What stands where on a map: sites that lie on top of each other as one mark with a number, and names that do not overlap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from backend.office.maps.sheet import Box, Sheet
from backend.office.maps.spots import Spot

REACH: Final = 26.0
"""Marks nearer than this, in units of the picture, are drawn as one: a finger needs 24 pixels."""
LETTER, TALL, GAP, LONGEST = 7.2, 16.0, 15.0, 30
Rectangle = tuple[float, float, float, float]


@dataclass(slots=True)
class Mark:
    """One mark on the picture: a site, or several that lie on top of each other, the worst of them first."""

    x: float
    y: float
    spots: list[Spot] = field(default_factory=list)
    label: str = ""
    label_x: float = 0
    label_y: float = 0
    anchor: str = "start"

    @property
    def first(self) -> Spot:
        """The worst of them."""
        return self.spots[0]

    @property
    def many(self) -> int:
        """How many sites it stands for, when more than one."""
        return len(self.spots) if len(self.spots) > 1 else 0

    @property
    def box(self) -> str:
        """The part of the map on which its sites come apart."""
        return str(Box.around([(each.latitude, each.longitude) for each in self.spots]))

    @property
    def said(self) -> str:
        """What it stands for, in words."""
        if not self.many:
            return self.first.said
        some = ", ".join(each.name for each in self.spots[:4])
        more = f" and {len(self.spots) - 4} more" if len(self.spots) > 4 else ""
        return f"{len(self.spots)} sites: {some}{more}. The worst: {self.first.said}"


def marks_on(sheet: Sheet, spots: Iterable[Spot]) -> list[Mark]:
    """The marks of the spots on a sheet, in the order in which the spots come (the worst first), with their names placed."""
    grid: dict[tuple[int, int], list[Mark]] = {}
    marks = []
    for spot in spots:
        x, y = sheet.at(spot.latitude, spot.longitude)
        if not (-REACH <= x <= sheet.width + REACH and -REACH <= y <= sheet.height + REACH):
            continue
        column, row = int(x // REACH), int(y // REACH)
        near = (mark for i in (-1, 0, 1) for j in (-1, 0, 1) for mark in grid.get((column + i, row + j), ()))
        mark = next((each for each in near if (each.x - x) ** 2 + (each.y - y) ** 2 < REACH**2), None)
        if mark is None:
            mark = Mark(round(x, 1), round(y, 1))
            grid.setdefault((column, row), []).append(mark)
            marks.append(mark)
        mark.spots.append(spot)
    name_them(sheet, marks)
    return marks


def name_them(sheet: Sheet, marks: Sequence[Mark]) -> None:
    """Write names beside the marks, the worst first, each where it covers neither a mark nor another name; else none."""
    taken: list[Rectangle] = [(each.x - 11, each.y - 11, each.x + 11, each.y + 11) for each in marks]
    for mark in marks:
        words = f"{mark.many} sites" if mark.many else mark.first.name
        words = words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
        wide = len(words) * LETTER
        for x, y, anchor, left in (
            (mark.x + GAP, mark.y + 5, "start", mark.x + GAP),
            (mark.x - GAP, mark.y + 5, "end", mark.x - GAP - wide),
            (mark.x, mark.y - GAP, "middle", mark.x - wide / 2),
            (mark.x, mark.y + GAP + 10, "middle", mark.x - wide / 2),
        ):
            wanted = (left, y - 12, left + wide, y + 4)
            within = left >= 2 and left + wide <= sheet.width - 2 and y >= TALL and y <= sheet.height - 26
            own = (mark.x - 11, mark.y - 11, mark.x + 11, mark.y + 11)
            if within and not any(overlap(wanted, other) for other in taken if other != own):
                mark.label, mark.label_x, mark.label_y, mark.anchor = words, round(x, 1), round(y, 1), anchor
                taken.append(wanted)
                break


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Whether two rectangles (left, top, right, bottom) share anything."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
