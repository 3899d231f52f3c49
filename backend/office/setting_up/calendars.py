"""A school's year: the picture of it, and the form that sets it."""

import calendar
import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backend.checks.actions import reckon_school
from backend.core.days import today
from backend.core.problems import Problem
from backend.office.setting_up.forms import TERM, SpanSet
from backend.office.setting_up.gate import school_of, sets_up
from backend.rules.days import england_bank_holidays
from backend.trust import permits
from backend.trust.actions import NewMark, NewTerm, require_school, set_calendar
from backend.trust.models import CalendarMark, Person, School
from backend.trust.scope import reach

FIRST_MONTH: Final = 8  # an academic year is shown from August to July
SPAN: Final = 24  # of the picture: a day's width


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the picture: where it stands, what it is ("", "term", "half-term" …), and its words."""

    x: int
    kind: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class Month:
    """A row of the picture."""

    name: str
    y: int
    days: list[Day]


def academic_year(request: HttpRequest) -> int:
    """The year in which the academic year asked for begins; this one unless said."""
    now = today()
    this = now.year if now.month >= FIRST_MONTH else now.year - 1
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdigit() and 2000 <= int(asked) <= 2099 else this


def bounds(year: int) -> tuple[dt.date, dt.date]:
    """The first and last day of an academic year."""
    return dt.date(year, FIRST_MONTH, 1), dt.date(year + 1, FIRST_MONTH - 1, 31)


def within(first: dt.date, last: dt.date, year: int) -> bool:
    """Whether a span begins in the academic year."""
    begins, ends = bounds(year)
    return begins <= first <= ends and last >= begins


def spans_of(school: School) -> list[tuple[str, str, dt.date, dt.date]]:
    """Everything in a school's calendar, in order: (kind, name, first day, last day)."""
    found = [(TERM, each.name, each.first_day, each.last_day) for each in school.terms.all()]
    found += [(each.kind, each.note, each.first_day, each.last_day) for each in school.calendar_marks.all()]
    return sorted(found, key=lambda each: (each[2], each[0] != TERM))


def picture(school: School, year: int) -> list[Month]:
    """The academic year, month by month, each day by what it is."""
    names = {TERM: "term", **{key: str(label) for key, label in CalendarMark.Kind.choices}}
    kinds: dict[dt.date, str] = {}
    begins, ends = bounds(year)
    for kind, _, first, last in sorted(spans_of(school), key=lambda each: each[0] != TERM):
        day = max(first, begins)
        while day <= min(last, ends):
            kinds[day] = kind
            day += dt.timedelta(days=1)
    holidays = set(england_bank_holidays(year, year + 1))
    months = []
    for row in range(12):
        number = (FIRST_MONTH - 1 + row) % 12 + 1
        of_year = year if number >= FIRST_MONTH else year + 1
        days = []
        for each in range(1, calendar.monthrange(of_year, number)[1] + 1):
            day = dt.date(of_year, number, each)
            kind = "bank" if day in holidays else "weekend" if day.weekday() > 4 else kinds.get(day, "")
            words = "bank holiday" if kind == "bank" else names.get(kind, "weekend" if kind else "holiday")
            days.append(Day(60 + (each - 1) * SPAN, kind or "none", f"{day:%a} {day.day} {day:%b}: {words}", each))
        months.append(Month(f"{calendar.month_abbr[number]} {of_year % 100:02}", 24 + row * 26, days))
    return months


@require_http_methods(["GET", "HEAD", "POST"])
@sets_up
def school_calendar(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """A school's academic year: seen by who sees the school, set by who changes its places."""
    school = school_of(person, id)
    year = academic_year(request)
    held = reach(person, permits.SITE_CHANGE)
    may_change = held.everywhere or school.pk in held.schools
    now = [each for each in spans_of(school) if within(each[2], each[3], year)]
    initial = [{"kind": kind, "name": name, "first_day": first, "last_day": last} for kind, name, first, last in now]
    wrong = ""
    if request.method == "POST":
        require_school(person, permits.SITE_CHANGE, school, "change the calendar")
        if other := request.POST.get("copy"):
            return copied(request, person, school, other, year)
    forms = SpanSet(request.POST or None, initial=initial, prefix="span")
    if request.method == "POST" and forms.is_valid():
        try:
            keep(person, school, year, rows_of(forms))
        except Problem as problem:
            wrong = problem.detail
        else:
            messages.success(request, "Saved. The checks that follow the school's year are reckoned by it.")
            return HttpResponseRedirect(f"/schools/{school.pk}/calendar/?year={year}")
    others = School.objects.visible_to(person).filter(terms__first_day__range=bounds(year)).exclude(pk=school.pk).distinct()
    said = {
        "school": school, "year": year, "forms": forms, "months": picture(school, year), "spans": now, "wrong": wrong,
        "terms": sum(1 for each in now if each[0] == TERM), "may_change": may_change, "others": others.order_by("name")[:100],
        "legend": [(TERM, "Term"), *CalendarMark.Kind.choices, ("bank", "Bank holiday")],
    }  # fmt: skip
    return render(
        request,
        "office/setting_up/calendar.html",
        said,
        status=422 if wrong or (forms.is_bound and forms.total_error_count()) else 200,
    )


def rows_of(forms: Any) -> list[tuple[str, str, dt.date, dt.date]]:
    """The rows that were filled in."""
    found = []
    for form in forms:
        said: dict[str, Any] = form.cleaned_data
        if said.get("first_day") and said.get("last_day"):
            found.append((said.get("kind") or TERM, said.get("name", ""), said["first_day"], said["last_day"]))
    return found


def keep(person: Person, school: School, year: int, rows: list[tuple[str, str, dt.date, dt.date]]) -> None:
    """Set one academic year; the others stay. The school's plans are reckoned anew. Raises Problem."""
    begins, ends = bounds(year)
    for kind, name, first, _last in rows:
        if not begins <= first <= ends:
            what = name or ("A term" if kind == TERM else "Something")
            raise Problem(
                "dates", f"{what} begins on {first:%-d %b %Y}, which is in another academic year. Choose that year above."
            )
    kept = [each for each in spans_of(school) if not within(each[2], each[3], year)]
    everything = [*kept, *rows]
    terms = [NewTerm(name or "Term", first, last) for kind, name, first, last in everything if kind == TERM]
    marks = [NewMark(kind, first, last, name) for kind, name, first, last in everything if kind != TERM]
    set_calendar(school=school, terms=terms, marks=marks, actor=person)
    reckon_school(school.pk, today=today())


def copied(request: HttpRequest, person: Person, school: School, other: str, year: int) -> HttpResponse:
    """Take the year of another school over."""
    try:
        found = school_of(person, uuid.UUID(other))
    except ValueError:
        raise Problem("school", "Choose a school to take the dates of.", fields={"copy": "Choose a school."}) from None
    keep(person, school, year, [each for each in spans_of(found) if within(each[2], each[3], year)])
    messages.success(request, f"Taken over from {found}.")
    return HttpResponseRedirect(f"/schools/{school.pk}/calendar/?year={year}")
