"""Booking checks, moving and cancelling: always with what would be wrong about it before anything is kept."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.checks.actions.bookings import (
    NewBooking,
    Preview,
    as_asked,
    book,
    cancel_booking,
    move_booking,
    open_lines,
    preview,
    require_booking,
)
from backend.checks.models import BookedCheck, Booking, Plan
from backend.checks.queries.booked import away, away_on, with_checks
from backend.core.days import today
from backend.core.problems import Forbidden, Problem
from backend.core.templatetags.words import counted, day
from backend.office.calendar.booking_forms import BookingForm, chosen_plans, dates_sent, keys
from backend.office.calendar.permitted import books, books_at
from backend.office.views.forms_said import put_on
from backend.office.views.gate import estate
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may, require

Visits = list[tuple[NewBooking, Preview]]


def back_of(request: HttpRequest) -> str:
    """The page of ours to go back to."""
    asked = request.POST.get("back") or request.GET.get("back") or ""
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/calendar/")
    return asked if ours else "/calendar/"


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def book_page(request: HttpRequest, person: Person) -> HttpResponse:
    """Book one check or many: one visit for each site. Warnings are shown once, then it is booked all the same."""
    sent = request.POST if request.method == "POST" else request.GET
    plans = chosen_plans(person, keys(sent, "plan"))
    for plan in {plan.site_id: plan for plan in plans}.values():
        if not books_at(person, plan.site):
            require(person, permits.PLAN_CHANGE, plan.site, "book checks")
    if not plans and not books(person):
        raise Forbidden("Your role does not let you book checks. Ask your site manager.")
    given = {"day": request.GET.get("day", ""), "person": request.GET.get("person", "")}
    form = BookingForm(request.POST if request.method == "POST" else None, asker=person, initial=given)
    visits: Visits = []
    if plans and (request.method == "POST" or given["day"]):
        visits, done = attempt(request, person, plans, form)
        if done is not None:
            return done
    chosen = [(plan, sent.get(f"owed-{plan.pk}", "")) for plan in plans]
    said = {"form": form, "plans": chosen, "visits": visits, "back": back_of(request), "sign": sign(visits), **counts(visits),
            "refused": any(found.refused for _, found in visits)}  # fmt: skip
    return render(request, "office/calendar/book.html", said, status=422 if form.errors else 200)


def attempt(request: HttpRequest, person: Person, plans: Sequence[Plan], form: BookingForm) -> tuple[Visits, HttpResponse | None]:
    """Look what booking would do; book when it was asked for and nothing stands in the way that was not shown."""
    posted = request.method == "POST"
    if not posted:  # what a link says beforehand, looked at as if it had been typed
        looked = BookingForm({**request.GET.dict(), "part": Booking.Part.DAY}, asker=person)
        if not looked.is_valid():
            return [], None
        if not all(may(person, permits.PLAN_CHANGE, plan.site) for plan in plans):
            return [], None  # who books firms only has to choose one first
        return visits_of(person, plans, looked.typed, dates_sent(request.GET, plans)), None
    if not form.is_valid():
        return [], None
    try:
        visits = visits_of(person, plans, form.typed, dates_sent(request.POST, plans))
        warned = any(found.warned for _, found in visits)
        shown = request.POST.get("shown") == sign(visits)
        if any(found.refused for _, found in visits):
            say_refused(form, visits)
            return visits, None
        if request.POST.get("act") != "book" or (warned and not shown):
            return visits, None
        with transaction.atomic():
            made = [book(new, actor=person, today=today()) for new, _ in visits]
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        put_on(form, problem)
        return [], None
    messages.success(request, said_booked(made, len(plans)))
    return visits, HttpResponseRedirect(back_of(request))


def say_refused(form: BookingForm, visits: Visits) -> None:
    """Put on the form what stands in the way: at the reason that is missing, or above."""
    needs = any(found.needs_reason and not found.late_reason.strip() for _, found in visits)
    if needs:
        form.add_error("late_reason", "The law wants some of this earlier. Choose an earlier day, or say why none can be had.")
    others = {each.words for _, found in visits for each in found.refused if each.weight != "needs-reason"}
    for words in sorted(others):
        form.add_error(None, words)


def visits_of(person: Person, plans: Sequence[Plan], typed: dict[str, Any], owed_on: dict[uuid.UUID, dt.date]) -> Visits:
    """A visit for each site, with what booking it would do."""
    found: Visits = []
    for _, group in groupby(plans, key=lambda plan: plan.site_id):
        theirs = list(group)
        dates = {plan.pk: owed_on[plan.pk] for plan in theirs if plan.pk in owed_on}
        new = NewBooking(site=theirs[0].site, plans=theirs, owed_on=dates, **typed)
        found.append((new, preview(new, actor=person, today=today())))
    return found


def sign(visits: Visits) -> str:
    """What was shown, as a short mark: warnings that were read once need no second look."""
    said = [(new.day, each.words) for new, found in visits for each in found.every]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16] if said else ""


def counts(visits: Visits) -> dict[str, int]:
    """How many checks, and how many of them would be late."""
    lines = [line for _, found in visits for line in found.lines]
    return {"number": len(lines), "late": sum(1 for line in lines if line.late)}


def said_booked(made: Sequence[Booking], checks: int) -> str:
    """What was done, in words."""
    first = made[0]
    who = f", {first.who}" if first.who else ""
    visits = f" in {counted(len(made), 'visit')}" if len(made) > 1 else ""
    return f"Booked for {day(first.day)}{who}: {counted(checks, 'check')}{visits}."


@require_POST
@estate
def drop(request: HttpRequest, person: Person) -> HttpResponse:
    """A check or a booking was put on a day, by hand or by keys: done at once when there is nothing to say about it."""
    try:
        on = dt.date.fromisoformat(request.POST.get("day", ""))
    except ValueError as wrong:
        raise Problem("day", "That is no day of the calendar. Reload the page and try again.") from wrong
    back = back_of(request)
    if booked := keys(request.POST, "booking"):
        booking = found_booking(person, booked[0])
        require_booking(person, booking.site, booking.contractor)
        looked = preview(as_asked(booking, open_lines(booking), day=on), actor=person, today=today(), besides=booking.pk)
        if looked.every:
            return HttpResponseRedirect(f"/calendar/bookings/{booking.pk}/?{urlencode({'day': on, 'back': back})}")
        move_booking(booking, actor=person, today=today(), day=on)
        messages.success(request, f"Moved to {day(on)}.")
        return HttpResponseRedirect(f"{back}#b-{booking.pk}")
    plans = chosen_plans(person, keys(request.POST, "plan"))
    visits = visits_of(person, plans, {"day": on}, {})
    if not plans or any(found.every for _, found in visits):
        chosen = [("plan", plan.pk) for plan in plans]
        return HttpResponseRedirect(f"/calendar/book/?{urlencode([*chosen, ('day', on), ('back', back)])}")
    made = [book(new, actor=person, today=today()) for new, _ in visits]
    messages.success(request, said_booked(made, len(plans)))
    return HttpResponseRedirect(f"{back}#b-{made[0].pk}")  # whoever goes by keys goes on from there


def found_booking(person: Person, id: uuid.UUID) -> Booking:
    """The booking, or NotFound."""
    return Booking.objects.select_related("site__school", "person", "contractor", "made_by").get_visible(person, pk=id)


@require_safe
@estate
def booking_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One booking: what, when, who; to be moved or cancelled."""
    return shown(request, person, found_booking(person, id))


