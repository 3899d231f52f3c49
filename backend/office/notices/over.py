"""Notices whose cause is gone: what was told stays, and asks for no answer any more."""

import datetime as dt
import uuid
from collections import defaultdict
from typing import Final

from backend.checks.models import Plan
from backend.core.days import LONDON
from backend.maintenance.models import Defect, WorkOrder
from backend.office.models import Notice

ASKED: Final = dt.timedelta(days=8)
"""How long a notice asks for an answer, and a day: older ones are not looked at."""


def mark_over(now: dt.datetime) -> int:
    """Mark the notices of the last week whose check is done, whose problem is closed or whose work is over; answers how many.

    Four queries, and one more to mark them.
    """
    since = now.astimezone(LONDON).date() - ASKED
    told = Notice.objects.filter(day__gte=since, over=False).exclude(sort=Notice.Sort.DIGEST)
    about: dict[str, dict[uuid.UUID, list[tuple[uuid.UUID, dt.date | None]]]] = {
        "plan": defaultdict(list), "defect": defaultdict(list), "work": defaultdict(list),
    }  # fmt: skip
    for pk, key, due_on in told.values_list("pk", "key", "due_on"):
        what, _, rest = key.partition(":")
        if what in about:
            about[what][uuid.UUID(rest.partition(":")[0])].append((pk, due_on))
    owed = dict(Plan.objects.filter(pk__in=about["plan"], active=True).values_list("pk", "due_on"))
    found = [pk for plan, rows in about["plan"].items() for pk, due_on in rows if due_on is None or owed.get(plan) != due_on]
    still = set(Defect.objects.filter(pk__in=about["defect"], status=Defect.Status.OPEN).values_list("pk", flat=True))
    still |= set(WorkOrder.objects.filter(pk__in=about["work"]).running().values_list("pk", flat=True))
    for rows_of in (about["defect"], about["work"]):
        found += [pk for thing, rows in rows_of.items() if thing not in still for pk, _ in rows]
    return Notice.objects.filter(pk__in=found).update(over=True) if found else 0
