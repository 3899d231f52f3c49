"""What is read of the trust: school calendars as the rules want them."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from backend.core.days import today
from backend.rules.days import SchoolDays, england_bank_holidays
from backend.trust import permits
from backend.trust.models import Appointment, CalendarMark, Person, School, Site, Term
from backend.trust.scope import Appointed, reach


def calendars(school_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, SchoolDays]:
    """The calendar of each school: its terms and marks, with England's bank holidays. Two queries, however many schools."""
    wanted = set(school_ids)
    year = today().year
    holidays = england_bank_holidays(year - 8, year + 3)
    terms: dict[uuid.UUID, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    marks: dict[tuple[uuid.UUID, str], list[tuple[dt.date, dt.date]]] = defaultdict(list)
    for term in Term.objects.filter(school_id__in=wanted):
        terms[term.school_id].append((term.first_day, term.last_day))
    for mark in CalendarMark.objects.filter(school_id__in=wanted):
        marks[mark.school_id, mark.kind].append((mark.first_day, mark.last_day))
    kinds = CalendarMark.Kind
    return {
        school: SchoolDays(
            terms=tuple(terms[school]),
            half_terms=tuple(marks[school, kinds.HALF_TERM]),
            inset=tuple(marks[school, kinds.INSET]),
            closures=tuple(marks[school, kinds.CLOSURE]),
            bank_holidays=tuple((day, day) for day in holidays),
            occupied=tuple(marks[school, kinds.OCCUPIED]),
        )
        for school in wanted
    }


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
