"""What the image does, run as plain processes: another user, nothing writable but its own folder, production settings."""

import json
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.docker.installation import HOST, Installation, other_user

pytestmark = pytest.mark.slow
MOST_MB = 120


@pytest.fixture(scope="module")
def web(installed: Installation):
    """A running web process and a running worker."""
    web, worker = installed.start("web"), installed.start("worker")
    installed.wait_for(200)
    yield web
    assert installed.stop(worker) == 0
    assert installed.stop(web) == 0


def token(installed: Installation) -> str:
    """Signed in over the API."""
    status, body, _ = installed.ask("/api/v1/auth/token", {"email": "caretaker@example.org", "password": "a-long-test-password"})
    assert status == 200, body
    return str(json.loads(body)["token"])


def test_an_upgrade_twice_changes_nothing(installed):
    said = installed.run("upgrade").stdout
    assert "No migrations to apply" in said
    assert "0 new, 0 changed, 0 withdrawn" in said
    assert "(0 added, 0 changed, 0 removed)" in said


def test_nothing_runs_as_root_and_nothing_in_the_tree_can_be_written(installed, web):
    for process in (psutil.Process(web.pid), *psutil.Process(web.pid).children(recursive=True)):
        assert process.uids().real != 0
        assert other_user() is None or process.uids().real == other_user()
    probe = f"import pathlib; pathlib.Path({str(installed.tree)!r}, 'backend', 'x').write_text('x')"
    assert "PermissionError" in installed.run("shell", "-c", probe, check=False).stderr


def test_somebody_signs_in_over_the_proxys_https_and_reads_their_own(installed, web):
    held = token(installed)
    status, body, headers = installed.ask("/api/v1/sites", Authorization=f"Bearer {held}")
    assert (status, json.loads(body)["count"]) == (200, 1)
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    status, page, headers = installed.ask("/sign-in/")
    assert status == 200
    cookies = headers.get("Set-Cookie", "")
    assert "Secure" in cookies and "Demo" not in page.decode()


def test_plain_http_is_sent_to_https_and_other_hosts_are_refused(installed, web):
    status, _, headers = installed.ask("/sign-in/", X_Forwarded_Proto="http")
    assert (status, headers["Location"]) == (301, f"https://{HOST}/sign-in/")
    assert installed.ask("/sign-in/", Host="somewhere.example.com")[0] == 400


