"""Booking checks: for a day, a person or a firm; moving and cancelling. What was done is read from the records, never set."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from backend.checks.evidence import BOOKED_CHECKS, BOOKINGS
from backend.checks.models import BookedCheck, Booking, Plan
from backend.checks.queries.booked import away, away_on, occurrences, owed_of, recorded_from
from backend.core import audit
from backend.core.problems import Problem
from backend.maintenance.models import Contractor
from backend.maintenance.queries.contractors import standing
from backend.rules.booking import Days, Doer, Remark, Weight, is_late, refused, remarks_on_check, remarks_on_day
from backend.rules.days import CalendarKind
from backend.rules.due import Occurrence
from backend.rules.due.words import short_day
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.queries import calendars
from backend.trust.scope import may, require

MOST_CHECKS: Final = 200
FURTHEST: Final = dt.timedelta(days=366 * 3)
LOOK_AHEAD: Final = dt.timedelta(days=800)


@dataclass(frozen=True, slots=True)
class NewBooking:
    """What is asked for: these checks of one site on a day, by a person or a firm. `owed_on` names, by plan, which of its dates
    is meant; the next one unless said. `late_reason` says why nothing earlier can be had."""

    site: Site
    plans: Sequence[Plan]
    day: dt.date
    person: Person | None = None
    contractor: Contractor | None = None
    part: str = Booking.Part.DAY
    starts_at: dt.time | None = None
    note: str = ""
    late_reason: str = ""
    owed_on: dict[uuid.UUID, dt.date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One check of what is asked for: which date of it is meant (None: there is none), what there is to say, whether late."""

    plan: Plan
    occurrence: Occurrence | None
    remarks: list[Remark]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What booking would do, before anything is written."""

    lines: list[Line]
    remarks: list[Remark]
    late_reason: str = ""

    @property
    def every(self) -> list[Remark]:
        """Every remark, of the day and of the checks."""
        return [*self.remarks, *(remark for line in self.lines for remark in line.remarks)]

    @property
    def refused(self) -> list[Remark]:
        """What stands in the way."""
        return refused(self.every, self.late_reason)

    @property
    def needs_reason(self) -> bool:
        """Whether a check would come after what the law allows."""
        return any(each.weight is Weight.NEEDS_REASON for each in self.every)

    @property
    def warned(self) -> list[Remark]:
        """What is only said."""
        return [each for each in self.every if each.weight is Weight.WARNED]


def require_booking(actor: Person, site: Site, contractor: Contractor | None) -> None:
    """Refuse who may not book here: planning needs its permit; for a firm's visit that of looking after firms does too."""
    if contractor is not None and may(actor, permits.CONTRACTOR_MANAGE, site):
        return
    require(actor, permits.PLAN_CHANGE, site, "book checks")


def doer_of(new: NewBooking) -> Doer:
    """Who is to do it, and what is known of them on the day. Raises Problem for somebody who does no checks here."""
    if new.person is not None and new.contractor is not None:
        raise Problem(
            "two_doers", "Choose a person or a firm, not both.", fields={"contractor": "Leave this empty, or the person."}
        )
    if new.contractor is not None:
        firm = new.contractor
        return Doer(firm.name, firm=True, lacks=standing(firm, new.day).missing, active=firm.active)
    if new.person is None:
        return Doer()
    if not may(new.person, permits.CHECK_RECORD, new.site):
        wrong = f"{new.person.name} does not do checks at {new.site.name}."
        raise Problem("not_here", wrong, fields={"person": wrong})
    gone = away_on(away([new.person.pk], new.day, new.day), new.person.pk, new.day)
    instead = gone.instead(site_id=new.site.pk) if gone else None
    return Doer(new.person.name, away=gone is not None, stands_in=instead.name if instead else "")


