"""The private calendar address: what it answers, and its owner's page to make it, renew it and switch it off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from backend.checks.actions.feeds import end_feed, hashed, new_feed
from backend.checks.models import CalendarFeed
from backend.core.days import today
from backend.core.problems import NotFound
from backend.office.calendar.feed import calendar_of
from backend.office.views.gate import just_confirmed
from backend.trust import letters, permits, tries
from backend.trust.models import Person
from backend.trust.scope import reach
from backend.trust.signin import address_of

FETCHES = 60  # an hour, of one address: programs ask every few minutes at most
NOTHING = "Your role has no checks or bookings, so your calendar would stay empty."
GUESSES = 120  # an hour, from one machine, of addresses that are none


@never_cache
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whoever the secret belongs to. Who is not here any more has none: as for an address that never was."""
    found = CalendarFeed.objects.select_related("person").filter(hash=hashed(secret)).first()
    if found is None:
        tries.count({f"feed-guess:{address_of(request)}": GUESSES}, doing="to read a calendar", seconds=tries.HOUR)
        raise NotFound("That calendar")
    tries.count({f"feed:{found.pk}": FETCHES}, doing="to read this calendar", seconds=tries.HOUR)
    now, person = today(), found.person
    if not person.has_access(now) or reach(person, permits.ESTATE_VIEW).nowhere():
        raise NotFound("That calendar")
    if found.used_on != now:
        CalendarFeed.objects.filter(pk=found.pk).update(used_on=now)
    answer = HttpResponse(
        calendar_of(person, now, timezone.now(), letters.address(request).rstrip("/")),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'inline; filename="siteward.ics"'
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@just_confirmed
def own_feed(request: HttpRequest, person: Person) -> HttpResponse:
    """One's calendar address: make it, renew it, switch it off. It is shown once."""
    made = ""
    if request.method == "POST":
        if request.POST.get("act") == "off":
            end_feed(person=person)
            messages.success(request, "The calendar address is switched off.")
            return HttpResponseRedirect("/account/calendar/")
        known = CalendarFeed.objects.filter(person=person).exists()
        if known and request.POST.get("act") != "again":  # the form sent twice: the address that was shown stays good
            messages.warning(
                request, "You have an address, which was shown once. “Make a new address” stops it and makes another."
            )
            return HttpResponseRedirect("/account/calendar/")
        made = f"{letters.address(request).rstrip('/')}/calendar/feed/{new_feed(person=person)}.ics"
    nothing = NOTHING if reach(person, permits.ESTATE_VIEW).nowhere() else ""
    said = {"nothing": nothing, "made": made, "feed": CalendarFeed.objects.filter(person=person).first()}
    return render(request, "office/calendar/account_calendar.html", said)
