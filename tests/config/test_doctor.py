"""The doctor: each thing that can be wrong is made wrong for real, and it says so and how to mend it."""

import datetime as dt
import json
import shutil
import socket
import threading
from importlib.util import find_spec
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Task

from backend.checks.models import CheckType
from backend.config import job_queue
from backend.config.backup.models import BackupRun
from backend.config.jobs import sync_jobs
from backend.config.mail import FAILED, SENT
from backend.config.models import Sighting
from backend.config.tasks import beat_now
from backend.core import audit, signing
from backend.core.doctor import Check, Finding, all_checks, looked
from backend.core.ids import new_id
from backend.sync.models import Device, Op

SOUND_KEY = "q7Rk2Lm9Xw4Tz8Vb1Nc6Pd3Sf5Gh0Jy2Ku4Iw7Eo9Ar1Tt6Yz8Ub3"


def find(key: str) -> Finding:
    """What the doctor finds under a key now."""
    (check,) = [each for each in all_checks() if each.key == key]
    return looked(check, timezone.now())


def run(capsys, *words: str) -> tuple[int, str]:
    """The command: its exit code and what it says."""
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", *words)
    return int(ended.value.code or 0), capsys.readouterr().out


def test_every_app_says_what_may_be_wrong_with_it_or_that_nothing_can():
    ours = [app.name for app in apps.get_app_configs() if app.name.startswith("backend.")]
    assert not [name for name in ours if not find_spec(f"{name}.doctor")]
    keys = [check.key for check in all_checks()]
    assert len(keys) == len(set(keys)) > 25


@pytest.mark.django_db
def test_what_cannot_be_looked_at_is_said_and_is_no_crash():
    def broken(_now: dt.datetime) -> Finding:
        raise RuntimeError("the lamp went out")

    found = looked(Check("lamp", "Lamp", broken), timezone.now())
    assert (found.level, "the lamp went out" in found.says) == ("wrong", True)


@pytest.mark.django_db
def test_the_command_says_it_in_lines_and_as_json_and_by_its_exit_code(capsys, settings):
    settings.DEMO, settings.SECRET_KEY = True, SOUND_KEY
    assert run(capsys, "--only", "secret-key", "--only", "hosts")[0] == 0
    code, said = run(capsys, "--only", "demo", "--json")
    assert (code, json.loads(said)["level"]) == (1, "warning")
    settings.DEBUG = True
    code, said = run(capsys, "--only", "demo")
    assert code == 2
    assert "WRONG" in said and "-> Unset SITEWARD_DEBUG" in said


@pytest.mark.django_db
def test_every_finding_that_is_not_well_says_how_to_mend_it(world):
    for check in all_checks():
        found = looked(check, timezone.now())
        assert found.says and (found.level == "ok" or found.mend), check.key


# --- the settings ---


@pytest.mark.parametrize(
    ("key", "changed", "level"),
    [
        ("secret-key", {"SECRET_KEY": "short"}, "wrong"),
        ("secret-key", {"SECRET_KEY": "a" * 60}, "wrong"),
        ("secret-key", {"SECRET_KEY": SOUND_KEY}, "ok"),
        ("demo", {"DEMO": True}, "warning"),
        ("hosts", {"ALLOWED_HOSTS": []}, "wrong"),
        ("hosts", {"ALLOWED_HOSTS": ["*"]}, "wrong"),
        ("hosts", {"CSRF_TRUSTED_ORIGINS": ["http://a.example.org"]}, "wrong"),
        ("hosts", {"CSRF_TRUSTED_ORIGINS": []}, "warning"),
        ("hosts", {}, "ok"),
        ("https", {"SESSION_COOKIE_SECURE": False}, "wrong"),
        ("https", {"SECURE_SSL_REDIRECT": False}, "wrong"),
        ("https", {"SECURE_HSTS_SECONDS": 0}, "wrong"),
        ("https", {}, "ok"),
        ("metrics", {"METRICS_TOKEN": "guess"}, "wrong"),
        ("label-host", {"LABEL_HOST": "LABELS.OF.A.LONG.TRUST.UK"}, "wrong"),
        ("label-host", {"LABEL_HOST": "Q.SITE.DEMO"}, "wrong"),
        ("label-host", {"LABEL_HOST": "Q.TRUST.UK"}, "ok"),
        ("field-app", {"FIELDAPP_DIST": "nowhere"}, "wrong"),
        ("static-files", {"STATIC_ROOT": "nowhere"}, "wrong"),
    ],
)
def test_a_setting_that_is_wrong_is_said(settings, key, changed, level):
    sound = {
        "DEMO": False, "DEBUG": False, "ALLOWED_HOSTS": ["a.example.org"], "CSRF_TRUSTED_ORIGINS": ["https://a.example.org"],
        "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "SECURE_SSL_REDIRECT": True, "METRICS_TOKEN": "",
        "SECURE_HSTS_SECONDS": 31_536_000, "SECURE_PROXY_SSL_HEADER": None, "SECRET_KEY": SOUND_KEY,
    }  # fmt: skip
    for name, value in {**sound, **changed}.items():
        setattr(settings, name, value)
    assert find(key).level == level


