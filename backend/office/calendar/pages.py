"""The calendar: month, week and list of what is owed and what is booked."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.checks.models import Plan
from backend.checks.queries.booked import counting_from, with_checks
from backend.core.days import today
from backend.core.templatetags.words import counted
from backend.office.calendar import days
from backend.office.calendar.filters import CalendarFilters
from backend.office.calendar.permitted import books
from backend.office.queries.standing import plans_with_place
from backend.office.views.gate import estate
from backend.office.views.lists import page_of
from backend.trust.models import Person

LIST_DAYS = dt.timedelta(days=28)
MOST_LISTED = 200


@require_safe
@estate
def calendar(request: HttpRequest, person: Person) -> HttpResponse:
    """What is owed and booked, on a month's days, a week's, or as a list."""
    filters = CalendarFilters(request.GET, person=person)
    said: dict[str, Any] = {"filters": filters, "books": books(person), "now": today(), "view": filters.chosen_view}
    if not filters.wrong:
        make = {"month": month, "week": week, "list": listed}[filters.chosen_view]
        said |= make(request, filters)
    return render(request, "office/calendar/calendar.html", said, status=filters.http_status)


def month(_request: HttpRequest, filters: CalendarFilters) -> dict[str, Any]:
    """Weeks of days, with the days of the months beside."""
    first, last = days.month_span(filters.day)
    found = days.days_of(filters, first, last)
    for each in found:
        each.within = each.date.month == filters.day.month
    begins = filters.day.replace(day=1)
    inside = [each for each in found if each.within]
    return {
        "weeks": [found[start : start + 7] for start in range(0, len(found), 7)],
        "title": f"{begins:%B %Y}",
        "before": (begins - days.DAY).replace(day=1),
        "after": (begins + 31 * days.DAY).replace(day=1),
        "answer": answer(inside, f"{begins:%B %Y}"),
    }


def week(_request: HttpRequest, filters: CalendarFilters) -> dict[str, Any]:
    """A row for each check and booking, with its days marked: from when work counts, by when it is owed, when it is booked."""
    first, last = days.week_span(filters.day)
    found = days.days_of(filters, first, last, shows=days.A_WEEK_SHOWS)
    dates = [each.date for each in found]
    owed = [plan for each in found for plan in each.owed]
    counts = counting_from(owed, today())
    plans = [(plan, [(date, mark_of(plan, counts[plan.pk], date)) for date in dates]) for plan in owed]
    bookings = [(booking, [date == booking.day for date in dates]) for each in found for booking in each.booked]
    title = f"the week of {first.day} {first:%B}"
    return {
        "days": found,
        "plan_rows": plans,
        "booking_rows": bookings,
        "unshown": sum(each.more for each in found),
        "title": title[0].upper() + title[1:],
        "before": first - 7 * days.DAY,
        "after": first + 7 * days.DAY,
        "answer": answer(found, title),
    }


def mark_of(plan: Plan, counts_from: dt.date | None, date: dt.date) -> str:
    """How a day stands to what is owed: "due", "open" while work counts and it is not late, or ""."""
    if date == plan.due_on:
        return "due"
    late = plan.overdue_from is not None and date >= plan.overdue_from
    return "open" if (counts_from is None or counts_from <= date) and not late else ""


def listed(request: HttpRequest, filters: CalendarFilters) -> dict[str, Any]:
    """What is owed up to four weeks ahead, and not booked, to be chosen from; and what is booked in that time."""
    until = filters.day + LIST_DAYS
    owed = plans_with_place(filters.rows().filter(due_on__lte=until))
    bookings = with_checks(filters.booked().filter(day__range=(filters.day, until))[:MOST_LISTED])
    page = page_of(request, owed)
    counts = counting_from(list(page.object_list), today())
    for plan in page.object_list:
        plan.counts_from = counts[plan.pk]
    said = f"{counted(page.paginator.count, 'check')} to book by {until:%-d %B}, {counted(len(bookings), 'booking')}."
    return {
        "page": page,
        "bookings": bookings,
        "until": until,
        "title": "List",
        "before": filters.day - LIST_DAYS,
        "after": until,
        "answer": said,
    }


def booking_late(booking: Any) -> bool:
    """Whether a check of it that is not done comes later than its clock allows."""
    return any(line.late and not line.done for line in booking.lines)


def answer(found: list[days.Day], span: str) -> str:
    """The page in one sentence."""
    owed, booked = sum(each.number for each in found), sum(len(each.booked) for each in found)
    late = sum(booking_late(booking) for each in found for booking in each.booked)
    said = f"In {span}: {counted(owed, 'check')} owed and not booked, {counted(booked, 'booking')}"
    said = f"{said}, {late} of them too late." if late else f"{said}."
    # each plan knows its next date; what hangs on work still to come is worked out for a school, in the year ahead
    ahead = found and found[0].date > today()
    return f"{said} Only the next time of each check is counted here." if ahead else said
