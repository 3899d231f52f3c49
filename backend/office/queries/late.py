"""Which assets have something overdue."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Count

from backend.checks.models import Plan
from backend.rules.due import Status
from backend.trust.models import Person


def overdue_by_asset(person: Person, today: dt.date, **where: Any) -> dict[uuid.UUID, int]:
    """Asset id -> how many of its checks are overdue; only those with any. `where` filters plans. One query."""
    late = Plan.objects.visible_to(person).filter(asset__isnull=False, **where).standing(Status.OVERDUE, today)
    return dict(late.order_by().values_list("asset_id").annotate(n=Count("*")))
