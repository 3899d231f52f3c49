"""The pages about people: who is listed to whom, inviting, appointing, ending, and what the administrator does not see."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from backend.core.days import today
from backend.trust.models import Appointment, Invitation, Person
from tests.sync.phone import Phone
from tests.trust.test_factors import with_app

NEW = {"name": "New One", "email": "new.one@oakfield.example", "role": "caretaker", "starts_on": today().isoformat()}


@pytest.fixture
def office(world):
    """The HR officer's browser."""
    browser = Client()
    browser.force_login(world.person("hr-officer"))
    return browser


def page_of(person):
    """The address of somebody's page."""
    return f"/people/{person.pk}/"


def sheet_of(browser: Any, address: str) -> str:
    """A CSV, whole."""
    return b"".join(browser.get(address).streaming_content).decode()


def at_oakfield(world):
    """Oakfield as the form names it."""
    return f"school:{world.oakfield.school_id}"


def test_the_administrator_sees_people_and_no_estate(world):
    plan = world.plan()
    browser = Client()
    browser.force_login(world.person("administrator"))
    assert world.caretaker.name in browser.get("/people/").content.decode()
    for page in (
        "/plans/",
        "/assets/",
        "/compliance/",
        "/plans.csv",
        f"/plans/{plan.pk}/",
        f"/schools/{world.oakfield.school_id}/",
    ):
        assert browser.get(page).status_code == 403, page
    for path in ("sites", "assets", "plans", "records", "schools", "people"):
        assert browser.get(f"/api/v1/{path}").json()["count"] == 0, path
    assert browser.get(f"/api/v1/plans/{plan.pk}").status_code == 404


@pytest.mark.parametrize("role", ["caretaker", "site-manager", "headteacher", "estates-lead", "cfo", "staff", "trustee"])
def test_who_does_not_manage_people_is_refused_everywhere_here(world, role):
    browser = Client()
    browser.force_login(world.person(role))
    other = world.stranger
    assert "/people/" not in browser.get("/").content.decode()
    for page in ("/people/", "/people.csv", "/people/invite/", page_of(other)):
        assert browser.get(page).status_code == 403, page
    held = other.appointments.get()
    for act in (
        "appoint/",
        f"roles/{held.pk}/end/",
        "invitation/send/",
        "invitation/withdraw/",
        "sign-out/",
        "second-step/remove/",
    ):
        assert browser.post(page_of(other) + act).status_code == 403, act
    assert Appointment.objects.get(pk=held.pk).ends_on is None


def test_an_hr_officer_of_a_school_finds_its_people_and_nobody_elses(world):
    browser = Client()
    browser.force_login(world.person("hr-officer", school=world.oakfield.school))
    mine, other = world.caretaker, world.stranger
    text = browser.get("/people/").content.decode()
    assert mine.email in text and other.email not in text
    sheet = sheet_of(browser, "/people.csv?status=all")
    assert mine.email in sheet and other.email not in sheet
    assert browser.get(page_of(mine)).status_code == 200
    assert browser.get(page_of(other)).status_code == 404
    assert browser.post(page_of(other) + "sign-out/").status_code == 404
    assert browser.get(f"/people/?school={world.riverside.school_id}").status_code == 404
    assert "Riverside" not in browser.get("/people/invite/").content.decode()
    forged = {**NEW, "place": f"school:{world.riverside.school_id}"}
    assert browser.post("/people/invite/", forged).status_code == 422
    assert not Person.objects.filter(email=NEW["email"]).exists()


def test_the_list_is_searched_and_filtered_and_handed_out_as_csv(world, office):
    gone = world.person("governor", school=world.oakfield.school)
    gone.appointments.update(ends_on=today() - dt.timedelta(days=1))
    later = world.person("staff", school=world.riverside.school)
    later.appointments.update(starts_on=today() + dt.timedelta(days=3))
    shown = {
        "": {world.caretaker.email, world.stranger.email},
        "q=riverside": {world.stranger.email},
        "role=caretaker": {world.caretaker.email, world.stranger.email},
        f"school={world.oakfield.school_id}": {world.caretaker.email},
        "status=left": {gone.email},
        "status=later": {later.email},
        "status=all": {world.caretaker.email, world.stranger.email, gone.email, later.email},
    }
    everybody = {world.caretaker.email, world.stranger.email, gone.email, later.email}
    for query, emails in shown.items():
        text = office.get(f"/people/?{query}").content.decode()
        assert {email for email in everybody if email in text} == emails, query
        sheet = sheet_of(office, f"/people.csv?{query}")
        assert {email for email in everybody if email in sheet} == emails, query


def test_the_list_costs_the_same_however_many_people_there_are(world, office):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert office.get("/people/").status_code == 200
        return len(seen)

    office.get("/people/")
    before = cost()
    for role in ("sbm", "headteacher", "governor", "clerk", "cfo"):
        world.person(role)
    assert cost() == before <= 10


