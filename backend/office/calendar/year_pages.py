"""The year ahead: each week's work against the hours there are, and moves that even it out."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from backend.checks.actions.lengths import say_minutes
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.templatetags.words import counted, day
from backend.hr.absences import absence_managed
from backend.hr.actions import set_working_week
from backend.office.calendar.booking_forms import keys
from backend.office.calendar.moving import accept_moves, require_any
from backend.office.calendar.permitted import books_at
from backend.office.calendar.year import Unknown, Year, hanging, uncovered, year_of
from backend.office.views.gate import estate
from backend.rules import load
from backend.trust import permits
from backend.trust.models import Person, School, Site
from backend.trust.queries import colleagues
from backend.trust.scope import may

Typed = Mapping[str, str]
CHART: Final = (720, 160)
"""The chart's width and height, in its own units."""


def chosen_school(request: HttpRequest, person: Person) -> tuple[School | None, list[School]]:
    """The school asked for (the first unless said), and those to choose from. Raises NotFound for a stranger's."""
    schools = list(School.objects.visible_to(person).order_by("name", "pk"))
    wanted = keys(request.POST if request.method == "POST" else request.GET, "school")[:1]
    if not wanted:
        return (schools[0] if schools else None), schools
    found = next((each for each in schools if each.pk == wanted[0]), None)
    if found is None:
        raise NotFound("That school")
    return found, schools


@require_safe
@estate
def year(request: HttpRequest, person: Person) -> HttpResponse:
    """Twelve months of one school."""
    school, _ = chosen_school(request, person)
    if school is None:
        return render(request, "office/calendar/year.html", {"schools": [], "answer": "There is no school yet."})
    return shown(request, person, school)


def shown(request: HttpRequest, person: Person, school: School, *, wrong: str = "", typed: Typed | None = None) -> HttpResponse:
    """The page of a school's year. `typed`: minutes by check that were not kept, because of what is `wrong`."""
    found = year_of(school, person, today())
    weeks, moves = found.weeks, found.moves()
    after = {week.monday: week for week in load.weeks(load.moved(found.jobs, moves), found.there)}
    left, nobodys = uncovered(found)
    unknown = found.unknown()
    said = {
        "school": school,
        "schools": list(School.objects.visible_to(person).order_by("name", "pk")),
        "year": found,
        "answer": answer(found, weeks),
        "weeks": [(week, after[week.monday]) for week in weeks],
        "bars": bars(weeks),
        "moves": [(move, found.plan_of(move.job)) for move in moves],
        "still_over": sum(1 for week in after.values() if week.over),
        "hangs": hanging(found),
        "uncovered": left,
        "nobodys": nobodys,
        "people": hours_of(found, person),
        "may_book": any(books_at(person, site) for site in Site.objects.visible_to(person).filter(school=school)),
        "firm_visits": len(found.visits),
        "unknown": sum(each.times for each in unknown),
        "unsaid": [(each, (typed or {}).get(each.check_type.code, "")) for each in unknown],
        "may_say": all(may(person, permits.PLAN_CHANGE, site) for site in sites_of(unknown)),
        "wrong": wrong,
    }
    return render(request, "office/calendar/year.html", said, status=422 if wrong else 200)


def sites_of(unknown: Sequence[Unknown]) -> list[Site]:
    """The sites of these checks, each once."""
    return list({plan.site_id: plan.site for each in unknown for plan in each.plans}.values())


def hours_of(found: Year, person: Person) -> list[dict[str, Any]]:
    """Each one's hours a week for checks as text, "" when not known; and whether the reader may say them."""
    managed = set(absence_managed(person).filter(pk__in=[each.pk for each in found.people]).values_list("pk", flat=True))
    return [
        {
            "who": each,
            "hours": f"{found.minutes[each.pk] / 60:g}" if found.minutes[each.pk] else "",
            "in_holidays": each.pk not in found.not_in_holidays,
            "managed": each.pk in managed,
        }
        for each in found.people
    ]


def answer(found: Year, weeks: list[load.Week]) -> str:
    """The year in one sentence; honest about checks of which nobody has said how long they take."""
    total, unsure = sum(week.minutes for week in weeks), any(week.unknown for week in weeks)
    said = f"{found.school.name}: {'at least ' if unsure else ''}{total // 60:,} hours of checks in twelve months."
    if not found.known:
        return f"{said} Nobody's hours are known, so nobody can say whether that fits."
    over = [week for week in weeks if week.over]
    if not over:
        return f"{said} Every week fits into the hours there are{', as far as is known' if unsure else ''}."
    worst = max(over, key=lambda week: week.over)
    return f"{said} {counted(len(over), 'week')} hold more than there are hours for; the worst is that of {day(worst.monday)}."


