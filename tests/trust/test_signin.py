"""Signing in: what takes as long, what is counted, whose address is counted."""

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from backend.trust import signin
from backend.trust.models import Person
from backend.trust.tries import TooManyTries
from tests.conftest import PASSWORD


def request(**headers):
    return RequestFactory().post("/", **headers)


def test_an_email_is_found_in_any_case_and_with_spaces_round_it(world):
    assert authenticate(None, email=f"  {world.caretaker.email.title()} ", password=PASSWORD) == world.caretaker
    for email in ("", "nobody@example.org", f"{world.caretaker.email}\x00", world.caretaker.email + "x"):
        assert authenticate(None, email=email, password=PASSWORD) is None


def counting(real, worked):
    """The hasher's own method, which also counts its calls."""

    def called(self, *args, **more):
        worked[0] += 1
        return real(self, *args, **more)

    return called


@pytest.mark.parametrize("case", ["unknown", "wrong", "left"])
def test_every_refusal_works_a_password_out_once(world, monkeypatch, settings, case):
    """One hashing each, so that how long it takes tells nobody whether an e-mail is known."""
    from django.contrib.auth.hashers import get_hasher

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    person, worked = world.caretaker, [0]
    if case == "left":
        Person.objects.filter(pk=person.pk).update(is_active=False)
    hasher = type(get_hasher())
    for name in ("encode", "verify"):
        monkeypatch.setattr(hasher, name, counting(getattr(hasher, name), worked))
    email = "nobody@example.org" if case == "unknown" else person.email
    password = PASSWORD if case == "left" else "wrong"
    assert authenticate(None, email=email, password=password) is None
    assert worked == [1]


def test_one_account_is_guarded_whatever_the_address(db, monkeypatch):
    monkeypatch.setattr(signin, "TRIES_OF_AN_ACCOUNT", 3)
    for number in range(3):
        signin.count_try(request(REMOTE_ADDR=f"10.0.0.{number}"), "a@b.example")
    with pytest.raises(TooManyTries) as refused:
        signin.count_try(request(REMOTE_ADDR="10.0.0.9"), " A@B.example ")
    said, wait = str(refused.value.detail), refused.value.wait
    assert said.count("seconds") == 1 and said.endswith("and try again.")
    assert f"Wait {int(wait) + 1} seconds" in said
    signin.count_try(request(REMOTE_ADDR="10.0.0.9"), "other@b.example")


def test_behind_a_proxy_the_address_it_saw_is_counted_and_otherwise_a_header_is_not_believed(settings):
    said = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 5.6.7.8"}
    direct, other = signin.address_of(request(**said)), signin.address_of(request(REMOTE_ADDR="10.0.0.1"))
    assert direct == other
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert signin.address_of(request(**said)) == signin.address_of(request(REMOTE_ADDR="5.6.7.8"))