@pytest.mark.django_db
def test_demo_mode_over_a_real_trust_is_wrong(world, settings):
    world.trust.made_up = False
    world.trust.save()
    settings.DEMO = True
    assert find("trust").level == "wrong"
    settings.DEMO = False
    assert find("trust").level == "ok"
    world.trust.made_up = True
    world.trust.save()
    assert find("trust").level == "wrong"


@pytest.mark.django_db
def test_nobody_to_look_after_the_installation_is_said(world):
    assert find("administrator").level == "warning"
    world.person("administrator")
    assert find("administrator").level == "ok"


# --- the database ---


@pytest.mark.django_db
def test_a_trigger_that_was_removed_or_switched_off_is_wrong():
    assert find("triggers").level == "ok"
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'checks_lapse'::regclass AND tgname LIKE 'pgtrigger%%'")
        name = cursor.fetchall()[0][0]
        cursor.execute(f"ALTER TABLE checks_lapse DISABLE TRIGGER {name}")
    found = find("triggers")
    assert found.level == "wrong" and "checks_lapse" in found.says


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_is_wrong_and_one_from_the_future_is_said():
    assert find("migrations").level == "ok"
    recorder = MigrationRecorder(connection)
    recorder.record_applied("checks", "9999_from_the_future")
    assert find("migrations").level == "warning"
    last = recorder.Migration.objects.filter(app="siteward_config").latest("id")
    last.delete()
    assert f"siteward_config.{last.name}" in find("migrations").says


@pytest.mark.django_db
def test_clocks_that_differ_are_said():
    assert find("clocks").level == "ok"
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)):
        assert find("clocks").level == "warning"
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)):
        assert find("clocks").level == "wrong"


@pytest.mark.django_db
def test_commits_that_do_not_wait_for_the_disk_are_wrong():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert find("durable").level == "wrong"


@pytest.mark.django_db
def test_a_table_of_plans_that_is_hardly_tidied_is_said():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE checks_plan SET (autovacuum_vacuum_scale_factor = 0.2)")
    assert find("plans-tidied").level == "warning"


@pytest.mark.django_db
def test_a_library_that_is_not_published_as_it_stands_is_said(library):
    assert find("library").level == "ok"
    CheckType.objects.filter(pk="fire-alarm-weekly-test").update(withdrawn=True)
    assert find("library").level == "warning"
    CheckType.objects.update(withdrawn=True)
    assert find("library").level == "wrong"


# --- files ---


def test_a_folder_that_cannot_be_written_is_wrong(settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "default": storage_at(tmp_path / "files")}
    assert find("files").level == "ok"
    assert not list((tmp_path / "files").rglob("*.txt")), "the probe is taken away again"
    (tmp_path / "taken").write_text("a file where the folder should be")
    settings.STORAGES = {**settings.STORAGES, "default": storage_at(tmp_path / "taken")}
    assert find("files").level == "wrong"


def test_an_object_store_that_cannot_be_reached_is_wrong(settings):
    options = {"bucket_name": "b", "endpoint_url": f"http://127.0.0.1:{closed_port()}", "access_key": "k", "secret_key": "s"}
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "backend.config.objects.ObjectStorage", "OPTIONS": options}}
    assert find("files").level == "wrong"


def storage_at(folder):
    """Files in a folder."""
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}


@pytest.mark.django_db
def test_a_signing_key_that_is_missing_or_open_to_all_is_said(settings, tmp_path):
    settings.DEMO, settings.SIGNING_KEY_FILE = False, str(tmp_path / "key.pem")
    assert find("signing-key").level == "wrong"
    signing.make_key(tmp_path / "key.pem")
    assert find("signing-key").level == "ok"
    (tmp_path / "key.pem").chmod(0o644)
    assert find("signing-key").level == "warning"


@pytest.mark.django_db
def test_a_chain_whose_head_stays_here_is_said(settings, tmp_path):
    settings.HEADS_FILE, settings.DEMO, settings.HEAD_MAIL = str(tmp_path / "heads.jsonl"), False, []
    audit.append([audit.Fact("test", "test:1", {"a": 1})])
    assert find("head-published").level == "wrong"
    call_command("heads", "publish", verbosity=0)
    assert find("head-published").level == "warning", "it is sent to nobody"
    settings.HEAD_MAIL = ["trustee@example.org"]
    assert find("head-published").level == "ok"
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=3)):
        assert find("head-published").level == "wrong"


# --- jobs ---


