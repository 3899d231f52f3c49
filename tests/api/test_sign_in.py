"""Signing in for a program."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from backend.trust.models import Token
from tests.api.conftest import problem
from tests.conftest import PASSWORD


def sign_in(asker, email, password=PASSWORD):
    return asker.post("auth/token", {"email": email, "password": password})


def test_a_token_stands_for_a_session(world, ask):
    answer = sign_in(ask(None), world.caretaker.email)
    assert answer.status_code == 200
    assert answer.json().keys() == {"token", "expires_at"}
    assert dt.datetime.fromisoformat(answer.json()["expires_at"]) > timezone.now() + dt.timedelta(days=29)
    someone = ask(None)
    someone.headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert [row["name"] for row in someone.rows("sites")] == ["Oakfield site"]


def test_the_case_of_an_email_does_not_matter(world, ask):
    assert sign_in(ask(None), f" {world.caretaker.email.upper()} ").status_code == 200


def test_a_wrong_password_an_unknown_email_and_somebody_who_left_look_the_same(world, ask):
    gone = world.person("governor", school=world.oakfield.school)
    gone.is_active = False
    gone.save()
    answers = [
        sign_in(ask(None), world.caretaker.email, "not the password"),
        sign_in(ask(None), "nobody@example.org"),
        sign_in(ask(None), gone.email),
    ]
    assert len({answer.content for answer in answers}) == 1
    problem(answers[0], 401, "not_signed_in")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "a@b.example"}, "password"),
        ({"email": 7, "password": "x"}, "password_is_fine"),
        ({"email": "a@b.example", "password": None}, "password"),
        ({"email": "a@b.example", "password": "x", "remember": True}, "remember"),
        ({"email": "a" * 300, "password": "x"}, "email"),
    ],
)
def test_what_is_missing_is_named(world, ask, body, field):
    answer = ask(None).post("auth/token", body)
    if field == "password_is_fine":
        problem(answer, 401)
    else:
        assert field in problem(answer, 400)["fields"]


def test_an_expired_a_returned_and_a_made_up_token_are_refused(world, ask):
    caretaker = ask(world.caretaker)
    assert caretaker.get("sites").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(days=31)):
        problem(caretaker.get("sites"), 401)
    assert caretaker.client.delete("/api/v1/auth/token", headers=caretaker.headers).status_code == 204
    problem(caretaker.get("sites"), 401)
    caretaker.headers = {"Authorization": "Bearer made-up"}
    assert problem(caretaker.get("sites"), 401) and caretaker.get("sites")["WWW-Authenticate"] == "Bearer"


def test_only_a_hash_of_the_token_is_kept(world, ask):
    token = sign_in(ask(None), world.caretaker.email).json()["token"]
    assert token not in {each.hash for each in Token.objects.all()}


def test_somebody_who_left_is_out_at_once(world, ask):
    caretaker = ask(world.caretaker)
    world.caretaker.is_active = False
    world.caretaker.save()
    problem(caretaker.get("sites"), 401)


def test_sixty_tries_a_minute_then_a_wait(world, ask, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]  # sixty take long
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, 0, 10, tzinfo=dt.UTC), tick=False):
        nobody = ask(None)
        for number in range(60):
            problem(sign_in(nobody, f"{number}@example.org"), 401)
        refused = sign_in(nobody, world.caretaker.email)
    problem(refused, 429, "throttled")
    assert refused["Retry-After"] == "51"
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, 1, 1, tzinfo=dt.UTC), tick=False):
        assert sign_in(nobody, world.caretaker.email).status_code == 200


def test_a_session_writes_only_with_its_csrf_token(world, ask):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(world.caretaker)
    assert client.get("/api/v1/sites").status_code == 200
    body = {"site": str(world.oakfield.pk), "summary": "Loose slab"}
    problem(client.post("/api/v1/defects", body, content_type="application/json"), 403, "stale_form")


def test_a_session_in_use_slides_once_a_day(world, ask):
    from django.test import Client

    client = Client()
    client.force_login(world.caretaker)
    first = client.get("/api/v1/sites")
    assert "sessionid" in first.cookies
    assert "sessionid" not in client.get("/api/v1/sites").cookies
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        assert "sessionid" in client.get("/api/v1/sites").cookies
