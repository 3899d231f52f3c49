"""Whose rows: appointments by role, place and date, and what each reaches."""

import datetime as dt

import pytest

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound
from backend.trust import permits
from backend.trust.models import Appointment, Building, Person, School, Site, Space
from backend.trust.queries import colleagues
from backend.trust.scope import may, reach, require


def appointed(role, *, school=None, site=None, starts=None, ends=None):
    person = Person.objects.create(email=f"{role}-{Person.objects.count()}@example.org", name=role)
    begins = starts or today() - dt.timedelta(days=1)
    Appointment.objects.create(person=person, role=role, school=school, site=site, starts_on=begins, ends_on=ends)
    return person


def names(rows):
    return {row.name for row in rows}


def test_a_school_reaches_all_its_sites_a_site_only_itself_and_the_trust_everything(world):
    field = world.oakfield.school.sites.create(name="Playing field")
    of_school = appointed("caretaker", school=world.oakfield.school)
    of_site = appointed("caretaker", site=field)
    of_trust = appointed("estates-lead")
    assert names(Site.objects.visible_to(of_school)) == {"Oakfield site", "Playing field"}
    assert names(Site.objects.visible_to(of_site)) == {"Playing field"}
    assert names(Site.objects.visible_to(of_trust)) == {"Oakfield site", "Playing field", "Riverside site"}
    assert Building.objects.visible_to(of_site).count() == 0
    assert Space.objects.visible_to(of_school).count() == 2


def test_a_school_is_seen_once_however_many_of_its_sites_are_ones_own(world):
    second = world.oakfield.school.sites.create(name="Playing field")
    person = appointed("caretaker", site=second)
    Appointment.objects.create(person=person, role="caretaker", site=world.oakfield, starts_on=today())
    assert list(School.objects.visible_to(person)) == [world.oakfield.school]
    assert School.objects.visible_to(person).count() == 1


@pytest.mark.parametrize(
    ("starts", "ends", "sees"),
    [(-1, None, True), (0, 0, True), (1, None, False), (-9, -1, False), (-9, 9, True)],
)
def test_an_appointment_counts_from_its_first_to_its_last_day(world, starts, ends, sees):
    day = dt.timedelta(days=1)
    ends_on = None if ends is None else today() + ends * day
    auditor = appointed("auditor", starts=today() + starts * day, ends=ends_on)
    assert Site.objects.visible_to(auditor).exists() is sees


def test_somebody_who_has_left_reaches_nothing(world):
    person = appointed("estates-lead")
    person.is_active = False
    assert reach(person, permits.ESTATE_VIEW).nowhere()


def test_roles_without_the_permit_reach_nothing_whatever_their_place(world):
    for role, held in permits.ROLES.items():
        person = appointed(role)
        assert Site.objects.visible_to(person).exists() is (permits.ESTATE_VIEW in held.permits), role


def test_every_role_that_works_on_the_estate_sees_it():
    """A permit to act without the permit to see would make its 403 a 404."""
    for key, role in permits.ROLES.items():
        elsewhere = {permits.DEFECT_REPORT, permits.ESTATE_VIEW, permits.ABSENCE_MANAGE, permits.SPEND_ASK}
        acts = role.permits & (permits.OFFICE - elsewhere)
        assert not acts or permits.ESTATE_VIEW in role.permits, key


def test_a_stranger_is_told_that_there_is_nothing_and_a_colleague_that_they_may_not(world):
    governor = appointed("governor", school=world.oakfield.school)
    with pytest.raises(Forbidden):
        require(governor, permits.CHECK_RECORD, world.oakfield, "log checks")
    with pytest.raises(NotFound):
        require(governor, permits.CHECK_RECORD, world.riverside, "log checks")
    require(world.caretaker, permits.CHECK_RECORD, world.oakfield, "log checks")
    assert may(world.caretaker, permits.CHECK_RECORD, world.oakfield)


def test_colleagues_are_those_whose_place_one_sees(world):
    second = world.oakfield.school.sites.create(name="Playing field")
    lead, here = appointed("estates-lead"), appointed("staff", school=world.oakfield.school)
    groundsman, far = appointed("caretaker", site=second), appointed("caretaker", school=world.riverside.school)
    gone = appointed(
        "caretaker", school=world.oakfield.school, starts=today() - dt.timedelta(days=9), ends=today() - dt.timedelta(days=1)
    )
    assert {lead, here, groundsman} <= set(colleagues(groundsman))
    assert not {far, gone} & set(colleagues(groundsman))
    assert {lead, here, groundsman, far} <= set(colleagues(lead))
    assert not colleagues(here).exists()
    assert colleagues(lead).count() == len(set(colleagues(lead)))
