"""Schools, places, people, appointments and calendars: who may, and what is refused."""

import datetime as dt

import pytest

from backend.core.days import today
from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, NotFound, Problem
from backend.trust import permits
from backend.trust.actions import (
    NewMark,
    NewPerson,
    NewTerm,
    System,
    add_building,
    add_people,
    add_person,
    add_school,
    add_site,
    add_spaces,
    add_trust,
    appoint,
    end_appointment,
    set_calendar,
)
from backend.trust.models import Appointment, Person, School, Space
from backend.trust.scope import reach

SETUP = System("tests")
SEPTEMBER = dt.date(2026, 9, 1)


def test_the_estates_lead_adds_a_school_with_its_places(world):
    school = add_school(trust=world.trust, name=" New Primary ", urn=900777, phase="primary", actor=world.lead)
    site = add_site(school=school, name="Site", actor=world.lead)
    building = add_building(site=site, name="Main", built=1999, actor=world.lead)
    add_spaces(building=building, spaces=[Space(name="Hall"), Space(name="Kitchen")], actor=world.lead)
    assert school.name == "New Primary"
    assert [str(space) for space in building.spaces.all()] == ["Hall", "Kitchen"]
    assert AuditEntry.objects.filter(actor_id=world.lead.pk, kind__in=["school", "site", "building", "space"]).count() == 5


def test_others_may_not_and_strangers_are_told_nothing(world):
    sbm = world.person("sbm", school=world.oakfield.school)
    with pytest.raises(Forbidden):
        add_school(trust=world.trust, name="X", urn=900778, phase="primary", actor=sbm)
    with pytest.raises(Forbidden):
        add_building(site=world.oakfield, name="Shed", actor=world.caretaker)
    with pytest.raises(NotFound):
        add_building(site=world.oakfield, name="Shed", actor=world.stranger)
    with pytest.raises(NotFound):
        add_site(school=world.oakfield.school, name="Field", actor=world.stranger)


@pytest.mark.parametrize(
    ("wrong", "field"), [({"urn": 900001}, "urn"), ({"name": " "}, "name"), ({"phase": "nursery"}, "phase"), ({"urn": -1}, "urn")]
)
def test_what_is_not_sound_is_named_and_nothing_is_kept(world, wrong, field):
    with pytest.raises(Problem) as refused:
        add_school(**{"trust": world.trust, "name": "New", "urn": 900779, "phase": "primary", "actor": SETUP, **wrong})
    assert field in refused.value.fields
    assert School.objects.count() == 2


def test_a_space_is_named_once_per_building(world):
    building = world.oakfield.buildings.get()
    with pytest.raises(Problem, match="has a space called Hall already"):
        add_spaces(building=building, spaces=[Space(name="Attic"), Space(name="Hall ")], actor=SETUP)
    assert not building.spaces.filter(name="Attic").exists()


def test_there_is_one_trust(world):
    with pytest.raises(Problem) as refused:
        add_trust(name="Another", uid="T2", actor=SETUP)
    assert refused.value.status == 409


def test_a_person_can_do_nothing_until_appointed_and_from_the_first_day_on(world):
    hr = world.person("hr-officer")
    person = add_person(email="New.One@School.Example", name="New One", password="a-long-enough-one", actor=hr)
    assert person.email == "new.one@school.example" and person.check_password("a-long-enough-one")
    assert reach(person, permits.CHECK_RECORD).nowhere()
    held = appoint(person=person, role="caretaker", school=world.oakfield.school, starts_on=SEPTEMBER, actor=hr)
    assert reach(person, permits.CHECK_RECORD, SEPTEMBER).schools == {world.oakfield.school.pk}
    assert reach(person, permits.CHECK_RECORD, SEPTEMBER - dt.timedelta(days=1)).nowhere()
    end_appointment(appointment=held, on=SEPTEMBER, actor=hr)
    assert reach(person, permits.CHECK_RECORD, SEPTEMBER + dt.timedelta(days=1)).nowhere()


