"""Access tokens: what each scope reaches, how long, and that it never reaches further than its person."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from backend.core.days import today
from backend.core.models import AuditEntry
from backend.core.problems import NotFound, Problem
from backend.maintenance.models import Defect
from backend.trust import permits
from backend.trust.models import Token
from backend.trust.tokens import issue, revoke


def client(person, **more):
    """A program with a token."""
    text, _ = issue(person, **more)
    return Client(headers={"Authorization": f"Bearer {text}"})


def report(world, program):
    """Try to report a problem at Oakfield."""
    body = {"site": str(world.oakfield.pk), "summary": "Loose slab"}
    return program.post("/api/v1/defects", body, content_type="application/json")


def add_asset(world, program):
    """Try to add an asset at Oakfield."""
    body = {"site": str(world.oakfield.pk), "type": "fire-alarm-panel", "name": "New"}
    return program.post("/api/v1/assets", body, content_type="application/json")


@pytest.mark.parametrize(
    ("scope", "chosen", "reads", "reports", "adds"),
    [
        ("full", [], 200, 201, 201),
        ("record", [], 200, 201, 403),
        ("read", [], 200, 403, 403),
        ("chosen", [permits.ESTATE_VIEW, permits.ASSET_CHANGE], 200, 403, 201),
    ],
)
def test_a_token_does_what_its_scope_says_and_no_more(world, scope, chosen, reads, reports, adds):
    program = client(world.caretaker, scope=scope, chosen=chosen)
    assert program.get("/api/v1/sites").json()["count"] == 1
    assert (program.get("/api/v1/sites").status_code, report(world, program).status_code) == (reads, reports)
    assert add_asset(world, program).status_code == adds


def test_a_token_that_leaves_out_reading_sees_nothing(world):
    program = client(world.caretaker, scope="chosen", chosen=[permits.DEFECT_REPORT])
    assert program.get("/api/v1/sites").json()["count"] == 0
    assert program.get("/api/v1/people").json()["count"] == 0
    assert program.get("/api/v1/field/me").json()["permits"] == [permits.DEFECT_REPORT]


def test_a_token_never_reaches_further_than_its_person(world):
    governor = world.person("governor", school=world.oakfield.school)
    program = client(governor, scope="chosen", chosen=[permits.ESTATE_VIEW, permits.ASSET_CHANGE])
    assert add_asset(world, program).status_code == 403
    assert not Defect.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [({"days": 0}, "days"), ({"days": 366}, "days"), ({"scope": "king"}, "scope"), ({"scope": "chosen"}, "chosen"),
     ({"scope": "chosen", "chosen": ["everything"]}, "chosen")],
)  # fmt: skip
def test_a_token_that_cannot_be_is_refused(world, more, field):
    with pytest.raises(Problem) as refused:
        issue(world.caretaker, **more)
    assert field in refused.value.fields and not Token.objects.exists()


def test_a_token_ends_on_its_day_and_at_once_when_revoked_by_its_owner_only(world):
    program = client(world.caretaker, days=365)
    with time_machine.travel(timezone.now() + dt.timedelta(days=364)):
        assert program.get("/api/v1/sites").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(days=366)):
        assert program.get("/api/v1/sites").status_code == 401
    with pytest.raises(NotFound):
        revoke(Token.objects.get(), person=world.lead)
    revoke(Token.objects.get(), person=world.caretaker)
    assert program.get("/api/v1/sites").status_code == 401


def test_the_day_of_last_use_is_kept_and_written_once_a_day(world, django_assert_num_queries):
    program = client(world.caretaker)
    address = f"/api/v1/sites/{world.oakfield.pk}"
    with time_machine.travel(timezone.now().replace(hour=12), tick=False):
        with django_assert_num_queries(4):
            program.get(address)
        with django_assert_num_queries(3):
            program.get(address)
    assert Token.objects.get().used_on == today()


def test_making_and_ending_a_token_enters_the_audit_chain_without_its_text(world):
    text, _ = issue(world.caretaker, name="Report")
    token = Token.objects.get()
    assert token.hash != text
    subject = f"token:{token.pk}"
    revoke(token, person=world.caretaker)
    assert AuditEntry.objects.filter(subject=subject, actor_id=world.caretaker.pk).count() == 2
