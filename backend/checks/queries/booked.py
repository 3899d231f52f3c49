"""What is booked, what lies ahead of each plan, and who stands in for whom. A bounded number of queries, however many rows."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from backend.checks.models import BookedCheck, Booking, Cover, Plan
from backend.checks.reckoning import rule_of
from backend.hr.models import Absence
from backend.rules.booking import Owed
from backend.rules.days import SchoolDays
from backend.rules.due import Clock, Occurrence, StoredDates, ahead, latest_lawful
from backend.trust.models import Person
from backend.trust.queries import calendars

Ahead = dict[uuid.UUID, tuple[Occurrence, ...]]


def stored_of(plan: Plan) -> StoredDates:
    """The three dates that the plan keeps."""
    return StoredDates(plan.due_on, plan.overdue_from, plan.soon_from)


def occurrences_of(plan: Plan, days: SchoolDays, today: dt.date, until: dt.date) -> tuple[Occurrence, ...]:
    """What the plan is to be done for from today up to a day. A one-off is owed once."""
    if plan.rule is not None:
        return ahead(rule_of(plan), days, plan.starts_on, stored_of(plan), plan.last_done_on, plan.spans(), today, until)
    if plan.due_on is None or max(plan.due_on, today) > until:
        return ()
    return (Occurrence(plan.due_on, max(plan.due_on, today), dt.date.min, plan.due_on, sure=True),)


def occurrences(plans: Sequence[Plan], today: dt.date, until: dt.date) -> Ahead:
    """The same for many plans (with `site` loaded). Two queries."""
    days = calendars({plan.site.school_id for plan in plans})
    return {plan.pk: occurrences_of(plan, days[plan.site.school_id], today, until) for plan in plans}


def owed_of(plan: Plan, occurrence: Occurrence) -> Owed:
    """What the rules of booking ask of a plan and one of its dates."""
    if plan.rule is None:
        return Owed(occurrence.due_on, occurrence.counts_from, occurrence.last_on, None, Clock.STANDARD)
    rule = rule_of(plan)
    lawful = latest_lawful(rule, stored_of(plan), plan.last_done_on) if occurrence.sure else None
    if lawful is None and rule.clock is Clock.LEGAL:
        lawful = occurrence.last_on
    return Owed(occurrence.due_on, occurrence.counts_from, occurrence.last_on, lawful, rule.clock)


def recorded_from(occurrence: Occurrence) -> dt.date:
    """From when a record is the one that was booked. What hangs on work still to come counts from half-way between the two,
    so that the earlier one, a little late, is not taken for it."""
    if occurrence.sure:
        return occurrence.counts_from
    return occurrence.due_on - (occurrence.due_on - occurrence.counts_from) // 2


def with_checks(bookings: QuerySet[Booking]) -> list[Booking]:
    """The bookings with their places, people and checks (each with `done`), as `lines`. Two queries."""
    rows = list(bookings.select_related("site__school", "person", "contractor", "made_by"))
    lines: dict[uuid.UUID, list[BookedCheck]] = defaultdict(list)
    plans = ("plan__check_type", "plan__building", "plan__asset__building", "plan__asset__space")
    found = BookedCheck.objects.standing().with_done().filter(booking__in=[row.pk for row in rows])
    for line in found.select_related(*plans).order_by("plan__check_type__title", "pk"):
        lines[line.booking_id].append(line)
    for row in rows:
        row.lines = lines[row.pk]
        row.done = bool(row.lines) and all(line.done for line in row.lines)
    return rows


def unbooked(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Those of the plans whose next date is not booked."""
    taken = BookedCheck.objects.standing().filter(owed_on=F("plan__due_on"))
    return plans.exclude(pk__in=taken.values("plan_id"))


def counting_from(plans: Sequence[Plan], today: dt.date) -> dict[uuid.UUID, dt.date | None]:
    """From which day on work counts for what each plan owes next (with `site` loaded); None where any day does. Two queries."""
    last = max((plan.due_on for plan in plans if plan.due_on), default=today)
    ahead_of = occurrences(plans, today, max(last, today))
    first = {plan.pk: next(iter(ahead_of[plan.pk]), None) for plan in plans}
    return {pk: each.counts_from if each and each.counts_from > dt.date.min else None for pk, each in first.items()}


def bookings_of(plans: Collection[uuid.UUID]) -> dict[uuid.UUID, list[BookedCheck]]:
    """What is booked and still to come for each plan, the earliest first, with the booking's person and firm. One query."""
    found: dict[uuid.UUID, list[BookedCheck]] = defaultdict(list)
    rows = BookedCheck.objects.to_come().filter(plan__in=plans)
    for line in rows.select_related("booking__person", "booking__contractor").order_by("booking__day", "pk"):
        found[line.plan_id].append(line)
    return found


@dataclass(frozen=True, slots=True)
class StandsIn:
    """Somebody is away on these days, and who stands in (by round, by site, or for everything: None, None)."""

    absence: Absence
    covers: tuple[Cover, ...]

    def instead(self, *, site_id: uuid.UUID | None = None, round_id: uuid.UUID | None = None) -> Person | None:
        """Who stands in for a round, else at a site, else for everything; None when nobody does."""
        for cover in self.covers:
            if cover.round_id is not None and cover.round_id == round_id:
                return cover.person
        for cover in self.covers:
            if cover.round_id is None and cover.site_id is not None and cover.site_id == site_id:
                return cover.person
        return next((cover.person for cover in self.covers if cover.round_id is None and cover.site_id is None), None)


Away = Mapping[uuid.UUID, list[StandsIn]]


def away(people: Iterable[uuid.UUID], first: dt.date, last: dt.date) -> Away:
    """Who of these people is away between two days, and who stands in for them. Two queries."""
    rows = list(Absence.objects.within(first, last).filter(person__in=set(people)).select_related("person"))
    covers: dict[uuid.UUID, list[Cover]] = defaultdict(list)
    for cover in Cover.objects.filter(absence__in=[row.pk for row in rows]).select_related("person"):
        covers[cover.absence_id].append(cover)
    found: dict[uuid.UUID, list[StandsIn]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(StandsIn(row, tuple(covers[row.pk])))
    return found


def away_on(found: Away, person_id: uuid.UUID | None, day: dt.date) -> StandsIn | None:
    """Whether somebody is away on a day: who stands in, or None when they are here."""
    if person_id is None:
        return None
    return next((each for each in found.get(person_id, ()) if each.absence.first_day <= day <= each.absence.last_day), None)