def test_stylesheets_have_hashed_names_come_squeezed_and_are_kept_for_ever(installed, web):
    page = installed.ask("/sign-in/")[1].decode()
    (sheet,) = re.findall(r'href="(/static/office/tokens\.[0-9a-f]{12}\.css)"', page)
    status, _, headers = installed.ask(sheet, Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in headers["Cache-Control"]
    assert installed.ask("/field/")[0] == 200


def test_figures_are_not_for_those_who_come_through_the_proxy(installed, web):
    assert installed.ask("/metrics", X_Forwarded_For="203.0.113.9")[0] == 404
    status, body, _ = installed.ask("/metrics")
    assert status == 200
    assert b"siteward_requests_total{" in body and b"siteward_database_up 1.0" in body


def test_every_request_is_one_line_of_json_without_anything_personal(installed, web):
    installed.ask("/api/v1/auth/token", {"email": "somebody.else@example.org", "password": "the-wrong-password"})
    held = token(installed)
    installed.ask("/api/v1/sites?search=Kim", Authorization=f"Bearer {held}")
    time.sleep(0.3)
    said = installed.log("web")
    rows = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    (sites, *_) = [row for row in reversed(rows) if row.get("route") == "api/v1/sites"]
    assert sites["person"] == installed.more["PERSON"]
    assert sites["status"] == 200 and sites["queries"] > 0 and sites["ms"] > 0 and len(sites["request"]) >= 8
    for secret in ("somebody.else", "wrong-password", "a-long-test-password", held, "Kim", "caretaker@"):
        assert secret not in said, secret


def test_a_web_worker_stays_small_after_200_mixed_requests(installed, web):
    held = {"Authorization": f"Bearer {token(installed)}"}
    names = ("assets?page_size=100", "plans?status=overdue", "compliance?by=school,discipline", "records", "lapses", "defects")
    paths = [f"/api/v1/{name}" for name in names] + ["/sign-in/", "/help/", "/field/", "/healthz", "/metrics"]
    for number in range(200):
        assert installed.ask(paths[number % len(paths)], **held)[0] == 200
    workers = psutil.Process(web.pid).children()
    sizes = [round(each.memory_full_info().pss / 1e6) for each in workers]  # what all workers share counts once
    assert max(sizes) < MOST_MB, sizes


def workers_of(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """The processes below one."""
    found: list[psutil.Process] = psutil.Process(process.pid).children(recursive=True)
    return found


def jobs_done_since(installed: Installation, moment: float) -> bool:
    """Whether a job was done after a moment (seconds since 1970)."""
    with psycopg.connect(installed.url) as database:
        row = database.execute("SELECT extract(epoch FROM at) FROM siteward_config_sighting WHERE name = 'jobs'").fetchone()
    return bool(row and float(row[0]) > moment)


def ask_for_a_job(installed: Installation) -> None:
    """The timetable's heartbeat is due at once."""
    with psycopg.connect(installed.url, autocommit=True) as database:
        database.execute("UPDATE django_q_schedule SET next_run = now() - interval '1 second' WHERE name = 'beat'")


def wait_until(what, seconds: float = 100) -> None:
    """Until it is so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if what():
                return
        except psycopg.OperationalError:
            pass
        time.sleep(0.5)
    raise AssertionError("it did not come about")


def test_the_worker_comes_back_when_its_processes_are_killed_and_leaves_none_behind(installed, web):
    worker = installed.running[1]
    (cluster,) = psutil.Process(worker.pid).children()
    before = workers_of(worker)
    (sentinel,) = cluster.children()
    sentinel.kill()
    wait_until(lambda: workers_of(worker) and workers_of(worker)[0].pid != cluster.pid and len(workers_of(worker)) >= 5)
    assert not [each for each in before if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    now = time.time()
    ask_for_a_job(installed)
    wait_until(lambda: jobs_done_since(installed, now))


def test_web_and_worker_come_back_when_the_database_is_killed(installed, web, cluster):
    held = token(installed)
    os.kill(cluster.postmaster(), signal.SIGKILL)
    installed.wait_for(503)
    status, body, headers = installed.ask("/api/v1/sites", Authorization=f"Bearer {held}")
    assert (status, json.loads(body)["code"]) == (503, "unavailable")
    assert int(headers["Retry-After"]) > 0
    cluster.start()
    assert installed.ask("/api/v1/sites", Authorization=f"Bearer {held}")[0] == 200
    now = time.time()

    def a_job_is_done() -> bool:
        ask_for_a_job(installed)
        return jobs_done_since(installed, now)

    wait_until(a_job_is_done)
    installed.wait_for(200)


def test_without_a_worker_the_health_page_says_so(installed, web):
    with psycopg.connect(installed.url, autocommit=True) as database:
        kept = database.execute("SELECT name, next_run FROM django_q_schedule").fetchall()
        worker = installed.running.pop(1)
        assert installed.stop(worker) == 0
        database.execute("UPDATE django_q_schedule SET next_run = now() - interval '4 minutes' WHERE name = 'beat'")
        (wrong,) = json.loads(installed.wait_for(503))["wrong"]
        assert "python manage.py worker" in wrong
        assert installed.run("healthy", check=False).returncode == 0, "the web process itself is well"
        for name, next_run in kept:
            database.execute("UPDATE django_q_schedule SET next_run = %s WHERE name = %s", [next_run, name])
    installed.running.insert(1, installed.start("worker"))
    installed.running.pop()
    installed.wait_for(200)


def test_a_request_in_hand_is_answered_before_the_web_process_ends(installed, web):
    second = Installation(installed.tree, installed.var, installed.url, more=installed.more)
    process = second.start("web")
    second.wait_for(200)
    answers: list[int] = []
    with psycopg.connect(installed.url) as database:
        database.execute("LOCK TABLE trust_person IN ACCESS EXCLUSIVE MODE")
        asking = threading.Thread(
            target=lambda: answers.append(second.ask("/api/v1/auth/token", {"email": "a@example.org", "password": "x" * 12})[0])
        )
        asking.start()
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        database.rollback()
    asking.join(30)
    assert process.wait(40) == 0
    assert answers and answers[0] in {400, 401}
    assert not [
        each for each in Path(installed.var).iterdir() if each.name.startswith("siteward-figures-") and not any(each.iterdir())
    ]


def test_the_doctor_finds_a_fresh_installation_sound_but_for_what_was_left_out(installed, web):
    done = installed.run("doctor", "--json", check=False)
    found = {row["key"]: row for row in json.loads(done.stdout)["checks"]}
    wrong = {key: row["says"] for key, row in found.items() if row["level"] == "wrong"}
    assert set(wrong) <= {"backup", "head-published", "signing-key"}, wrong
    assert found["hosts"]["level"] == found["https"]["level"] == found["demo"]["level"] == found["worker"]["level"] == "ok"
    assert done.returncode == (2 if wrong else 1)
