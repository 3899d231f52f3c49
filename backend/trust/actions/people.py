"""Adding people and appointing them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.days import today
from backend.core.problems import Forbidden, Problem
from backend.core.templatetags.words import day
from backend.trust import letters, permits
from backend.trust.actions.acting import Actor, checked, fact, require_school, require_trust
from backend.trust.models import Appointment, Person, School, Site
from backend.trust.scope import reach


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added. Without `password` (or an already hashed one) they cannot sign in by password."""

    email: str
    name: str
    password: str = ""
    password_hash: str = ""


@transaction.atomic
def add_people(*, people: Sequence[NewPerson], actor: Actor) -> list[Person]:
    """Add people, who may sign in but do nothing until appointed. Raises Problem; then nobody is added."""
    require_trust(actor, permits.PEOPLE_MANAGE, "add people")
    made = []
    for new in people:
        person = Person(email=new.email.strip().lower(), name=new.name.strip(), password=new.password_hash)
        if not new.password_hash:
            person.set_password(new.password or None)
        checked(person).save()
        made.append(person)
    audit.append([fact("person", each, actor) for each in made])
    return made


def add_person(*, email: str, name: str, actor: Actor, password: str = "") -> Person:
    """Add one person. See add_people."""
    return add_people(people=[NewPerson(email, name, password)], actor=actor)[0]


@transaction.atomic
def appoint(
    *,
    person: Person,
    role: str,
    actor: Actor,
    starts_on: dt.date,
    school: School | None = None,
    site: Site | None = None,
    ends_on: dt.date | None = None,
) -> Appointment:
    """Give a person a role at a site, a school or (with neither) the whole trust, from a day to a day (both included).

    Raises Problem for an unknown role or dates the wrong way round, when somebody would appoint themselves, and when
    somebody who is no administrator would make one. The other administrators are told of a powerful role by mail.
    """
    require_people_there(actor, school or (site.school if site else None), "appoint people")
    refuse_own(actor, person.pk)
    require_administrator_for(actor, role)
    appointment = Appointment(person=person, role=role, school=school, site=site, starts_on=starts_on, ends_on=ends_on)
    checked(appointment).save()
    forget_appointments(person)
    audit.append([fact("appointment", appointment, actor)])
    if isinstance(actor, Person) and is_powerful(appointment):
        letters.tell_administrators("appointed", about=appointment.pk, actor=actor)
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, actor: Actor, on: dt.date | None = None) -> Appointment:
    """End an appointment: `on` is its last day; without one it ends this minute. Raises Problem when that is before it began."""
    where = appointment.school or (appointment.site.school if appointment.site else None)
    require_people_there(actor, where, "end appointments")
    refuse_own(actor, appointment.person_id)
    require_administrator_for(actor, appointment.role)
    if on is not None and on < appointment.starts_on:
        said = f"The role began on {day(appointment.starts_on)}: its last day cannot lie before. To end it now, choose “End now”."
        raise Problem("dates", said, fields={"on": said})
    if on is None:
        end_now(appointment)
    else:
        appointment.ends_on, appointment.ended_at = on, None
    checked(appointment).save(update_fields=["ends_on", "ended_at"])
    forget_appointments(appointment.person)
    audit.append([fact("appointment", appointment, actor)])
    return appointment


def end_now(appointment: Appointment) -> None:
    """Set an appointment (not yet saved) over from this minute, also one that would only begin."""
    appointment.ends_on, appointment.ended_at = max(appointment.starts_on, today()), timezone.now()


def require_people_there(actor: Actor, school: School | None, doing: str) -> None:
    """Refuse who may not manage people of the school, or of the whole trust when there is none."""
    if school is None:
        require_trust(actor, permits.PEOPLE_MANAGE, doing)
    else:
        require_school(actor, permits.PEOPLE_MANAGE, school, doing)


def refuse_own(actor: Actor, person_id: uuid.UUID) -> None:
    """Nobody gives themselves a role or takes one from themselves."""
    if isinstance(actor, Person) and actor.pk == person_id:
        raise Forbidden("You cannot change your own appointments. Ask a colleague who may.")


def require_administrator_for(actor: Actor, role: str) -> None:
    """Only an administrator makes another, or ends one: who manages people cannot raise a friend above themselves."""
    wanted = permits.ROLES[role].permits if role in permits.ROLES else frozenset()
    if permits.SYSTEM_MANAGE in wanted and isinstance(actor, Person) and reach(actor, permits.SYSTEM_MANAGE).nowhere():
        raise Forbidden("Only a system administrator can appoint or end another.")


def may_manage(person: Person, appointment: Appointment) -> bool:
    """Whether a page shows the button that ends an appointment: what `end_appointment` would allow."""
    where = appointment.school or (appointment.site.school if appointment.site else None)
    try:
        require_people_there(person, where, "end appointments")
        require_administrator_for(person, appointment.role)
    except Problem:
        return False
    return True


def is_powerful(appointment: Appointment) -> bool:
    """Whether the role changes evidence or access, or reads the whole trust: the other administrators hear of it."""
    held = permits.ROLES[appointment.role].permits
    whole_trust = appointment.school_id is None and appointment.site_id is None
    return bool(held & permits.POWERFUL) or (whole_trust and permits.ESTATE_VIEW in held)


def forget_appointments(person: Person) -> None:
    """A person remembers their appointments while a page is drawn; they changed."""
    person.__dict__.pop("_appointments", None)