@pytest.mark.django_db
def test_no_worker_is_wrong_until_a_job_is_done():
    sync_jobs()
    assert find("worker").level == "wrong"
    beat_now()
    assert find("worker").level == "ok"
    Sighting.objects.update(at=timezone.now() - dt.timedelta(minutes=10))
    assert find("worker").level == "wrong"


@pytest.mark.django_db
def test_a_timetable_out_of_step_is_wrong():
    sync_jobs()
    assert find("timetable").level == "ok"
    Schedule.objects.filter(name="beat").update(minutes=77)
    assert find("timetable").level == "wrong"


@pytest.mark.django_db
def test_jobs_that_nobody_takes_or_ends_are_said():
    now = timezone.now()
    assert find("queue").level == "ok"
    waiting = OrmQ.objects.create(key="siteward", payload="x", lock=now - dt.timedelta(minutes=6))
    assert find("queue").level == "wrong"
    OrmQ.objects.create(key="siteward", payload="x", lock=now + job_queue.RETRY)
    assert find("queue").level == "warning", "somebody is at work"
    waiting.delete()
    assert find("queue").level == "ok"
    OrmQ.objects.update(lock=now + job_queue.RETRY - job_queue.TIMEOUT - dt.timedelta(minutes=4))
    assert find("queue").level == "wrong", "begun and not ended in time"


@pytest.mark.django_db
def test_a_failed_job_is_said_without_anybodys_name():
    now = timezone.now()
    said = "Traceback …\nValueError: no room for head@school.example"
    Task.objects.create(id="a" * 32, name="x", func="somewhere.work", started=now, stopped=now, success=False, result=said)
    found = find("failed-jobs")
    assert found.level == "warning" and "no room for" in found.says and "head@school" not in found.says


# --- outside ---


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def mail_server() -> tuple[int, threading.Thread]:
    """Something that speaks enough SMTP to be greeted."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = listening.accept()
        with line, listening, line.makefile("rwb") as talk:
            talk.write(b"220 here\r\n")
            talk.flush()
            for said in talk:
                talk.write(b"221 bye\r\n" if said.upper().startswith(b"QUIT") else b"250 ok\r\n")
                talk.flush()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return int(listening.getsockname()[1]), thread


def test_a_mail_server_is_greeted_and_one_that_is_not_there_is_wrong(settings):
    settings.MAIL_THROUGH, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_TIMEOUT = False, "", 3
    settings.EMAIL_PORT, _thread = mail_server()
    assert find("mail-server").level == "ok"
    settings.EMAIL_PORT = closed_port()
    assert find("mail-server").level == "wrong"


def test_no_mail_server_is_said_outside_demo_mode(settings):
    settings.MAIL_THROUGH, settings.DEMO = "django.core.mail.backends.console.EmailBackend", False
    assert find("mail-server").level == "warning"


@pytest.mark.django_db
def test_a_last_mail_that_failed_is_said():
    now = timezone.now()
    Sighting.objects.see(FAILED, "refused", at=now - dt.timedelta(hours=1))
    assert find("mail").level == "warning"
    Sighting.objects.see(SENT, at=now)
    assert find("mail").level == "ok"


@pytest.mark.django_db
def test_a_backup_that_is_old_missing_or_broken_is_wrong(settings):
    settings.DEMO = False
    assert find("backup").level == "wrong"
    run = BackupRun.objects.create(id=new_id(), at=timezone.now(), file="b", size=9, seconds=1, ok=True)
    assert find("backup").level == "ok"
    assert find("backup-proved").level == "warning"
    for days, level in ((2, "warning"), (8, "wrong")):
        BackupRun.objects.filter(pk=run.pk).update(at=timezone.now() - dt.timedelta(days=days))
        assert find("backup").level == level
    BackupRun.objects.create(id=new_id(), at=timezone.now(), file="b", ok=False, says="no space")
    assert find("backup").level == "wrong"


def test_a_scanner_that_does_not_answer_is_wrong(settings):
    settings.CLAMD = f"127.0.0.1:{closed_port()}"
    assert find("scanner").level == "wrong"
    settings.CLAMD = ""
    assert find("scanner").level == "ok"


# --- phones ---


@pytest.mark.django_db
def test_phones_that_fell_silent_and_items_held_too_long_are_said(world):
    old = timezone.now() - dt.timedelta(days=20)
    Device.objects.create(id="p", public_key="k", registered_by=world.caretaker, registered_at=old, last_push_at=old)
    assert find("phones").level == "warning"
    Op.objects.create(
        id=new_id(), push=new_id(), digest="0" * 64, kind="check_done", author_id="x", device_id="p", sent="{}", received_at=old,
        outcome="held", code="not_yours",
    )  # fmt: skip
    assert find("held").level == "warning"


def test_a_nearly_full_disk_is_said(monkeypatch):
    for free, level in ((2 * 2**30, "warning"), (2**29, "wrong"), (50 * 2**30, "ok")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: SimpleNamespace(free=free))
        assert find("disk").level == level
