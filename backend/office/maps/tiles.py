"""Map tiles under the marks, from the one server that was set up, if any. Without it nothing is asked of anybody.

SITEWARD_TILES is an address with {z}, {x} and {y} in it, SITEWARD_TILES_ATTRIBUTION what its owner wants to be said. The browser
may load pictures from exactly that host, and on the map alone.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse

from backend.office.maps.sheet import Sheet

SIDE: Final = 256
DEEPEST: Final = 18
MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile: its address, and where it lies on the picture."""

    link: str
    x: float
    y: float
    side: float


def host_of(template: str) -> str:
    """What the browser is allowed: scheme and host, "https://tiles.example"; empty when the template is none."""
    parts = urlsplit(template)
    sound = parts.scheme == "https" and parts.hostname and all(mark in template for mark in ("{z}", "{x}", "{y}"))
    return f"https://{parts.netloc}" if sound and "@" not in parts.netloc and "{" not in parts.netloc else ""


def tiles_under(sheet: Sheet) -> Iterator[Tile]:
    """The tiles that a sheet needs, at the depth at which one is about as large as it was drawn."""
    if not host_of(settings.TILES):
        return
    depth = max(0, min(DEEPEST, round(math.log2(sheet.scale / SIDE))))
    number, side = 2**depth, sheet.scale / 2**depth
    first_x, first_y = math.floor(sheet.left * number), math.floor(sheet.top * number)
    columns, rows = math.ceil(sheet.width / side) + 1, math.ceil(sheet.height / side) + 1
    if columns * rows > MOST:
        return
    for x in range(max(0, first_x), min(number, first_x + columns)):
        for y in range(max(0, first_y), min(number, first_y + rows)):
            link = settings.TILES.format(z=depth, x=x, y=y)
            yield Tile(
                link, round((x / number - sheet.left) * sheet.scale, 2), round((y / number - sheet.top) * sheet.scale, 2), side
            )


def allow_tiles(answer: HttpResponse) -> HttpResponse:
    """Let the page load pictures from the tiles' host, and from no other besides our own."""
    if host := host_of(settings.TILES):
        answer._csp_update = {"img-src": [host]}  # type: ignore[attr-defined]
    return answer
