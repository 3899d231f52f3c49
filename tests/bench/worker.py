"""The memory of a real web worker: gunicorn is started as `manage.py serve` starts it, asked 200 mixed things, and looked at."""

import http.client
import itertools
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil

from backend.config.serving import web_command
from tests.bench.reading import CARETAKER, DOCUMENTS, HOMES, LEAD, home_site
from tests.bench.web import Asker

ROOT = Path(__file__).resolve().parents[2]
REQUESTS = 200


def memory_of_a_worker() -> dict[str, Any]:
    """`rss_mb`, `own_mb` (not shared with other processes) and `at_start_mb` of one worker; `requests` it answered."""
    port = free_port()
    command = web_command(f"127.0.0.1:{port}", workers=1)
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ.copy(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        wait(connection, server)
        worker = psutil.Process(server.pid).children()[0]
        start = worker.memory_info().rss
        asked = ask_all(connection)
        whole = worker.memory_full_info()
        return {
            "rss_mb": round(whole.rss / 1e6, 1),
            "own_mb": round(whole.uss / 1e6, 1),
            "at_start_mb": round(start / 1e6, 1),
            "requests": asked,
        }
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(connection: http.client.HTTPConnection, server: "subprocess.Popen[bytes]") -> None:
    """Until it answers. Raises RuntimeError when it has ended or a minute has passed."""
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            connection.request("GET", "/sign-in/")
            connection.getresponse().read()
            return
        except OSError:
            connection.close()
            time.sleep(0.25)
    raise RuntimeError("The web server did not start.")


def ask_all(connection: http.client.HTTPConnection) -> int:
    """Pages of each role, lists, scans, the board, search and the phone's documents, in turn; how many were asked."""
    site = home_site().pk
    field, lead = Asker.by_token(CARETAKER), Asker.by_token(LEAD)
    mixed = [(Asker.by_session(email), "/") for email in HOMES.values()]
    board = Asker.by_session(LEAD)
    mixed += [(board, "/compliance/"), (board, "/assets/"), (board, "/plans/"), (board, "/search/?q=fire")]
    mixed += [(lead, "/api/v1/compliance?by=school,discipline"), (lead, "/api/v1/assets?page_size=200")]
    mixed += [(field, f"/api/v1/assets?site={site}&page_size=100"), (field, f"/api/v1/plans?site={site}")]
    mixed += [(field, f"/api/v1/field/sites/{site}/{name}") for name in DOCUMENTS[1:]]
    for asker, address in itertools.islice(itertools.cycle(mixed), REQUESTS):
        connection.request("GET", address, headers=asker.headers())
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status} {body[:200]!r}")
    return REQUESTS
