"""The operators' page: for administrators only, counts only, and its two buttons."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Task

from backend.config.jobs import TIMETABLE, sync_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed():
    """A job that failed."""
    now = timezone.now()
    said = "Traceback (most recent call last):\n  …\nOSError: No space left on device for head@oakfield.example"
    return Task.objects.create(
        id="f" * 32, name="quiet-owl", func="backend.config.tasks.beat_now", group="beat", started=now, stopped=now,
        success=False, result=said, args=(), kwargs={},
    )  # fmt: skip


def test_only_who_looks_after_the_installation_sees_it(client, world):
    assert client.get("/status/").status_code == 302
    for role in ("estates-lead", "trustee", "auditor"):
        client.force_login(world.person(role))
        assert client.get("/status/").status_code == 403
        assert client.post("/status/", {"run": "beat"}).status_code == 403
    client.force_login(world.person("administrator"))
    assert client.get("/status/").status_code == 200


def test_it_answers_first_and_says_what_to_do(client, world, failed):
    client.force_login(world.person("administrator"))
    page = client.get("/status/").content.decode()
    assert "wrong with this installation" in page
    assert "python manage.py worker" in page
    assert "No space left on device" in page and "head@oakfield.example" not in page
    for job in TIMETABLE:
        assert job.name in page


def test_free_disk_and_the_oldest_waiting_job_stand_before_all_else(client, world):
    OrmQ.objects.create(key="siteward", payload="", lock=timezone.now() - dt.timedelta(minutes=12, seconds=5))
    client.force_login(world.person("administrator"))
    first = client.get("/status/").content.decode().partition("<h2>")[0]
    assert re.search(r"[\d.]+ GB</b>\s*<span>free on the disk", first)
    assert re.search(r"12 min</b>\s*<span>oldest waiting job", first) and re.search(r"1</b>\s*<span>jobs waiting", first)
    assert 'class="due"' in first


def test_nothing_of_the_estate_stands_on_it(client, world):
    asset = world.asset(name="Zebrafinch panel")
    world.plan(asset=asset)
    client.force_login(world.person("administrator"))
    page = client.get("/status/").content.decode()
    assert "Zebrafinch" not in page and "Oakfield site" not in page


def test_a_failed_job_is_tried_again_once(client, world, failed):
    client.force_login(world.person("administrator"))
    assert client.post("/status/", {"retry": failed.pk}).status_code == 302
    assert (OrmQ.objects.count(), Task.objects.count()) == (1, 0)
    assert OrmQ.objects.get().task["func"] == failed.func
    assert client.post("/status/", {"retry": failed.pk}).status_code == 404
    assert OrmQ.objects.count() == 1


def test_a_job_of_the_timetable_is_run_now_and_no_other(client, world):
    sync_jobs()
    later = timezone.now() + dt.timedelta(days=1)
    Schedule.objects.update(next_run=later)
    client.force_login(world.person("administrator"))
    assert client.post("/status/", {"run": "seal-lapses"}).status_code == 302
    assert Schedule.objects.get(name="seal-lapses").next_run <= timezone.now()
    assert Schedule.objects.filter(next_run=later).count() == len(TIMETABLE) - 1
    assert client.post("/status/", {"run": "os.system"}).status_code == 404
    assert client.post("/status/", {"retry": "\x00", "run": "\x00"}).status_code == 302


def test_the_page_costs_the_same_whatever_the_queue_holds(client, world, django_assert_max_num_queries):
    client.force_login(world.person("administrator"))
    now = timezone.now()
    OrmQ.objects.bulk_create([OrmQ(key="siteward", payload="x", lock=now) for _ in range(500)])
    with django_assert_max_num_queries(60):
        client.get("/status/")
