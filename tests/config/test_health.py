"""The health page and the figures: they tell when jobs no longer answer, and only to whom it concerns."""

import datetime as dt

import pytest
from django.core import mail
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from backend.config import job_queue
from backend.config.jobs import sync_jobs
from backend.config.models import Sighting

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def minutes(count: float) -> dt.timedelta:
    """So many minutes."""
    return dt.timedelta(minutes=count)


def test_jobs_answer_while_the_timetable_is_kept(client):
    assert client.get("/healthz").json()["status"] == "ok"
    sync_jobs()
    assert client.get("/healthz").status_code == 200
    Schedule.objects.update(next_run=timezone.now() - minutes(4))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "No worker has kept the timetable" in answer.json()["wrong"][0]
    assert client.get("/healthz?jobs=no").status_code == 200


@pytest.mark.parametrize(
    ("locks", "fault"),
    [
        ([-minutes(6)], "waiting"),
        ([-minutes(4)], ""),
        ([-minutes(6), job_queue.RETRY], ""),
        ([job_queue.RETRY - job_queue.TIMEOUT - minutes(1)], ""),
        ([job_queue.RETRY - job_queue.TIMEOUT - minutes(4)], "not ended"),
    ],
    ids=["nobody takes it", "it was just put there", "the worker is busy", "it takes long", "it hangs"],
)
def test_what_waits_too_long_or_hangs_is_said_and_a_busy_worker_is_not(locks, fault):
    for lock in locks:
        OrmQ.objects.create(key="siteward", payload="x", lock=NOW + lock)
    said = " ".join(job_queue.look(NOW).faults())
    assert (fault in said) if fault else not said


def test_figures_are_for_this_machine_or_for_who_shows_the_token(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    settings.METRICS_TOKEN = "a-token-of-twenty-letters"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer a-token-of-twenty-lettert"}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": "Bearer a-token-of-twenty-letters"}, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 200


def test_figures_count_requests_by_route_and_name_no_path(client, world):
    client.force_login(world.lead)
    client.get(f"/sites/{world.oakfield.pk}/")
    client.get("/no/such/place-at-all/")
    text = client.get("/metrics").content.decode()
    assert 'siteward_requests_total{method="GET",route="sites/<uuid:id>",status="200"}' in text
    assert str(world.oakfield.pk) not in text and "place-at-all" not in text
    for name in ("jobs_waiting", "jobs_oldest_seconds", "audit_chain_number", "lapses", 'operations{outcome="held"}'):
        assert f"siteward_{name}" in text


def test_mail_is_noted_when_it_goes_and_when_it_does_not(settings):
    settings.MAIL_THROUGH = "django.core.mail.backends.locmem.EmailBackend"
    line = get_connection("backend.config.mail.NotedMail")
    line.send_messages([EmailMessage("Subject", "Body", "a@example.org", ["b@example.org"])])
    assert len(mail.outbox) == 1
    assert Sighting.objects.get(name="mail sent")
    settings.MAIL_THROUGH, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )
    line = get_connection("backend.config.mail.NotedMail")
    with pytest.raises(OSError, match="refused"):
        line.send_messages([EmailMessage("Subject", "Body", "a@example.org", ["b@example.org"])])
    assert "Refused" in Sighting.objects.get(name="mail failed").says
