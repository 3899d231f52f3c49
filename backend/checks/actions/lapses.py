"""Sealing what was missed, once each, whatever the downtime; and excusing it, which never unseals."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from backend.checks.evidence import LAPSE_NOTES
from backend.checks.models import Lapse, LapseNote, Plan
from backend.checks.reckoning import reckon
from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

BATCH = 500


def seal_lapses(*, today: dt.date) -> int:
    """Seal every lapse up to `today`; answers how many rows are new. May run at any time, twice, or after a long pause.

    Only a plan past its tolerance can have lapsed, so only those not yet looked at today are reckoned.
    """
    before = Lapse.objects.count()
    late = Plan.objects.filter(active=True, rule__isnull=False, overdue_from__lte=today).exclude(sealed_to=today)
    while ids := list(late.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        reckon(ids, today=today, why="Reckoned anew.")
    return Lapse.objects.count() - before


@transaction.atomic
def excuse_lapse(*, lapse: Lapse, person: Person, reason: str) -> LapseNote:
    """Say who excuses a miss and why: a further row; the lapse stays. Raises Problem without a reason."""
    require(person, permits.PLAN_CHANGE, lapse.plan.site, "excuse a missed check")
    if not reason.strip():
        raise Problem("reason_missing", "Say why this miss is excused.", fields={"reason": "Write a reason."})
    note = LapseNote.objects.create(
        lapse=lapse, kind=LapseNote.Kind.EXCUSED, reason=reason[:500], made_at=timezone.now(), made_by=person
    )
    audit.append([LAPSE_NOTES.fact(note, person.pk, person.name)])
    return note
