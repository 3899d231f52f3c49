"""Saying how many minutes checks take at a school, where the library says nothing or it is otherwise there."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from backend.checks.actions.plans import BATCH
from backend.checks.evidence import PLANS
from backend.checks.models import Plan
from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

LONGEST: Final = 960
"""Minutes: two working days. What takes longer is not one check."""


@transaction.atomic
def say_minutes(plans: Sequence[Plan], *, minutes: int | None, person: Person) -> list[Plan]:
    """Say how many minutes each of these plans (with `site` loaded) takes; None goes back to what the library says.

    Answers those that it changed. Raises Problem for fewer than 1 minute or more than LONGEST.
    """
    for site in {plan.site_id: plan.site for plan in plans}.values():
        require(person, permits.PLAN_CHANGE, site, "say how long checks take")
    if minutes is not None and not 1 <= minutes <= LONGEST:
        wrong = f"Write 1 to {LONGEST} minutes."
        raise Problem("minutes", wrong, fields={"minutes": wrong})
    changed = [plan for plan in plans if plan.own_minutes != minutes]
    for plan in changed:
        plan.own_minutes = minutes
    Plan.objects.bulk_update(changed, ["own_minutes"], batch_size=BATCH)
    audit.append([PLANS.fact(plan, person.pk, person.name, kind="plan-minutes") for plan in changed])
    return changed
