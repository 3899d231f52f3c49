"""Pausing plans for a reason, letting them go on again, and moving the day from which they count."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import transaction

from backend.checks.actions.plans import BATCH, pause_plans, save_pauses
from backend.checks.actions.service import closed
from backend.checks.evidence import PLANS
from backend.checks.models import Lapse, Plan
from backend.checks.reckoning import reckon_loaded
from backend.core import audit
from backend.core.problems import Problem
from backend.rules.due import Status
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

MARK: Final = "Paused: "
"""Before the reason, in a plan's note."""


def unpaused(note: str) -> str:
    """A plan's note without the reason of a pause."""
    return note.partition(MARK)[0].strip()


@transaction.atomic
def pause_for(
    plans: Sequence[Plan], *, first: dt.date, last: dt.date | None, reason: str, person: Person, today: dt.date
) -> None:
    """Pause plans from `first` to `last` (both included; None while it is not known), saying why: it stands in their note.

    Raises Problem without a reason, when the days are out of order, and for a plan that is paused on the first of them.
    """
    for plan in plans:
        require(person, permits.PLAN_CHANGE, plan.site, "pause checks")
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a reason."})
    if last and last < first:
        raise Problem("days", "The last day cannot lie before the first.", fields={"last": "Choose a later day."})
    for plan in plans:
        if plan.status(first) == Status.PAUSED:
            raise Problem("paused_already", "It is paused on that day already.", status=409)
        plan.note = f"{unpaused(plan.note)} {MARK}{reason.strip()}".strip()[:300]
    Plan.objects.bulk_update(plans, ["note"], batch_size=BATCH)
    pause_plans(plans, first=first, last=last, person=person, today=today)


@transaction.atomic
def resume_plans(plans: Sequence[Plan], *, on: dt.date, person: Person, today: dt.date) -> None:
    """Let paused plans go on from `on`. Raises Problem for one that is not paused then, or whose asset is out of service."""
    for plan in plans:
        require(person, permits.PLAN_CHANGE, plan.site, "let checks go on")
        if plan.asset and plan.asset.status != plan.asset.Status.IN_USE:
            said = f"{plan.asset} is out of service. Bring it back into service; its checks go on with it."
            raise Problem("out_of_service", said, status=409)
        if plan.status(on) != Status.PAUSED:
            raise Problem("not_paused", "It is not paused on that day.", status=409)
        plan.pauses = [closed(span, on) for span in plan.pauses if span.lower is None or span.lower < on]
        plan.note = unpaused(plan.note)
    Plan.objects.bulk_update(plans, ["note"], batch_size=BATCH)
    save_pauses(plans, person, today)


@transaction.atomic
def begin_plans(plans: Sequence[Plan], *, starts_on: dt.date, person: Person, today: dt.date) -> None:
    """Move the day from which plans count. Raises Problem for one that was done or missed: its past stays as it is."""
    for plan in plans:
        require(person, permits.PLAN_CHANGE, plan.site, "change when checks begin")
        if plan.last_done_on:
            raise Problem("done_already", "It has been done, so its records say when it is due.", status=409)
    missed = set(Lapse.objects.filter(plan__in=plans).values_list("plan_id", flat=True))
    if missed:
        raise Problem("missed_already", "It was missed already, and a miss is kept. Excuse the miss instead.", status=409)
    for plan in plans:
        plan.starts_on = starts_on
    Plan.objects.bulk_update(plans, ["starts_on"], batch_size=BATCH)
    facts = reckon_loaded(plans, today=today, why="The day from which it counts was moved.")
    audit.append(facts + [PLANS.fact(plan, person.pk, person.name, kind="start") for plan in plans])
