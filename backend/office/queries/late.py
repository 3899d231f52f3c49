"""Which assets have something overdue."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Count

from backend.checks.models import Plan
from backend.core.models import status_case
from backend.trust.models import Person


def overdue_by_asset(person: Person, today: dt.date, **where: Any) -> dict[uuid.UUID, int]:
    """Asset id -> how many of its checks are overdue; only those with any. `where` filters plans. One query."""
    late = Plan.objects.visible_to(person).filter(active=True, asset__isnull=False, overdue_from__lte=today, **where)
    late = late.annotate(status_now=status_case(today)).filter(status_now="overdue")
    return dict(late.order_by().values_list("asset_id").annotate(n=Count("*")))
