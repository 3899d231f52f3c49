"""Setting a figure that is assumed."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.risk.estate import estate
from backend.risk.evidence import ASSUMPTIONS
from backend.risk.models import AssumptionSet
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach


@transaction.atomic
def set_assumption(*, person: Person, key: str, value: int, why: str, today: dt.date) -> AssumptionSet:
    """Set an assumed figure for the whole trust from today on: pence, or hundredths of a per cent.

    Papers frozen before keep the figure that they were made with. Raises Problem for a figure out of its limits, without a
    reason, or for a key that there is not; Forbidden for who does not manage the whole trust's risk.
    """
    if not reach(person, permits.RISK_MANAGE).everywhere:
        raise Forbidden("Your role does not let you set what the trust assumes. Ask the estates lead or the CFO.")
    known = estate().assumptions.get(key)
    if known is None:
        raise Problem("assumption", "There is no such figure.", status=404)
    if not known.least <= value <= known.most:
        said = f"From {known.least} to {known.most} {known.unit}."
        raise Problem("value", "That figure cannot be right.", fields={"value": said})
    if not why.strip():
        raise Problem("why_missing", "Say why, so that others can follow it.", fields={"why": "Write a few words."})
    row = AssumptionSet.objects.create(
        key=key, value=value, since=today, why=why.strip()[:500], made_at=timezone.now(), made_by=person
    )
    audit.append([ASSUMPTIONS.fact(row, person.pk, person.name)])
    return row
