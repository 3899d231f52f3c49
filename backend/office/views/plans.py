"""Planned checks: the list (overdue, due soon and the rest) and each one's page with the engine's reasons."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.checks.models import CheckRecord, NotDone, Plan
from backend.checks.queries.booked import bookings_of
from backend.checks.queries.explained import explained, with_windows
from backend.core.days import today
from backend.core.templatetags.words import status_word
from backend.office.calendar.permitted import books_at
from backend.office.forms.plans import PlanFilters
from backend.office.queries.law import about
from backend.office.queries.library import discipline_title
from backend.office.queries.misses import misses_of
from backend.office.queries.photos import with_photos
from backend.office.queries.standing import unsafe_now
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may

HEAD = (
    "School", "Site", "Building", "Place", "Asset", "Serial number", "Check", "Check code", "Discipline", "Status", "Due on",
    "Overdue from", "Last done", "Last outcome", "Risk 1 to 5", "Verified in the library", "Address",
)  # fmt: skip
SHOWN = 20


@require_safe
@estate
def plan_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Planned checks, by status, place, discipline and check."""
    filters = PlanFilters(request.GET, person=person)
    numbers = filters.numbers()
    return list_answer(request, "office/plans.html", filters, numbers=numbers, total=sum(numbers.values()))


@require_safe
@estate
def plan_csv(request: HttpRequest, person: Person) -> StreamingHttpResponse:
    """The same list as CSV."""
    filters = PlanFilters(request.GET, person=person)
    site_address = request.build_absolute_uri("/").rstrip("/")

    def line(plan: Plan) -> Sequence[Any]:
        asset, check = plan.asset, plan.check_type
        return (
            plan.site.school.name, plan.site.name, (plan.building or (asset and asset.building) or ""),
            asset.space if asset and asset.space else "", asset or "", asset.serial if asset else "", check.title, check.code,
            discipline_title(plan.discipline), status_word(filters.status_of(plan)), plan.due_on, plan.overdue_from,
            plan.last_done_on, plan.last_outcome, check.weight, check.verified, f"{site_address}/plans/{plan.pk}/",
        )  # fmt: skip

    return export(filters, "checks", HEAD, line)


@require_safe
@estate
def plan_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One planned check: when it is owed and why, the law behind it, what was done and what was missed."""
    rows = Plan.objects.select_related(
        "check_type__current", "site__school", "building", "asset__type", "asset__building", "asset__space"
    )
    plan = rows.get_visible(person, pk=id)
    now = today()
    reasons = next(iter(explained([plan], now)))[1]
    _, sentence, windows = next(iter(with_windows([plan], now)))
    records = CheckRecord.objects.visible_to(person).filter(plan=plan).select_related("check_type", "correction")
    said = {
        "plan": plan,
        "may_plan": may(person, permits.PLAN_CHANGE, plan.site),
        "may_record": may(person, permits.CHECK_RECORD, plan.site),
        "status": str(plan.status(now)),
        "sentence": reasons.sentence if reasons else sentence,
        "reasons": reasons.reasons if reasons else [],
        "as_data": json.dumps(reasons.reasons, indent=2, ensure_ascii=False) if reasons else "",
        "windows": windows[:8],
        "about": about(plan.check_type.current, plan.rule),
        "records": with_photos(list(records.order_by("-done_at", "pk")[: SHOWN + 1])),
        "shown": SHOWN,
        "misses": misses_of(person, plan=plan),
        "booked": bookings_of([plan.pk])[plan.pk],
        "may_book": plan.active and books_at(person, plan.site),
        "files_certificates": plan.active and may(person, permits.CONTRACTOR_MANAGE, plan.site),
        "unsafe": unsafe_now(person, asset=plan.asset) if plan.asset else [],
        "attempts": NotDone.objects.filter(plan=plan).order_by("-made_at")[:SHOWN],
    }
    return render(request, "office/plan.html", said)
