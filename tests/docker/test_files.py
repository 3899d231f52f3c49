"""What stands in docker/ keeps its own rules: pinned, closed, limited, and every setting is told to the operator."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
ONCE = {"upgrade"}
"""Services that run to their end and are not asked for their health."""


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_closed_limited_and_asked_for_its_health(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert re.fullmatch(r"\d+:\d+", service["user"])
    assert service["cap_drop"] == ["ALL"]
    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert service["logging"]["options"]["max-size"]
    assert service["stop_grace_period"]
    assert (service["healthcheck"].get("disable") is True) == (name in ONCE)
    assert name in ONCE or {"test", "interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_pinned_to_a_version_and_names_no_registry(name):
    image = SERVICES[name]["image"]
    assert re.fullmatch(r"[\w./-]+:(?!latest)[\w.${}:-]*\d[\w.${}:-]*", image), image
    assert "." not in image.split("/")[0].split(":")[0]


def test_no_secret_stands_in_the_file_and_every_secret_is_a_file():
    for name, service in SERVICES.items():
        for key, value in (service.get("environment") or {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|KEY|ROOT_USER", key):
                assert key.endswith("_FILE") and str(value).startswith("/run/secrets/"), (name, key)
        for secret in service.get("secrets", []):
            assert COMPOSE["secrets"][secret]["file"] == f"secrets/{secret}"
    assert ":@" not in (DOCKER / "compose.yaml").read_text()


def test_the_database_cannot_be_reached_from_outside():
    assert SERVICES["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_web_and_worker_wait_for_the_upgrade():
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"


def test_the_volumes_are_all_named_and_all_used():
    used = {each.split(":")[0] for service in SERVICES.values() for each in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_the_image_is_pinned_runs_as_somebody_and_copies_no_secret():
    text = (DOCKER / "Dockerfile").read_text()
    assert [line for line in text.splitlines() if line.startswith("USER ")][-1] == "USER 10001:10001"
    assert "HEALTHCHECK" in text and "--require-hashes" in text
    for image in re.findall(r"^(?:FROM|ARG PYTHON_IMAGE=)\s*(\S+)", text, re.M):
        assert "$" in image or ":" in image or image in re.findall(r" AS (\w+)", text), image
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".env", "docker/secrets", "docker/.env", "var"} <= set(ignored)
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M):
        for each in source.split():
            assert (ROOT / each).exists(), each


def test_secrets_are_made_once_and_left_alone_afterwards(tmp_path):
    folder = tmp_path / "secrets"
    subprocess.run(["sh", str(DOCKER / "make-secrets.sh"), str(folder)], check=True, capture_output=True)
    first = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(first) == set(COMPOSE["secrets"])
    assert all(len(text) >= 50 for name, text in first.items() if name != "mail_url")
    assert len(set(first.values())) == len(first)
    subprocess.run(["sh", str(DOCKER / "make-secrets.sh"), str(folder)], check=True, capture_output=True)
    assert first == {path.name: path.read_text() for path in folder.iterdir()}
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("labels", ["q.example.uk", ""])
def test_the_proxys_file_is_valid(labels):
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("caddy is not installed: apt-get install --no-install-recommends caddy")
    env = {**os.environ, "SITEWARD_SITE": "estates.example.org", "SITEWARD_LABEL_SITE": labels}
    command = [caddy, "validate", "--adapter", "caddyfile", "--config", str(DOCKER / "Caddyfile")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]


def test_the_proxy_keeps_https_and_keeps_the_figures_inside():
    text = (DOCKER / "Caddyfile").read_text()
    for words in ("Strict-Transport-Security", "max_size", "encode zstd gzip", "/metrics", "lb_try_duration"):
        assert words in text


READ = re.compile(r'(?:env\.\w+|secret|environ\.get|environ\.setdefault)\(\s*f?"((?:SITEWARD|DATABASE)_[A-Z0-9_]+)"')
NOT_FOR_OPERATORS = {"SITEWARD_DATABASE", "SITEWARD_TEST_DB", "SITEWARD_PROCESS", "SITEWARD_DEBUG", "SITEWARD_SECURE_COOKIES"} | {
    "SITEWARD_HTTPS_ONLY",
    "SITEWARD_PHONE_PORT",
}
"""Read by Siteward, set by tests and developers only; the doctor says so where one of them is dangerous."""


COMPOSED = tuple(f"SITEWARD_{each}_" for each in ("S3", "BACKUP_S3", "MICROSOFT", "GOOGLE", "OIDC"))
"""Names that the code puts together from a beginning and an ending."""


def test_every_setting_that_is_read_is_told_to_the_operator_and_no_other():
    told = set(re.findall(r"\b((?:SITEWARD|DATABASE)_[A-Z0-9_]+?)(?:_FILE)?\b=", (ROOT / ".env.example").read_text()))
    read = set()
    for path in (ROOT / "backend" / "config").rglob("*.py"):
        read |= {name.removesuffix("_FILE") for name in READ.findall(path.read_text())}
    missing = read - told - NOT_FOR_OPERATORS
    assert not missing, f"not in .env.example: {sorted(missing)}"
    composed = {name for name in told if name.startswith(COMPOSED)}
    assert not told - read - composed, f"nobody reads {sorted(told - read - composed)}"
