"""The second step: who needs one, from when, which codes are right, and that each works once."""

import datetime as dt
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, NotFound, Problem
from backend.trust import factors
from backend.trust.actions.factors import add_app, new_codes, remove_factor, reset_factors
from backend.trust.models import Person
from backend.trust.permits import ROLES
from tests.conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
DAY = dt.timedelta(days=1)


def code_of(secret=SECRET, at=None):
    """The app's code at a moment (seconds since 1970): RFC 6238, reckoned here apart from the product."""
    import base64
    import hashlib
    import hmac
    import struct

    counter = int(time.time() if at is None else at) // 30
    mark = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    start = mark[-1] & 15
    return f"{(int.from_bytes(mark[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def with_app(person):
    """The person, with an app set up a minute ago."""
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=2), tick=False):
        add_app(person=person, secret=SECRET, code=code_of())
    return person


def sign_in(person):
    """A browser in which the password was typed."""
    browser = Client()
    return browser, browser.post("/sign-in/", {"email": person.email, "password": PASSWORD, "next": "/plans/"})


def test_who_has_a_second_step_is_asked_for_it_and_not_signed_in_before(world):
    browser, answer = sign_in(with_app(world.lead))
    assert answer["Location"].startswith("/sign-in/second-step/")
    assert browser.get("/plans/").status_code == 302
    assert browser.post("/sign-in/second-step/", {"code": "000000"}).status_code == 422
    assert browser.post("/sign-in/second-step/", {"code": code_of()})["Location"] == "/plans/"
    assert browser.get("/plans/").status_code == 200


def test_a_code_works_once(world):
    with_app(world.lead)
    assert factors.code_is_right(world.lead, code_of())
    assert not factors.code_is_right(world.lead, code_of())


def test_codes_of_the_half_minute_to_either_side_are_taken_and_no_others(world):
    person, now = with_app(world.lead), time.time()
    with time_machine.travel(now, tick=False):
        assert not factors.code_is_right(person, code_of(at=now - 90))
        assert not factors.code_is_right(person, code_of(at=now + 90))
        assert factors.code_is_right(person, code_of(at=now - 30))
        assert factors.code_is_right(person, code_of(at=now + 30))
        assert not factors.code_is_right(person, code_of(at=now)), "older than the one used last"


@pytest.mark.parametrize("rubbish", ["", "abc", "١٢٣٤٥٦", "12345", "\x00", "9" * 20])
def test_what_is_no_code_is_not_right(world, rubbish):
    assert not factors.code_is_right(with_app(world.lead), rubbish)


def test_a_recovery_code_lets_in_once_and_new_ones_replace_the_old(world):
    person = with_app(world.lead)
    first, second = new_codes(person=person)[:2]
    assert factors.code_is_right(person, f"{first[:4]} {first[4:]}")
    assert not factors.code_is_right(person, first)
    assert factors.codes_left(person) == 9
    new_codes(person=person)
    assert not factors.code_is_right(person, second)


def test_the_secret_is_kept_encrypted(world):
    with_app(world.lead)
    kept = Authenticator.objects.get()
    assert SECRET not in str(kept.data)
    assert factors.Adapter().decrypt(kept.data["secret"]) == SECRET


def test_a_wrong_first_code_sets_nothing_up(world):
    with pytest.raises(Problem):
        add_app(person=world.lead, secret=SECRET, code="123456" if code_of() != "123456" else "654321")
    assert not Authenticator.objects.exists()
    assert not Person.objects.get(pk=world.lead.pk).has_second_factor


def test_guessing_codes_is_stopped(world):
    browser, _ = sign_in(with_app(world.lead))
    answers = [browser.post("/sign-in/second-step/", {"code": "000001"}) for _ in range(8)]
    assert "Too many tries" in answers[-1].content.decode()
    assert "Too many tries" in browser.post("/sign-in/second-step/", {"code": code_of()}).content.decode()


def test_half_way_ends_after_ten_minutes_and_when_somebody_has_left(world):
    browser, _ = sign_in(with_app(world.lead))
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert browser.get("/sign-in/second-step/")["Location"] == "/sign-in/"
    browser, _ = sign_in(world.lead)
    world.lead.appointments.update(ends_on=timezone.now().date() - DAY)
    assert browser.post("/sign-in/second-step/", {"code": code_of()})["Location"] == "/sign-in/"


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_that_asks_for_a_second_step_gives_a_week_and_then_nothing_else_opens(world, settings, role):
    settings.DEMO = False
    person = world.person(role)
    browser = Client()
    browser.force_login(person)
    assert browser.get("/").status_code == 200
    with time_machine.travel(timezone.now() + 6 * DAY):
        assert browser.get("/").status_code == 200
    with time_machine.travel(timezone.now() + 7 * DAY):
        asked = ROLES[role].second_factor
        assert browser.get("/").status_code == (302 if asked else 200)
        assert browser.get("/api/v1/sites").status_code == (403 if asked else 200)
        assert browser.get("/account/second-step/").status_code == 200
        if asked:
            assert browser.get("/")["Location"] == "/account/second-step/"


def test_the_demonstration_asks_nobody(world, settings):
    assert settings.DEMO
    assert not factors.asked_of(world.person("administrator"))


def test_a_setting_asks_further_roles(world, settings):
    settings.DEMO = False
    assert not factors.asked_of(world.caretaker)
    settings.SECOND_FACTOR_ROLES = frozenset({"caretaker"})
    assert factors.asked_of(world.caretaker)


def test_being_reminded_costs_no_query_more(world, settings, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = Client()
    browser.force_login(world.lead)
    costs = []
    for demo in (True, False, False):
        settings.DEMO = demo
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/plans/").status_code == 200
        costs.append(len(seen))
    assert costs[2] <= costs[0]


def test_a_program_is_refused_a_token_for_an_account_with_a_second_step(world):
    with_app(world.lead)
    answer = Client().post(
        "/api/v1/auth/token", {"email": world.lead.email, "password": PASSWORD}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor")
    assert "token" in answer.json()["detail"]


def test_a_phone_signs_in_with_the_code_beside_the_password(world):
    with_app(world.lead)
    body = {"email": world.lead.email, "password": PASSWORD}
    answer = Client().post("/api/v1/field/sign-in", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor")
    answer = Client().post("/api/v1/field/sign-in", {**body, "code": code_of()}, content_type="application/json")
    assert answer.status_code == 200


def test_the_last_second_step_stays_where_the_role_asks_for_one(world):
    person = with_app(world.lead)
    number = Authenticator.objects.get().pk
    with pytest.raises(Problem):
        remove_factor(person=person, number=number, asked=True)
    with pytest.raises(NotFound):
        remove_factor(person=world.caretaker, number=number, asked=False)
    remove_factor(person=person, number=number, asked=False)
    assert not Person.objects.get(pk=person.pk).has_second_factor


def test_an_administrator_removes_a_colleagues_lost_second_step_and_nobody_their_own(world):
    person, admin, hr = with_app(world.lead), world.person("administrator"), world.person("hr-officer")
    with pytest.raises(NotFound):
        reset_factors(person=person, actor=world.caretaker)
    with pytest.raises(Forbidden):
        reset_factors(person=admin, actor=hr)
    with_app(admin)
    with pytest.raises(Forbidden):
        reset_factors(person=admin, actor=admin)
    reset_factors(person=person, actor=admin)
    assert not factors.factors_of(person)
    about = AuditEntry.objects.filter(kind="second-factor-removed", actor_id=admin.pk)
    assert about.count() == 1
