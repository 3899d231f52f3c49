"""Giving several bookings to somebody else: first what would become of each, then all of those that can be given, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from backend.checks.actions.bookings import as_asked, move_booking, open_lines, preview
from backend.checks.models import Booking
from backend.checks.queries.booked import with_checks
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.templatetags.words import counted
from backend.maintenance.models import Contractor
from backend.office.calendar.booking_forms import BookingForm, keys
from backend.office.calendar.booking_pages import back_of
from backend.office.views.gate import estate
from backend.trust.models import Person


@dataclass(frozen=True, slots=True)
class Given:
    """One booking as it would be: what there is to say of it, and why it cannot be given, if so."""

    booking: Booking
    said: tuple[str, ...] = ()
    refused: str = ""


@require_POST
@estate
def reassign(request: HttpRequest, person: Person) -> HttpResponse:
    """Show what giving these bookings to somebody else would do; `sure`: do it, all or none."""
    wanted = keys(request.POST, "booking")
    rows = Booking.objects.visible_to(person).standing().filter(pk__in=wanted)
    bookings = with_checks(rows.order_by("day", "pk"))
    if len(bookings) != len(wanted):
        raise NotFound("One of those bookings")
    if not bookings:
        messages.warning(request, "Nothing was given on: tick at least one booking first.")
        return HttpResponseRedirect(back_of(request))
    form = BookingForm(request.POST, asker=person)
    form.is_valid()
    if "person" in form.errors or "contractor" in form.errors:
        raise NotFound("That person or firm")
    named, firm = form.cleaned_data.get("person"), form.cleaned_data.get("contractor")
    wrong = ""
    if request.POST.get("sure"):
        try:
            with transaction.atomic():
                for booking in bookings:
                    move_booking(booking, actor=person, today=today(), person=named, contractor=firm)
        except Problem as problem:
            if problem.status in (403, 404):
                raise
            wrong = f"Nothing was given on, because one of them cannot be. {problem.detail}"
        else:
            messages.success(request, f"{counted(len(bookings), 'booking')} given to {said_who(named, firm)}.")
            return HttpResponseRedirect(back_of(request))
    return looked(request, [outlook(booking, person, named, firm) for booking in bookings], named, firm, wrong)


def outlook(booking: Booking, person: Person, named: Person | None, firm: Contractor | None) -> Given:
    """What giving one booking to somebody would do."""
    lines = open_lines(booking)
    if not lines:
        return Given(booking, refused="Every check of it is done.")
    try:
        found = preview(as_asked(booking, lines, person=named, contractor=firm), actor=person, today=today(), besides=booking.pk)
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return Given(booking, refused=problem.detail)
    said = tuple(dict.fromkeys(each.words for each in found.every))
    return Given(booking, said, " ".join(dict.fromkeys(each.words for each in found.refused)))


def looked(
    request: HttpRequest, found: Sequence[Given], named: Person | None, firm: Contractor | None, wrong: str
) -> HttpResponse:
    """The page that shows it. Nothing is kept yet."""
    said = {
        "ready": [each for each in found if not each.refused],
        "refused": [each for each in found if each.refused],
        "person": named,
        "firm": firm,
        "who": said_who(named, firm),
        "back": back_of(request),
        "wrong": wrong,
    }
    return render(request, "office/calendar/reassign.html", said, status=409 if wrong else 200)


def said_who(person: Person | None, firm: Contractor | None) -> str:
    """Who has them then."""
    return str(person or firm or "nobody yet")
