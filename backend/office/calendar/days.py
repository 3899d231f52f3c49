"""The days of a calendar page: what is owed, what is booked, who is away, which days are no school days.

Nine queries, however many schools, checks and bookings: of each day the first few are read, and the rest are counted.
"""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from backend.checks.models import Booking, Plan
from backend.checks.queries.booked import Away, StandsIn, away, away_on, with_checks
from backend.hr.absences import absences_seen
from backend.office.calendar.filters import CalendarFilters
from backend.office.queries.standing import plans_with_place
from backend.rules.days import england_bank_holidays
from backend.trust.models import CalendarMark, School, Term

A_DAY_SHOWS: Final = 4
A_WEEK_SHOWS: Final = 40
MOST_BOOKINGS: Final = 1500
DAY: Final = dt.timedelta(days=1)


@dataclass(slots=True)
class Day:
    """One day of the page. `owed` are the first few of `number`; `marks` are words such as "Half term"."""

    date: dt.date
    owed: list[Plan] = field(default_factory=list)
    number: int = 0
    booked: list[Booking] = field(default_factory=list)
    away: list[StandsIn] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    within: bool = True

    @property
    def more(self) -> int:
        """How many owed are not shown."""
        return self.number - len(self.owed)

    @property
    def shut(self) -> bool:
        """Whether it is a weekend or some kind of closure, for its shade."""
        return bool(self.marks) or self.date.weekday() > 4

    @property
    def shown_bookings(self) -> list[Booking]:
        """The first few bookings."""
        return self.booked[:A_DAY_SHOWS]

    @property
    def more_bookings(self) -> int:
        """How many bookings are not shown."""
        return max(0, len(self.booked) - A_DAY_SHOWS)


def month_span(day: dt.date) -> tuple[dt.date, dt.date]:
    """The Monday on or before the first of the month, and the Sunday on or after its last day."""
    first = day.replace(day=1)
    last = (first + 31 * DAY).replace(day=1) - DAY
    return first - first.weekday() * DAY, last + (6 - last.weekday()) * DAY


def week_span(day: dt.date) -> tuple[dt.date, dt.date]:
    """Monday to Sunday."""
    monday = day - day.weekday() * DAY
    return monday, monday + 6 * DAY


def days_of(filters: CalendarFilters, first: dt.date, last: dt.date, shows: int = A_DAY_SHOWS) -> list[Day]:
    """Every day from `first` to `last`."""
    found = {first + number * DAY: Day(first + number * DAY) for number in range((last - first).days + 1)}
    owed = filters.owed().filter(due_on__range=(first, last))
    for row in owed.order_by().values("due_on").annotate(n=Count("*")):
        if day := row["due_on"]:
            found[day].number = row["n"]
    rank = Window(RowNumber(), partition_by="due_on", order_by=[F("check_type__weight").desc(), "pk"])
    ranked = owed.order_by().annotate(rank=rank).filter(rank__lte=shows).values("pk")
    for plan in plans_with_place(Plan.objects.filter(pk__in=ranked)).order_by("due_on", F("check_type__weight").desc(), "pk"):
        assert plan.due_on
        found[plan.due_on].owed.append(plan)
    bookings = with_checks(filters.booked().filter(day__range=(first, last))[:MOST_BOOKINGS])
    seen, gone = who_is_away(filters, bookings, first, last)
    for booking in bookings:
        booking.away = away_on(gone, booking.person_id, booking.day)  # type: ignore[attr-defined]
        found[booking.day].booked.append(booking)
    for person in seen & gone.keys():
        for date, each in found.items():
            if stands := away_on(gone, person, date):
                here = tuple(cover for cover in stands.covers if not away_on(gone, cover.person_id, date))
                each.away.append(replace(stands, covers=here))
    for date, words in marked(filters, first, last).items():
        found[date].marks = words
    return list(found.values())


def overlapping(first: dt.date, last: dt.date) -> dict[str, Any]:
    """What absences that stand and hold any day from `first` to `last` are filtered by."""
    return {"cancelled_at": None, "first_day__lte": last, "last_day__gte": first}


def who_is_away(
    filters: CalendarFilters, bookings: Sequence[Booking], first: dt.date, last: dt.date
) -> tuple[set[uuid.UUID], Away]:
    """Whose absence the asker may know of, and who is away of them and of those for whom something is booked (which is said at
    that booking alone). Two or three queries."""
    seen = set(absences_seen(filters.person).filter(**overlapping(first, last)).values_list("person_id", flat=True))
    booked = {each.person_id for each in bookings if each.person_id}
    asked = filters.value("who") if filters.is_valid() else None
    return seen, away({asked.pk} & (seen | booked) if asked else seen | booked, first, last)


def marked(filters: CalendarFilters, first: dt.date, last: dt.date) -> dict[dt.date, list[str]]:
    """What kind of day it is at the schools asked about: holidays, half terms, INSET days, closures. Three queries."""
    schools = chosen_schools(filters)
    kinds: dict[dt.date, Counter[str]] = defaultdict(Counter)
    for mark in CalendarMark.objects.filter(school__in=schools, first_day__lte=last, last_day__gte=first):
        if mark.kind != CalendarMark.Kind.OCCUPIED:
            for date in span(max(mark.first_day, first), min(mark.last_day, last)):
                kinds[date][mark.get_kind_display()] += 1
    taught: dict[dt.date, set[uuid.UUID]] = defaultdict(set)
    for term in Term.objects.filter(school__in=schools, first_day__lte=last, last_day__gte=first):
        for date in span(max(term.first_day, first), min(term.last_day, last)):
            taught[date].add(term.school_id)
    holidays = set(england_bank_holidays(first.year, last.year))
    known = set(Term.objects.filter(school__in=schools).values_list("school_id", flat=True)) if schools else set()
    return {date: words_of(date, kinds[date], known - taught[date], len(schools), holidays) for date in span(first, last)}


def chosen_schools(filters: CalendarFilters) -> list[uuid.UUID]:
    """The schools that the page is about."""
    if filters.is_valid() and filters.value("site"):
        return [filters.value("site").school_id]
    if filters.is_valid() and filters.value("school"):
        return [filters.value("school").pk]
    return list(School.objects.visible_to(filters.person).order_by("name").values_list("pk", flat=True))


def span(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from `first` to `last`."""
    return [first + number * DAY for number in range((last - first).days + 1)]


def words_of(date: dt.date, kinds: Counter[str], away: set[Any], schools: int, holidays: set[dt.date]) -> list[str]:
    """What to say of a day, with how many schools it is true of when it is not all of them."""
    if date in holidays:
        return ["Bank holiday"]
    if away and date.weekday() < 5:
        kinds = Counter({**kinds, "School holiday": len(away)})
    return [kind if number >= schools else f"{kind}, {number} of {schools} schools" for kind, number in sorted(kinds.items())]
