"""A room: what stands in it and what is due there. Its label opens this page."""

import uuid

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.assets.models import Asset
from backend.checks.models import Plan
from backend.core.days import today
from backend.maintenance.models import Defect
from backend.office.queries import standing
from backend.office.queries.late import overdue_by_asset
from backend.office.views.gate import estate
from backend.trust import permits
from backend.trust.models import Person, Space
from backend.trust.scope import may

MOST = 300


@require_safe
@estate
def space_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """A room: its warnings, what is due there (most pressing first), its open problems, and what stands in it."""
    space = Space.objects.select_related("building__site__school").get_visible(person, pk=id)
    now = today()
    site = space.building.site
    assets = Asset.objects.visible_to(person).filter(space=space).exclude(status=Asset.Status.RETIRED)
    shown = list(assets.select_related("type").order_by("name", "pk")[: MOST + 1])
    late = overdue_by_asset(person, now, asset__space=space)
    for asset in shown:
        asset.overdue = late.get(asset.pk, 0)  # type: ignore[attr-defined]
    owed = Plan.objects.visible_to(person).filter(asset__space=space, active=True)
    plans = list(standing.plans_with_place(owed).order_by(F("due_on").asc(nulls_last=True), "pk")[: MOST + 1])
    problems = Defect.objects.visible_to(person).filter(Q(space=space), status=Defect.Status.OPEN)
    said = {
        "space": space,
        "assets": shown[:MOST],
        "plans": plans[:MOST],
        "more": max(len(shown), len(plans)) > MOST,
        "overdue": sum(late.values()),
        "warnings": [each for each in (space.building.warning, space.warning) if each],
        "problems": problems.select_related("asset", "space", "site").order_by("-unsafe", "found_on", "pk"),
        "tags": space.tags.filter(retired_at=None).order_by("-made_at"),
        "may_print": may(person, permits.LABEL_PRINT, site),
    }
    return render(request, "office/labels/space.html", said)
