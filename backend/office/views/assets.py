"""The register: the list of assets and each one's page."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.assets.known import facts_on
from backend.assets.models import Asset, Reading
from backend.checks.models import CheckRecord, Plan
from backend.checks.queries.explained import explained
from backend.checks.queries.looked_at_with import LookedAt, looked_at_with
from backend.core.days import today
from backend.core.templatetags.words import day
from backend.maintenance.models import Defect
from backend.office.forms.estate import AssetFilters
from backend.office.maps.pictured import where_is
from backend.office.maps.small import of_asset
from backend.office.queries.library import discipline_title, known_facts
from backend.office.queries.misses import misses_of
from backend.office.queries.photos import with_photos
from backend.office.queries.standing import plans_with_place
from backend.office.register.shown import register_of
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may, reach

HEAD = (
    "Name", "Kind", "Discipline", "School", "Site", "Building", "Place", "Status", "Make", "Model", "Serial number",
    "Installed", "Label", "Checks overdue", "Listed as", "Age (years)", "Expected life (years)", "Warranty until",
)  # fmt: skip
RECORDS, READINGS = 15, 5


@require_safe
@estate
def asset_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Assets, searched and filtered."""
    may_add = not reach(person, permits.ASSET_CHANGE).nowhere()
    return list_answer(request, "office/assets.html", AssetFilters(request.GET, person=person), may_add=may_add)


@require_safe
@estate
def asset_csv(request: HttpRequest, person: Person) -> StreamingHttpResponse:
    """The same list as CSV."""

    def line(asset: Any) -> Sequence[Any]:
        return (
            asset.name, asset.type.name, discipline_title(asset.type.discipline), asset.site.school.name, asset.site.name,
            asset.building or "", asset.space or "", asset.get_status_display(), asset.make, asset.model, asset.serial,
            asset.installed_on, asset.code or "", asset.overdue or 0,
            asset.product or "", age_of(asset), asset.product.expected_life if asset.product else None, asset.warranty_until,
        )  # fmt: skip

    return export(AssetFilters(request.GET, person=person), "assets", HEAD, line)


@require_safe
@estate
def asset_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One asset: where it is, how its checks stand and why, what is wrong with it, what was done and missed."""
    rows = Asset.objects.select_related("site__school", "building", "space", "type", "parent", "product")
    asset = rows.get_visible(person, pk=id)
    now = today()
    plans = plans_with_place(Plan.objects.visible_to(person).filter(asset=asset))
    owed = list(plans.filter(active=True).order_by(F("due_on").asc(nulls_last=True), "pk"))
    rounds = looked_at_with(person, asset) if asset.status != Asset.Status.RETIRED else []
    reasons = {plan.pk: said.sentence for plan, said in explained(owed, now) if said}
    problems = list(Defect.objects.visible_to(person).filter(asset=asset).order_by("status", "-unsafe", "-found_on"))
    open_now = [each for each in problems if each.status == Defect.Status.OPEN]
    records = CheckRecord.objects.visible_to(person).filter(asset=asset).select_related("check_type", "correction")
    said = {
        "asset": asset,
        "answer": answer(asset, owed, rounds),
        "rounds": rounds,
        "plans": [{"plan": plan, "sentence": reasons.get(plan.pk, "")} for plan in owed],
        "warnings": [each.warning for each in (asset.building, asset.space) if each and each.warning],
        "unsafe": [each for each in open_now if each.bars_use(now)],
        "problems": open_now[:20],
        "closed": len(problems) - len(open_now),
        "facts": known_facts(asset.type_id, facts_on(asset.type_id, asset.facts, today())),
        "tags": asset.tags.order_by("retired_at", "-made_at"),
        "parts": Asset.objects.visible_to(person).filter(parent=asset).exclude(status=Asset.Status.RETIRED)[:50],
        "records": with_photos(list(records.order_by("-done_at", "pk")[: RECORDS + 1])),
        "shown": RECORDS,
        "misses": misses_of(person, plan__asset=asset),
        "where": where_is(person, asset),
        "trends": of_asset(person, asset, now),
        "readings": Reading.objects.visible_to(person).filter(asset=asset).select_related("taken_by")[:READINGS],
        "may_plan": may(person, permits.PLAN_CHANGE, asset.site),
        "register": register_of(person, asset),
        "may_report": may(person, permits.DEFECT_REPORT, asset.site),
        "may_print": may(person, permits.LABEL_PRINT, asset.site),
    }
    return render(request, "office/asset.html", said)


def age_of(asset: Asset) -> int | None:
    """Whole years since it was installed; None when that is not known."""
    return (today() - asset.installed_on).days * 4 // 1461 if asset.installed_on else None


def answer(asset: Asset, plans: Sequence[Plan], rounds: Sequence[LookedAt] = ()) -> str:
    """How the asset stands, in one sentence."""
    if asset.status == Asset.Status.RETIRED:
        return f"{asset.name} has been retired."
    if not plans and rounds:
        last = max((each.on for each in rounds if each.on), default=None)
        when = f"last {day(last)}" if last else "not recorded yet"
        return f"{asset.name}: no check of its own; it is looked at with others, {when}."
    if not plans:
        return f"{asset.name}: no checks are planned on it, so nothing is known."
    counted: dict[str, int] = {}
    for plan in plans:
        status = str(plan.status(today()))
        counted[status] = counted.get(status, 0) + 1
    well = counted.get("in-date", 0) + counted.get("due-soon", 0)
    running = len(plans) - counted.get("paused", 0)
    if running == 0:
        return f"{asset.name}: its checks are paused."
    said = f"{asset.name}: {well} of {running} check{'s' if running != 1 else ''} in date"
    late = [f"{counted[key]} {key}" for key in ("overdue", "due") if key in counted]
    return f"{said}; {' and '.join(late)}{reported(plans)}." if late else f"{said}{reported(plans)}."


def reported(plans: Sequence[Plan]) -> str:
    """ ", but its last report was unsatisfactory", for a date alone does not make a check satisfactory."""
    bad = sum(1 for plan in plans if plan.last_outcome == CheckRecord.Outcome.UNSATISFACTORY)
    if not bad:
        return ""
    if len(plans) == 1:
        return ", but its last report was unsatisfactory"
    return f", but {bad} last {'report was' if bad == 1 else 'reports were'} unsatisfactory"
