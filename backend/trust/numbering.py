"""Numbers that people call things by: one after the other, without gaps or twins."""

from typing import Any

from django.db.models import Max, QuerySet

from backend.trust.models import Trust


def next_number(rows: QuerySet[Any]) -> int:
    """The number after the highest of the rows. The trust's row is held until the transaction ends, so nobody else gets it."""
    list(Trust.objects.select_for_update(no_key=True))
    return int(rows.aggregate(most=Max("number"))["most"] or 0) + 1
