"""What a fault of ours tells: to the asker a sentence, to the log where in the code; the secrets that were in hand to nobody."""

import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.test import Client

from tests.arch.test_house import ROOT

PASSWORD = "correct-horse-battery-staple-7"


@pytest.mark.urls("tests.security.broken_urls")
@pytest.mark.parametrize("path", ["/broken/", "/api/v1/broken"])
def test_a_fault_shows_no_secret_no_path_and_no_trace(db, path, caplog):
    caplog.set_level(logging.DEBUG)
    headers = {"Authorization": "Bearer sw_very-secret-token-000000000000000000000", "Cookie": "sessionid=stolen-session-number"}
    answer = Client(raise_request_exception=False).post(path + "?q=who@example.org", {"password": PASSWORD}, headers=headers)
    assert answer.status_code == 500
    told = answer.content.decode()
    for inside in ("Traceback", "RuntimeError", "cannot go on", "site-packages", str(ROOT), "Django"):
        assert inside not in told
    for secret in (PASSWORD, configured.SECRET_KEY, "very-secret-token", "stolen-session-number"):
        assert secret not in told
        assert secret not in caplog.text


PRODUCTION = {
    "SITEWARD_DEMO": "0",
    "SITEWARD_HOSTS": "estates.example.org",
    "SITEWARD_ORIGINS": "https://estates.example.org",
    "SITEWARD_ADDRESS": "https://estates.example.org",
    "SITEWARD_BEHIND_PROXY": "true",
    "SITEWARD_LABEL_HOST": "Q.EXAMPLE.UK",
}


def production(tmp_path, *command: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """A command of manage.py with the settings of production, secrets by file."""
    key = tmp_path / "secret-key"
    key.write_text("kJ8-" + "aB3dE6gH9" * 8)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SITEWARD_", "DJANGO_", "PYTEST"))}
    database = {name: os.environ[name] for name in ("SITEWARD_DATABASE", "DATABASE_URL") if name in os.environ}
    made = {**kept, **database, **PRODUCTION, "SITEWARD_SECRET_KEY_FILE": str(key), **more}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=made, capture_output=True, text=True, check=False
    )


def test_djangos_own_check_of_a_deployment_finds_nothing(tmp_path):
    done = production(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


def test_production_settings_are_the_strict_ones(tmp_path):
    names = (
        "DEBUG SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS "
        "SECURE_HSTS_INCLUDE_SUBDOMAINS ALLOWED_HOSTS SESSION_COOKIE_HTTPONLY"
    )
    asked = f"from django.conf import settings as s; print(*(getattr(s, each) for each in {names.split()!r}))"
    done = production(tmp_path, "shell", "--no-imports", "-c", asked)
    said = done.stdout.strip().splitlines()[-1]
    strict = "False __Host-sessionid __Host-csrftoken True True 31536000 True ['estates.example.org'] True"
    assert said == strict, done.stderr


def test_without_a_secret_key_nothing_starts(tmp_path):
    done = production(tmp_path, "check", SITEWARD_SECRET_KEY_FILE="")
    assert done.returncode != 0
    assert "SITEWARD_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr
