"""The web process gives up, with one sentence, when its settings cannot stand."""

import os
import subprocess

from backend.config.serving import web_command
from tests.arch.test_house import ROOT


def test_a_web_process_that_cannot_begin_ends_and_says_why():
    env = {**os.environ, "DATABASE_URL": "sqlite:///x"}
    command = web_command("127.0.0.1:0", workers=2)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=30)
    assert done.returncode == 3
    assert "DATABASE_URL must name a PostgreSQL server" in done.stderr and "Traceback" not in done.stderr
