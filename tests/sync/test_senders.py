"""Who a push speaks for: sessions, signatures, authors, devices."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from backend.checks.models import CheckRecord
from backend.core.problems import NotFound, Problem
from backend.sync.models import Device, DeviceSignIn, Op
from backend.sync.senders import revoke_device
from tests.conftest import PASSWORD
from tests.sync.phone import Phone, check_done


@pytest.fixture
def op(world, phone):
    """A check done by the caretaker."""
    return phone.op("check_done", check_done(world.plan()))


def test_the_signature_alone_is_enough_when_the_session_has_run_out(phone, op):
    phone.session = False
    assert phone.push_one(op)["outcome"] == "applied"


def test_a_signature_in_der_form_is_taken_too(phone, op):
    phone.session = phone.signs = False
    raw = phone.envelope([op])
    answer = phone.post(raw, **{"X-Device-Signature": phone.signature(raw, der=True)})
    assert answer.json()["results"][0]["outcome"] == "applied"


def test_an_expired_token_beside_a_good_signature_does_no_harm(phone, op):
    raw = phone.envelope([op])
    assert phone.post(raw, Authorization="Bearer nonsense").json()["results"][0]["outcome"] == "applied"


def test_neither_session_nor_signature_is_401(phone, op):
    phone.session = phone.signs = False
    answer = phone.post(phone.envelope([op]))
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"]


@pytest.mark.parametrize("signature", ["", "!!", "AAAA", "x" * 88])
def test_a_signature_that_is_none_is_401_without_a_session(phone, op, signature):
    phone.session = phone.signs = False
    assert phone.post(phone.envelope([op]), **{"X-Device-Signature": signature}).status_code == 401


def test_a_signature_over_other_bytes_is_401_without_a_session_and_held_with_one(phone, op):
    raw, forged = phone.envelope([op]), {"X-Device-Signature": phone.signature(b"other bytes")}
    phone.signs = phone.session = False
    assert phone.post(raw, **forged).status_code == 401
    phone.session = True
    result = phone.post(raw, **forged).json()["results"][0]
    assert (result["outcome"], result["code"]) == ("held", "bad_signature")


def test_what_was_held_for_a_bad_signature_is_taken_in_when_the_phone_signs_it(phone, op):
    raw = phone.envelope([op])
    held = phone.post(raw, **{"X-Device-Signature": phone.signature(b"other bytes")}).json()["results"][0]
    assert held["outcome"] == "held"
    again = phone.post(raw).json()["results"][0]
    assert again["outcome"] == "again"
    row = Op.objects.get(pk=op["id"])
    assert (row.outcome, row.code) == ("applied", "")
    assert CheckRecord.objects.filter(pk=op["id"]).exists()
    assert phone.post(raw).json()["results"][0]["outcome"] == "again"
    assert CheckRecord.objects.count() == 1


def test_a_stranger_with_the_devices_id_and_another_key_is_401(phone, op):
    thief = Phone(phone.person, id=phone.id, session=False)
    assert thief.post(thief.envelope([op])).status_code == 401


def test_an_unregistered_phone_with_a_session_is_taken_and_noted(world):
    new = Phone(world.caretaker)
    result = new.push_one(new.op("check_done", check_done(world.plan())))
    assert result["outcome"] == "applied"
    assert "not registered" in result["notes"][0]


def test_work_of_another_who_signed_in_on_this_phone_is_theirs(world, phone):
    colleague = world.person("site-manager", school=world.oakfield.school)
    phone.person = colleague
    assert phone.register().status_code == 200
    theirs = phone.op("check_done", check_done(world.plan()))
    phone.person = world.caretaker
    assert phone.push_one(theirs)["outcome"] == "applied"
    assert set(DeviceSignIn.objects.values_list("person", flat=True)) == {colleague.pk, world.caretaker.pk}


def test_work_of_one_who_never_signed_in_here_is_held(world, phone, op):
    foreign = {**op, "author": str(world.stranger.pk)}
    assert phone.push_one(foreign)["code"] == "author_not_proved"


def test_work_of_another_without_a_signature_is_held(world, phone, op):
    other = Phone(world.lead, signs=False)
    result = other.push_one(op)
    assert (result["outcome"], result["code"]) == ("held", "author_not_proved")


def test_a_revoked_phones_pushes_are_held(world, phone, op):
    device = Device.objects.get()
    with pytest.raises(NotFound):
        revoke_device(device=device, person=world.stranger, reason="spite")
    with pytest.raises(Problem):
        revoke_device(device=device, person=world.lead, reason=" ")
    revoke_device(device=device, person=world.lead, reason="Lost on the bus.")
    phone.session = False
    assert phone.push_one(op)["code"] == "device_revoked"


def test_somebody_who_has_left_may_do_nothing_more(world, phone, op):
    world.caretaker.appointments.update(ends_on=timezone.now().date().replace(year=2025))
    assert phone.push_one(op)["code"] == "not_yours"


def test_registering_again_changes_nothing_and_another_key_is_409(world, phone):
    assert phone.register().status_code == 200
    thief = Phone(world.stranger, id=phone.id)
    answer = thief.register()
    assert (answer.status_code, answer.json()["code"]) == (409, "device_taken")
    assert DeviceSignIn.objects.count() == 1
    mine = phone.client.get("/api/v1/field/devices", headers=phone.headers()).json()
    assert [each["id"] for each in mine] == [phone.id]


@pytest.mark.parametrize("key", ["", "AAAA", "not base64!", "x" * 500])
def test_a_key_that_is_none_is_refused(world, phone, key):
    body = {"id": "another-device", "public_key": key}
    phone.signs = False
    answer = phone.client.post("/api/v1/field/devices", body, content_type="application/json", headers=phone.headers())
    assert answer.status_code == 400
    assert "public_key" in answer.json()["fields"]


def test_a_key_on_another_curve_is_refused(world):
    assert Phone(world.caretaker, key=ec.generate_private_key(ec.SECP384R1()), signs=False).register().status_code == 400


def test_signing_in_on_a_phone_begins_a_session_and_sets_the_csrf_cookie(world):
    cache.clear()
    client = Client(enforce_csrf_checks=True)
    body = {"email": world.caretaker.email.upper(), "password": PASSWORD}
    answer = client.post("/api/v1/field/sign-in", body, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["person"]["id"] == str(world.caretaker.pk)
    token = client.cookies["csrftoken"].value
    assert client.get("/api/v1/field/me").json()["sites"][0]["id"] == str(world.oakfield.pk)

    phone = Phone(world.caretaker, client=client, session=False, signs=False)
    raw = phone.envelope([phone.op("check_done", check_done(world.plan()))])
    assert phone.post(raw).status_code == 403
    assert phone.post(raw, **{"X-CSRFToken": token}).json()["results"][0]["outcome"] == "applied"
    assert client.post("/api/v1/field/sign-out", headers={"X-CSRFToken": token}).status_code == 204
    assert client.get("/api/v1/field/me").status_code == 401


def test_a_session_without_its_csrf_token_falls_back_on_the_signature(world, phone):
    phone.client = Client(enforce_csrf_checks=True)
    phone.client.force_login(world.caretaker)
    phone.session = False
    assert phone.push_one(phone.op("check_done", check_done(world.plan())))["outcome"] == "applied"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_sites_page_cannot_sign_anybody_in(world, headers):
    body = {"email": world.caretaker.email, "password": PASSWORD}
    answer = Client().post("/api/v1/field/sign-in", body, content_type="application/json", headers=headers)
    assert answer.status_code == 403


def test_a_form_cannot_sign_anybody_in(world):
    assert Client().post("/api/v1/field/sign-in", {"email": "a", "password": "b"}).status_code == 415


def test_a_wrong_password_is_401_and_too_many_tries_are_429(world, monkeypatch):
    from backend.trust import signin

    cache.clear()
    monkeypatch.setattr(signin, "TRIES_OF_AN_ADDRESS", 2)
    client, body = Client(), {"email": "nobody@test.example", "password": "wrong"}
    answers = [client.post("/api/v1/field/sign-in", body, content_type="application/json") for _ in range(6)]
    assert answers[0].json()["code"] == "wrong_password"
    assert 429 in {each.status_code for each in answers}
    cache.clear()
