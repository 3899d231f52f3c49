"""What is read of the trust: school calendars as the rules want them."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable

from backend.core.days import today
from backend.rules.days import SchoolDays, england_bank_holidays
from backend.trust.models import CalendarMark, Term


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
