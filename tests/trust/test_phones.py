"""Phones that were away for weeks, and phones that were lost."""

import datetime as dt
import json

import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from backend.sync.models import Device
from backend.sync.senders import revoke_device
from backend.trust.models import Session
from backend.trust.tokens import issue
from tests.conftest import PASSWORD
from tests.sync.phone import Phone, check_done


def signed_in_phone(person):
    """A phone on which somebody signed in with their password, registered, with the session's cookie and no token."""
    cache.clear()
    phone = Phone(person, session=False)
    sign_in(phone)
    body = json.dumps({"id": phone.id, "public_key": phone.spki, "label": "Phone", "app": phone.app}).encode()
    answer = phone.client.post("/api/v1/field/devices", body, content_type="application/json", headers=phone.headers(body))
    assert answer.status_code == 201
    return phone


def sign_in(phone):
    """Sign in on the phone."""
    body = {"email": phone.person.email, "password": PASSWORD}
    answer = phone.client.post("/api/v1/field/sign-in", body, content_type="application/json")
    assert answer.status_code == 200


def test_a_phone_six_weeks_in_a_cellar_sends_what_it_holds_and_then_signs_in_again(world):
    phone = signed_in_phone(world.caretaker)
    done = phone.op("check_done", check_done(world.plan()))
    with time_machine.travel(timezone.now() + dt.timedelta(weeks=6)):
        assert phone.client.get("/api/v1/field/me").status_code == 401
        assert phone.push_one(done)["outcome"] == "applied"
        sign_in(phone)
        assert phone.client.get("/api/v1/field/me").status_code == 200


def test_a_phone_taken_out_of_use_reads_nothing_more_and_what_it_sends_is_held(world):
    phone = signed_in_phone(world.caretaker)
    done = phone.op("check_done", check_done(world.plan()))
    elsewhere = Client()
    elsewhere.force_login(world.caretaker)
    revoke_device(device=Device.objects.get(), person=world.lead, reason="Lost on the bus.")
    assert phone.client.get("/api/v1/field/me").status_code == 401
    assert phone.client.get(f"/api/v1/field/sites/{world.oakfield.pk}/register").status_code == 401
    assert phone.push_one(done)["code"] == "device_revoked"
    assert elsewhere.get("/").status_code == 200


def test_signing_in_anew_on_a_phone_out_of_use_ends_when_it_shows_its_key(world):
    phone = signed_in_phone(world.caretaker)
    revoke_device(device=Device.objects.get(), person=world.caretaker, reason="Broken.")
    sign_in(phone)
    body = json.dumps({"id": phone.id, "public_key": phone.spki}).encode()
    answer = phone.client.post("/api/v1/field/devices", body, content_type="application/json", headers=phone.headers(body))
    assert (answer.status_code, answer.json()["code"]) == (403, "device_revoked")
    assert phone.client.get("/api/v1/field/me").status_code == 401


def test_a_phone_out_of_use_that_says_which_it_is_cannot_sign_in(world):
    phone = signed_in_phone(world.caretaker)
    revoke_device(device=Device.objects.get(), person=world.caretaker, reason="Broken.")
    body = {"email": phone.person.email, "password": PASSWORD}
    answer = phone.client.post("/api/v1/field/sign-in", body, content_type="application/json", headers={"X-Device": phone.id})
    assert (answer.status_code, answer.json()["code"]) == (403, "device_revoked")
    assert phone.client.get("/api/v1/field/me").status_code == 401


def test_a_phone_that_signed_in_again_is_known_by_its_next_push(world):
    phone = signed_in_phone(world.caretaker)
    phone.client = Client()
    sign_in(phone)
    assert Session.objects.filter(person=world.caretaker, device_id=phone.id).count() == 1
    phone.push_one(phone.op("check_done", check_done(world.plan())))
    assert Session.objects.filter(person=world.caretaker, device_id=phone.id).count() == 2
    revoke_device(device=Device.objects.get(), person=world.lead, reason="Lost.")
    assert phone.client.get("/api/v1/field/me").status_code == 401


def test_a_phones_session_is_known_as_that_phones(world):
    phone = signed_in_phone(world.caretaker)
    assert Session.objects.get(person=world.caretaker).device_id == phone.id


def test_a_limited_token_cannot_register_a_phone_that_would_speak_for_everything(world):
    phone = Phone(world.caretaker)
    phone.tokens[world.caretaker.pk] = issue(world.caretaker, scope="read")[0]
    assert phone.register().status_code == 403
    assert not Device.objects.exists()
