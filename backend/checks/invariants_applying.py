"""What must hold of which checks apply; asked by `manage.py verify`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F

from backend.checks.models import CheckRevision, NotApplicable, Plan
from backend.core.invariants import Invariant, Tick


def agreed_faults(tick: Tick) -> Iterator[str]:
    """Somebody else than who asked agreed, at a time, and the thing is at the site."""
    rows = NotApplicable.objects.all()
    for pk in rows.filter(decided_by=F("asked_by")).values_list("pk", flat=True).iterator():
        yield f"not-applicable {pk} was decided by the one who asked"
    for pk in rows.filter(agreed=True, decided_by=None).values_list("pk", flat=True).iterator():
        yield f"not-applicable {pk} was agreed by nobody"
    away = rows.exclude(building=None).exclude(building__site=F("site")) | rows.exclude(asset=None).exclude(asset__site=F("site"))
    for pk in away.values_list("pk", flat=True).iterator():
        yield f"not-applicable {pk} is about a thing at another site"
    tick(rows.count())


def origin_faults(tick: Tick) -> Iterator[str]:
    """A plan that was accepted from a proposal is on a thing that a revision of its check is for; others were made by hand."""
    plans = Plan.objects.filter(origin=Plan.Origin.PROPOSED).select_related("asset")
    codes = set(plans.values_list("check_type_id", flat=True))
    said: dict[str, list[Mapping[str, Any]]] = {}
    for code, content in CheckRevision.objects.filter(check_type__in=codes).values_list("check_type_id", "content"):
        said.setdefault(code, []).append(content)
    for plan in plans.iterator(chunk_size=2000):
        if not any(fits(plan, content) for content in said.get(plan.check_type_id, ())):
            yield f"plan {plan.pk} was proposed for a thing that its check is not for, and nobody made it by hand"
        if not plan.why:
            yield f"plan {plan.pk} was proposed and does not say why"
    for pk in Plan.objects.filter(origin=Plan.Origin.BY_HAND, why="").values_list("pk", flat=True).iterator():
        yield f"plan {pk} was made by hand and does not say why"
    tick(Plan.objects.count())


def fits(plan: Plan, content: Mapping[str, Any]) -> bool:
    """Whether a check is for such a thing."""
    if content["on"] != "asset":
        return plan.asset is None and (plan.building_id is not None) == (content["on"] == "building")
    if content.get("grouped_by"):
        return plan.asset is None
    return plan.asset is not None and plan.asset.type_id in content["asset_types"]


INVARIANTS = [
    Invariant("not-applicable", "Whoever agreed that a check does not apply did not ask for it.", NotApplicable.objects.count,
              agreed_faults),
    Invariant("plan-origins", "Every plan says why it is there, or is older than that.", Plan.objects.count, origin_faults),
]  # fmt: skip
