"""A person's calendar for other programs (iCalendar, RFC 5545): what is booked for them, their rounds, what is owed.

Only what they may see today; names of places and checks, never of other people. Addresses in it lead back to Siteward.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from backend.checks.actions.rounds import due_days
from backend.checks.models import Booking, Plan, Round
from backend.checks.queries.booked import away, away_on, unbooked, with_checks
from backend.core.days import LONDON
from backend.core.models import status_case
from backend.hr.models import Absence
from backend.rules.days import CalendarKind
from backend.trust.models import Person
from backend.trust.queries import calendars

BACK: Final = dt.timedelta(days=31)
AHEAD: Final = dt.timedelta(days=366)
OWED_AHEAD: Final = dt.timedelta(days=62)
MOST: Final = 1000
BYDAY: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HALVES: Final = {"am": (dt.time(8, 30), dt.time(12, 0)), "pm": (dt.time(13, 0), dt.time(16, 30))}
VISIT: Final = dt.timedelta(hours=1)


def calendar_of(person: Person, today: dt.date, now: dt.datetime, address: str) -> bytes:
    """The calendar as bytes. `address` is Siteward's own, without a slash at its end. Ten queries, however much there is."""
    from icalendar import Calendar

    found = Calendar()
    found.add("prodid", "-//Siteward//Calendar//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", "Siteward checks")
    found.add("refresh-interval", dt.timedelta(hours=4), parameters={"value": "DURATION"})
    for event in [
        *booking_events(person, today, address),
        *round_events(person, today, address),
        *owed_events(person, today, address),
    ]:
        event.add("dtstamp", now)
        found.add_component(event)
    return bytes(found.to_ical())


def event_of(uid: str, summary: str, path: str, address: str, sequence: int = 0) -> Any:
    """An event with what all have."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"{uid}@siteward")
    event.add("summary", summary)
    event.add("sequence", sequence)
    event.add("url", address + path)
    return event


def booking_events(person: Person, today: dt.date, address: str) -> list[Any]:
    """What is booked for them; cancelled ones say so, so that they go from their calendar."""
    covering = who_is_covered(person, today)
    rows = Booking.objects.visible_to(person).filter(person__in=[person.pk, *covering], day__range=(today - BACK, today + AHEAD))
    found = []
    for booking in with_checks(rows.order_by("day", "pk")[:MOST]):
        if booking.person_id != person.pk and not stands_in_on(covering, booking):
            continue
        checks = [line.plan.check_type.title for line in booking.lines]
        words = checks[0] if len(checks) == 1 else f"{len(checks)} checks"
        event = event_of(
            f"booking-{booking.pk}",
            f"{words}, {booking.site.name}",
            f"/calendar/bookings/{booking.pk}/",
            address,
            booking.sequence,
        )
        placed(event, booking)
        event.add("last-modified", booking.changed_at)
        event.add("location", booking.site.name)
        if booking.cancelled_at:
            event.add("status", "CANCELLED")
        elif len(checks) > 1:
            event.add("description", "\n".join(sorted(set(checks))))
        found.append(event)
    return found


def placed(event: Any, booking: Booking) -> None:
    """Put an event on its day: at its time, in its half of the day, or all day."""
    zone = ZoneInfo(LONDON.key)
    if booking.starts_at:
        begins = dt.datetime.combine(booking.day, booking.starts_at, zone)
        event.add("dtstart", begins)
        event.add("dtend", begins + VISIT)
    elif booking.part in HALVES:
        first, last = HALVES[booking.part]
        event.add("dtstart", dt.datetime.combine(booking.day, first, zone))
        event.add("dtend", dt.datetime.combine(booking.day, last, zone))
    else:
        event.add("dtstart", booking.day)
        event.add("dtend", booking.day + dt.timedelta(days=1))


def who_is_covered(person: Person, today: dt.date) -> dict[uuid.UUID, list[Any]]:
    """For whom they stand in, from a month ago on: who is away -> those absences, with the covers."""
    rows = Absence.objects.within(today - BACK, today + AHEAD).filter(covers__person=person).values_list("person_id", flat=True)
    found = away(set(rows), today - BACK, today + AHEAD)
    return {who: list(each) for who, each in found.items()}


def stands_in_on(covering: dict[uuid.UUID, list[Any]], booking: Booking) -> bool:
    """Whether they stand in for the booking's person on its day (`covering` holds only those for whom they do)."""
    who = booking.person_id
    days = (
        [each for each in covering.get(who, ()) if each.absence.first_day <= booking.day <= each.absence.last_day] if who else []
    )
    return any(each.instead(site_id=booking.site_id) is not None for each in days)


