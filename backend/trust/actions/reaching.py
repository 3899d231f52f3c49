"""Whose account somebody who manages people may touch."""

import datetime as dt

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound
from backend.trust import permits
from backend.trust.actions.acting import Actor
from backend.trust.models import Appointment, Person, School
from backend.trust.queries import people_managed
from backend.trust.scope import reach


def held_after(person: Person, day: dt.date) -> list[Appointment]:
    """The person's appointments that are not over before `day`."""
    rows = person.appointments.select_related("school", "site__school")
    return [each for each in rows if not each.over(day)]


def require_whole_account(actor: Actor, person: Person, doing: str) -> None:
    """Refuse who does not manage every place at which `person` has a role, and who would touch an administrator without
    being one. NotFound for somebody that the actor may not know of. `doing` completes "You may not …".
    """
    if not isinstance(actor, Person):
        return
    if not people_managed(actor).filter(pk=person.pk).exists():
        raise NotFound("That person")
    held, theirs = reach(actor, permits.PEOPLE_MANAGE), held_after(person, today())
    if not held.everywhere and not all(covered(held.schools, held.sites, each) for each in theirs):
        raise Forbidden(f"You may not {doing} who also work elsewhere. Ask the trust's administrator.")
    above = any(permits.SYSTEM_MANAGE in permits.ROLES[each.role].permits for each in theirs)
    if above and reach(actor, permits.SYSTEM_MANAGE).nowhere():
        raise Forbidden(f"You may not {doing} who are system administrators.")


def covered(schools: object, sites: object, appointment: Appointment) -> bool:
    """Whether an appointment lies within these schools and sites."""
    school: School | None = appointment.school or (appointment.site.school if appointment.site else None)
    return (school is not None and school.pk in schools) or (appointment.site_id in sites)  # type: ignore[operator]
