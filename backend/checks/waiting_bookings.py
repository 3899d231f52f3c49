"""What waits for somebody of what is booked: their own bookings, those for whom they stand in, and firms' work not booked yet."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, F, Max, Min, Q

from backend.checks.models import BookedCheck, Booking, Plan
from backend.checks.queries.booked import away, away_on, with_checks
from backend.checks.queries.walks import OUTSIDE
from backend.core.agenda import Waiting
from backend.core.models import status_case
from backend.hr.models import Absence
from backend.rules.due.words import short_day
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import in_scope, reach

BOOKED_AHEAD = dt.timedelta(days=7)
FIRMS_AHEAD = dt.timedelta(days=28)
MOST = 20


def booked_for_me(person: Person, today: dt.date) -> Iterable[Waiting]:
    """What is booked for them within a week, or for somebody for whom they stand in, and is not done. Seven queries."""
    until = today + BOOKED_AHEAD
    gone = set(
        Absence.objects.within(today - BOOKED_AHEAD, until).filter(covers__person=person).values_list("person_id", flat=True)
    )
    rows = Booking.objects.visible_to(person).standing().filter(Q(person=person.pk) | Q(person__in=gone))
    found = with_checks(rows.filter(day__range=(today - BOOKED_AHEAD, until)).order_by("day", "pk")[: MOST * 2])
    absences = away(gone, today - BOOKED_AHEAD, until) if gone else {}
    for booking in found:
        if booking.done or not booking.lines:
            continue
        stands = away_on(absences, booking.person_id, booking.day)
        instead = stands.instead(site_id=booking.site_id) if stands else None
        if booking.person_id != person.pk and (instead is None or instead.pk != person.pk):
            continue
        checks = [line.plan.check_type for line in booking.lines]
        what = checks[0].title if len(checks) == 1 else f"{len(checks)} checks"
        covered = f", for {booking.person}" if booking.person_id != person.pk else ""
        yield Waiting(
            key=f"booking:{booking.pk}:done",
            kind="check",
            words=f"Booked for {short_day(booking.day, today)}: {what}, {booking.site}{covered}",
            path=f"/calendar/bookings/{booking.pk}/",
            weight=max(check.weight for check in checks),
            due_on=booking.day,
            site_id=booking.site_id,
        )


def firms_not_booked(person: Person, today: dt.date) -> Iterable[Waiting]:
    """Sites at which firms' work is owed within four weeks and nobody is booked, for those who book. One query."""
    planning, firms = reach(person, permits.PLAN_CHANGE), reach(person, permits.CONTRACTOR_MANAGE)
    if planning.nowhere() and firms.nowhere():
        return
    permit = permits.CONTRACTOR_MANAGE if planning.nowhere() else permits.PLAN_CHANGE
    rows = in_scope(Plan.objects.filter(active=True), person, permit, school="site__school_id", site="site_id")
    taken = BookedCheck.objects.standing().filter(owed_on=F("plan__due_on")).values("plan_id")
    rows = rows.filter(due_on__lte=today + FIRMS_AHEAD, check_type__current__content__competence__level=OUTSIDE).exclude(
        pk__in=taken
    )
    rows = rows.alias(stands=status_case(today)).exclude(stands="paused")
    grouped = (
        rows.order_by()
        .values("site_id", "site__name")
        .annotate(n=Count("*"), first=Min("due_on"), weight=Max("check_type__weight"))
    )
    for row in grouped.order_by("first", "site__name")[:MOST]:
        number = row["n"]
        yield Waiting(
            key=f"site:{row['site_id']}:unbooked",
            kind="booking",
            words=f"{number} {'check' if number == 1 else 'checks'} by firms at {row['site__name']} owed within four weeks "
            f"{'is' if number == 1 else 'are'} not booked",
            path=f"/calendar/?view=list&show=owed&by=firms&site={row['site_id']}",
            weight=row["weight"],
            due_on=row["first"],
            site_id=row["site_id"],
        )


BOOKINGS = [booked_for_me, firms_not_booked]
