"""Checks of other things and places that also look at an asset: a round that flushes a tap, a panel's test of a call point."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, Plan
from backend.core.days import london_date
from backend.trust.models import Person

MOST: Final = 10


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A planned check that looks at such a thing. `on`: when a record last named this one, or with `whole`, where the check
    names none, when it was last done; None: not since the thing is there."""

    plan: Plan
    on: dt.date | None
    whole: bool


def looked_at_with(person: Person, asset: Asset) -> list[LookedAt]:
    """The planned checks that look at an asset although they are not its own, ten at most. Two queries."""
    kind = asset.type_id
    asks = Q(check_type__current__content__questions__contains=[{"asset_type": kind}])
    asks |= Q(check_type__current__content__also_covers__contains=[kind])
    asks |= Q(asset=None, check_type__current__content__asset_types__contains=[kind])  # a round of all such things
    near = Q(building=None, asset=None) | Q(building=asset.building_id) | Q(asset__building=asset.building_id)
    rows = Plan.objects.visible_to(person).filter(asks, near, active=True, site=asset.site_id).exclude(asset=asset)
    own = Q(asset__isnull=False, check_type__current__content__asset_types__contains=[kind])
    rows = rows.exclude(own)  # of another that has this check of its own too, and asks which one it was
    found = rows.select_related("check_type__current", "site", "building", "asset").order_by("due_on", "pk")[: 3 * MOST]
    plans = [plan for plan in found if wanted(plan, asset)][:MOST]
    named = CheckRecord.objects.counting().filter(plan__in=plans).annotate(said=Cast("answers", TextField()))
    named = named.filter(said__contains=str(asset.pk)).order_by("plan_id", "-done_on").distinct("plan_id")
    last = dict(named.values_list("plan_id", "done_on"))
    whole = {plan.pk: not asked_of(plan, asset) for plan in plans}
    return [LookedAt(plan, with_this(plan, asset) if whole[plan.pk] else last.get(plan.pk), whole[plan.pk]) for plan in plans]


def with_this(plan: Plan, asset: Asset) -> dt.date | None:
    """When a check that names no thing was last done with this one there: nobody looked at what came later."""
    there = asset.installed_on or london_date(asset.added_at)
    return plan.last_done_on if plan.last_done_on and plan.last_done_on >= there else None


def asked_of(plan: Plan, asset: Asset) -> list[dict[str, Any]]:
    """The check's questions that ask which things of this kind were looked at; not those that ask which were faulty."""
    current: Any = plan.check_type.current
    asked = [each for each in current.questions() if each.get("asset_type") == asset.type_id]
    return [each for each in asked if each.get("required") or each.get("must_include")]


def wanted(plan: Plan, asset: Asset) -> bool:
    """Whether the check asks for things of this one's role, where it asks for a role."""
    roles = {each["must_include"] for each in asked_of(plan, asset) if each.get("must_include")}
    return not roles or bool(roles & asset.roles)
