"""Who may be asked to do checks: for pickers, never more names than the asker may know."""

from django.db.models import Q, QuerySet

from backend.core.days import today
from backend.hr.absences import absence_managed
from backend.trust import permits
from backend.trust.models import Appointment, Person, Site
from backend.trust.queries import colleagues


def checkers(person: Person) -> QuerySet[Person]:
    """The asker's colleagues whose role lets them record checks."""
    held = Appointment.objects.in_force(today()).filter(role__in=permits.roles_with(permits.CHECK_RECORD))
    return colleagues(person).filter(pk__in=held.values("person")).order_by("name", "id")


def stand_ins(person: Person) -> QuerySet[Person]:
    """Those whom the asker may name to stand in: also the people whose absences they manage, without seeing the estate."""
    held = Appointment.objects.in_force(today()).filter(role__in=permits.roles_with(permits.CHECK_RECORD))
    known = Q(pk__in=colleagues(person).values("pk")) | Q(pk__in=absence_managed(person).order_by().values("pk"))
    return Person.objects.filter(known, pk__in=held.values("person")).order_by("name", "id")


def checkers_at(person: Person, site: Site) -> QuerySet[Person]:
    """Those of them who may do it at a site."""
    held = Appointment.objects.in_force(today()).filter(role__in=permits.roles_with(permits.CHECK_RECORD))
    held = held.filter(Q(site=site) | Q(school=site.school_id) | Q(site=None, school=None))
    return colleagues(person).filter(pk__in=held.values("person")).order_by("name", "id")
