"""A site's boundary and its buildings' footprints as a picture, each building by how it stands."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.assets.models import Asset, Drawing
from backend.checks.models import Plan
from backend.core.days import today
from backend.core.models import status_case
from backend.core.templatetags.words import counted, status_shape, status_word
from backend.maintenance.models import Defect
from backend.office.maps.forms import PlaceFilters
from backend.office.maps.picture_views import plans_of
from backend.office.maps.sheet import Box, Sheet
from backend.office.setting_up.gate import site_of
from backend.office.views.gate import estate
from backend.trust import permits
from backend.trust.models import Building, Outline, Person, Site
from backend.trust.scope import may

Ring = Sequence[Sequence[float]]
WIDTH, HEIGHT = 760, 560
WORST: Final = ("overdue", "due", "due-soon", "in-date", "paused")
UNSAFE: Final = "▲"


@dataclass(slots=True)
class Block:
    """A building: how its checks stand (a count by status), its open problems and assets, and its shape on the picture."""

    building: Building
    counts: dict[str, int] = field(default_factory=dict)
    problems: int = 0
    unsafe: int = 0
    assets: int = 0
    path: str = ""
    x: float = 0
    y: float = 0

    @property
    def status(self) -> str:
        """The worst there is; "none" when nothing is planned."""
        if self.unsafe:
            return "unsafe"
        return next((each for each in WORST if self.counts.get(each)), "none")

    @property
    def words(self) -> str:
        """How it stands, in words."""
        if self.unsafe:
            return f"{counted(self.unsafe, 'thing')} marked unsafe"
        found = self.status
        if found == "none":
            return "nothing planned"
        return f"{self.counts[found]} {status_word(found).lower()}" if found in WORST[:3] else status_word(found).lower()

    @property
    def shape(self) -> str:
        """The shape of its status."""
        return UNSAFE if self.unsafe else status_shape(self.status) or "○"


def rings_of(geometry: dict[str, Any]) -> Iterator[Ring]:
    """The rings of a GeoJSON polygon or of several; nothing for another geometry."""
    kind, inside = geometry.get("type"), geometry.get("coordinates") or []
    polygons = inside if kind == "MultiPolygon" else [inside] if kind == "Polygon" else []
    for polygon in polygons:
        yield from polygon


def path_of(sheet: Sheet, geometry: dict[str, Any]) -> str:
    """A geometry as an SVG path."""
    parts = []
    for ring in rings_of(geometry):
        points = [sheet.at(point[1], point[0]) for point in ring]
        parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(parts)


def middle_of(sheet: Sheet, geometry: dict[str, Any]) -> tuple[float, float]:
    """The middle of a geometry's first ring: where its name is written."""
    ring = next(rings_of(geometry), None) or [[0, 0]]
    places = [sheet.at(point[1], point[0]) for point in ring]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return round((min(xs) + max(xs)) / 2, 1), round((min(ys) + max(ys)) / 2, 1)


def blocks_of(person: Person, site: Site, discipline: str | None) -> list[Block]:
    """The site's buildings, the worst first. Three queries, however many."""
    blocks = {each.pk: Block(each) for each in Building.objects.visible_to(person).filter(site=site)}
    now = today()
    wanted = {"discipline": discipline} if discipline is not None else {}
    plans = Plan.objects.visible_to(person).filter(site=site, active=True, **wanted)
    where = Coalesce("building_id", "asset__building_id")
    stood = plans.annotate(where=where, stands=status_case(now)).values_list("where", "stands")
    rows: Any = stood.annotate(n=Count("pk")).order_by()
    for building, status, number in rows:
        if building in blocks:
            blocks[building].counts[str(status)] = number
    open_now = Defect.objects.visible_to(person).filter(site=site, status=Defect.Status.OPEN, **wanted)
    barring: Any = Q(unsafe=True) | Q(do_not_use_from__lte=now)
    found: Any = open_now.values_list("building_id").annotate(n=Count("pk"), bad=Count("pk", filter=barring)).order_by()
    for building, number, bad in found:
        if building in blocks:
            blocks[building].problems, blocks[building].unsafe = number, bad
    for building, number in assets_in(person, site):
        if building in blocks:
            blocks[building].assets = number
    return sorted(blocks.values(), key=lambda each: (["unsafe", *WORST, "none"].index(each.status), each.building.name))


def assets_in(person: Person, site: Site) -> list[tuple[uuid.UUID | None, int]]:
    """(building, how many assets) of a site."""
    rows = Asset.objects.visible_to(person).filter(site=site).exclude(status=Asset.Status.RETIRED)
    return list(rows.values_list("building_id").annotate(n=Count("pk")).order_by())


class GroundFilters(PlaceFilters):
    """The plan of a site: by discipline."""

    hidden = ()
    lacks = ("q", "school", "site", "building", "asset", "sort")

    def paths(self) -> dict[str, str]:
        """None."""
        return {}


@require_safe
@estate
def site_plan(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """A site's plan: its boundary and its buildings, and beside it the buildings as a list."""
    site = site_of(person, id)
    filters = GroundFilters(request.GET, person=person)
    filters.refuse_unknown()
    discipline = filters.value("discipline") if not filters.wrong else None
    blocks = blocks_of(person, site, None if not discipline else "" if discipline == "other" else discipline)
    outlines = list(Outline.objects.visible_to(person).filter(site=site))
    sheet, boundary = drawn(outlines, blocks)
    late = [each for each in blocks if each.status in ("unsafe", "overdue")]
    answer = f"{site}: {counted(len(late), 'building')} of {len(blocks)} with something overdue or unsafe."
    said = {
        "site": site, "filters": filters, "blocks": blocks, "sheet": sheet, "boundary": boundary,
        "drawn": [each for each in blocks if each.path],
        "answer": answer if late else f"{site}: nothing is overdue or unsafe in its {counted(len(blocks), 'building')}.",
        "changes": may(person, permits.SITE_CHANGE, site),
        "discipline": discipline or "",
        "plans": plans_of(person, site),
        "away": taken_away(person, site) if may(person, permits.SITE_CHANGE, site) else [],
    }  # fmt: skip
    return render(request, "office/maps/site_plan.html", said, status=filters.http_status)


def taken_away(person: Person, site: Site) -> list[Drawing]:
    """The plans that were taken away lately, the newest first. One query."""
    return list(Drawing.objects.visible_to(person).filter(site=site).exclude(removed_at=None).order_by("-removed_at")[:10])


def drawn(outlines: Sequence[Outline], blocks: Sequence[Block]) -> tuple[Sheet | None, str]:
    """The sheet that shows all outlines (None when there are none) and the boundary's path; the blocks are given theirs."""
    places = [(point[1], point[0]) for each in outlines for ring in rings_of(each.geometry) for point in ring]
    if not places:
        return None, ""
    south, north = min(each[0] for each in places), max(each[0] for each in places)
    west, east = min(each[1] for each in places), max(each[1] for each in places)
    wide, high = max((east - west) * 0.08, 0.0002), max((north - south) * 0.08, 0.0001)
    sheet = Sheet.of(Box(west - wide, south - high, east + wide, north + high), WIDTH, HEIGHT)
    by_building = {each.building_id: each.geometry for each in outlines}
    for block in blocks:
        if geometry := by_building.get(block.building.pk):
            block.path = path_of(sheet, geometry)
            block.x, block.y = middle_of(sheet, geometry)
    boundary = by_building.get(None)
    return sheet, path_of(sheet, boundary) if boundary else ""
