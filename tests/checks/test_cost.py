"""What recording one check costs in statements: pinned, and no more for a plan of many years."""

import datetime as dt
import json

from django.test import Client

from backend.checks.models import CheckRecord, Lapse
from backend.checks.reckoning import reckon
from backend.core.days import today
from backend.core.models import AuditEntry
from tests.answers import good_answers
from tests.bench.measure import counted
from tests.bench.web import Asker

PINNED = 12


def cost(client: Client, plan) -> int:
    """Record a check of this plan from a program; the statements that it took, sign-in and audit entry included."""
    body = {"plan": str(plan.pk), "answers": good_answers(plan.check_type.current.questions(), plan)}
    before = AuditEntry.objects.count(), CheckRecord.objects.count()
    with counted() as sent:
        answer = client.post("/api/v1/records", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert (AuditEntry.objects.count(), CheckRecord.objects.count()) > before
    return len([each for each in sent if not each.startswith(("SAVEPOINT", "RELEASE"))])


def test_recording_a_check_costs_few_statements_however_old_the_plan_is(world):
    client = Client(headers=Asker.by_token(world.caretaker.email).headers())
    cost(client, world.plan())
    assert cost(client, world.plan()) <= PINNED
    old = world.plan(since=today() - dt.timedelta(days=900))
    reckon([old.pk], today=today(), why="A test.")
    assert Lapse.objects.filter(plan=old).count() > 100
    assert cost(client, old) <= PINNED
