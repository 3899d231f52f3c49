"""Siteward's real web process, on a port and a database of its own, that a test may kill and start again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from backend.config import settings
from backend.config.serving import web_command

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 40


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A database `name`, freshly filled, and a gunicorn in front of it."""

    def __init__(self, name: str) -> None:
        self.name, self.port = name, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.env = {**os.environ, "SITEWARD_DATABASE": name, "SITEWARD_DEMO": "true", "SITEWARD_DEBUG": "false"}
        self.env.pop("PYTEST_CURRENT_TEST", None)
        self.world: dict[str, str] = {}

    @property
    def url(self) -> str:
        """Where it answers. `localhost`, since cameras and service workers trust it."""
        return f"http://localhost:{self.port}"

    def connect(self, database: str = "") -> "psycopg.Connection[dict[str, Any]]":
        """A plain connection, past Django, to look at what is really there."""
        given = settings.DATABASES["default"]
        where = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"]}
        password = {"password": given["PASSWORD"]} if given.get("PASSWORD") else {}
        return psycopg.connect(dbname=database or self.name, autocommit=True, row_factory=dict_row, **where, **password)

    def fill(self, module: str = "tests.e2e.world") -> None:
        """Make the database anew and fill it by the module: with the small world, if none is named."""
        with self.connect("postgres") as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))
        done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        self.world = json.loads(done.stdout.strip().splitlines()[-1])

    def start(self) -> None:
        """Start the web process and wait until it answers."""
        command = web_command(f"127.0.0.1:{self.port}", workers=2)
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, start_new_session=True)
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (OSError, urllib.error.URLError):
                time.sleep(0.2)
        raise AssertionError("the web process did not answer")

    def kill(self) -> None:
        """kill -9, workers too: nothing is finished politely."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def rows(self, query: str, *params: Any) -> list[dict[str, Any]]:
        """What the database holds."""
        with self.connect() as database:
            return database.execute(query, params).fetchall()
