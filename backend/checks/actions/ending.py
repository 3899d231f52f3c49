"""Ending plans, for a reason: what was done and missed stays for ever, and nothing is owed any more."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from backend.checks.actions.plans import BATCH
from backend.checks.evidence import BOOKED_CHECKS, PLANS
from backend.checks.models import BookedCheck, Plan
from backend.checks.reckoning import lock, reckon_loaded
from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

ENDED: Final = ("active", "ended_on", "ended_why", "due_on", "overdue_from", "soon_from", "sealed_to", "basis")


@transaction.atomic
def end_plans(plans: Sequence[Plan], *, reason: str, person: Person, today: dt.date) -> list[Plan]:
    """Plan these checks no longer. What was missed up to today is sealed first. Raises Problem without a reason."""
    for plan in plans:
        require(person, permits.PLAN_CHANGE, plan.site, "end planned checks")
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a reason."})
    facts = ended(plans, reason=reason, person=person, today=today)
    audit.append(facts)
    return list(plans)


def ended(plans: Sequence[Plan], *, reason: str, person: Person, today: dt.date) -> list[audit.Fact]:
    """End plans within the caller's transaction, by its permit; answers what is to be entered in the audit chain."""
    facts: list[audit.Fact] = []
    locked = [plan for plan in lock([plan.pk for plan in plans]) if plan.active]
    for start in range(0, len(locked), BATCH):
        facts += reckon_loaded(locked[start : start + BATCH], today=today, why="The plan was ended.")
    for plan in locked:
        plan.active, plan.ended_on, plan.ended_why = False, today, reason.strip()[:300]
        plan.due_on = plan.overdue_from = plan.soon_from = plan.sealed_to = None
        plan.basis = ""
    Plan.objects.bulk_update(locked, ENDED, batch_size=BATCH)
    booked: Any = BookedCheck.objects.standing().with_done()
    lines: list[BookedCheck] = list(booked.filter(plan__in=locked, done=False))
    for line in lines:
        line.dropped_at = timezone.now()
    BookedCheck.objects.bulk_update(lines, ["dropped_at"])
    facts += [BOOKED_CHECKS.fact(line, person.pk, person.name) for line in lines]
    return facts + [PLANS.fact(plan, person.pk, person.name, kind="plan-ended") for plan in locked]
