"""Floor plans: one with its pins and the same as a list, a site's plans, its emergency sheet, and the pictures themselves."""

import uuid
from typing import Any, Final

from django.db.models import Count, Prefetch, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.assets.models import Drawing, DrawingVersion, Pin
from backend.core.files import open_file
from backend.core.pictures import drawn_of
from backend.core.problems import NotFound
from backend.core.templatetags.words import counted
from backend.office.maps.picture_forms import PinFilters
from backend.office.maps.pictured import Ground, Put, chosen, make_room, numbered, stand
from backend.office.queries.board import OTHER
from backend.office.setting_up.gate import site_of
from backend.office.views.gate import estate
from backend.office.views.photos import copy_of, guarded
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import may

TAKEN_OFF: Final = 20


def drawing_of(person: Person, id: uuid.UUID, *, removed: bool = False) -> Drawing:
    """The floor plan, or NotFound; `removed`: also one that was taken away."""
    rows = Drawing.objects.visible_to(person).select_related("site__school", "building", "current")
    found: Drawing | None = (rows if removed else rows.filter(removed_at=None)).filter(pk=id).first()
    if found is None:
        raise NotFound("That floor plan")
    return found


def pin_of(person: Person, id: uuid.UUID) -> Pin:
    """The pin with its plan, or NotFound."""
    rows = Pin.objects.visible_to(person).select_related(
        "drawing__site__school", "drawing__building", "drawing__current", "asset__type", "space"
    )
    found: Pin | None = rows.filter(pk=id, drawing__removed_at=None).first()
    if found is None:
        raise NotFound("That pin")
    return found


@require_safe
@estate
def plan_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One floor plan: its pins on the picture, and beside it the same as a list."""
    drawing = drawing_of(person, id)
    filters = PinFilters(request.GET, person=person)
    filters.refuse_unknown()
    puts = [] if filters.wrong else puts_on(drawing, person, filters)
    shown = [] if filters.wrong else wanted(puts, filters)
    make_room(shown)
    ground, view = Ground.of(drawing), filters.view
    off = Pin.objects.visible_to(person).filter(drawing=drawing).exclude(removed_at=None)
    changes = may(person, permits.ASSET_CHANGE, drawing.site)
    said = {
        "drawing": drawing, "filters": filters, "ground": ground, "view": view, "box": view.box(ground), "puts": shown,
        "drawn": sorted(shown, key=lambda each: each.rank, reverse=True),
        "ready": bool(drawing.current and drawn_of(drawing.current.file_id)),
        "astray": sum(bool(each.elsewhere) for each in puts),
        "all": len(puts), "answer": answer(drawing, puts), "places": changes,
        "changes": may(person, permits.SITE_CHANGE, drawing.site),
        "off": list(off.select_related("asset", "space").order_by("-removed_at")[:TAKEN_OFF]) if changes else [],
        "off_open": "off" in request.GET, "versions": list(drawing.versions.order_by("-number")),
        "plans": Drawing.objects.visible_to(person).standing().filter(site=drawing.site).exclude(pk=drawing.pk),
    }  # fmt: skip
    return render(request, "office/maps/floor_plan.html", said, status=filters.http_status)


def puts_on(drawing: Drawing, person: Person, filters: PinFilters) -> list[Put]:
    """All pins of a plan and how they stand, in the discipline that was asked for."""
    puts = numbered(Pin.objects.visible_to(person).standing().filter(drawing=drawing), Ground.of(drawing))
    discipline = filters.value("discipline")
    stand(person, puts, None if not discipline else "" if discipline == OTHER else discipline)
    return puts


def wanted(puts: list[Put], filters: PinFilters) -> list[Put]:
    """Those that the filters ask for."""
    what, status = filters.value("what") or "", filters.value("status") or ""
    return chosen(puts, what=what, status=status, discipline=bool(filters.value("discipline")))


def answer(drawing: Drawing, puts: list[Put]) -> str:
    """The plan in one sentence."""
    if not puts:
        return f"{drawing}: nothing is on this plan yet."
    late = sum(each.status in ("unsafe", "overdue") for each in puts)
    assets = sum(each.sort == "asset" for each in puts)
    if late:
        return f"{drawing}: {late} of {counted(assets, 'asset')} on it {'is' if late == 1 else 'are'} overdue or unsafe."
    unknown = sum(each.status == "none" for each in puts)
    said = f"{drawing}: {counted(len(puts), 'thing')} on it, nothing overdue or unsafe"
    return f"{said}; for {unknown} of them nothing is planned, so how they stand is not known." if unknown else f"{said}."


def plans_of(person: Person, site: Site) -> list[Drawing]:
    """A site's floor plans in their order, each with how many pins it has (`pinned`). One query."""
    live = Count("pins", filter=Q(pins__removed_at=None) & ~Q(pins__asset__status="retired"))
    return list(Drawing.objects.visible_to(person).standing().filter(site=site).annotate(pinned=live))


@require_safe
@estate
def emergency(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """The sheet for the fire service: every plan of a site with its valves, switches and hazards, one to a page."""
    site = site_of(person, id)
    features = Pin.objects.visible_to(person).standing().filter(asset=None, space=None).order_by("placed_at", "pk")
    rows = Drawing.objects.visible_to(person).standing().filter(site=site)
    sheets = [
        (each, Ground.of(each), sorted(numbers(each), key=lambda put: (put.rank, put.pin.get_kind_display(), put.number)))
        for each in rows.prefetch_related(Prefetch("pins", queryset=features, to_attr="features"))
    ]
    shown: list[tuple[Drawing, Ground, list[Put]]] = [each for each in sheets if each[2]]
    said = {
        "site": site, "sheets": shown, "without": [each for each, _, puts in sheets if not puts],
        "may": may(person, permits.ASSET_CHANGE, site),
        "supplies": sorted({put.pin.get_kind_display() for _, _, puts in shown for put in puts}),
    }  # fmt: skip
    return render(request, "office/maps/emergency.html", said)


def numbers(drawing: Any) -> list[Put]:
    """The features of a plan, numbered for this sheet."""
    return [Put(pin, number, Ground.of(drawing).high) for number, pin in enumerate(drawing.features, 1)]


@require_safe
@estate
def picture(request: HttpRequest, person: Person, id: uuid.UUID, number: int, size: str) -> HttpResponseBase:  # noqa: ARG001
    """A plan's picture, "small" or "large", redrawn; "whole" as it was sent. Until it is made, a picture that says so."""
    version = DrawingVersion.objects.filter(drawing=drawing_of(person, id, removed=True), number=number).first()
    if version is None or size not in ("small", "large", "whole"):
        raise NotFound("That picture")
    if size == "whole":
        stored = version.file
        return guarded(FileResponse(open_file(stored.pk), content_type=stored.content_type))
    return copy_of(version.file_id, size)
