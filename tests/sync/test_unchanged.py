"""A phone that asks again is answered without the document being made, and never when anything in it may have changed."""

import datetime as dt
import re

import pytest
from django.db import transaction

from backend.checks.models import CheckRecord, Plan
from backend.core.days import today
from backend.maintenance.models import Defect, WorkOrder
from backend.sync.pull.due import due
from backend.sync.pull.unchanged import READ, fingerprint
from backend.trust.models import CalendarMark, Term
from tests.bench.measure import counted
from tests.sync.phone import check_done


def test_every_table_that_the_document_is_made_from_is_in_the_fingerprint(world, phone):
    plan = world.plan()
    phone.push(phone.op("check_done", check_done(plan)))
    with counted() as sent:
        due(world.oakfield, today())
    tables = set(re.findall(r'(?:FROM|JOIN) "([a-z_]+)"', " ".join(sent)))
    assert {"checks_plan", "checks_checkrecord", "maintenance_defect", "trust_term"} <= tables
    assert tables <= set(READ), tables - set(READ)


CHANGES = {
    "a plan's date moved": lambda world, plan: Plan.objects.filter(pk=plan.pk).update(due_on=today()),
    "the same value written again": lambda world, plan: Plan.objects.filter(pk=plan.pk).update(note=""),
    "another plan": lambda world, plan: world.plan(),
    "an asset renamed": lambda world, plan: type(plan.asset).objects.filter(pk=plan.asset_id).update(name="Other"),
    "a term less": lambda world, plan: Term.objects.filter(school=world.oakfield.school).delete(),
    "a snow day": lambda world, plan: CalendarMark.objects.create(
        school=world.oakfield.school, kind="closure", first_day=today(), last_day=today()
    ),
    "a problem": lambda world, plan: Defect.objects.create(
        site=world.oakfield, summary="Loose", found_on=today(), reported_at=dt.datetime.now(dt.UTC)
    ),
    "a check type changed": lambda world, plan: type(plan.check_type).objects.update(weight=3),
}


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_any_change_gives_another_fingerprint(world, change):
    plan = world.plan()
    before = fingerprint(world.oakfield, today())
    assert fingerprint(world.oakfield, today()) == before
    with transaction.atomic():  # a transaction's number of its own, as any request has
        CHANGES[change](world, plan)
    assert fingerprint(world.oakfield, today()) != before


def test_a_record_and_a_work_order_give_another_and_another_day_and_another_school_do_not_share_one(world, phone):
    plan = world.plan()
    before = fingerprint(world.oakfield, today())
    phone.push(phone.op("check_done", check_done(plan)))
    assert CheckRecord.objects.count() == 1
    after = fingerprint(world.oakfield, today())
    assert after != before
    defect = Defect.objects.create(site=world.oakfield, summary="x", found_on=today(), reported_at=dt.datetime.now(dt.UTC))
    with_defect = fingerprint(world.oakfield, today())
    WorkOrder.objects.create(site=world.oakfield, defect=defect, title="Mend")
    assert len({before, after, with_defect, fingerprint(world.oakfield, today())}) == 4
    assert fingerprint(world.oakfield, today() + dt.timedelta(days=1)) != fingerprint(world.oakfield, today())
    here = fingerprint(world.oakfield, today())
    world.asset(site=world.riverside)
    assert fingerprint(world.oakfield, today()) == here


def test_asking_again_makes_no_document(world, phone):
    world.plan()
    address = f"/api/v1/field/sites/{world.oakfield.pk}/due"
    first = phone.client.get(address, headers=phone.headers())
    with counted() as sent:
        again = phone.client.get(address, headers={**phone.headers(), "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert not [each for each in sent if 'FROM "checks_plan"' in each]
    world.plan()
    assert phone.client.get(address, headers={**phone.headers(), "If-None-Match": first["ETag"]}).status_code == 200
