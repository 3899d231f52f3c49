"""What is read of absences: whose may be known, who is away when, and how much time there is for checks."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q, QuerySet

from backend.core.days import today
from backend.hr.models import Absence, WorkingWeek
from backend.trust import permits
from backend.trust.models import Appointment, Person, Site
from backend.trust.scope import Appointed, Reach, reach

Days = dict[uuid.UUID, frozenset[dt.date]]


def working_at(found: Reach, *, whole_trust: bool) -> Q:
    """The appointments of those who work within a reach; with `whole_trust` also those of the trust as a whole."""
    if found.everywhere:
        return Q()
    schools = found.schools | set(Site.objects.filter(pk__in=found.sites).values_list("school_id", flat=True))
    wanted = Q(school__in=schools) | Q(site__in=found.sites) | Q(site__school__in=found.schools)
    return wanted | Q(school=None, site=None) if whole_trust else wanted


def people_within(found: Reach, *, whole_trust: bool) -> QuerySet[Person]:
    """The people who work within a reach today."""
    if found.nowhere():
        return Person.objects.none()
    held = Appointment.objects.in_force(today()).filter(working_at(found, whole_trust=whole_trust))
    return Person.objects.filter(is_active=True, pk__in=held.values("person"))


def absence_managed(person: Appointed) -> QuerySet[Person]:
    """The people whose absences `person` may note and arrange."""
    return people_within(reach(person, permits.ABSENCE_MANAGE), whole_trust=False).order_by("name", "id")


def absences_seen(person: Person) -> QuerySet[Absence]:
    """The absences that `person` may know of: their own, those they manage, and those of the people they do the checks with."""
    managed = people_within(reach(person, permits.ABSENCE_MANAGE), whole_trust=False).values("pk")
    beside = people_within(reach(person, permits.CHECK_RECORD), whole_trust=True).values("pk")
    return Absence.objects.filter(Q(person=person.pk) | Q(person__in=managed) | Q(person__in=beside))


def days_away(people: Collection[uuid.UUID], first: dt.date, last: dt.date) -> Days:
    """The days from `first` to `last` on which each of these people is away. One query."""
    found: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
    for absence in Absence.objects.within(first, last).filter(person__in=people):
        start, end = max(absence.first_day, first), min(absence.last_day, last)
        found[absence.person_id].update(start + dt.timedelta(days=number) for number in range((end - start).days + 1))
    return {person: frozenset(days) for person, days in found.items()}


def working_weeks(people: Collection[uuid.UUID]) -> dict[uuid.UUID, WorkingWeek]:
    """How much time these people have for checks, for those of whom it is known. One query."""
    return {week.person_id: week for week in WorkingWeek.objects.filter(person__in=people, minutes__gt=0)}