def bars(weeks: list[load.Week]) -> dict[str, Any]:
    """The chart: a bar for each week and a mark for the hours there are, in the chart's own units."""
    width, height = CHART
    top = max([1, *(week.minutes for week in weeks), *(week.there or 0 for week in weeks)])
    step = width / max(1, len(weeks))
    drawn = []
    for number, week in enumerate(weeks):
        tall = round(height * week.minutes / top, 1)
        line = None if week.there is None else round(height - height * week.there / top, 1)
        x = round(number * step, 1)
        drawn.append({"week": week, "x": x, "y": round(height - tall, 1), "tall": tall, "line": line, "wide": round(step - 2, 1)})
    return {"width": width, "height": height, "drawn": drawn, "most": max((week.minutes for week in weeks), default=0)}


@require_safe
@estate
def week(request: HttpRequest, person: Person) -> HttpResponse:
    """The checks of one week of the year."""
    school, _ = chosen_school(request, person)
    monday = a_day(request.GET.get("monday", ""))
    if school is None:
        raise NotFound("That school")
    found = year_of(school, person, today())
    own, firms = found.in_week(load.monday_of(monday))
    said = {
        "school": school,
        "monday": load.monday_of(monday),
        "week": next((each for each in found.weeks if each.monday == load.monday_of(monday)), None),
        "own": [(job, found.plan_of(job)) for job in own],
        "firms": [(job, found.plan_of(job)) for job in firms],
    }
    return render(request, "office/calendar/year_week.html", said)


def a_day(text: str) -> dt.date:
    """A date sent. Raises Problem for what is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as wrong:
        raise Problem("day", "That is no date. Go back and choose a week.") from wrong


@require_POST
@estate
def accept(request: HttpRequest, person: Person) -> HttpResponse:
    """Book the moves that were chosen, or all of them: those that still stand as they were shown."""
    school, _ = chosen_school(request, person)
    if school is None:
        raise NotFound("That school")
    made = accept_moves(year_of(school, person, today()), set(request.POST.getlist("move")), person=person, today=today())
    if not made:
        messages.warning(request, "Nothing was moved: choose at least one move, or look again, for the year has changed.")
    if made:
        messages.success(request, f"{counted(made, 'check')} moved and booked.")
    return HttpResponseRedirect(f"/calendar/year/?school={school.pk}")


@require_POST
@estate
def minutes(request: HttpRequest, person: Person) -> HttpResponse:
    """Say how long checks take at a school, for those of which nobody has: `minutes-<check>`, empty for not known yet."""
    school, _ = chosen_school(request, person)
    if school is None:
        raise NotFound("That school")
    unknown = {each.check_type.code: each for each in year_of(school, person, today()).unknown()}
    typed = {code: text for code in unknown if (text := request.POST.get(f"minutes-{code}", "").strip())}
    if not typed:
        require_any(person, school, permits.PLAN_CHANGE)
        messages.warning(request, "Nothing was kept: write the minutes of at least one kind of check.")
        return HttpResponseRedirect(f"/calendar/year/?school={school.pk}#lengths")
    try:
        with transaction.atomic():
            for code, text in typed.items():
                say_minutes(unknown[code].plans, minutes=whole(text), person=person)
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return shown(request, person, school, wrong=problem.detail, typed=typed)
    messages.success(request, f"Kept for {counted(len(typed), 'kind')} of check.")
    return HttpResponseRedirect(f"/calendar/year/?school={school.pk}")


def whole(text: str) -> int:
    """A whole number that was typed. Raises Problem for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Problem("minutes", "Write the minutes as a whole number, such as 15.")
    return int(text)


@require_POST
@estate
def hours(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Say how many hours a week somebody has for checks."""
    who = colleagues(person).filter(pk=id).first() or absence_managed(person).filter(pk=id).first()
    if who is None:
        raise NotFound("That person")
    school = request.POST.get("school", "")
    try:
        typed = round(float(request.POST.get("hours", "") or 0) * 60)
        set_working_week(person=who, minutes=typed, in_holidays=bool(request.POST.get("in_holidays")), actor=person)
    except (ValueError, OverflowError):
        messages.warning(request, "Write the hours as a number, such as 12 or 7.5.")
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        messages.warning(request, problem.detail)
    else:
        said = f"{typed / 60:g} hours a week for checks" if typed else "not known how many hours a week there are for checks"
        messages.success(request, f"{who.name}: {said}.")
    return HttpResponseRedirect(f"/calendar/year/?school={uuid.UUID(school)}#hours" if is_id(school) else "/calendar/year/#hours")


def is_id(text: str) -> bool:
    """Whether a text is an id."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