def round_events(person: Person, today: dt.date, address: str) -> list[Any]:
    """Their rounds, as events that come again: on their weekdays, or on the month's first such day. Left out are days on which
    they are away and days on which nothing of the round counts; days of others for whom they stand in are events of their own.
    """
    running = Round.objects.visible_to(person).filter(ended_at=None).select_related("site").order_by("name", "pk")
    rounds = list(running.filter(person=person)[:MOST])
    covering = who_is_covered(person, today)
    covered = list(running.filter(person__in=covering)[:MOST])
    walked = days_walked([*rounds, *covered], today)
    gone = away([person.pk], today, today + AHEAD)
    found = []
    for each in rounds:
        days = due_days(each, today, today + AHEAD)
        left = [day for day in days if day in walked[each.pk] and not away_on(gone, person.pk, day)]
        if not left:
            continue
        event = round_event(each, left[0], address)
        by = [BYDAY[day - 1] for day in each.days]
        event.add(
            "rrule", {"freq": "monthly", "byday": [f"1{by[0]}"]} if each.often == "month" else {"freq": "weekly", "byday": by}
        )
        if without := [day for day in days if day > left[0] and day not in left]:
            event.add("exdate", without, parameters={"value": "DATE"})
        found.append(event)
    for each in covered:
        for day in due_days(each, today, today + AHEAD):
            stands = away_on(covering, each.person_id, day)
            if day in walked[each.pk] and stands and stands.instead(site_id=each.site_id, round_id=each.pk) == person:
                found.append(round_event(each, day, address, f"-{day}"))
    return found[:MOST]


def round_event(round: Round, day: dt.date, address: str, suffix: str = "") -> Any:
    """A round on a day, which keeps nobody from other things."""
    event = event_of(
        f"round-{round.pk}{suffix}", f"{round.name}, {round.site.name}", f"/calendar/rounds/{round.pk}/", address, round.sequence
    )
    event.add("dtstart", day)
    event.add("dtend", day + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("last-modified", round.changed_at)
    return event


def days_walked(rounds: Sequence[Round], today: dt.date) -> dict[uuid.UUID, set[dt.date]]:
    """The days ahead on which anything of a round counts, by the calendars of its checks and its school. Three queries or so."""
    stops = {stop for each in rounds for stop in each.stops}
    rules = dict(Plan.objects.filter(pk__in=stops, active=True).values_list("pk", "rule"))
    schools = calendars({each.site.school_id for each in rounds})
    span = [today + dt.timedelta(days=number) for number in range(AHEAD.days + 1)]
    found: dict[uuid.UUID, set[dt.date]] = {}
    for each in rounds:
        theirs = [rules[stop] or {} for stop in each.stops if stop in rules]
        kinds = {CalendarKind(rule.get("calendar") or CalendarKind.YEAR_ROUND) for rule in theirs}
        if kinds <= {CalendarKind.WHEN_OCCUPIED, CalendarKind.TERM_TIME}:
            days = schools[each.site.school_id]
            found[each.pk] = {day for day in span if any(days.is_open(day, kind) for kind in kinds)}
        else:
            found[each.pk] = set(span)
    return found


def owed_events(person: Person, today: dt.date, address: str) -> list[Any]:
    """What is owed within two months of the checks on their rounds and not booked, on the day by which it is owed; what is late,
    today."""
    stops = {stop for each in Round.objects.visible_to(person).filter(person=person, ended_at=None) for stop in each.stops}
    theirs = Plan.objects.visible_to(person).filter(pk__in=stops, active=True, due_on__lte=today + OWED_AHEAD)
    rows = unbooked(theirs).alias(stands=status_case(today)).exclude(stands="paused").exclude(rule__unit="day")
    found = []
    for plan in rows.select_related("check_type", "site", "building", "asset").order_by("due_on", "pk")[:MOST]:
        assert plan.due_on
        late = plan.overdue_from is not None and plan.overdue_from <= today
        words = f"{plan.check_type.title}, {plan.asset or plan.building or plan.site}"
        event = event_of(
            f"owed-{plan.pk}-{plan.due_on}", f"Overdue: {words}" if late else f"Due: {words}", f"/plans/{plan.pk}/", address,
            (today - plan.due_on).days if late else 0,
        )  # fmt: skip
        day = max(plan.due_on, today) if late else plan.due_on
        event.add("dtstart", day)
        event.add("dtend", day + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("location", plan.site.name)
        found.append(event)
    return found
