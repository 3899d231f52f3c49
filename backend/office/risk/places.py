"""Where the risk is: the sites on a map by the worst that is open there, and every building with its sums."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from backend.core.days import today
from backend.core.templatetags.words import counted
from backend.office.maps.forms import box_of
from backend.office.maps.sheet import Box
from backend.office.maps.spots import Spot
from backend.office.maps.tiles import allow_tiles, host_of
from backend.office.maps.views import pictures
from backend.office.risk.filters import Reckoned
from backend.office.risk.gates import risky
from backend.office.risk.pages import pounds_of
from backend.office.views.csv_out import ListFile, csv_answer
from backend.office.views.lists import list_answer, refuse_misread
from backend.risk.queries.gathered import Gathered, Sums, gather, summed_by
from backend.trust.models import Building, Person, Site

MARKS = {"severe": "overdue", "high": "due", "medium": "due-soon", "low": "in-date", "": "none"}
"""The mark on the map of the worst band that is open at a site."""
HEAD = ("School", "Site", "Building", "Severe", "High", "Medium", "Low", "To put right, £", "Without a price", "A year's wait, £")


@dataclass(slots=True)
class RiskSpot(Spot):
    """A site by the worst that is open there."""

    sums: Sums | None = None

    @property
    def held(self) -> Sums:
        """What is open there."""
        return self.sums or Sums()

    @property
    def shown(self) -> bool:
        """Every site is."""
        return True

    @property
    def status(self) -> str:
        """The mark of the worst band."""
        return MARKS[self.held.worst]

    @property
    def words(self) -> str:
        """The worst band with its number."""
        sums = self.held
        return f"{sums.bands[sums.worst]} {sums.worst}" if sums.worst else "nothing open"

    @property
    def rows(self) -> str:
        """What is open there."""
        return f"/risk/exposures/?site={self.id}"


@dataclass(frozen=True, slots=True)
class Place:
    """A building (None: the site around them) with its sums."""

    site: Site
    building: Building | None
    sums: Sums

    @property
    def rows(self) -> str:
        """The list behind it."""
        return f"/risk/exposures/?building={self.building.pk}" if self.building else f"/risk/exposures/?site={self.site.pk}"


class PlaceFilters(Reckoned):
    """Buildings by site and words, the worst first."""

    sorts = {"worst": (), "cost": (), "name": ()}
    shown = ("q", "site")
    hidden = ("school",)
    box = forms.CharField(required=False, max_length=80)

    def __init__(self, data: Any, *, person: Any) -> None:
        super().__init__(data, person=person)
        for name in ("building", "asset", "discipline"):
            del self.fields[name]

    def clean_box(self) -> Box | None:
        """The part of the map that is shown."""
        return box_of(self.cleaned_data["box"])

    @cached_property
    def found(self) -> Gathered:
        """Everything that is open."""
        return gather(self.person, today())

    def at(self, site: Site) -> bool:
        """Whether a site was chosen."""
        school, chosen = self.value("school"), self.value("site")
        return (not school or site.school_id == school.pk) and (not chosen or site.pk == chosen.pk)

    def rows(self) -> list[Place]:  # type: ignore[override]
        """The buildings with something open, and sites for what names no building."""
        if not self.is_valid():
            return []
        sites = {each.pk: each for each in self.found.sites if self.at(each)}
        sums = summed_by(
            [each for each in self.found.exposures if each.site and each.site.pk in sites],
            lambda each: (each.site.pk if each.site else None, each.building_id),
        )
        buildings = Building.objects.in_bulk([building for _, building in sums if building])
        text = (self.value("q") or "").casefold()
        places = [Place(sites[site], buildings.get(building), held) for (site, building), held in sums.items()]  # type: ignore[index]
        places = [each for each in places if text in f"{each.site} {each.site.school} {each.building or ''}".casefold()]
        keys: dict[str, Callable[[Place], Any]] = {
            "worst": lambda each: (each.sums.order, str(each.site), str(each.building or "")),
            "cost": lambda each: (-each.sums.pence, str(each.site), str(each.building or "")),
            "name": lambda each: (str(each.site.school), str(each.site), str(each.building or "")),
        }
        return self.sorted_by(places, keys)

    def spots(self) -> list[RiskSpot]:
        """The sites that are on the map, the worst first."""
        sums = summed_by([each for each in self.found.exposures if each.site], lambda each: each.site.pk if each.site else None)
        made = [
            spot_of(each, sums.get(each.pk), today()) for each in self.found.sites if self.at(each) and each.latitude is not None
        ]
        return sorted(made, key=lambda each: (each.held.order, each.name))


def spot_of(site: Site, sums: Sums | None, day: dt.date) -> RiskSpot:
    """A site as the map shows it."""
    return RiskSpot(
        site.pk, site.school_id, site.name, site.school.name, site.latitude or 0, site.longitude or 0, None, today=day, sums=sums
    )


@require_safe
@risky
def place_list(request: HttpRequest, person: Person) -> HttpResponse:
    """The map, and every building."""
    filters = PlaceFilters(request.GET, person=person)
    spots = filters.spots() if filters.is_valid() else []
    said = {
        "pictures": pictures(spots, filters.value("box") if filters.is_valid() else None),
        "answer": answer(filters),
        "attribution": settings.TILES_ATTRIBUTION if host_of(settings.TILES) else "",
    }
    return allow_tiles(list_answer(request, "office/risk/places.html", filters, **said))


def answer(filters: PlaceFilters) -> str:
    """The page in a sentence."""
    if not filters.is_valid():
        return "Where the risk is"
    sites = {
        each.site.pk for each in filters.found.exposures if each.site and each.band.key == "severe" and filters.at(each.site)
    }
    number = sum(1 for each in filters.found.sites if filters.at(each))
    if not sites:
        return f"Nothing severe is open at any of {counted(number, 'site')}."
    return f"Something severe is open at {len(sites)} of {counted(number, 'site')}."


@require_safe
@risky
def place_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same buildings as a file."""
    filters = PlaceFilters(request.GET, person=person)
    refuse_misread(filters)
    rows = (
        (
            str(each.site.school), str(each.site), str(each.building or ""), *each.sums.bands.values(),
            pounds_of(each.sums.pence), each.sums.unpriced, pounds_of(each.sums.waiting),
        )
        for each in filters.rows()
    )  # fmt: skip
    return csv_answer("risk-by-building", HEAD, rows)
