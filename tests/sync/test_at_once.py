"""Many phones and workers at once, in real transactions."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, CheckType
from backend.core.audit import faults
from backend.core.models import AuditEntry
from backend.maintenance.models import Defect
from backend.sync.models import Op
from tests.conftest import make_world
from tests.sync.phone import Phone, asset_added, check_done, defect_reported

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def real_world(transactional_db):
    """The small world, committed."""
    from backend.checks.actions import publish_library

    cache.clear()
    if not CheckType.objects.exists():
        publish_library(actor="tests")
    return make_world()


def all_at_once(works):
    """Run these at the same moment, each with its own connection; their answers."""
    gate = threading.Barrier(len(works))

    def run(work):
        try:
            gate.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_eight_posting_the_same_work_at_once_apply_it_once(real_world):
    phone = Phone(real_world.caretaker)
    phone.register()
    raw = phone.envelope([phone.op("check_done", check_done(real_world.plan())) for _ in range(5)])
    headers = phone.headers(raw)
    answers = all_at_once(
        [
            lambda: Phone(None, client=phone.client.__class__()).client.post(
                "/api/v1/field/ops", raw, content_type="application/json", headers=headers
            )
        ]
        * 8
    )
    assert [each.status_code for each in answers] == [200] * 8
    outcomes = Counter(result["outcome"] for each in answers for result in each.json()["results"])
    assert outcomes == {"applied": 5, "again": 35}
    assert CheckRecord.objects.count() == 5
    assert not list(faults(AuditEntry.objects.order_by("number")))


def test_eight_phones_posting_the_same_work_at_once_apply_it_once(real_world):
    phones = [Phone(real_world.caretaker) for _ in range(8)]
    for each in phones:
        each.register()
    ops = [phones[0].op("defect_reported", defect_reported(real_world)) for _ in range(3)]
    plan = real_world.plan()
    ops += [phones[0].op("check_done", check_done(plan)) for _ in range(3)]
    results = all_at_once(
        [lambda phone=phone, turn=turn: phone.push(*(ops[turn:] + ops[:turn])) for turn, phone in enumerate(phones)]
    )
    outcomes = Counter(result["outcome"] for each in results for result in each)
    assert outcomes == {"applied": 6, "again": 42}
    assert (Defect.objects.count(), CheckRecord.objects.count()) == (3, 3)


def test_eight_phones_with_their_own_work_on_the_same_plans_all_get_through(real_world):
    plans = [real_world.plan("fire-alarm-weekly-test") for _ in range(4)]
    phones = [Phone(real_world.caretaker) for _ in range(8)]
    for each in phones:
        each.register()

    def work(phone, turn):
        bad = check_done(plans[turn % 4], presence="nonsense")
        turned = plans[turn % 4 :] + plans[: turn % 4]
        return phone.push(*[phone.op("check_done", check_done(plan)) for plan in turned], phone.op("check_done", bad))

    results = all_at_once([lambda phone=phone, turn=turn: work(phone, turn) for turn, phone in enumerate(phones)])
    outcomes = Counter(result["outcome"] for each in results for result in each)
    assert outcomes == {"applied": 32, "held": 8}
    assert not list(faults(AuditEntry.objects.order_by("number")))


def test_what_needs_the_other_and_the_other_at_the_same_moment_both_end_applied(real_world):
    phones = [Phone(real_world.caretaker), Phone(real_world.caretaker)]
    for each in phones:
        each.register()
    for turn in range(6):
        added = phones[0].op("asset_added", asset_added(real_world, name=f"Asset {turn}"))
        changed = phones[1].op("asset_changed", {"asset": added["id"], "changes": {"serial": f"S{turn}"}})
        all_at_once([lambda op=added: phones[0].push(op), lambda op=changed: phones[1].push(op)])
        assert Asset.objects.get(pk=added["id"]).serial == f"S{turn}"
    assert not Op.objects.filter(outcome="held").exists()
