"""What stands on a floor plan: each pin with its number, its letters and how it stands; and which part of the plan is shown."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from django.db.models import Count, Q, QuerySet

from backend.assets.models import HAZARDS, LETTERS, Asset, Drawing, Pin
from backend.checks.models import Plan
from backend.core.days import today
from backend.core.models import status_case
from backend.core.templatetags.words import counted, status_shape, status_word
from backend.maintenance.models import Defect
from backend.trust.models import Person

WIDE: Final = 1000.0
"""Units of a plan's picture from left to right, however many pixels it has."""
ZOOMS: Final = (1, 2, 4, 8)
SQUARES: Final = 10
"""So many squares across and down: A1 in the upper left corner, J10 in the lower right one."""
WORST: Final = ("unsafe", "overdue", "due", "due-soon", "in-date", "paused", "none")
UNSAFE: Final = "▲"


@dataclass(frozen=True, slots=True)
class Ground:
    """A plan's picture: its units from top to bottom, and the address of its copy for showing."""

    high: float
    link: str

    @classmethod
    def of(cls, drawing: Drawing) -> Self:
        """The picture of the version that is shown."""
        shown = drawing.current
        if shown is None:  # a plan is never without a picture; the column allows it while the first one is being made
            return cls(WIDE, "")
        return cls(round(WIDE * shown.height / shown.width, 1), f"/floor-plans/{drawing.pk}/picture/{shown.number}/")

    @property
    def whole(self) -> str:
        """All of it, as an SVG viewBox."""
        return f"0 0 {WIDE:.0f} {self.high:.1f}"

    @property
    def lines(self) -> list[tuple[float, float, float, float]]:
        """The lines between the squares."""
        steps = [each / SQUARES for each in range(1, SQUARES)]
        down = [(round(WIDE * each, 1), 0.0, round(WIDE * each, 1), self.high) for each in steps]
        return down + [(0.0, round(self.high * each, 1), WIDE, round(self.high * each, 1)) for each in steps]

    @property
    def names(self) -> list[tuple[float, float, str]]:
        """The names of the squares at the upper and the left edge."""
        wide, high = WIDE / SQUARES, self.high / SQUARES
        top = [(round(wide * (each + 0.5), 1), 4.0, chr(65 + each)) for each in range(SQUARES)]
        return top + [(4.0, round(high * (each + 0.5), 1), str(each + 1)) for each in range(SQUARES)]


def square_of(x: float, y: float) -> str:
    """The square in which fractions of width and height lie: "C4"."""
    return f"{chr(65 + min(int(x * SQUARES), SQUARES - 1))}{min(int(y * SQUARES), SQUARES - 1) + 1}"


