"""The figures that are assumed on a day: the trust's own, or those that Siteward begins with."""

import datetime as dt
from dataclasses import dataclass

from backend.risk.estate import estate
from backend.risk.models import AssumptionSet
from backend.rules.estate import Assumption


@dataclass(frozen=True, slots=True)
class Assumed:
    """A figure on a day: `own` is the row in which the trust set it; None while it is the one that Siteward begins with."""

    of: Assumption
    value: int
    own: AssumptionSet | None = None


def assumed(day: dt.date) -> dict[str, Assumed]:
    """Every assumption by its key, as it is on a day. One query."""
    found = {key: Assumed(each, each.value) for key, each in estate().assumptions.items()}
    rows = AssumptionSet.objects.filter(since__lte=day).select_related("made_by").order_by("since", "made_at")
    for row in rows:
        if row.key in found:
            found[row.key] = Assumed(found[row.key].of, row.value, row)
    return found
