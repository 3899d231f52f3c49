"""What is read of the trust: school calendars as the rules want them."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from django.db.models import Q, QuerySet

from backend.core.days import today
from backend.core.reading import answered, listed
from backend.rules.days import SchoolDays, england_bank_holidays
from backend.trust import permits
from backend.trust.models import Appointment, CalendarMark, Person, School, Site
from backend.trust.scope import Appointed, reach

MARKS: Final = CalendarMark.Kind
SAID: Final = ("term", MARKS.HALF_TERM.value, MARKS.INSET.value, MARKS.CLOSURE.value, MARKS.OCCUPIED.value)
SPANS: Final = (
    "SELECT school_id, 'term', first_day, last_day FROM \"trust_term\" WHERE school_id = ANY(%s::uuid[])"
    ' UNION ALL SELECT school_id, kind, first_day, last_day FROM "trust_calendarmark" WHERE school_id = ANY(%s::uuid[])'
    " ORDER BY 3, 4"
)


def calendars(school_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, SchoolDays]:
    """The calendar of each school: its terms and marks, with England's bank holidays. One query, however many schools."""
    wanted = set(school_ids)
    spans: dict[tuple[uuid.UUID, str], list[tuple[dt.date, dt.date]]] = defaultdict(list)
    for school, kind, first_day, last_day in answered(SPANS, [listed(wanted)] * 2) if wanted else ():
        spans[school, kind].append((first_day, last_day))
    return {school: calendar(today().year, *(tuple(spans[school, kind]) for kind in SAID)) for school in wanted}


@lru_cache(maxsize=256)
def calendar(year: int, *said: tuple[tuple[dt.date, dt.date], ...]) -> SchoolDays:
    """The calendar that says this (spans in the order of SAID): the same object as long as nobody changes it.

    The engine remembers by the calendar what it has worked out, and one object is found sooner than an equal one.
    """
    terms, half_terms, inset, closures, occupied = said
    holidays = tuple((day, day) for day in england_bank_holidays(year - 8, year + 3))
    return SchoolDays(terms, half_terms, inset, closures, holidays, occupied)


def appointments_managed(person: Appointed) -> QuerySet[Appointment]:
    """The appointments that `person` looks after: all, or those at their schools and sites; what others hold stays unseen."""
    held = reach(person, permits.PEOPLE_MANAGE)
    if held.everywhere:
        return Appointment.objects.all()
    if held.nowhere():
        return Appointment.objects.none()
    return Appointment.objects.filter(Q(school__in=held.schools) | Q(site__in=held.sites) | Q(site__school__in=held.schools))


def people_managed(person: Appointed) -> QuerySet[Person]:
    """The people whose accounts `person` looks after: everybody, or those who have or had a role at their schools."""
    if reach(person, permits.PEOPLE_MANAGE).everywhere:
        return Person.objects.order_by("name", "id")
    return Person.objects.filter(pk__in=appointments_managed(person).values("person")).order_by("name", "id")


def colleagues(person: Appointed) -> QuerySet[Person]:
    """The people whose names `person` may know: those with a role in force somewhere that `person` sees the estate.

    Who is appointed to the whole trust is everybody's colleague; who is appointed to a school, or to one of its sites, is
    the colleague of all who see any of that school's sites.
    """
    held = reach(person, permits.ESTATE_VIEW)
    if held.nowhere():
        return Person.objects.none()
    appointed = Appointment.objects.in_force(today())
    if not held.everywhere:
        schools = School.objects.visible_to(person).values("pk")
        sites = Site.objects.visible_to(person).values("pk")
        appointed = appointed.filter(Q(school=None, site=None) | Q(school__in=schools) | Q(site__in=sites))
    return Person.objects.filter(is_active=True, pk__in=appointed.values("person"))
