"""Lighthouse on the mid-range phone profile (slow 4G, a quarter of the processor).

Accessibility and best practices are the app's own and must be full. Performance is a time: it is held only on a machine that does
nothing else (SITEWARD_QUIET=1), at 95 or more, and printed in any case.
"""

import json
import os
import subprocess
from pathlib import Path

from tests.e2e.conftest import CHROMIUM
from tests.e2e.servers import ROOT, Server

QUIET = os.environ.get("SITEWARD_QUIET") == "1"
TRIES = 3
BARS = {"performance": 0.95 if QUIET else 0, "accessibility": 1, "best-practices": 1}


def test_the_app_is_quick_and_sound_on_a_phone(server: Server, tmp_path: Path):
    lighthouse = ROOT / "node_modules" / ".bin" / "lighthouse"
    assert CHROMIUM, "Chromium is not installed: apt-get install chromium"
    assert lighthouse.exists(), "Lighthouse is not installed: npm ci"
    found = tmp_path / "found.json"
    command = [
        str(lighthouse), f"{server.url}/field/", "--quiet", "--output=json", f"--output-path={found}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu", f"--only-categories={','.join(BARS)}",
    ]  # fmt: skip
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "CHROME_PATH": CHROMIUM, "PATH": path}
    # on a busy machine it now and then records nothing (NO_NAVSTART), and asks to be run again
    runs = (subprocess.run(command, env=env, timeout=180).returncode for _ in range(TRIES))
    assert any(code == 0 for code in runs), f"Lighthouse measured nothing in {TRIES} runs; what it said stands above"
    told = json.loads(found.read_text())
    scores = {name: told["categories"][name]["score"] for name in BARS}
    print("Lighthouse:", scores)  # noqa: T201  for whoever runs it with -s
    faults = {name: audit.get("details") for name, audit in told["audits"].items() if audit["score"] == 0}
    assert all(scores[name] >= bar for name, bar in BARS.items()), f"{scores}: {faults}"
