"""The trust's sites on a map, the same as a list, and where a site is, by hand."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.days import today
from backend.core.problems import Problem
from backend.core.templatetags.words import counted
from backend.office.maps.forms import MapFilters, PositionForm
from backend.office.maps.placing import Mark, marks_on
from backend.office.maps.sheet import Box, Sheet
from backend.office.maps.spots import WHAT, WORDS, Spot, Spots, spots
from backend.office.maps.tiles import Tile, allow_tiles, host_of, tiles_under
from backend.office.queries.library import discipline_title
from backend.office.setting_up.gate import site_of
from backend.office.views.csv_out import ListFile, csv_answer
from backend.office.views.forms_said import put_on
from backend.office.views.gate import estate
from backend.office.views.lists import page_of
from backend.trust import actions, permits
from backend.trust.models import Person
from backend.trust.scope import may, require

ALARM: Final = ("overdue", "unsafe")
"""Both have the mark of an alarm."""
SIZES: Final = (("large", 760, 560), ("small", 400, 460))
"""The picture for a desk and the one for a phone: letters stay the same size, so there is more on the larger."""
HEAD = (
    "Site", "School", "How it stands", "Overdue", "Due", "Due soon", "In date", "Marked unsafe", "Open problems",
    "Missed in 12 months", "Last recorded", "Latitude", "Longitude",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the map."""

    size: str
    sheet: Sheet
    marks: list[Mark]
    tiles: list[Tile]

    @property
    def moves(self) -> dict[str, str]:
        """The parts of the map that lie nearer, farther and to each side, by how a link names them."""
        sheet = self.sheet
        return {
            "Nearer": sheet.moved(by=0.5), "Farther": sheet.moved(by=2), "West": sheet.moved(right=-0.4),
            "North": sheet.moved(lower=-0.4), "South": sheet.moved(lower=0.4), "East": sheet.moved(right=0.4),
        }  # fmt: skip

    @property
    def ways(self) -> list[tuple[str, str, str]]:
        """(name, sign, part of the map) of each move."""
        return [(name, sign, self.moves[name]) for name, sign in zip(self.moves, "+−←↑↓→", strict=True)]


def asked_for(filters: MapFilters, person: Person) -> Spots:
    """The sites that the filters ask for."""
    place = {"school": filters.value("school")} if filters.value("school") else {}
    return spots(person, today(), discipline=filters.value("discipline") or "", what=filters.value("what") or "", **place)


@require_safe
@estate
def map_page(request: HttpRequest, person: Person) -> HttpResponse:
    """The sites on a map, by how they stand, and beside it as a list."""
    filters = MapFilters(request.GET, person=person)
    filters.refuse_unknown()
    found = Spots([], []) if filters.wrong else asked_for(filters, person)
    box: Box | None = filters.value("box") if filters.is_valid() else None
    listed = [each for each in found.placed if each.shown and (box is None or box.holds(each.latitude, each.longitude))]
    said = {
        "filters": filters,
        "pictures": pictures(found.placed, box),
        "page": page_of(request, listed),
        "within": box is not None,
        "unplaced": [(each, may(person, permits.SITE_CHANGE, each)) for each in found.unplaced],
        "answer": answer(found, filters),
        "attribution": settings.TILES_ATTRIBUTION if host_of(settings.TILES) else "",
        "key": key_of(found),
        "what": filters.value("what") if filters.is_valid() else "",
    }
    return allow_tiles(render(request, "office/maps/map.html", said, status=filters.http_status))


def key_of(found: Spots) -> list[tuple[str, str]]:
    """Each mark that is on the map, and what it means; the worst first."""
    there = {each.status for each in found.placed}
    alarm = " or ".join(WORDS[each] for each in ALARM if each in there)
    return [
        *([(ALARM[0], alarm)] if alarm else []),
        *((each, words) for each, words in WORDS.items() if each in there - {*ALARM}),
    ]


def pictures(placed: Sequence[Spot], box: Box | None) -> list[Picture]:
    """The map for a desk and for a phone; none when nobody has said where any site is."""
    if not placed:
        return []
    shown = box or Box.around([(each.latitude, each.longitude) for each in placed])
    made = []
    for size, width, height in SIZES:
        sheet = Sheet.of(shown, width, height)
        made.append(Picture(size, sheet, marks_on(sheet, placed), list(tiles_under(sheet))))
    return made


def answer(found: Spots, filters: MapFilters) -> str:
    """The map in one sentence."""
    if filters.wrong:
        return "Map"
    number = len(found.placed) + len(found.unplaced)
    where = filters.value("discipline")
    of = f" in {discipline_title(where).lower()}" if where else ""
    if not number:
        return "There are no sites to show yet."
    if what := filters.value("what"):
        having = [each for each in found.placed if each.number]
        if not having:
            return f"None of the {counted(number, 'site')} on the map has {WHAT[what][0]}{of}."
        most = f" The most: {having[0].said}." if what != "quiet" and len(having) > 1 else ""
        some = f"{len(having)} of {counted(number, 'site')} {'has' if len(having) == 1 else 'have'} {WHAT[what][0]}{of}."
        return some + most
    late = [each for each in found.placed if each.counts.overdue or each.counts.unsafe]
    if not late:
        return f"Nothing is overdue or unsafe{of} at any of the {counted(number, 'site')}."
    return f"{len(late)} of {counted(number, 'site')} {'has' if len(late) == 1 else 'have'} something overdue or unsafe{of}."


@require_safe
@estate
def map_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same sites as a list."""
    filters = MapFilters(request.GET, person=person)
    filters.refuse_unknown()
    if filters.wrong:
        raise Problem("filter", f"A filter was not understood. {' '.join(filters.wrong)}", status=filters.http_status)
    found, box = asked_for(filters, person), filters.value("box")
    wanted = [each for each in found.placed if each.shown and (box is None or box.holds(each.latitude, each.longitude))]
    wanted += [each for each in found.unplaced if each.shown and box is None]
    return csv_answer("map", HEAD, [line(each) for each in wanted])


def line(spot: Spot) -> Sequence[Any]:
    """A site's line."""
    counts = spot.counts
    return (
        spot.name, spot.school, spot.words, counts.overdue, counts.due, counts.due_soon, counts.in_date, counts.unsafe,
        counts.defects_open, counts.lapses, spot.last, *((spot.latitude, spot.longitude) if spot.placed else ("", "")),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def position(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Say where a site is: a grid reference, or degrees."""
    site = site_of(person, id)
    require(person, permits.SITE_CHANGE, site, "say where this site is")
    now = f"{site.latitude}, {site.longitude}" if site.latitude is not None and site.longitude is not None else ""
    form = PositionForm(request.POST or None, initial={"position": now})
    if request.method == "POST" and form.is_valid():
        latitude, longitude = form.cleaned_data["position"]
        try:
            actions.change_site(site, changes={"latitude": latitude, "longitude": longitude}, actor=person)
        except Problem as problem:
            put_on(form, problem)
        else:
            messages.success(request, f"{site} is on the map.")
            return HttpResponseRedirect(f"/map/?box={Box.around([(latitude, longitude)])}")
    trail = [(str(site), f"/sites/{site.pk}/")]
    said = {"form": form, "title": f"Where {site} is", "button": "Save", "trail": trail, "back": f"/sites/{site.pk}/"}
    return render(request, "office/setting_up/edit.html", said, status=422 if form.errors else 200)
