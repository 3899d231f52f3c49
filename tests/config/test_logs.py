"""What goes out to logs and error reports: enough to mend a fault, nothing personal, no secret."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from pathlib import Path

import pytest

from backend.config.scrubbing import clean, cleaned

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ["mrs.smith@oakfield.example", "Zq3vT9xLp0Rr8sWw2Yy5Bb7Nn1Mm4Kk6Jj0Hh", "hunter2hunter2", "Zebrafinch"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sent to mrs.smith@oakfield.example, twice", "sent to [e-mail removed], twice"),
        ("Authorization: Bearer abcdefgh1234", "Authorization: Bearer [removed]"),
        ("postgres://siteward:hunter2@db:5432/x", "postgres://siteward:[removed]@db:5432/x"),
        ("IntegrityError: twice\nDETAIL:  Key (name)=(Zebra\nfinch) exists.", "IntegrityError: twice\nDETAIL: [rows removed]"),
        ("file 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", None),
        ("in backend/config/queue.py, line 40, in a_function_with_a_rather_long_name_of_40_letters", None),
    ],
)
def test_text_is_cleaned_of_what_is_personal_and_kept_readable(text, left):
    assert clean(text) == (text if left is None else left)


def test_what_stands_under_a_telling_name_goes_whole():
    assert cleaned({"password": "x", "deep": [{"Cookie": "y", "n": 1}]}) == {
        "password": "[removed]",
        "deep": [{"Cookie": "[removed]", "n": 1}],
    }


PROGRAM = """
import logging, os, sys
import django
django.setup()
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import path
from backend.config import urls
from backend.core.problems import Problem

def fails(request, word):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE guests (email text CHECK (length(email) < 5), note text)")
        cursor.execute("INSERT INTO guests VALUES ('mrs.smith@oakfield.example', 'Zebrafinch')")

urls.urlpatterns.insert(0, path("fails/<word>", fails))
client = Client(raise_request_exception=False, SERVER_NAME="a.example.org")
headers = {"Accept": "application/json", "Cookie": "sessionid=hunter2hunter2"}
headers["Authorization"] = "Bearer Zq3vT9xLp0Rr8sWw2Yy5Bb7Nn1Mm4Kk6Jj0Hh"
said = {"password": "hunter2hunter2", "note": "Zebrafinch"}
answer = client.post("/fails/now?q=Zebrafinch", said, secure=True, headers=headers)
print(answer.status_code, file=sys.stderr)
if "sentry_sdk" in sys.modules:
    sys.modules["sentry_sdk"].flush(5)
    print("reporting", file=sys.stderr)
"""


def run_program(**more: str) -> str:
    """A request that fails in the database, in a process with production settings: what it says."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
        "SITEWARD_DEMO": "false",
        "SITEWARD_SECRET_KEY": "q7Rk2Lm9Xw4Tz8Vb1Nc6Pd3Sf5Gh0Jy2Ku4Iw7Eo9Ar1Tt6Yz8Ub3",
        "SITEWARD_HOSTS": "a.example.org",
        **more,
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert "500" in done.stderr, done.stderr
    return done.stderr


def test_a_fault_is_one_line_of_json_with_its_traceback_and_nothing_personal():
    said = run_program()
    rows = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    (fault,) = [row for row in rows if "exception" in row]
    assert "CheckViolation" in fault["exception"] and "in fails" in fault["exception"]
    (line,) = [row for row in rows if row["event"] == "request"]
    assert (line["status"], line["route"], line["request"]) == (500, "fails/<word>", fault["request"])
    for secret in SECRETS:
        assert secret not in said
    assert "reporting" not in said, "the error reporter is loaded only when it is configured"


class Reports(BaseHTTPRequestHandler):
    """A server that takes error reports."""

    taken: list[bytes] = []

    def do_POST(self):
        """Take one."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        squeezed = self.headers.get("Content-Encoding")
        if squeezed:
            body = import_module({"gzip": "gzip", "br": "brotli"}[squeezed]).decompress(body)
        Reports.taken.append(body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_args):
        """Quietly."""


def test_a_fault_is_reported_where_that_is_configured_and_nothing_personal_is_in_it():
    server = HTTPServer(("127.0.0.1", 0), Reports)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    said = run_program(SITEWARD_SENTRY_DSN=f"http://key@127.0.0.1:{server.server_port}/1")
    server.shutdown()
    assert "reporting" in said
    sent = b"\n".join(Reports.taken).decode()
    assert "CheckViolation" in sent and '"function":"fails"' in sent.replace(" ", "")
    assert len([row for row in sent.splitlines() if '"exception"' in row]) == 1, "one fault, one report"
    for secret in SECRETS:
        assert secret not in sent, secret
