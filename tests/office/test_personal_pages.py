"""What is held of somebody: their own page, the officer's page, the file, and erasing."""

import datetime as dt
import io
import zipfile

import pytest
import time_machine

from backend.core.days import today
from backend.hr.models import Viewing
from backend.trust.actions import System, add_person, appoint
from backend.trust.models import Person

LOADER = System("tests")


@pytest.fixture
def officer(world):
    """The trust's HR officer."""
    return world.person("hr-officer")


@pytest.fixture
def leaver(world):
    """Somebody whose last day was yesterday."""
    person = add_person(email="gone@oakfield.example", name="Gone Away", actor=LOADER)
    school, day = world.oakfield.school, today()
    last = day - dt.timedelta(days=1)
    appoint(person=person, role="caretaker", school=school, starts_on=day - dt.timedelta(days=400), ends_on=last, actor=LOADER)
    return person


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_everybody_sees_what_is_held_of_themselves_and_who_looked(browse, world, officer):
    browse(officer).get(f"/people/{world.caretaker.pk}/")
    page = browse(world.caretaker).get("/account/data/").content.decode()
    assert "Roles held" in page
    assert officer.name in page and "Erase" not in page
    assert Viewing.objects.count() == 1  # looking at oneself is not kept


def test_the_officer_sees_it_too_and_that_is_kept(browse, world, officer):
    answer = browse(officer).get(f"/people/{world.caretaker.pk}/data/")
    assert answer.status_code == 200
    assert Viewing.objects.get().person == world.caretaker
    assert "Erase" not in answer.content.decode()  # they still work here


def test_nobody_else_sees_it(browse, world):
    path = f"/people/{world.caretaker.pk}/data"
    for person in (world.lead, world.stranger, world.person("auditor")):
        for address in (f"{path}/", f"{path}.zip", "/people/kept/"):
            assert browse(person).get(address).status_code == 403
        assert browse(person).post(f"{path}/erase/", {"reason": "x", "sure": world.caretaker.email}).status_code == 403
    assert not Viewing.objects.exists()


def test_the_file_is_handed_out_and_that_is_kept(browse, world, officer):
    answer = browse(officer).get(f"/people/{world.caretaker.pk}/data.zip")
    assert "attachment" in answer["Content-Disposition"]
    made = zipfile.ZipFile(io.BytesIO(content(answer)))
    assert world.caretaker.email in made.read("trust.person.json").decode()
    assert Viewing.objects.get().page == "subject access"


def test_the_list_as_a_file_is_kept_person_by_person(browse, world, officer):
    shown = world.caretaker
    content(browse(officer).get("/people.csv"))
    assert Viewing.objects.filter(person=shown, viewer=officer).exists()
    assert not Viewing.objects.filter(person=officer).exists()


def test_erasing_asks_for_the_address_and_a_reason_and_then_the_name_is_gone(browse, leaver, officer):
    office, path = browse(officer), f"/people/{leaver.pk}/data/erase/"
    assert "Erase" in office.get(f"/people/{leaver.pk}/data/").content.decode()
    for said in ({"reason": "Asked", "sure": "gone"}, {"reason": " ", "sure": leaver.email}):
        assert office.post(path, said).status_code == 422
    assert Person.objects.get(pk=leaver.pk).name == "Gone Away"
    assert office.post(path, {"reason": "Asked", "sure": leaver.email}).status_code == 302
    assert Person.objects.get(pk=leaver.pk).name == "Somebody who has left"
    after = office.get(f"/people/{leaver.pk}/data/").content.decode()
    assert "Gone Away" not in after and "past the period" not in after


def test_the_periods_say_who_has_left_and_is_still_named(browse, leaver, officer):
    page = browse(officer).get("/people/kept/").content.decode()
    assert "Gone Away" in page and "7 years after the work" in page
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(days=2)):
        assert "Nobody who has left" in browse(officer).get("/people/kept/").content.decode()
