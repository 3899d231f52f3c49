"""Out of service and back: the clock is shown as paused, and nothing returns while a legal examination has lapsed."""

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from backend.assets.actions import set_status
from backend.assets.models import Asset
from backend.checks.actions.plans import pause_plans, save_pauses
from backend.checks.models import Plan
from backend.core.problems import Problem
from backend.rules.due import Status
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require


@transaction.atomic
def take_out_of_service(asset: Asset, *, person: Person, on: dt.date, reason: str, today: dt.date) -> Asset:
    """Take an asset out of service from `on`: its plans are paused until it returns."""
    if asset.status != Asset.Status.IN_USE:
        said = asset.get_status_display().lower()
        raise Problem("not_in_use", f"{asset.name} is not in use: it is {said} already.", status=409)
    changed = set_status(asset, status=Asset.Status.OUT_OF_SERVICE, person=person, on=on, reason=reason)
    plans = list(asset.plans.filter(active=True).select_related("site").order_by("pk"))
    if plans:
        pause_plans(plans, first=on, last=None, person=person, today=today)
    return changed


@transaction.atomic
def return_to_service(asset: Asset, *, person: Person, on: dt.date, today: dt.date) -> Asset:
    """Bring an asset back into use from `on`. Raises Problem while a legal examination of it has lapsed."""
    require(person, permits.PLAN_CHANGE, asset.site, "bring equipment back into service")
    if asset.status != Asset.Status.OUT_OF_SERVICE:
        raise Problem("not_out_of_service", f"{asset.name} is not out of service.", status=409)
    plans = list(asset.plans.filter(active=True).select_related("site", "check_type").order_by("pk"))
    for plan in plans:
        plan.pauses = [closed(span, on) for span in plan.pauses if span.lower < on]
    lapsed = [plan for plan in plans if (plan.rule or {}).get("clock") == "legal" and late(plan, on)]
    if lapsed:
        first = lapsed[0]
        raise Problem(
            "examination_lapsed",
            f"{asset.name} cannot return to service: {first.check_type.title} was due on {first.due_on:%d %b %Y}. "
            "Have it examined and record the report first.",
            status=409,
        )
    save_pauses(plans, person, today)
    return set_status(asset, status=Asset.Status.IN_USE, person=person, on=on, reason="")


def late(plan: Plan, on: dt.date) -> bool:
    """Whether the plan would be overdue on the day of the return."""
    return plan.status(on) == Status.OVERDUE


def closed(span: DateRange, on: dt.date) -> DateRange:
    """A paused span that ends the day before `on` at the latest."""
    return DateRange(span.lower, on if span.upper is None else min(span.upper, on))
