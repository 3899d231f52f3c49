"""One's own account: name, password, e-mail address, second step, sign-ins, phones, tokens."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from backend.core.problems import Problem
from backend.sync.models import Device
from backend.trust import tasks
from backend.trust.actions.accounts import confirm_email, new_email_link, reset_link
from backend.trust.models import Person, Session, Token
from tests.conftest import PASSWORD
from tests.sync.phone import Phone
from tests.trust.test_factors import code_of, with_app

FRESH = "teapot ladder moss"


def signed_in(person, password=PASSWORD):
    """A browser in which the person signed in by password a moment ago."""
    browser = Client()
    answer = browser.post("/sign-in/", {"email": person.email, "password": password})
    assert answer.status_code == 302, answer.content
    return browser


def read(pattern, text):
    """What a pattern finds in a text."""
    found = re.search(pattern, str(text))
    assert found
    return found[1]


def test_the_page_says_who_one_is_and_which_roles_one_has(world):
    text = signed_in(world.caretaker).get("/account/").content.decode()
    assert world.caretaker.email in text and "Caretaker, Oakfield" in text


def test_a_name_is_changed_and_an_empty_one_is_not(world):
    browser = signed_in(world.caretaker)
    assert browser.post("/account/name/", {"name": "  Mo   Khan "}).status_code == 302
    assert Person.objects.get(pk=world.caretaker.pk).name == "Mo Khan"
    assert browser.post("/account/name/", {"name": " "}).status_code == 422


def test_a_password_is_changed_here_and_other_browsers_are_out(world):
    here, there = signed_in(world.caretaker), signed_in(world.caretaker)
    answer = here.post("/account/password/", {"old": PASSWORD, "new": FRESH})
    assert answer["Location"] == "/account/"
    assert here.get("/plans/").status_code == 200
    assert there.get("/plans/").status_code == 302
    assert signed_in(world.caretaker, FRESH)


@pytest.mark.parametrize(("old", "new"), [("wrong", FRESH), (PASSWORD, "short"), (PASSWORD, ""), (PASSWORD, "passwordpassword")])
def test_a_password_is_not_changed_without_the_old_one_or_to_a_weak_one(world, old, new):
    browser = signed_in(world.caretaker)
    assert browser.post("/account/password/", {"old": old, "new": new}).status_code == 422
    assert Person.objects.get(pk=world.caretaker.pk).check_password(PASSWORD)


def test_an_address_changes_only_when_the_letters_link_is_opened_by_its_owner(world):
    browser = signed_in(world.caretaker)
    old, new = world.caretaker.email, "mo.khan@oakfield.example"
    assert "on its way" in browser.post("/account/email/", {"email": new}).content.decode()
    assert mail.outbox[0].to == [new]
    link = read(r"(/account/email/\S+/)", mail.outbox[0].body)
    assert signed_in(world.lead).post(link).status_code == 410
    browser.get(link)
    assert Person.objects.get(pk=world.caretaker.pk).email == old
    browser.post(link)
    assert Person.objects.get(pk=world.caretaker.pk).email == new
    assert browser.post(link).status_code == 410


def test_a_taken_address_is_not_given_and_nobody_learns_that_it_is_taken(world):
    browser = signed_in(world.caretaker)
    taken = browser.post("/account/email/", {"email": world.lead.email.upper()})
    free = browser.post("/account/email/", {"email": "free@oakfield.example"})
    words = [re.sub(r"to \S+@\S+\.", "", answer.content.decode()) for answer in (taken, free)]
    assert re.findall(r'role="status">(.*?)</p>', words[0], re.S) == re.findall(r'role="status">(.*?)</p>', words[1], re.S)
    assert [letter.to for letter in mail.outbox] == [["free@oakfield.example"]]
    with pytest.raises(Problem):
        confirm_email(person=world.caretaker, link=new_email_link(world.caretaker, world.lead.email).split("/")[3])


def test_what_changes_how_one_gets_in_is_asked_again_after_half_an_hour(world):
    browser = signed_in(world.caretaker)
    assert browser.get("/account/tokens/").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=31)):
        assert browser.get("/account/tokens/")["Location"] == "/sign-in/again/?next=%2Faccount%2Ftokens%2F"
        assert browser.post("/account/tokens/", {"name": "x", "scope": "full", "days": 3}).status_code == 302
        assert not Token.objects.exists()
        assert browser.post("/sign-in/again/", {"password": "wrong"}).status_code == 422
        answer = browser.post("/sign-in/again/", {"password": PASSWORD, "next": "/account/tokens/"})
        assert answer["Location"] == "/account/tokens/"
        assert browser.get("/account/tokens/").status_code == 200


def test_who_has_a_second_step_shows_that_and_not_the_password(world):
    browser = signed_in(world.lead)
    with_app(world.lead)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=31)):
        assert browser.post("/sign-in/again/", {"password": PASSWORD}).status_code == 422
        assert browser.post("/sign-in/again/", {"code": code_of()}).status_code == 302


def test_an_app_is_set_up_with_its_first_code_and_recovery_codes_are_shown_once(world):
    browser = signed_in(world.lead)
    page = browser.get("/account/second-step/app/").content.decode()
    secret = read(r'<p class="code key">([A-Z2-7]+)</p>', page)
    assert browser.get("/account/second-step/app/").content.decode().count(secret) == 1
    assert browser.post("/account/second-step/app/", {"code": "1"}).status_code == 422
    answer = browser.post("/account/second-step/app/", {"code": code_of(secret)}).content.decode()
    codes = re.findall(r"<li>(\d{4} \d{4})</li>", answer)
    assert len(set(codes)) == 10
    assert Person.objects.get(pk=world.lead.pk).has_second_factor
    assert codes[0] not in browser.get("/account/second-step/").content.decode()
    fresh = Client()
    fresh.post("/sign-in/", {"email": world.lead.email, "password": PASSWORD})
    assert fresh.post("/sign-in/second-step/", {"code": codes[3]}).status_code == 302


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "1", '{"id": 3}', '{"response": {}, "id": "AA", "rawId": "AA"}', "{" * 9000]
)
def test_a_passkeys_answer_that_is_none_is_refused_with_words(world, answer):
    browser = signed_in(world.lead)
    assert browser.get("/account/second-step/passkey/").status_code == 200
    assert browser.post("/account/second-step/passkey/", {"name": "Laptop", "answer": answer}).status_code == 422
    with_app(world.lead)
    half = Client()
    half.post("/sign-in/", {"email": world.lead.email, "password": PASSWORD})
    assert half.post("/sign-in/second-step/", {"answer": answer}).status_code == 422


def test_one_sees_ones_browsers_and_ends_one_or_all_others(world):
    here = signed_in(world.caretaker)
    others = [signed_in(world.caretaker) for _ in range(3)]
    page = here.get("/account/sign-ins/").content.decode()
    ends = re.findall(r'action="(/account/sign-ins/[0-9a-f]{32}/end/)"', page)
    assert len(ends) == 3 and page.count("this one") == 1
    assert not any(key in page for key in Session.objects.values_list("pk", flat=True))
    assert here.post(ends[0]).status_code == 302
    assert [other.get("/plans/").status_code for other in others].count(302) == 1
    here.post("/account/sign-ins/others/end/")
    assert [other.get("/plans/").status_code for other in others] == [302, 302, 302]
    assert here.get("/plans/").status_code == 200


def test_nobody_ends_a_colleagues_sign_in_or_phone_or_token(world):
    mine, theirs = signed_in(world.caretaker), signed_in(world.lead)
    page = theirs.get("/account/sign-ins/").content.decode()
    assert "this one" in page
    from backend.trust.sessions import public_name
    from backend.trust.tokens import issue

    key = Session.objects.get(person=world.lead).pk
    assert mine.post(f"/account/sign-ins/{public_name(key)}/end/").status_code == 404
    phone = Phone(world.lead)
    phone.register()
    assert mine.post(f"/account/phones/{phone.id}/revoke/").status_code == 404
    issue(world.lead)
    assert mine.post(f"/account/tokens/{Token.objects.all()[0].pk}/revoke/").status_code == 404
    assert Token.objects.exists() and not Device.objects.filter(revoked_at__isnull=False).exists()


def test_one_takes_ones_own_phone_out_of_use(world):
    phone = Phone(world.caretaker)
    phone.register()
    browser = signed_in(world.caretaker)
    assert "Test phone" in browser.get("/account/sign-ins/").content.decode()
    browser.post(f"/account/phones/{phone.id}/revoke/")
    assert Device.objects.get().revoked_at
    assert "out of use" in browser.get("/account/sign-ins/").content.decode()


def test_a_token_is_made_shown_once_and_ended(world):
    browser = signed_in(world.caretaker)
    sent = {"name": "Report", "scope": "read", "days": 7}
    page = browser.post("/account/tokens/", sent).content.decode()
    text = read(r'<p class="code key">(\S+)</p>', page)
    assert Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/sites").status_code == 200
    assert text not in browser.get("/account/tokens/").content.decode()
    browser.post(f"/account/tokens/{Token.objects.get().pk}/revoke/")
    assert Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/sites").status_code == 401


@pytest.mark.parametrize(
    "sent",
    [{}, {"scope": "king", "days": 1}, {"scope": "read", "days": 4000}, {"scope": "chosen", "days": 1},
     {"scope": "chosen", "chosen": "people.manage", "days": 1}],
)  # fmt: skip
def test_a_token_that_cannot_be_says_why(world, sent):
    assert signed_in(world.caretaker).post("/account/tokens/", {"name": "x", **sent}).status_code == 422
    assert not Token.objects.exists()


def test_asking_for_a_new_password_says_the_same_to_all_and_writes_only_to_who_is_here(world, django_capture_on_commit_callbacks):
    gone = world.stranger
    gone.appointments.update(ends_on="2020-01-01", starts_on="2019-01-01")
    pages, letters = [], []
    for email in (world.caretaker.email, gone.email, "nobody@example.org"):
        with django_capture_on_commit_callbacks() as asked:
            answer = Client().post("/sign-in/forgotten/", {"email": email})
        pages.append(re.sub(r"\S+@\S+,|\d\d:\d\d|csrf\S+", "", answer.content.decode()))
        letters.append(len(asked))
    assert len(set(pages)) == 1
    assert letters == [1, 0, 0]


def test_the_letters_link_sets_a_password_once_and_ends_every_session(world):
    person, there = world.caretaker, signed_in(world.caretaker)
    person.refresh_from_db()
    assert tasks.send_reset(str(person.pk), "https://estates.example.org")
    link = read(r"https://estates\.example\.org(/sign-in/reset/\S+/)", mail.outbox[0].body)
    browser = Client()
    assert browser.get(link).status_code == 200
    assert browser.post(link, {"new": "short"}).status_code == 422
    assert browser.post(link, {"new": FRESH})["Location"] == "/"
    assert browser.get("/plans/").status_code == 200
    assert there.get("/plans/").status_code == 302
    assert Client().post(link, {"new": "another one of mine"}).status_code == 410


def test_a_link_that_is_too_old_or_made_up_sets_nothing(world):
    link = reset_link(world.caretaker)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61)):
        assert Client().post(link, {"new": FRESH}).status_code == 410
    for wrong in ("x", "-", f"{world.caretaker.pk.hex}-", f"{world.lead.pk.hex}-{link.split('-', 2)[2]}", "%00"):
        assert Client().get(f"/sign-in/reset/{wrong}/").status_code in {404, 410}


def test_a_new_password_does_not_step_round_the_second_step(world):
    with_app(world.lead)
    world.lead.refresh_from_db()
    browser = Client()
    answer = browser.post(reset_link(world.lead), {"new": FRESH})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].startswith("/sign-in/second-step/")
    assert browser.get("/plans/").status_code == 302


def test_asking_for_letters_is_limited(world):
    answers = [Client().post("/sign-in/forgotten/", {"email": world.caretaker.email}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 422]
    assert "Too many tries" in answers[-1].content.decode()


def test_too_many_codes_are_told_how_long_to_wait(world):
    browser = Client()
    with_app(world.lead)
    browser.force_login(world.lead)
    session = browser.session
    session["confirmed_at"] = 0
    session.save()
    tried = [browser.post("/sign-in/again/", {"code": "000000"}) for _ in range(9)]
    assert [each.status_code for each in tried if each.status_code not in (422, 429)] == []
    assert tried[-1].status_code == 429
    assert int(tried[-1]["Retry-After"]) > 0
    assert "Too many tries" in tried[-1].content.decode()
