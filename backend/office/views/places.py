"""The site's and the building's page."""

import uuid
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, NotApplicable, Plan
from backend.checks.queries.compliance import compliance
from backend.checks.queries.documents import wanting
from backend.core.days import today
from backend.maintenance.models import Defect
from backend.office.queries import standing
from backend.office.queries.board import by_discipline
from backend.office.queries.late import overdue_by_asset
from backend.office.views.gate import estate
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import may

RECENT = 10
MOST_ASSETS = 400


@require_safe
@estate
def site_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """A site: how it stands, its buildings, what is overdue, what was done lately."""
    site = Site.objects.select_related("school").get_visible(person, pk=id)
    now = today()
    cells = [cell for cell in compliance(person, today=now) if cell.site.pk == site.pk]
    stands = standing.standing(person, cells, site.name, now, site=site)
    buildings = Building.objects.visible_to(person).filter(site=site)
    in_use = ~Q(assets__status=Asset.Status.RETIRED)
    recent = CheckRecord.objects.visible_to(person).filter(site=site).select_related("check_type", "asset", "building")
    said = {
        "site": site,
        "may_print": may(person, permits.LABEL_PRINT, site),
        "site_key": str(site.pk),
        "papers": wanting(person, now, [site]).get(site.pk),
        "standing": stands,
        "answer": stands.sentence(now),
        "also": stands.also,
        "disciplines": by_discipline(cells, {"site": site.pk}),
        "not_applicable": NotApplicable.objects.visible_to(person).in_force(now).filter(site=site).count(),
        "buildings": buildings.annotate(number=Count("assets", filter=in_use)),
        "recent": recent.order_by("-done_at", "pk")[:RECENT],
    }
    return render(request, "office/site.html", said)


@require_safe
@estate
def building_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """A building: its warnings, its own checks, its open problems, and what stands in each room."""
    building = Building.objects.select_related("site__school").get_visible(person, pk=id)
    now = today()
    assets = Asset.objects.visible_to(person).filter(building=building).exclude(status=Asset.Status.RETIRED)
    ordered = assets.select_related("type", "space").order_by(F("space__name").asc(nulls_first=True), "name", "pk")
    shown = list(ordered[: MOST_ASSETS + 1])
    late = overdue_by_asset(person, now, asset__building=building)
    for asset in shown:
        asset.overdue = late.get(asset.pk, 0)  # type: ignore[attr-defined]
    rooms: list[dict[str, Any]] = [
        {"space": space, "assets": list(inside)} for space, inside in groupby(shown[:MOST_ASSETS], lambda each: each.space)
    ]
    own = Plan.objects.visible_to(person).filter(building=building, asset=None, active=True)
    plans = list(standing.plans_with_place(own).order_by(F("due_on").asc(nulls_last=True), "pk"))
    problems = Defect.objects.visible_to(person).filter(building=building, status=Defect.Status.OPEN)
    said = {
        "building": building,
        "may_print": may(person, permits.LABEL_PRINT, building.site),
        "rooms": rooms,
        "more": len(shown) > MOST_ASSETS,
        "number": len(shown[:MOST_ASSETS]),
        "overdue": sum(late.values()) + sum(plan.status(now) == "overdue" for plan in plans),
        "plans": plans,
        "papers": wanting(person, now, [building.site], building).get(building.site_id),
        "problems": problems.select_related("asset", "space", "site").order_by("-unsafe", "found_on", "pk"),
    }
    return render(request, "office/building.html", said)