def preview(new: NewBooking, *, actor: Person, today: dt.date, besides: uuid.UUID | None = None) -> Preview:
    """What booking would do: what is refused, what is warned of, check by check. `besides` is the booking that is being moved.

    Seven queries or so, however many checks. Raises Problem for checks of another site, too many, or none.
    """
    require_booking(actor, new.site, new.contractor)
    if not new.plans:
        raise Problem("no_checks", "Choose at least one check.", fields={"plans": "Choose at least one check."})
    if len(new.plans) > MOST_CHECKS:
        raise Problem("too_many", f"A booking holds at most {MOST_CHECKS} checks.", fields={"plans": "Choose fewer."})
    if any(plan.site_id != new.site.pk for plan in new.plans):
        raise Problem("two_sites", "A booking is for one site. Book each site by itself.", fields={"plans": "Choose one site's."})
    if abs(new.day - today) > FURTHEST:
        raise Problem("too_far", "Choose a day within three years of today.", fields={"day": "Within three years of today."})
    is_open = calendars([new.site.school_id])[new.site.school_id].is_open(new.day, CalendarKind.WHEN_OCCUPIED)
    days = Days(new.day, today, is_open)
    taken = {
        (line.plan_id, line.owed_on): line.booking.day
        for line in BookedCheck.objects.standing().filter(plan__in=new.plans).exclude(booking=besides).select_related("booking")
    }
    dates = occurrences(new.plans, today, max(new.day, today) + LOOK_AHEAD)
    lines = [line_of(plan, dates[plan.pk], new, days, taken) for plan in new.plans]
    return Preview(lines, remarks_on_day(days, doer_of(new)), new.late_reason)


def line_of(
    plan: Plan,
    dates: Sequence[Occurrence],
    new: NewBooking,
    days: Days,
    taken: dict[tuple[uuid.UUID, dt.date], dt.date],
) -> Line:
    """One check: the date that is meant, and what there is to say of it."""
    wanted = new.owed_on.get(plan.pk)
    meant = next((each for each in dates if wanted is None or each.due_on == wanted), None)
    if not plan.active or meant is None:
        words = "Nothing is owed of this check then: it is done, paused or ended."
        return Line(plan, None, [Remark(Weight.REFUSED, "not_owed", words)])
    if (plan.pk, meant.due_on) in taken:
        words = f"It is booked already, for {short_day(taken[plan.pk, meant.due_on], days.today)}. Move that booking instead."
        return Line(plan, meant, [Remark(Weight.REFUSED, "booked_already", words)])
    owed = owed_of(plan, meant)
    return Line(plan, meant, remarks_on_check(owed, days), is_late(owed, days.day))


def refuse(found: Preview) -> None:
    """Raise what stands in the way, as one Problem."""
    in_the_way = found.refused
    if in_the_way:
        first = in_the_way[0]
        named = "late_reason" if first.weight is Weight.NEEDS_REASON else "day"
        words = " ".join(dict.fromkeys(each.words for each in in_the_way))
        raise Problem(first.code, words, status=409 if first.code == "booked_already" else 400, fields={named: words})


@transaction.atomic
def book(new: NewBooking, *, actor: Person, today: dt.date) -> Booking:
    """Book checks. Raises Problem for what is refused; nothing is booked then. Warnings are the caller's to show first."""
    require_booking(actor, new.site, new.contractor)
    list(Plan.objects.select_for_update().filter(pk__in=[plan.pk for plan in new.plans]).order_by("pk").values_list("pk"))
    found = preview(new, actor=actor, today=today)
    refuse(found)
    now, late = timezone.now(), any(line.late for line in found.lines)
    booking = Booking.objects.create(
        site=new.site, day=new.day, part=new.part, starts_at=new.starts_at, person=new.person, contractor=new.contractor,
        note=new.note.strip()[:500], late_reason=new.late_reason.strip()[:500] if late else "", made_at=now, made_by=actor,
        changed_at=now,
    )  # fmt: skip
    lines = [
        BookedCheck(
            booking=booking,
            plan=line.plan,
            owed_on=line.occurrence.due_on,
            counts_from=recorded_from(line.occurrence),
            late=line.late,
        )
        for line in found.lines
        if line.occurrence
    ]
    BookedCheck.objects.bulk_create(lines)
    facts = [BOOKED_CHECKS.fact(line, actor.pk, actor.name) for line in lines]
    audit.append([BOOKINGS.fact(booking, actor.pk, actor.name), *facts])
    return booking


