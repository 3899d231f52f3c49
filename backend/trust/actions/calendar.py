"""Setting a school's calendar."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db import transaction

from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.actions.acting import Actor, fact, gone, require_school
from backend.trust.models import CalendarMark, School, Term


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A term, first to last day."""

    name: str
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class NewMark:
    """Days that differ; `kind` is one of CalendarMark.Kind."""

    kind: str
    first_day: dt.date
    last_day: dt.date
    note: str = ""


@transaction.atomic
def set_calendar(*, school: School, terms: Sequence[NewTerm], marks: Sequence[NewMark], actor: Actor) -> None:
    """Replace a school's calendar. Raises Problem for spans that end before they begin and terms that overlap.

    Due dates follow through checks.actions.reckon_school, which the caller calls next.
    """
    require_school(actor, permits.SITE_CHANGE, school, "change the calendar")
    spans: list[NewTerm | NewMark] = [*terms, *marks]
    for span in spans:
        if span.last_day < span.first_day:
            raise Problem("dates", f"{span.first_day:%-d %b %Y} to {span.last_day:%-d %b %Y} ends before it begins.")
    for earlier, later in pairwise(sorted(terms, key=lambda term: term.first_day)):
        if later.first_day <= earlier.last_day:
            raise Problem("dates", f"{later.name} begins before {earlier.name} ends ({earlier.last_day:%-d %b %Y}).")
    unknown = {mark.kind for mark in marks} - set(CalendarMark.Kind.values)
    if unknown:
        raise Problem("kind", f"Not a kind of day: {', '.join(sorted(unknown))}.")
    before: list[Term | CalendarMark] = [*school.terms.all(), *school.calendar_marks.all()]
    facts = [gone(each, actor) for each in before]
    school.terms.all().delete()
    school.calendar_marks.all().delete()
    made: list[Term | CalendarMark] = [
        *Term.objects.bulk_create(
            [Term(school=school, name=each.name, first_day=each.first_day, last_day=each.last_day) for each in terms]
        )
    ]
    made += CalendarMark.objects.bulk_create(
        [
            CalendarMark(school=school, kind=each.kind, first_day=each.first_day, last_day=each.last_day, note=each.note)
            for each in marks
        ]
    )
    audit.append([*facts, *(fact("calendar", each, actor) for each in made)])
