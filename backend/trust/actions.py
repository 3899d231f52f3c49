"""Every write about the trust: its schools, places, people, appointments and school calendars.

Whoever acts is a Person, whose permits are asked, or a System: a named part of Siteward doing what somebody started.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from backend.core import audit
from backend.core.problems import Forbidden, NotFound, Problem
from backend.trust import permits
from backend.trust.models import Appointment, Building, CalendarMark, Person, School, Site, Space, Term, Trust
from backend.trust.scope import reach, require


@dataclass(frozen=True, slots=True)
class System:
    """A named part of Siteward that acts without a person (an import, the demo's loader). It is asked for no permit."""

    name: str


Actor = Person | System
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added. Without `password` (or an already hashed one) they cannot sign in by password."""

    email: str
    name: str
    password: str = ""
    password_hash: str = ""


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A term, first to last day."""

    name: str
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class NewMark:
    """Days that differ; `kind` is one of CalendarMark.Kind."""

    kind: str
    first_day: dt.date
    last_day: dt.date
    note: str = ""


def fact(kind: str, row: models.Model, content: object, actor: Actor) -> audit.Fact:
    """An audit fact about a row, by whoever acted."""
    actor_id = actor.pk if isinstance(actor, Person) else None
    return audit.Fact(kind, f"{kind}:{row.pk}", content, actor_id, actor.name)


def content(row: models.Model) -> dict[str, object]:
    """What the audit chain covers of a row: every column but the password."""
    columns = (column.attname for column in row._meta.concrete_fields)
    return {name: getattr(row, name) for name in columns if name != "password"}


def checked(row: Row) -> Row:
    """The row, if it is sound. Raises Problem naming the fields that are not."""
    try:
        row.full_clean()
    except ValidationError as wrong:
        raise Problem("invalid", "Some of this needs correcting.", fields=wrong.message_dict) from wrong
    return row


def require_trust(actor: Actor, permit: str, doing: str) -> None:
    """Refuse a person who does not hold the permit for the whole trust. `doing` completes "Your role does not let you …"."""
    if isinstance(actor, Person) and not reach(actor, permit).everywhere:
        raise Forbidden(f"Your role does not let you {doing}. Ask your trust's estates lead or administrator.")


def require_school(actor: Actor, permit: str, school: School, doing: str) -> None:
    """Refuse a person who does not hold the permit for the whole school: 404 for a stranger, 403 for a colleague."""
    if isinstance(actor, System):
        return
    held = reach(actor, permit)
    if held.everywhere or school.pk in held.schools:
        return
    if not School.objects.visible_to(actor).filter(pk=school.pk).exists():
        raise NotFound("That school")
    raise Forbidden(f"Your role does not let you {doing} for this school.")


def require_site(actor: Actor, permit: str, site: Site, doing: str) -> None:
    """As scope.require, for whoever acts."""
    if isinstance(actor, Person):
        require(actor, permit, site, doing)


@transaction.atomic
def add_trust(*, name: str, uid: str, actor: Actor, made_up: bool = False) -> Trust:
    """Set up the one trust of this deployment. Raises Problem when there is one already."""
    require_trust(actor, permits.PLAN_CHANGE, "set up a trust")
    if Trust.objects.exists():
        raise Problem("trust_exists", "There is a trust here already: one deployment serves one trust.", status=409)
    trust = checked(Trust(name=name.strip(), uid=uid, made_up=made_up))
    trust.save()
    audit.append([fact("trust", trust, content(trust), actor)])
    return trust


@transaction.atomic
def add_school(*, trust: Trust, name: str, urn: int, phase: str, actor: Actor, pupils: int | None = None) -> School:
    """Add a school. Raises Problem when its URN is taken or something is not sound."""
    require_trust(actor, permits.PLAN_CHANGE, "add schools")
    school = checked(School(trust=trust, name=name.strip(), urn=urn, phase=phase, pupils=pupils))
    school.save()
    audit.append([fact("school", school, content(school), actor)])
    return school


@transaction.atomic
def add_site(
    *,
    school: School,
    name: str,
    actor: Actor,
    address: str = "",
    postcode: str = "",
    uprn: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
) -> Site:
    """Add a site to a school. Raises Problem when the school has one of that name."""
    require_school(actor, permits.PLAN_CHANGE, school, "add sites")
    site = Site(school=school, name=name.strip(), address=address, postcode=postcode, uprn=uprn)
    site.latitude, site.longitude = latitude, longitude
    checked(site).save()
    audit.append([fact("site", site, content(site), actor)])
    return site


@transaction.atomic
def add_building(
    *,
    site: Site,
    name: str,
    actor: Actor,
    built: int | None = None,
    floor_area_m2: int | None = None,
    floors: int | None = None,
    warning: str = "",
) -> Building:
    """Add a building to a site; `warning` is what somebody must know before work starts. Raises Problem."""
    require_site(actor, permits.PLAN_CHANGE, site, "add buildings")
    building = Building(site=site, name=name.strip(), built=built, floors=floors, warning=warning)
    building.floor_area_m2 = floor_area_m2
    checked(building).save()
    audit.append([fact("building", building, content(building), actor)])
    return building


@transaction.atomic
def add_spaces(*, building: Building, spaces: Sequence[Space], actor: Actor) -> list[Space]:
    """Add rooms, corridors or yards (not yet saved) to one building. Raises Problem for a name missing or used twice."""
    require_site(actor, permits.ASSET_CHANGE, building.site, "add spaces")
    taken = set(building.spaces.values_list("name", flat=True))
    for space in spaces:
        space.building, space.name = building, space.name.strip()
        if not space.name or len(space.name) > 120:
            raise Problem("name_missing", "Give the space a name of at most 120 letters.", fields={"name": "Write a name."})
        if space.name in taken:
            raise Problem("name_taken", f"{building.name} has a space called {space.name} already.", status=409)
        taken.add(space.name)
    made = Space.objects.bulk_create(spaces, batch_size=1000)
    audit.append([fact("space", each, content(each), actor) for each in made])
    return made


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
    audit.append([fact("person", each, content(each), actor) for each in made])
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

    Raises Problem for an unknown role or dates the wrong way round, and when somebody would appoint themselves.
    """
    require_people_there(actor, school or (site.school if site else None), "appoint people")
    refuse_own(actor, person.pk)
    appointment = Appointment(person=person, role=role, school=school, site=site, starts_on=starts_on, ends_on=ends_on)
    checked(appointment).save()
    forget_appointments(person)
    audit.append([fact("appointment", appointment, content(appointment), actor)])
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, on: dt.date, actor: Actor) -> Appointment:
    """End an appointment; `on` is its last day. Raises Problem when that is before it began."""
    where = appointment.school or (appointment.site.school if appointment.site else None)
    require_people_there(actor, where, "end appointments")
    refuse_own(actor, appointment.person_id)
    appointment.ends_on = on
    checked(appointment).save(update_fields=["ends_on"])
    forget_appointments(appointment.person)
    audit.append([fact("appointment", appointment, content(appointment), actor)])
    return appointment


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


def forget_appointments(person: Person) -> None:
    """A person remembers their appointments while a page is drawn; they changed."""
    person.__dict__.pop("_appointments", None)


@transaction.atomic
def set_calendar(*, school: School, terms: Sequence[NewTerm], marks: Sequence[NewMark], actor: Actor) -> None:
    """Replace a school's calendar. Raises Problem for spans that end before they begin and terms that overlap.

    Due dates follow through checks.actions.reckon_school, which the caller calls next.
    """
    require_school(actor, permits.PLAN_CHANGE, school, "change the calendar")
    spans: list[NewTerm | NewMark] = [*terms, *marks]
    for span in spans:
        if span.last_day < span.first_day:
            raise Problem("dates", f"{span.first_day:%-d %b %Y} to {span.last_day:%-d %b %Y} ends before it begins.")
    for before, after in pairwise(sorted(terms, key=lambda term: term.first_day)):
        if after.first_day <= before.last_day:
            raise Problem("dates", f"{after.name} begins before {before.name} ends ({before.last_day:%-d %b %Y}).")
    unknown = {mark.kind for mark in marks} - set(CalendarMark.Kind.values)
    if unknown:
        raise Problem("kind", f"Not a kind of day: {', '.join(sorted(unknown))}.")
    school.terms.all().delete()
    school.calendar_marks.all().delete()
    Term.objects.bulk_create(
        [Term(school=school, name=each.name, first_day=each.first_day, last_day=each.last_day) for each in terms]
    )
    CalendarMark.objects.bulk_create(
        [
            CalendarMark(school=school, kind=each.kind, first_day=each.first_day, last_day=each.last_day, note=each.note)
            for each in marks
        ]
    )
    said = {
        "terms": [[each.name, each.first_day, each.last_day] for each in terms],
        "marks": [[each.kind, each.first_day, each.last_day, each.note] for each in marks],
    }
    audit.append([fact("calendar", school, said, actor)])
