"""A piece of the earth laid flat on a picture: where a place lies on it, how far is how much, and what the way in and out is.

Web Mercator, because map tiles come in it: north is up, and over one trust the error of the scale is nothing to the eye.
"""

import math
from dataclasses import dataclass
from typing import Final, Self

from backend.core.problems import Problem

ROUND_THE_EARTH: Final = 40_075_016.686  # metres, at the equator
MOST_NORTH: Final = 85.0
NARROWEST: Final = 0.0025  # degrees of longitude: about 170 m in England
STEPS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


def across(longitude: float) -> float:
    """How far along the world from its western edge, 0 to 1."""
    return (longitude + 180) / 360


def down(latitude: float) -> float:
    """How far down the world from its northern edge, 0 to 1."""
    angle = math.radians(max(-MOST_NORTH, min(MOST_NORTH, latitude)))
    return (1 - math.asinh(math.tan(angle)) / math.pi) / 2


def longitude_of(x: float) -> float:
    """The longitude of a place that far across."""
    return x * 360 - 180


def latitude_of(y: float) -> float:
    """The latitude of a place that far down."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east and north, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, text: str) -> Self:
        """From an address: "-1.7,52.5,-1.3,52.8". Raises Problem when it is none."""
        try:
            west, south, east, north = (float(each) for each in text.split(","))
        except ValueError:
            raise Problem("box", "A part of the map is four numbers: west, south, east, north.") from None
        sound = -180 <= west < east <= 180 and -MOST_NORTH <= south < north <= MOST_NORTH
        if not sound:
            raise Problem("box", "A part of the map is west, south, east and north in degrees, the smaller ones first.")
        return cls(west, south, east, north)

    @classmethod
    def around(cls, places: list[tuple[float, float]]) -> Self:
        """About these (latitude, longitude), with some room; at least as large as a school's surroundings."""
        south, north = min(each[0] for each in places), max(each[0] for each in places)
        west, east = min(each[1] for each in places), max(each[1] for each in places)
        wide, high = max((east - west) * 0.12, NARROWEST / 2), max((north - south) * 0.12, NARROWEST / 3)
        return cls(west - wide, max(south - high, -MOST_NORTH), east + wide, min(north + high, MOST_NORTH))

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a place lies in it."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east

    def __str__(self) -> str:
        return f"{self.west:.5f},{self.south:.5f},{self.east:.5f},{self.north:.5f}"


@dataclass(frozen=True, slots=True)
class Bar:
    """The scale bar: its length in units of the picture, and what it says."""

    length: float
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the graticule, with what it says."""

    x1: float
    y1: float
    x2: float
    y2: float
    words: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture so wide and high that shows all of a box; `scale` is units of the picture for the whole world."""

    width: int
    height: int
    scale: float
    left: float
    top: float

    @classmethod
    def of(cls, box: Box, width: int, height: int) -> Self:
        """The sheet that shows the box, in its middle."""
        x1, x2, y1, y2 = across(box.west), across(box.east), down(box.north), down(box.south)
        scale = min(width / (x2 - x1), height / (y2 - y1))
        return cls(width, height, scale, (x1 + x2) / 2 - width / scale / 2, (y1 + y2) / 2 - height / scale / 2)

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place lies on the picture."""
        return (across(longitude) - self.left) * self.scale, (down(latitude) - self.top) * self.scale

    @property
    def box(self) -> Box:
        """All that the picture shows."""
        right, bottom = self.left + self.width / self.scale, self.top + self.height / self.scale
        west, east = max(longitude_of(self.left), -180), min(longitude_of(right), 180)
        return Box(west, latitude_of(bottom), east, latitude_of(self.top))

    def moved(self, *, by: float = 1, right: float = 0, lower: float = 0) -> str:
        """The box of a further look, for an address: `by` times as much land, moved by parts of the picture."""
        wide = min(max(self.width / self.scale * by, NARROWEST / 360), 0.5)
        high = wide * self.height / self.width
        x, y = self.left + self.width / self.scale * (0.5 + right), self.top + self.height / self.scale * (0.5 + lower)
        west, east = max(longitude_of(x - wide / 2), -180.0), min(longitude_of(x + wide / 2), 180.0)
        return str(Box(west, latitude_of(y + high / 2), east, latitude_of(y - high / 2)))

    @property
    def bar(self) -> Bar:
        """A scale bar of a round length, at most a fifth of the picture."""
        middle = latitude_of(self.top + self.height / self.scale / 2)
        metre = self.scale / (ROUND_THE_EARTH * math.cos(math.radians(middle)))
        most = self.width / 5 / metre
        power = 10 ** math.floor(math.log10(most))
        length = max(each * power for each in (1, 2, 5) if each * power <= most)
        words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
        return Bar(length * metre, words)

    @property
    def graticule(self) -> list[Line]:
        """Lines of latitude and longitude, a handful of each."""
        box = self.box
        step = next((each for each in STEPS if (box.east - box.west) / each <= 6), STEPS[-1])
        found = []
        for degree in steps(box.west, box.east, step):
            x = self.at(0, degree)[0]
            found.append(Line(x, 0, x, self.height, f"{spoken(degree, step)}° {'E' if degree >= 0 else 'W'}"))
        for degree in steps(box.south, box.north, step):
            y = self.at(degree, 0)[1]
            found.append(Line(0, y, self.width, y, f"{spoken(degree, step)}° {'N' if degree >= 0 else 'S'}"))
        return found


def steps(low: float, high: float, step: float) -> list[float]:
    """The round numbers between two."""
    return [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def spoken(degree: float, step: float) -> str:
    """A number of degrees with as many places as its step has."""
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{abs(degree):.{places}f}"
