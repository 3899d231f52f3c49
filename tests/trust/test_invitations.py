"""Inviting: who may, what the link opens, and that nobody raises themselves or a friend."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from backend.core.days import today
from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, NotFound, Problem
from backend.trust import letters, tasks
from backend.trust.actions import appoint, end_appointment
from backend.trust.actions.accounts import end_sessions
from backend.trust.actions.invitations import NewAppointment, accept, invite, named_by, post, send_again, withdraw
from backend.trust.models import Appointment, Invitation, Person, Session, Token
from backend.trust.tokens import issue

NEW = "new.caretaker@oakfield.example"
GOOD = "four words of mine"


def invited(world, *, actor=None, role="caretaker", email=NEW, **more):
    """Somebody invited to Oakfield: (the invitation, the link's secret)."""
    new = NewAppointment(role, today(), school=world.oakfield.school, **more)
    return invite(email=email, name="New Caretaker", new=new, actor=actor or world.person("hr-officer"))


def test_an_invitation_makes_a_person_with_a_role_who_cannot_sign_in_yet(world):
    invitation, text = invited(world)
    person = Person.objects.get(email=NEW)
    assert not person.has_usable_password() and person.has_access(today())
    assert invitation.hash != text and text not in str(Invitation.objects.values())
    assert Client().post("/sign-in/", {"email": NEW, "password": ""}).status_code == 422


def test_the_letter_says_who_invites_to_what_and_its_link_opens_the_door(world):
    invitation, text = invited(world)
    assert post(invitation, text, "https://estates.example.org")
    body = mail.outbox[0].body
    assert mail.outbox[0].to == [NEW]
    assert "HR officer" in body and "Oakfield" in body and "&" not in body
    found = re.search(r"https://estates\.example\.org(/invitation/\S+/)", str(body))
    assert found
    path = found[1]
    browser = Client()
    assert "New Caretaker" in browser.get(path).content.decode()
    assert browser.post(path, {"name": "Nia Carey", "password": GOOD})["Location"] == "/"
    assert browser.get("/plans/").status_code == 200
    assert Person.objects.get(email=NEW).name == "Nia Carey"
    assert browser.get(path).status_code == 410


def test_a_link_works_once_for_fourteen_days_and_not_after_it_was_sent_again_or_withdrawn(world):
    hr = world.person("hr-officer")
    invitation, first = invited(world)
    _, second = send_again(person=invitation.person, actor=hr)
    with pytest.raises(Problem, match="used, was withdrawn, or is too old"):
        named_by(first)
    with time_machine.travel(timezone.now() + dt.timedelta(days=13)):
        assert named_by(second).times_sent == 2
    with time_machine.travel(timezone.now() + dt.timedelta(days=15)), pytest.raises(Problem):
        named_by(second)
    withdraw(person=invitation.person, actor=hr)
    with pytest.raises(Problem):
        accept(text=second, name="X", password=GOOD)
    assert not Person.objects.get(email=NEW).is_active
    with pytest.raises(Problem):
        withdraw(person=invitation.person, actor=hr)


def test_who_was_withdrawn_can_be_invited_anew_and_who_is_here_cannot(world):
    invitation, _ = invited(world)
    with pytest.raises(Problem) as refused:
        invited(world, email=NEW.upper())
    assert refused.value.status == 409
    withdraw(person=invitation.person, actor=world.person("hr-officer"))
    again, text = invited(world)
    assert again.person_id == invitation.person_id and named_by(text)


@pytest.mark.parametrize("password", ["short", "passwordpassword", "123456789012", "new.caretaker@oakfield"])
def test_a_weak_password_is_refused_and_the_link_still_works(world, password):
    _, text = invited(world)
    with pytest.raises(Problem):
        accept(text=text, name="Nia", password=password)
    assert named_by(text)


def test_a_role_that_begins_later_opens_nothing_before(world):
    _, text = invite(
        email=NEW,
        name="New",
        new=NewAppointment("caretaker", today() + dt.timedelta(days=5), school=world.oakfield.school),
        actor=world.person("hr-officer"),
    )
    browser = Client()
    answer = browser.post(f"/invitation/{text}/", {"name": "New", "password": GOOD})
    assert "Your role begins" in answer.content.decode()
    assert browser.get("/plans/").status_code == 302
    sign_in = {"email": NEW, "password": GOOD}
    assert Client().post("/sign-in/", sign_in).status_code == 422
    with time_machine.travel(timezone.now() + dt.timedelta(days=5)):
        assert Client().post("/sign-in/", sign_in).status_code == 302


@pytest.mark.parametrize("role", ["caretaker", "sbm", "estates-lead", "headteacher", "trustee"])
def test_who_does_not_manage_people_invites_nobody(world, role):
    with pytest.raises((Forbidden, NotFound)):
        invited(world, actor=world.person(role))
    assert not Person.objects.filter(email=NEW).exists()


def test_an_hr_officer_of_one_school_reaches_no_other(world):
    hr = world.person("hr-officer", school=world.riverside.school)
    with pytest.raises((Forbidden, NotFound)):
        invited(world, actor=hr)
    with pytest.raises(NotFound):
        end_sessions(person=world.caretaker, actor=hr)
    world.stranger.appointments.create(role="staff", school=world.oakfield.school, starts_on=today())
    with pytest.raises(Forbidden, match="also work elsewhere"):
        end_sessions(person=world.stranger, actor=hr)


def test_only_an_administrator_makes_or_ends_an_administrator(world):
    hr, admin = world.person("hr-officer"), world.person("administrator")
    with pytest.raises(Forbidden):
        appoint(person=world.caretaker, role="administrator", starts_on=today(), actor=hr)
    with pytest.raises(Forbidden):
        end_appointment(appointment=admin.appointments.get(), on=today(), actor=hr)
    with pytest.raises(Forbidden, match="system administrators"):
        end_sessions(person=admin, actor=hr)
    made = appoint(person=world.caretaker, role="administrator", starts_on=today(), actor=admin)
    with pytest.raises(Forbidden):
        end_appointment(appointment=admin.appointments.get(), on=today(), actor=admin)
    end_appointment(appointment=made, on=today(), actor=admin)


def test_the_other_administrators_hear_of_a_powerful_role_and_not_of_a_caretakers(world, django_capture_on_commit_callbacks):
    admin, hr = world.person("administrator"), world.person("hr-officer")
    with django_capture_on_commit_callbacks() as quiet:
        appoint(person=world.stranger, role="caretaker", school=world.oakfield.school, starts_on=today(), actor=admin)
    with django_capture_on_commit_callbacks() as told:
        made = appoint(person=world.caretaker, role="sbm", school=world.oakfield.school, starts_on=today(), actor=admin)
    assert (len(quiet), len(told)) == (0, 1)
    assert tasks.send_to_administrators("appointed", str(made.pk), str(admin.pk)) == 1
    assert mail.outbox[0].to == [hr.email]
    assert world.caretaker.name in mail.outbox[0].body and "School business manager" in mail.outbox[0].body


def test_where_there_is_one_administrator_the_trusts_leader_hears(world):
    admin, ceo = world.person("administrator"), world.person("trust-leader")
    assert letters.administrators(admin.pk) == [ceo]


def test_signing_somebody_out_ends_their_browsers_and_tokens_and_is_entered(world):
    browser, hr = Client(), world.person("hr-officer")
    browser.force_login(world.caretaker)
    issue(world.caretaker)
    assert end_sessions(person=world.caretaker, actor=hr) == 1
    assert browser.get("/plans/").status_code == 302
    assert not Session.objects.filter(person=world.caretaker).exists() and not Token.objects.exists()
    assert AuditEntry.objects.filter(kind="sessions-ended", actor_id=hr.pk).exists()


def test_every_change_of_access_enters_the_audit_chain(world):
    hr = world.person("hr-officer")
    invitation, text = invited(world)
    person = accept(text=text, name="Nia", password=GOOD)
    end_appointment(appointment=Appointment.objects.get(person=person), on=today(), actor=hr)
    kinds = set(AuditEntry.objects.values_list("kind", flat=True))
    assert {"invitation", "invitation-accepted", "appointment", "person", "password"} <= kinds
    assert AuditEntry.objects.filter(subject=f"invitation:{invitation.pk}").count() == 2