def test_no_password_is_kept_in_the_audit_chain_and_one_email_is_one_person(world):
    with pytest.raises(Problem):
        add_people(people=[NewPerson("a@x.example", "A"), NewPerson("A@X.example", "B")], actor=SETUP)
    assert not Person.objects.filter(email="a@x.example").exists()
    person = add_person(email="a@x.example", name="A", actor=SETUP)
    assert not person.has_usable_password()


def test_nobody_appoints_themselves(world):
    hr = world.person("hr-officer")
    with pytest.raises(Forbidden, match="your own appointments"):
        appoint(person=hr, role="estates-lead", starts_on=SEPTEMBER, actor=hr)
    with pytest.raises(Forbidden):
        appoint(person=world.caretaker, role="estates-lead", starts_on=SEPTEMBER, actor=world.lead)


@pytest.mark.parametrize("wrong", [{"role": "king"}, {"ends_on": SEPTEMBER - dt.timedelta(days=1)}])
def test_an_appointment_that_cannot_be_is_refused(world, wrong):
    with pytest.raises(Problem):
        appoint(**{"person": world.caretaker, "role": "sbm", "starts_on": SEPTEMBER, "actor": SETUP, **wrong})


def test_a_calendar_replaces_the_one_before(world):
    school = world.oakfield.school
    autumn = NewTerm("Autumn", SEPTEMBER, dt.date(2026, 12, 18))
    snow = NewMark("closure", dt.date(2026, 11, 9), dt.date(2026, 11, 10), "Snow")
    manager = world.person("site-manager", school=school)
    set_calendar(school=school, terms=[autumn], marks=[snow], actor=manager)
    assert [term.name for term in school.terms.all()] == ["Autumn"]
    assert [(mark.kind, mark.note) for mark in school.calendar_marks.all()] == [("closure", "Snow")]


@pytest.mark.parametrize(
    ("terms", "marks", "words"),
    [
        ([NewTerm("A", SEPTEMBER, SEPTEMBER - dt.timedelta(days=2))], [], "ends before it begins"),
        (
            [NewTerm("A", SEPTEMBER, dt.date(2026, 12, 1)), NewTerm("B", dt.date(2026, 12, 1), dt.date(2027, 1, 1))],
            [],
            "begins before",
        ),
        ([], [NewMark("holiday", SEPTEMBER, SEPTEMBER)], "Not a kind of day"),
    ],
)
def test_a_calendar_that_cannot_be_leaves_the_one_before(world, terms, marks, words):
    school = world.oakfield.school
    before = school.terms.count()
    with pytest.raises(Problem, match=words):
        set_calendar(school=school, terms=terms, marks=marks, actor=SETUP)
    assert school.terms.count() == before > 0


def test_a_role_given_by_mistake_today_can_be_taken_away_at_once(world):
    hr = world.person("hr-officer")
    clerk = world.person("staff", school=world.oakfield.school)
    given = appoint(person=clerk, role="estates-lead", actor=hr, starts_on=today())
    assert given in clerk.appointments_on(today())
    end_appointment(appointment=given, actor=hr)
    forgotten = Person.objects.get(pk=clerk.pk)
    assert given not in forgotten.appointments_on(today())
    assert (given.starts_on, given.ends_on) == (today(), today())


def test_a_last_day_before_the_first_is_refused_in_words(world):
    hr = world.person("hr-officer")
    given = appoint(person=world.person("staff", school=world.oakfield.school), role="governor", actor=hr, starts_on=today())
    with pytest.raises(Problem, match="its last day cannot lie before") as refused:
        end_appointment(appointment=given, actor=hr, on=today() - dt.timedelta(days=1))
    assert "Constraint" not in str(refused.value)


def test_one_that_was_ended_at_once_was_in_force_until_then(world):
    hr = world.person("hr-officer")
    person = world.person("staff", school=world.oakfield.school)
    given = appoint(person=person, role="governor", actor=hr, starts_on=today() - dt.timedelta(days=9))
    end_appointment(appointment=given, actor=hr)
    yesterday = today() - dt.timedelta(days=1)
    assert given in Appointment.objects.in_force(yesterday) and given not in Appointment.objects.in_force(today())
