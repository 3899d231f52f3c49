"""What the map and the trends are asked for. It stands in the address."""

import re
from typing import Any, ClassVar, Final

from django import forms
from django.db.models import QuerySet

from backend.core.problems import Problem
from backend.office.forms.lists import ListFilters
from backend.office.maps.sheet import Box
from backend.office.maps.spots import WHAT
from backend.office.queries.board import OTHER
from backend.office.queries.library import disciplines
from backend.trust.models import Person, Site

SPANS: Final = (("12", "12 months"), ("24", "24 months"), ("36", "36 months"))
PLACE: Final = (
    "An OS grid reference such as TQ 300 800 or TQ 30012 80034, or latitude and longitude such as 51.5034, -0.1276. "
    "Maps on phones show both when you press a place for long."
)


class PlaceFilters(ListFilters):
    """By school and discipline: what the map and the trends share."""

    shown: ClassVar[tuple[str, ...]] = ("discipline",)
    hidden: ClassVar[tuple[str, ...]] = ("school",)
    lacks: ClassVar[tuple[str, ...]] = ("q", "building", "asset", "sort")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.lacks:
            del self.fields[name]
        self.choices("discipline", "Every discipline", [*disciplines().items(), (OTHER, "Other")])

    def choices(self, name: str, unset: str, choices: Any) -> None:
        """As for a list; the orders that this has none of are passed over."""
        if name in self.fields:
            super().choices(name, unset, choices)

    def rows(self) -> QuerySet[Any]:
        """The sites within the choice."""
        rows: QuerySet[Any] = Site.objects.visible_to(self.person)
        return self.narrowed(rows, self.paths()) if self.is_valid() else rows.none()

    def paths(self) -> dict[str, str]:
        """Filter -> the column of a site."""
        return {"school": "school_id", "site": "id"} if "site" in self.fields else {"school": "school_id"}


def box_of(text: str) -> Box | None:
    """The part of the map that an address names. Raises ValidationError."""
    try:
        return Box.read(text) if text else None
    except Problem as problem:
        raise forms.ValidationError(str(problem.detail)) from problem


class MapFilters(PlaceFilters):
    """The map: by discipline and by what is looked for. `box` is the part of the map that is shown."""

    shown = ("what", "discipline")
    hidden = ("school",)
    what = forms.ChoiceField(label="Show", required=False)
    box = forms.CharField(required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["site"]
        self.choices("what", "How each site stands", [(key, said[0].capitalize()) for key, said in WHAT.items()])

    def clean_box(self) -> Box | None:
        """The part of the map."""
        return box_of(self.cleaned_data["box"])


class TrendFilters(PlaceFilters):
    """Trends: by school, site and discipline, for so many months."""

    shown = ("school", "site", "discipline", "months")
    hidden: ClassVar[tuple[str, ...]] = ()
    months = forms.ChoiceField(label="For", required=False, choices=SPANS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].empty_label = "Every school"  # type: ignore[attr-defined]
        self.fields["months"].choices = [("", "12 months"), *SPANS[1:]]  # type: ignore[attr-defined]

    @property
    def span(self) -> int:
        """How many months."""
        return int(self.value("months") or 12)


class ReadingFilters(TrendFilters):
    """Readings: of a site (the school's first, unless said), or of one asset. The site that is shown stands in the form."""

    hidden = ("asset",)
    lacks = ("q", "building", "sort")

    def __init__(self, data: Any, *, person: Person) -> None:
        super().__init__(data, person=person)
        if not (data.get("site") or data.get("asset")) and (first := self.first()):
            said = data.copy()
            said["site"] = str(first.pk)
            super().__init__(said, person=person)
        site: Any = self.fields["site"]
        site.empty_label = None

    def first(self) -> Site | None:
        """The first site of the school that is chosen, or of all."""
        found: Site | None = self.rows().order_by("school__name", "name").first()
        return found


class PositionForm(forms.Form):
    """Where a site is, in whichever way somebody has it."""

    position = forms.CharField(label="Where it is", max_length=60, help_text=PLACE)

    def clean_position(self) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        try:
            return position_of(self.cleaned_data["position"])
        except Problem as problem:
            raise forms.ValidationError(str(problem.detail)) from problem


NUMBERS: Final = re.compile(
    r"^\s*([+-]?\d{1,2}(?:\.\d+)?)\s*°?\s*([NS]?)[\s,;]+([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*([EW]?)\s*$", re.I
)
GRID: Final = re.compile(r"^\s*([A-HJ-Z])([A-HJ-Z])\s*(\d[\d\s]*)$", re.I)
LETTERS: Final = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # no I: of the National Grid


def position_of(text: str) -> tuple[float, float]:
    """(latitude, longitude) of what was typed: degrees, or a reference on the National Grid. Raises Problem."""
    if found := NUMBERS.match(text):
        south, west = found[2].upper() == "S", found[4].upper() == "W"
        return sound(float(found[1]) * (-1 if south else 1), float(found[3]) * (-1 if west else 1))
    if found := GRID.match(text):
        return sound(*on_the_grid(found[1].upper(), found[2].upper(), re.sub(r"\s", "", found[3])))
    raise Problem("position", "This is neither a grid reference such as TQ 300 800 nor degrees such as 51.5034, -0.1276.")


def on_the_grid(first: str, second: str, figures: str) -> tuple[float, float]:
    """(latitude, longitude) of the middle of a grid square: two letters and 4, 6, 8 or 10 figures. Raises Problem."""
    from backend.trust.imports.gias import on_the_globe  # pyproj, slow to load, behind it

    if len(figures) not in (4, 6, 8, 10):
        raise Problem("position", "A grid reference has two letters and 4, 6, 8 or 10 figures, half of them east, half north.")
    half = len(figures) // 2
    square = 10 ** (5 - half)  # metres
    major, minor = LETTERS.index(first), LETTERS.index(second)
    east = ((major - 2) % 5) * 5 + minor % 5
    north = 19 - (major // 5) * 5 - minor // 5
    if not (0 <= east <= 6 and 0 <= north <= 12):
        raise Problem("position", f"{first}{second} is no square of the National Grid in Great Britain.")
    return on_the_globe(
        east * 100_000 + int(figures[:half]) * square + square // 2,
        north * 100_000 + int(figures[half:]) * square + square // 2,
    )


def sound(latitude: float, longitude: float) -> tuple[float, float]:
    """A place in the British Isles, or Problem: figures the wrong way round put a school into the sea off Somalia."""
    if 49 <= latitude <= 61.5 and -9 <= longitude <= 2.5:
        return round(latitude, 6), round(longitude, 6)
    if 49 <= longitude <= 61.5 and -9 <= latitude <= 2.5:
        raise Problem("position", "That is longitude before latitude: write the other way round, such as 51.5034, -0.1276.")
    raise Problem("position", f"{latitude}, {longitude} is not in the British Isles.")