@dataclass(frozen=True, slots=True)
class View:
    """The part of a plan that is shown: its middle as fractions, and how many times as large as the whole."""

    zoom: int = 1
    x: float = 0.5
    y: float = 0.5

    def box(self, ground: Ground) -> str:
        """As an SVG viewBox; it never looks past the edges."""
        wide, high = WIDE / self.zoom, ground.high / self.zoom
        left = min(max(self.x * WIDE - wide / 2, 0), WIDE - wide)
        top = min(max(self.y * ground.high - high / 2, 0), ground.high - high)
        return f"{left:.1f} {top:.1f} {wide:.1f} {high:.1f}"

    def moved(self, right: float, lower: float, zoom: int) -> dict[str, Any]:
        """The parameters of another look: moved by parts of what is shown."""
        half = 0.5 / zoom
        x, y = self.x + right / self.zoom, self.y + lower / self.zoom
        x, y = (min(max(each, half), 1 - half) for each in (x, y))
        return {"zoom": zoom, "x": round(x * 100, 1), "y": round(y * 100, 1)}

    @property
    def ways(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(name, sign, parameters) of each move that leads anywhere."""
        at = ZOOMS.index(self.zoom)
        found = [("Nearer", "+", self.moved(0, 0, ZOOMS[at + 1]))] if at + 1 < len(ZOOMS) else []
        if at:
            found.append(("Farther", "−", self.moved(0, 0, ZOOMS[at - 1])))
            found += [
                ("Left", "←", self.moved(-0.4, 0, self.zoom)), ("Up", "↑", self.moved(0, -0.4, self.zoom)),
                ("Down", "↓", self.moved(0, 0.4, self.zoom)), ("Right", "→", self.moved(0.4, 0, self.zoom)),
            ]  # fmt: skip
        return found


@dataclass(slots=True)
class Put:
    """A pin as it is shown; `high` is the units of its plan from top to bottom.

    `house` is the building that the plan is of, None for one of the whole site.
    `counts` are the checks planned on its asset by status, `unsafe` how many problems bar its use. `tight`: what stands beside
    it would cover another while the whole plan is shown, so it is written once somebody looks nearer.
    """

    pin: Pin
    number: int
    high: float = WIDE
    house: uuid.UUID | None = None
    counts: dict[str, int] = field(default_factory=dict)
    unsafe: int = 0
    tight: bool = False

    @property
    def sort(self) -> str:
        """ "asset", "space", "hazard", or "supply" for what is shut off or looked for in an emergency."""
        if self.pin.kind in (Pin.Kind.ASSET, Pin.Kind.SPACE):
            return self.pin.kind
        return "hazard" if self.pin.kind in HAZARDS else "supply"

    @property
    def status(self) -> str:
        """How an asset stands, the worst there is; "" for what is none."""
        if self.pin.kind != Pin.Kind.ASSET:
            return ""
        return "unsafe" if self.unsafe else next((each for each in WORST if self.counts.get(each)), "none")

    @property
    def words(self) -> str:
        """How it stands, in words."""
        found = self.status
        if found == "unsafe":
            return "Unsafe: do not use"
        if found in ("overdue", "due", "due-soon"):
            return f"{counted(self.counts[found], 'check')} {status_word(found).lower()}"
        return "Nothing planned" if found == "none" else status_word(found) if found else self.pin.get_kind_display()

    @property
    def shape(self) -> str:
        """The shape of its status."""
        return UNSAFE if self.status == "unsafe" else status_shape(self.status) or "○"

    @property
    def letters(self) -> str:
        """Two or three letters that say what it is: of an asset, the beginnings of its kind's words."""
        if self.pin.asset:
            return "".join(word[0] for word in self.pin.asset.type.name.split() if word[0].isalnum())[:3].upper()
        return "" if self.pin.space else LETTERS[Pin.Kind(self.pin.kind)]

    @property
    def elsewhere(self) -> str:
        """The building in which the register says it stands, when the plan is of another one; else ""."""
        thing = self.pin.asset or self.pin.space
        if self.house is None or thing is None or thing.building is None or thing.building.pk == self.house:
            return ""
        return thing.building.name

    @property
    def label(self) -> str:
        """What stands beside the pin: its number in the list, and its letters."""
        return f"{self.number or ''} {self.letters}".strip()

    @property
    def link(self) -> str:
        """The page of what it names; the pin's own for what has none."""
        if self.pin.asset_id:
            return f"/assets/{self.pin.asset_id}/"
        return f"/buildings/{self.pin.space.building_id}/" if self.pin.space else f"/floor-plans/pins/{self.pin.pk}/"

    @property
    def said(self) -> str:
        """The pin in a sentence."""
        what = f"{self.number}. {self.pin}"
        return f"{what}: {self.words}, square {self.square}" if self.status else f"{what}, square {self.square}"

    @property
    def square(self) -> str:
        """The square that it stands in."""
        return square_of(self.pin.x, self.pin.y)

    def across(self) -> float:
        """Units from the left."""
        return round(self.pin.x * WIDE, 1)

    @property
    def percent_x(self) -> float:
        """Per cent from the left, as addresses have it."""
        return round(self.pin.x * 100, 1)

    @property
    def percent_y(self) -> float:
        """Per cent from the top."""
        return round(self.pin.y * 100, 1)

    def down(self) -> float:
        """Units from the top."""
        return round(self.pin.y * self.high, 1)

    @property
    def rank(self) -> tuple[int, int]:
        """In the list: what is shut off or dangerous first, then assets, the worst first, then rooms."""
        sort = ("supply", "hazard", "asset", "space").index(self.sort)
        return sort, WORST.index(self.status) if self.status else 0


def numbered(pins: QuerySet[Pin], ground: Ground) -> list[Put]:
    """A plan's pins, numbered in the order in which they were put there, so that a printed number stays. One query."""
    rows = pins.select_related("drawing").order_by("placed_at", "pk")
    return [Put(pin, number, ground.high, pin.drawing.building_id) for number, pin in enumerate(rows, 1)]


def stand(person: Person, puts: Sequence[Put], discipline: str | None = None) -> None:
    """Find out how the assets stand, in all or in one discipline ("" for the others). Two queries, however many."""
    by_asset = {put.pin.asset_id: put for put in puts if put.pin.asset_id}
    if not by_asset:
        return
    now = today()
    wanted = {} if discipline is None else {"discipline": discipline}
    plans = Plan.objects.visible_to(person).filter(asset__in=list(by_asset), active=True, **wanted)
    counts: Any = plans.annotate(stands=status_case(now)).values_list("asset", "stands").annotate(n=Count("pk")).order_by()
    for asset, status, number in counts:
        by_asset[asset].counts[str(status)] = number
    barring = Q(unsafe=True) | Q(do_not_use_from__lte=now)
    open_now = Defect.objects.visible_to(person).filter(barring, asset__in=list(by_asset), status=Defect.Status.OPEN)
    found: Any = open_now.values_list("asset").annotate(n=Count("pk")).order_by()
    for asset, number in found:
        by_asset[asset].unsafe = number


def chosen(puts: Sequence[Put], *, what: str, status: str, discipline: bool) -> list[Put]:
    """Those wanted, in the list's order: of a sort, of a status, with a check in the discipline that was asked for."""
    sorts: Mapping[str, tuple[str, ...]] = {"assets": ("asset",), "emergency": ("supply", "hazard"), "rooms": ("space",)}
    found = [each for each in puts if not what or each.sort in sorts[what]]
    found = [each for each in found if not status or each.status == status]
    found = [each for each in found if not discipline or (each.sort == "asset" and (each.counts or each.unsafe))]
    return sorted(found, key=lambda each: (each.rank, each.number))


MARK, LETTER, LINE = 15.0, 9.0, 10.0
"""Units of the whole plan that a mark takes to each side, and a letter and half a line beside it."""


def make_room(puts: Sequence[Put]) -> None:
    """Find out beside which pins there is room to write, the first of the list first."""
    taken = [(put, put.across() - MARK, put.across() + MARK, put.down()) for put in puts]
    written: list[tuple[float, float, float]] = []
    for put in puts:
        left, y = put.across() + MARK, put.down()
        right = left + LETTER * len(put.label)
        marks = any(
            each is not put and one < right and left < two and abs(down - y) < MARK + LINE for each, one, two, down in taken
        )
        names = any(one < right and left < two and abs(down - y) < 2 * LINE for one, two, down in written)
        put.tight = marks or names or right > WIDE
        if not put.tight:
            written.append((left, right, y))


@dataclass(frozen=True, slots=True)
class Where:
    """A small part of a plan with one pin in its middle."""

    drawing: Drawing
    ground: Ground
    put: Put
    box: str


CROP: Final = (400.0, 240.0)
"""Units of the plan from left to right and from top to bottom."""


def where_is(person: Person, asset: Asset | None) -> list[Where]:
    """Where an asset is, on each plan that it stands on. One query."""
    if asset is None:
        return []
    rows = Pin.objects.visible_to(person).standing().filter(asset=asset)
    pins = rows.select_related("asset__type", "drawing__current", "drawing__building").order_by("drawing__rank", "pk")
    return [cropped(pin) for pin in pins]


def cropped(pin: Pin) -> Where:
    """The part of a plan about a pin."""
    ground = Ground.of(pin.drawing)
    wide, high = CROP[0], min(CROP[1], ground.high)
    left = min(max(pin.x * WIDE - wide / 2, 0), WIDE - wide)
    top = min(max(pin.y * ground.high - high / 2, 0), ground.high - high)
    return Where(pin.drawing, ground, Put(pin, 0, ground.high), f"{left:.1f} {top:.1f} {wide:.1f} {high:.1f}")
