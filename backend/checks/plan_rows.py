"""Plans, whose rows, and which of them stand how."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q, Value

from backend.core.models import Paused, status_case
from backend.rules.due import Status
from backend.trust.scope import SitedQuerySet

if TYPE_CHECKING:
    from backend.checks.models import Plan  # noqa: F401 - named in the type below


class PlanQuerySet(SitedQuerySet["Plan"]):
    """Plans, whose rows."""

    def standing(self, status: str, day: dt.date) -> Self:
        """The active plans that stand so on a day: those of status_case(), with what an index can answer said first."""
        rows = self.filter(active=True)
        paused = Paused(Value(day, models.DateField()), F("pauses"))
        if status == Status.PAUSED:
            return rows.filter(~Q(pauses=[])).alias(paused_now=paused).filter(paused_now=True)
        if status == Status.OVERDUE:
            return rows.filter(overdue_from__lte=day).alias(paused_now=paused).filter(paused_now=False)
        first = {Status.DUE: Q(due_on__lt=day), Status.DUE_SOON: Q(soon_from__lte=day)}.get(Status(status), Q())
        return rows.filter(first).alias(stands=status_case(day)).filter(stands=status)
