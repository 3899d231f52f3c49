"""When checks fall due in the twelve months ahead, and what that costs. Pure: dates and pence in, months and pence out."""

import datetime as dt
from functools import lru_cache
from typing import Final

from backend.rules.due.interval import add_months, as_date

MONTHS_OF: Final = {"month": 1, "term": 4, "year": 12}
DAYS_OF: Final = {"day": 1, "week": 7}
MONTHS: Final = 12


def year_ahead(day: dt.date) -> list[dt.date]:
    """The first days of the twelve months from that of a day on."""
    first = day.replace(day=1).toordinal()
    return [as_date(add_months(first, number)) for number in range(MONTHS)]


def month_index(day: dt.date, of: dt.date) -> int:
    """In which of the twelve months from `day` on another day lies: 0 to 11."""
    return (of.year - day.year) * 12 + of.month - day.month


@lru_cache(maxsize=65536)
def times_ahead(due_on: dt.date | None, every: int | None, unit: str, day: dt.date) -> tuple[int, ...]:
    """How often a check falls due in each of the twelve months from that of `day` on.

    What is overdue falls into the first month, once. After the first date it comes again each interval (a term is reckoned as
    four months). `every` None: it is owed once.
    """
    counts = [0] * MONTHS
    if due_on is None:
        return tuple(counts)
    at, times = max(due_on, day), 0
    first = at
    while (index := month_index(day, at)) < MONTHS:
        counts[index] += 1
        times += 1
        if every is None:
            break
        if unit in DAYS_OF:
            at = first + dt.timedelta(days=every * DAYS_OF[unit] * times)
        else:
            at = as_date(add_months(first.toordinal(), every * MONTHS_OF[unit] * times))
    return tuple(counts)