def shown(
    request: HttpRequest, person: Person, booking: Booking, form: BookingForm | None = None, typed: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of a booking, with what was typed and is wrong."""
    booking = with_checks(Booking.objects.filter(pk=booking.pk))[0]
    if booking.cancelled_at:  # what it held when it was cancelled
        held = BookedCheck.objects.filter(booking=booking, dropped_at__gte=booking.cancelled_at).with_done()
        booking.lines = list(held.select_related("plan__check_type", "plan__building", "plan__asset").order_by("owed_on", "pk"))
    gone = away_on(
        away([booking.person_id] if booking.person_id else [], booking.day, booking.day), booking.person_id, booking.day
    )
    looked: Preview | None = None
    initial = {
        name: getattr(booking, name) for name in ("day", "part", "starts_at", "person", "contractor", "note", "late_reason")
    }
    open_now = may_change(person, booking)
    if open_now and form is None and (asked := request.GET.get("day")):
        initial["day"] = asked
        looked = looked_at(person, booking, asked)
    form = form or BookingForm(asker=person, initial=initial)
    said = {
        "booking": booking, "form": form, "may_change": open_now, "away": gone, "looked": looked, "back": back_of(request),
        "instead": gone.instead(site_id=booking.site_id) if gone else None, **(typed or {}),
    }  # fmt: skip
    return render(request, "office/calendar/booking.html", said, status=422 if form.errors or (typed or {}).get("wrong") else 200)


def may_change(person: Person, booking: Booking) -> bool:
    """Whether they may still change it."""
    allowed = may(person, permits.PLAN_CHANGE, booking.site)
    allowed = allowed or (booking.contractor_id is not None and may(person, permits.CONTRACTOR_MANAGE, booking.site))
    return allowed and booking.cancelled_at is None and not booking.done


def looked_at(person: Person, booking: Booking, asked: str) -> Preview | None:
    """What moving it to a day would do; None when that is no day."""
    try:
        on = dt.date.fromisoformat(asked)
    except ValueError:
        return None
    return preview(as_asked(booking, open_lines(booking), day=on), actor=person, today=today(), besides=booking.pk)


@require_POST
@estate
def move(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Change the day, the person, the firm or the note. What there is to warn of is shown once, before anything is kept."""
    booking = found_booking(person, id)
    require_booking(person, booking.site, booking.contractor)
    form, looked, mark = BookingForm(request.POST, asker=person), None, ""
    if form.is_valid():
        try:
            asked, looked = looked_before(person, booking, form)
            mark = sign([(asked, looked)]) if asked and looked else ""
            if asked and looked and looked.refused:
                say_refused(form, [(asked, looked)])
            elif looked is None or not looked.every or request.POST.get("shown") == mark:
                moved = move_booking(booking, actor=person, today=today(), **form.typed)
                messages.success(request, f"It is booked for {day(moved.day)} now.")
                return HttpResponseRedirect(f"/calendar/bookings/{id}/")
        except Problem as problem:
            if problem.status in (403, 404):
                raise
            put_on(form, problem)
            looked, mark = None, ""
    return shown(request, person, booking, form, {"looked": looked, "sign": mark})


def looked_before(person: Person, booking: Booking, form: BookingForm) -> tuple[NewBooking | None, Preview | None]:
    """What changing a booking so would do; nothing when neither its day nor who comes changes, or it is over."""
    typed = form.typed
    changes = any(typed[name] != getattr(booking, name) for name in ("day", "person", "contractor"))
    lines = open_lines(booking) if changes and booking.cancelled_at is None else []
    if not lines:
        return None, None
    asked = as_asked(booking, lines, **typed)
    return asked, preview(asked, actor=person, today=today(), besides=booking.pk)


@require_POST
@estate
def cancel(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Cancel it, saying why."""
    booking, reason = found_booking(person, id), request.POST.get("reason", "")
    try:
        cancel_booking(booking, actor=person, reason=reason)
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return shown(request, person, booking, typed={"wrong": problem.detail, "reason": reason})
    messages.success(request, "Cancelled. Its checks can be booked anew.")
    return HttpResponseRedirect(f"/calendar/bookings/{id}/")
