"""Invented outlines: the boundary of each site and the footprints of its buildings, to scale; and how the months ended."""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any, Final

from django.utils import timezone

from backend.checks.months import keep_month_ends
from backend.office.demo.places import Grounds, Made
from backend.trust.actions import Actor, draw_outline

DEGREE: Final = 111_320.0  # metres of latitude, and of longitude at the equator
ACROSS: Final = 3
YARD: Final = 18.0  # metres between buildings
FIELD: Final = 55.0  # metres of grass about them


def fill(made: Sequence[Made], actor: Actor, today: dt.date, *, history: bool) -> None:
    """Draw every site of which is known where it is; then keep the months that are over."""
    for school in made:
        for grounds in school.grounds:
            if grounds.site.latitude is not None and grounds.site.longitude is not None:
                draw(grounds, grounds.site.latitude, grounds.site.longitude, actor)
    if history:
        keep_month_ends(today=today, now=timezone.now())


def draw(grounds: Grounds, latitude: float, longitude: float, actor: Actor) -> None:
    """A site's buildings, three to a row, with grass about them."""
    sizes = [size_of(block.building.floor_area_m2 or 400, block.building.floors or 1) for block in grounds.blocks]
    x = y = widest = deepest = 0.0
    for at, (block, (wide, deep)) in enumerate(zip(grounds.blocks, sizes, strict=True)):
        if at % ACROSS == 0 and at:
            x, y, deepest = 0.0, y - deepest - YARD, 0.0
        shape = rectangle(latitude, longitude, x, y - deep, wide, deep)
        draw_outline(site=grounds.site, building=block.building, geometry=shape, area_m2=round(wide * deep), actor=actor)
        x, deepest = x + wide + YARD, max(deepest, deep)
        widest = max(widest, x - YARD)
    wide, deep = widest + 2 * FIELD, deepest - y + 2 * FIELD
    boundary = rectangle(latitude, longitude, -FIELD, y - deepest - FIELD, wide, deep)
    draw_outline(site=grounds.site, building=None, geometry=boundary, area_m2=round(wide * deep), actor=actor)


def size_of(area_m2: int, floors: int) -> tuple[float, float]:
    """Width and depth in metres of a building of so much floor on so many floors."""
    deep = math.sqrt(area_m2 / floors / 1.8)
    return deep * 1.8, deep


def rectangle(latitude: float, longitude: float, x: float, y: float, wide: float, deep: float) -> dict[str, Any]:
    """A rectangle so many metres east and north of a place, as GeoJSON."""

    def corner(east: float, north: float) -> list[float]:
        scale = DEGREE * math.cos(math.radians(latitude))
        return [round(longitude + east / scale, 7), round(latitude + north / DEGREE, 7)]

    ring = [corner(x, y), corner(x + wide, y), corner(x + wide, y + deep), corner(x, y + deep), corner(x, y)]
    return {"type": "Polygon", "coordinates": [ring]}
