"""Two web processes and two workers on one database, files in an object store: everything acts once."""

import hashlib
import os
from functools import partial

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from backend.checks.actions import publish_library
from backend.checks.models import CheckType, Lapse
from backend.config import settings as configured
from backend.config.jobs import sync_jobs
from tests.conftest import make_world
from tests.scale import findings
from tests.scale.phones import Traveller, all_at_once
from tests.scale.servers import Fleet, free_port, object_store, wait_until
from tests.scale.storing import stored_in
from tests.sync.phone import Phone, check_done
from tests.sync.pictures import jpeg

PHONES, OPS, BATCH = 4, 12, 4


@pytest.fixture
def committed(transactional_db):
    """The small world where other processes can see it."""
    cache.clear()
    if not CheckType.objects.exists():
        publish_library(actor="tests")
    return make_world()


@pytest.fixture
def fleet(committed, tmp_path):
    """Two web processes, two workers, one object store."""
    given = connection.settings_dict
    heads = str(tmp_path / "heads.jsonl")
    with object_store() as store, stored_in(store), override_settings(HEADS_FILE=heads):
        env = {**os.environ, **store, "SITEWARD_DATABASE": given["NAME"], "SITEWARD_VAR": str(tmp_path / "var")}
        env |= {"SITEWARD_SECRET_KEY": configured.SECRET_KEY, "SITEWARD_DEMO": "true"}
        env |= {"SITEWARD_SIGNING_KEY_FILE": str(tmp_path / "signing-key.pem")}
        env["SITEWARD_HEADS_FILE"] = heads
        env.pop("PYTEST_CURRENT_TEST", None)
        running = Fleet(env, tmp_path / "fleet.log")
        try:
            running.start(webs=2, workers=2, ports=iter(free_port, None))
            yield running
        finally:
            running.stop()


def day(traveller, plan, ops, photo):
    """One phone's day: it is made known, sends a photo, and pushes its work in batches."""
    traveller.register()
    traveller.send_photo(photo)
    for start in range(0, len(ops), BATCH):
        traveller.push(ops[start : start + BATCH])


@pytest.mark.slow
@pytest.mark.xdist_group("backup")
@pytest.mark.django_db(transaction=True)
def test_two_web_processes_and_two_workers_do_everything_once(committed, fleet):
    world = committed
    plans = [world.plan() for _ in range(PHONES)]
    photos = [jpeg(400 + number, 300) for number in range(PHONES)]
    travellers = [Traveller(Phone(world.caretaker), fleet.addresses) for _ in range(PHONES)]
    work = [
        [each.phone.op("check_done", check_done(plan)) for _ in range(OPS)] for each, plan in zip(travellers, plans, strict=True)
    ]
    for each in travellers:
        each.phone.headers()  # the token is made here, before the threads
    sync_jobs()
    assert all_at_once([partial(day, *each) for each in zip(travellers, plans, work, photos, strict=True)]) == []
    names = [hashlib.sha256(photo).hexdigest() for photo in photos]
    wait_until(lambda: findings.all_done() and not findings.of_jobs(names), 90, "jobs are still waiting")
    acknowledged = {op: how for each in travellers for op, how in each.acknowledged.items()}
    assert findings.of_operations([op["id"] for ops in work for op in ops], acknowledged) == []
    assert Lapse.objects.exists()
    assert findings.done_more_than_once() == []
    assert findings.hourly_jobs() == []
    # the small world is made row by row, so that the chain knows nothing of its people and places
    assert [each for each in findings.of_invariants() if not each.startswith("evidence-")] == []
