"""Access ends with the last day of the last appointment: at the next request, whatever somebody still holds."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.test import Client
from django.utils import timezone

from backend.checks.models import CheckRecord
from backend.core.days import today
from backend.trust.models import Session, Token
from tests.conftest import PASSWORD
from tests.sync.phone import Phone, check_done

DAY = dt.timedelta(days=1)


@pytest.fixture
def leaver(world):
    """Oakfield's caretaker, whose last day is tomorrow."""
    world.caretaker.appointments.update(ends_on=today() + DAY)
    return world.caretaker


def on(days):
    """Noon so many days from now."""
    return time_machine.travel(timezone.now().replace(hour=12) + days * DAY, tick=False)


def test_a_browser_is_in_on_the_last_day_and_out_the_day_after(world, leaver):
    browser = Client()
    browser.force_login(leaver)
    with on(1):
        assert browser.get("/plans/").status_code == 200
    with on(2):
        assert browser.get("/plans/")["Location"].startswith("/sign-in/")
        assert browser.get("/api/v1/plans").status_code == 401
        assert browser.get("/api/v1/field/me").status_code == 401


def test_a_token_works_on_the_last_day_and_not_the_day_after(world, leaver):
    phone = Phone(leaver)
    headers = phone.headers()
    with on(1):
        assert phone.client.get("/api/v1/sites", headers=headers).status_code == 200
    with on(2):
        assert phone.client.get("/api/v1/sites", headers=headers).status_code == 401
    assert Token.objects.filter(person=leaver).exists()


def test_the_password_opens_nothing_the_day_after_and_looks_like_a_wrong_one(world, leaver):
    with on(2):
        assert authenticate(None, email=leaver.email, password=PASSWORD) is None
        answer = Client().post("/sign-in/", {"email": leaver.email, "password": PASSWORD})
    assert answer.status_code == 422 and "do not go together" in answer.content.decode()
    assert not Session.objects.filter(person=leaver).exists()


def test_access_ends_in_the_middle_of_a_session_when_the_role_is_taken_away(world):
    browser = Client()
    browser.force_login(world.caretaker)
    assert browser.get("/plans/").status_code == 200
    world.caretaker.appointments.update(ends_on=today() - DAY)
    assert browser.get("/plans/").status_code == 302


def test_somebody_with_another_role_still_running_stays_in(world, leaver):
    leaver.appointments.create(role="staff", school=world.riverside.school, starts_on=today())
    browser = Client()
    browser.force_login(leaver)
    with on(2):
        assert browser.get("/").status_code == 200
        assert browser.get("/plans/").status_code == 403


def test_what_was_done_before_leaving_and_sent_afterwards_is_held_and_not_lost(world, leaver):
    phone = Phone(leaver)
    assert phone.register().status_code == 201
    phone.session = False
    done = phone.op("check_done", check_done(world.plan()))
    with on(3):
        result = phone.push_one(done)
        assert (result["outcome"], result["code"]) == ("held", "not_yours")
        assert phone.client.get(f"/api/v1/field/sites/{world.oakfield.pk}/due").status_code == 401
    assert not CheckRecord.objects.exists()