def test_somebody_is_invited_listed_as_such_and_withdrawn(world, office):
    answer = office.post("/people/invite/", {**NEW, "place": at_oakfield(world)}, follow=True)
    assert "Invited." in answer.content.decode() and mail.outbox[0].to == [NEW["email"]]
    person = Person.objects.get(email=NEW["email"])
    assert NEW["email"] in office.get("/people/?status=invited").content.decode()
    office.post(page_of(person) + "invitation/send/")
    assert len(mail.outbox) == 2 and mail.outbox[0].body != mail.outbox[1].body
    office.post(page_of(person) + "invitation/withdraw/")
    assert Invitation.objects.get().withdrawn_at and not Person.objects.get(pk=person.pk).is_active
    assert office.post(page_of(person) + "invitation/send/").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [{"email": "nonsense"}, {"email": ""}, {"name": ""}, {"role": "king"}, {"role": "administrator"}, {"place": "school:x"},
     {"starts_on": "soon"}, {"starts_on": "0001-01-01"}, {"ends_on": "2001-01-01"}],
)  # fmt: skip
def test_an_invitation_that_cannot_be_says_why_and_keeps_what_was_typed(world, office, wrong):
    answer = office.post("/people/invite/", {**NEW, "place": at_oakfield(world), **wrong})
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.content.decode()
    assert (wrong.get("name", "New One") in answer.content.decode()) and not Invitation.objects.exists()


def test_without_mail_the_page_says_so_and_the_invitation_stands(world, office, settings):
    settings.MAIL_IS_SET_UP = False
    answer = office.post("/people/invite/", {**NEW, "place": at_oakfield(world)}, follow=True)
    assert "could not be sent" in answer.content.decode()
    assert Invitation.objects.exists() and not mail.outbox


def test_a_role_is_given_and_ended_and_nobody_does_it_to_themselves(world, office):
    hr, other = world.person("hr-officer"), world.caretaker
    sent = {"role": "staff", "place": at_oakfield(world), "starts_on": today().isoformat()}
    assert office.post(page_of(other) + "appoint/", sent).status_code == 302
    held = other.appointments.get(role="staff")
    end = {"on": (today() + dt.timedelta(days=9)).isoformat()}
    assert office.post(f"{page_of(other)}roles/{held.pk}/end/", end).status_code == 302
    assert Appointment.objects.get(pk=held.pk).ends_on == today() + dt.timedelta(days=9)
    refused = office.post(f"{page_of(other)}roles/{held.pk}/end/", {"on": "rubbish"}, follow=True)
    assert "Write the last day as a date." in refused.content.decode()
    assert office.post(page_of(hr) + "appoint/", {**sent, "role": "estates-lead", "place": "trust"}).status_code == 422
    assert office.post(f"{page_of(hr)}roles/{hr.appointments.get().pk}/end/").status_code == 403
    assert office.post(f"{page_of(hr)}roles/{held.pk}/end/").status_code == 404
    assert hr.appointments.get().ends_on is None


def test_ending_now_ends_access_this_minute_also_on_the_first_day(world, office):
    browser = Client()
    browser.force_login(world.caretaker)
    assert browser.get("/plans/").status_code == 200
    held = world.caretaker.appointments.get()
    held.starts_on = today()
    held.save()
    refused = office.post(f"{page_of(world.caretaker)}roles/{held.pk}/end/", {"on": "2020-01-01"}, follow=True)
    assert "its last day cannot lie before" in refused.content.decode()
    assert browser.get("/plans/").status_code == 200
    office.post(f"{page_of(world.caretaker)}roles/{held.pk}/end/", {"when": "now"})
    assert browser.get("/plans/").status_code == 302


def test_a_colleague_is_signed_out_their_phone_and_second_step_taken_away(world, office):
    browser, phone = Client(), Phone(world.lead)
    browser.force_login(with_app(world.lead))
    phone.register()
    text = office.get(page_of(world.lead)).content.decode()
    assert "Test phone" in text and "1 browser" in text
    assert office.post(f"{page_of(world.lead)}phones/{phone.id}/revoke/").status_code == 302
    assert office.post(page_of(world.lead) + "second-step/remove/").status_code == 302
    assert office.post(page_of(world.lead) + "sign-out/").status_code == 302
    assert browser.get("/plans/").status_code == 302
    assert not Person.objects.get(pk=world.lead.pk).has_second_factor
    assert phone.client.get("/api/v1/field/me", headers=phone.headers()).status_code == 401
    assert office.post(f"{page_of(world.lead)}phones/nothing/revoke/").status_code == 404


def test_no_page_of_these_holds_inline_script_or_style(world, office):
    pages = ["/people/", "/people/invite/", page_of(world.caretaker), "/account/", "/account/password/", "/account/second-step/",
             "/account/sign-ins/"]  # fmt: skip
    for page in pages:
        text = office.get(page).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text), page


def test_an_hr_officer_of_a_school_sees_nothing_of_what_somebody_does_elsewhere(world):
    browser = Client()
    browser.force_login(world.person("hr-officer", school=world.oakfield.school))
    world.caretaker.appointments.create(role="sbm", school=world.riverside.school, starts_on=today())
    for page in ("/people/", page_of(world.caretaker), "/people/?role=sbm&status=all"):
        text = browser.get(page).content.decode()
        assert "Riverside" not in text, page
    assert world.caretaker.email not in text
    sheet = sheet_of(browser, "/people.csv")
    assert world.caretaker.email in sheet and "Riverside" not in sheet
    assert browser.post(page_of(world.caretaker) + "sign-out/").status_code == 403