def held(booking: Booking, actor: Person) -> Booking:
    """The booking, locked, if it can still be changed. Raises Problem when it is cancelled, or refuses who may not."""
    rows = Booking.objects.select_related("site", "person", "contractor").select_for_update(of=("self",))
    booking = rows.get(pk=booking.pk)
    require_booking(actor, booking.site, booking.contractor)
    if booking.cancelled_at is not None:
        raise Problem("cancelled", "That booking was cancelled. Book anew.", status=409)
    return booking


def open_lines(booking: Booking) -> list[BookedCheck]:
    """Its checks that are not done yet."""
    lines = BookedCheck.objects.to_come().filter(booking=booking)
    return list(lines.select_related("plan__site", "plan__check_type").order_by("pk"))


def as_asked(booking: Booking, lines: Sequence[BookedCheck], **changed: Any) -> NewBooking:
    """The booking as it would be asked for anew, with what is to be changed."""
    asked = NewBooking(
        site=booking.site, plans=[line.plan for line in lines], day=booking.day, person=booking.person,
        contractor=booking.contractor, part=booking.part, starts_at=booking.starts_at, note=booking.note,
        late_reason=booking.late_reason, owed_on={line.plan_id: line.owed_on for line in lines},
    )  # fmt: skip
    return replace(asked, **changed)


@transaction.atomic
def move_booking(booking: Booking, *, actor: Person, today: dt.date, **changed: Any) -> Booking:
    """Change a booking: `day`, `part`, `starts_at`, `person`, `contractor`, `note`, `late_reason`, whichever are given.

    Raises Problem for what is refused, and when every check of it is done.
    """
    booking = held(booking, actor)
    lines = open_lines(booking)
    if not lines:
        raise Problem("done", "Every check of that booking is done.", status=409)
    new = as_asked(booking, lines, **changed)
    require_booking(actor, booking.site, new.contractor)
    found = preview(new, actor=actor, today=today, besides=booking.pk)
    refuse(found)
    late = {line.plan.pk: line.late for line in found.lines}
    for name in ("day", "part", "starts_at", "person", "contractor"):
        setattr(booking, name, getattr(new, name))
    booking.note = new.note.strip()[:500]
    booking.late_reason = new.late_reason.strip()[:500] if any(late.values()) else ""
    booking.sequence, booking.changed_at = booking.sequence + 1, timezone.now()
    booking.save()
    altered = [line for line in lines if line.late != late[line.plan_id]]
    for line in altered:
        line.late = late[line.plan_id]
    BookedCheck.objects.bulk_update(altered, ["late"])
    facts = [BOOKED_CHECKS.fact(line, actor.pk, actor.name) for line in altered]
    audit.append([BOOKINGS.fact(booking, actor.pk, actor.name, kind="booking-moved"), *facts])
    return booking


@transaction.atomic
def cancel_booking(booking: Booking, *, actor: Person, reason: str) -> Booking:
    """Cancel a booking, saying why; it stays, and its checks can be booked anew. Raises Problem without a reason."""
    booking = held(booking, actor)
    if not reason.strip():
        raise Problem("reason_missing", "Say why it is cancelled.", fields={"reason": "Write a reason."})
    now = timezone.now()
    booking.cancelled_at, booking.cancelled_reason = now, reason.strip()[:500]
    booking.sequence, booking.changed_at = booking.sequence + 1, now
    booking.save()
    lines = open_lines(booking)
    for line in lines:
        line.dropped_at = now
    BookedCheck.objects.bulk_update(lines, ["dropped_at"])
    facts = [BOOKED_CHECKS.fact(line, actor.pk, actor.name) for line in lines]
    audit.append([BOOKINGS.fact(booking, actor.pk, actor.name, kind="booking-cancelled"), *facts])
    return booking
