"""Random bad days of a phone against a real Siteward: the phone's own engine (fieldapp/src/testing), killed, cut off, doubled.

`SITEWARD_SCHEDULES=1000 pytest tests/e2e/test_schedules.py` lives through a thousand, `SITEWARD_SEED=123 SITEWARD_SCHEDULES=1`
through that one again. The same days against a server in memory are in fieldapp/src/schedules.test.ts.
"""

import base64
import http.server
import json
import os
import random
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from tests.e2e.servers import ROOT, Server
from tests.sync.pictures import jpeg

HOW_MANY = int(os.environ.get("SITEWARD_SCHEDULES", "20"))
MANY = "SITEWARD_SCHEDULES" in os.environ  # a few days are the same each time, many are other ones each time
SEED = int(os.environ.get("SITEWARD_SEED", random.SystemRandom().randrange(10**9) if MANY else 1))
LONGEST_SECONDS = 60 + 8 * HOW_MANY
BOUNDARY = "the-copy-of-a-phone"


class Office:
    """What the office does meanwhile, in a browser of its own: phones out of use, copies taken in."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.jar = CookieJar()
        self.web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        told = {"email": server.world["lead"], "password": server.world["password"]}
        self.ask("/api/v1/field/sign-in", json.dumps(told).encode(), {"Content-Type": "application/json"})

    def ask(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> str:
        """One call; the body that came. Raises HTTPError."""
        request = urllib.request.Request(self.server.url + path, body, headers or {})
        if token := next((each.value for each in self.jar if each.name.endswith("csrftoken")), None):
            request.add_header("X-CSRFToken", token)
        with self.web.open(request, timeout=60) as answer:
            return str(answer.read().decode())

    def restart(self, _body: bytes) -> None:
        """kill -9 of the web process and its workers, and it comes back."""
        self.server.kill()
        self.server.start()

    def revoke(self, device: bytes) -> None:
        """Take a phone out of use."""
        told = [
            sys.executable,
            "manage.py",
            "phone",
            "revoke",
            device.decode(),
            "--reason",
            "Lost",
            "--as",
            self.server.world["lead"],
        ]
        subprocess.run(told, cwd=ROOT, env=self.server.env, check=True, capture_output=True)

    def copy(self, content: bytes) -> None:
        """Take in a saved copy on the office's page."""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="copy"; filename="copy.json"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        page = self.ask("/held/copy/", body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
        main = re.sub(r"\s+", " ", page[page.index("<h1") :])[:900]
        assert "The copy is in." in main or "Nothing was taken in" in main, main


@contextmanager
def doors(office: Office) -> Iterator[str]:
    """Addresses by which the phones' process asks for what only this one can do."""

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, words = 200, ""
            try:
                {"/restart": office.restart, "/revoke": office.revoke, "/copy": office.copy}[self.path](body)
            except Exception as fault:  # told to the phones' process, whose test fails with it
                status, words = 500, f"{type(fault).__name__}: {fault}"
            self.send_response(status)
            self.end_headers()
            self.wfile.write(words.encode())

        def log_message(self, *_about: Any) -> None:
            """Silent."""

    with http.server.HTTPServer(("127.0.0.1", 0), Door) as here:
        threading.Thread(target=here.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{here.server_address[1]}"
        here.shutdown()


def told(server: Server, control: str) -> dict[str, Any]:
    """What the phones' process has to know."""
    world = server.world
    people = [{"id": world["caretaker_id"], "email": world["caretaker"]}, {"id": world["second_id"], "email": world["second"]}]
    subjects = {
        "site": world["site"],
        "plan": world["weekly"],
        "check": world["weekly_check"],
        "asset": world["panel"],
        "answers": world["weekly_answers"],
    }
    picture = base64.b64encode(jpeg(24, 16)).decode()
    places = {"url": server.url, "control": control}
    return {**places, "password": world["password"], "people": people, "subjects": subjects, "picture": picture}


def judge(server: Server, ledger: Path) -> "subprocess.CompletedProcess[str]":
    """Compare the ledger with the database."""
    command = [sys.executable, "-m", "tests.e2e.ledger", str(ledger)]
    return subprocess.run(command, cwd=ROOT, env=server.env, capture_output=True, text=True, check=False)


def test_bad_days_lose_double_and_change_nothing(server: Server, tmp_path: Path):
    ledger, where = tmp_path / "ledger.jsonl", tmp_path / "office.json"
    assert judge(server, ledger).returncode == 0  # what does not hold before the first day
    with doors(Office(server)) as control:
        where.write_text(json.dumps(told(server, control)))
        mine = {"SITEWARD_SCHEDULES": str(HOW_MANY), "SITEWARD_SEED": str(SEED)}
        mine |= {"SITEWARD_OFFICE": str(where), "SITEWARD_LEDGER": str(ledger)}
        env = {**os.environ, **mine, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        vitest = ["npx", "vitest", "run", "--root", "fieldapp", "src/schedules.test.ts"]
        days = subprocess.run(vitest, cwd=ROOT, env=env, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)
    assert days.returncode == 0, (days.stdout + days.stderr)[-4000:]
    found = judge(server, ledger)
    again = "again: SITEWARD_SCHEDULES=1 SITEWARD_SEED=<seed> pytest tests/e2e/test_schedules.py"
    assert found.returncode == 0, f"{again}\n{found.stdout[-4000:]}\n{found.stderr[-2000:]}"
    sys.stdout.write(found.stdout)
