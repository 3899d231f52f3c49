"""Operations pushed over HTTP to two web processes: records a second, and where the CPU went. `python -m tests.bench.push_http`.

The bodies are made before the clock starts: what is measured is the server, its database and the sending of bytes.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
Sent = tuple[bytes, dict[str, str]]


def measure(*, count: int = 500, pushes: int = 24, clients: int = 4, workers: int = 2, port: int = 8170) -> dict[str, Any]:
    """Push `pushes` bodies of `count` operations from `clients` phones at once to `workers` web processes on `port`.

    Answers records a second, p50 and p95 of a push in ms, and the CPU ms of one record in the web processes, the database and
    the client. Django must be set up; the web processes use the same database. Raises AssertionError when one was not applied.
    """
    bodies = made(count, pushes + clients, clients)
    server = serve(workers, port)
    try:
        ready(port, workers)
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(lambda each: send_all(port, each[:1]), bodies))  # warm
            web, database = children(server), backends()
            before, started = used(web), time.perf_counter()
            kept, own = used(database), time.process_time()
            taken = sorted(each for one in pool.map(lambda each: send_all(port, each[1:]), bodies) for each in one)
            wall, own = time.perf_counter() - started, time.process_time() - own
            records = len(taken) * count
            return {
                "count": count,
                "web processes": workers,
                "phones at once": clients,
                "records": records,
                "records/s": round(records / wall),
                "p50": round(statistics.median(taken) * 1000, 1),
                "p95": round(taken[int(len(taken) * 0.95)] * 1000, 1),
                "web CPU ms a record": round((used(web) - before) * 1000 / records, 3),
                "database CPU ms a record": round((used(database) - kept) * 1000 / records, 3),
                "client CPU ms a record": round(own * 1000 / records, 3),
            }
    finally:
        server.terminate()
        server.wait(20)


def made(count: int, pushes: int, clients: int) -> list[list[Sent]]:
    """The bodies of all pushes with their headers, by phone; each phone is the caretaker's, registered."""
    from backend.trust.models import Person
    from tests.bench.reading import CARETAKER
    from tests.bench.writing import simple_plans
    from tests.sync.phone import Phone, check_done

    turn, person = simple_plans(), Person.objects.get(email=CARETAKER)
    phones = [Phone(person) for _ in range(clients)]
    for phone in phones:
        assert phone.register().status_code == 201

    def body(phone: Phone) -> Sent:
        raw = phone.envelope([phone.op("check_done", check_done(next(turn))) for _ in range(count)])
        return raw, {"Content-Type": "application/json", **phone.headers(raw)}

    return [[body(phone) for _ in range(pushes // clients)] for phone in phones]


def serve(workers: int, port: int) -> "subprocess.Popen[bytes]":
    """The web server as `manage.py serve` starts it."""
    from backend.config.serving import web_command

    return subprocess.Popen(web_command(f"127.0.0.1:{port}", workers=workers), cwd=ROOT)


def ready(port: int, workers: int) -> None:
    """Wait until every worker has had a chance to answer. Raises ConnectionError after a minute."""
    deadline, answers = time.monotonic() + 60, 0
    while answers < workers * 4:
        if time.monotonic() > deadline:
            raise ConnectionError("the web server did not start")
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            link.request("GET", "/api/v1/field/me")
            answers += link.getresponse().status in (401, 403)
        except OSError:
            time.sleep(0.2)


def send_all(port: int, bodies: Sequence[Sent]) -> list[float]:
    """Send these one after the other over one connection; the seconds that each took. Raises AssertionError when one is held."""
    link, taken = http.client.HTTPConnection("127.0.0.1", port, timeout=120), []
    for raw, headers in bodies:
        started = time.perf_counter()
        link.request("POST", "/api/v1/field/ops", raw, headers)
        answer = link.getresponse()
        text = answer.read()
        taken.append(time.perf_counter() - started)
        assert answer.status == 200, text[:300]
        assert {each["outcome"] for each in json.loads(text)["results"]} == {"applied"}, text[:300]
    return taken


def children(server: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """The web processes."""
    found: list[psutil.Process] = psutil.Process(server.pid).children()
    return found


def backends() -> list[psutil.Process]:
    """The processes of the database server, when it runs on this machine; none otherwise."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [psutil.Process(pid) for (pid,) in cursor.fetchall() if psutil.pid_exists(pid)]


def used(processes: Sequence[psutil.Process]) -> float:
    """The CPU seconds that these have used."""
    times = [each.cpu_times() for each in processes if each.is_running()]
    return float(sum(each.user + each.system for each in times))


def main() -> None:
    """Measure once and print it."""
    parser = argparse.ArgumentParser()
    for name, default in (("count", 500), ("pushes", 24), ("clients", 4), ("workers", 2), ("port", 8170)):
        parser.add_argument(f"--{name}", type=int, default=default)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    import django

    django.setup()
    json.dump(measure(**vars(parser.parse_args())), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
