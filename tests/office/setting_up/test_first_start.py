"""The first start: a code from the terminal makes the trust and its first person, once; then the checklist leads on."""

import datetime as dt
import html
import io
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from backend.checks.actions import publish_library
from backend.core.models import AuditEntry
from backend.core.problems import Problem
from backend.trust.actions.setting_up import issue_code, plain_code
from backend.trust.models import Person, SetUpCode, Trust

GOOD = {
    "trust_name": "Skerne Learning Trust", "uid": "2044", "name": "Ada Byrne", "email": "Ada@Skerne.example",
    "password": "copper lantern walks slowly",
}  # fmt: skip


@pytest.fixture
def empty(db, settings):
    settings.DEMO = False
    publish_library(actor="tests")
    return Client()


def test_without_a_trust_the_doors_lead_to_setting_up(empty):
    assert empty.get("/sign-in/").url == "/set-up/"
    page = empty.get("/", follow=True)
    assert page.redirect_chain[-1][0] == "/set-up/"
    assert "Code from the terminal" in page.text


def test_the_code_makes_the_trust_and_its_first_person_and_leads_on(empty):
    answer = empty.post("/set-up/", {**GOOD, "code": issue_code().lower().replace("-", " ")}, follow=True)
    assert "Your trust has no school yet" in answer.text
    person = Person.objects.get()
    assert person.email == "ada@skerne.example"
    assert {each.role for each in person.appointments.all()} == {"administrator", "estates-lead"}
    assert Trust.objects.get().uid == "2044"
    assert not SetUpCode.objects.exists(), "the code works once"
    assert AuditEntry.objects.filter(kind="trust", system="Setting up").exists()
    assert "Import your schools" in answer.text


def test_a_wrong_or_old_code_makes_nothing_and_loses_nothing_typed(empty):
    code = issue_code()
    answer = empty.post("/set-up/", {**GOOD, "code": "AAAA-AAAA-AAAA", "password": "password1234"})
    assert answer.status_code == 422
    assert "too common" in answer.text, "all that is wrong is said at once"
    assert "Skerne Learning Trust" in answer.text
    SetUpCode.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    assert empty.post("/set-up/", {**GOOD, "code": code}).status_code == 422
    assert not Trust.objects.exists()
    assert not Person.objects.exists()


def test_a_weak_password_makes_nothing(empty):
    answer = empty.post("/set-up/", {**GOOD, "code": issue_code(), "password": "password1234"})
    assert answer.status_code == 422
    assert not Trust.objects.exists()


def test_codes_cannot_be_guessed_for_long(empty):
    for _ in range(10):
        empty.post("/set-up/", {**GOOD, "code": "AAAA-AAAA-AAAA"})
    answer = empty.post("/set-up/", {**GOOD, "code": issue_code()})
    assert "Too many tries" in answer.text
    assert not Trust.objects.exists()


def test_a_newer_code_ends_the_one_before_and_none_is_made_beside_a_trust(empty):
    first, _second = issue_code(), issue_code()
    assert empty.post("/set-up/", {**GOOD, "code": first}).status_code == 422
    said = io.StringIO()
    call_command("person", "setup-code", stdout=said)
    code = said.getvalue().strip().rpartition(" ")[2]
    assert len(plain_code(code)) == 12
    empty.post("/set-up/", {**GOOD, "code": code})
    with pytest.raises(Problem, match="trust here already"):
        issue_code()


def test_beside_a_trust_setting_up_is_for_those_who_change_places(world, browse):
    assert Client().get("/set-up/").headers["Location"].startswith("/sign-in/")
    assert browse(world.caretaker).get("/set-up/").status_code == 403
    page = browse(world.lead).get("/set-up/").text
    assert "Oakfield" in page
    for link in set(re.findall(r'href="(/[^"]*)"', page.partition("<main")[2])):
        assert browse(world.lead).get(html.unescape(link)).status_code == 200, link
    page = browse(world.person("site-manager", school=world.riverside.school)).get("/set-up/").text
    assert "Riverside" in page
    assert "Oakfield" not in page


def test_the_checklist_asks_as_many_questions_for_many_schools(world, browse, django_assert_max_num_queries):
    from backend.trust.models import School, Site

    browser = browse(world.lead)
    browser.get("/set-up/")
    for number in range(20):
        school = School.objects.create(trust=world.trust, name=f"School {number}", urn=920000 + number, phase="primary")
        Site.objects.create(school=school, name="Site")
    with django_assert_max_num_queries(16):
        assert browser.get("/set-up/").status_code == 200
