"""All static checks, side by side: `make lint`. Prints a line for each, and the whole output of what fails."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv" / "bin"
CHECKS: dict[str, list[str]] = {
    "types (mypy)": ["mypy", "backend", "tests", "manage.py"],
    "style (ruff)": ["ruff", "check", "."],
    "format (ruff)": ["ruff", "format", "--check", "."],
    "layers (import-linter)": ["lint-imports", "--no-cache"],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "Django": ["python", "manage.py", "check"],
    "API document": ["python", "manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
    "statutory library": ["python", "manage.py", "library", "check"],
    "templates (djlint)": ["djlint", "backend", "--check", "--lint", "--quiet"],
    "image (hadolint)": ["hadolint", "docker/Dockerfile"],
    "compose file (yamllint)": ["yamllint", "--strict", "--config-file", "docker/yamllint.yaml", "docker/compose.yaml"],
    "scripts (shellcheck)": ["shellcheck", "docker/entrypoint.sh", "docker/make-secrets.sh", ".ci/run"],
    "field app types (tsc)": ["npm", "run", "--silent", "typecheck"],
    "field app style (biome)": ["npm", "run", "--silent", "lint"],
}


def check(item: tuple[str, list[str]]) -> tuple[str, float, int, str]:
    """Run one: its name, seconds, exit code and output."""
    name, command = item
    started = time.monotonic()
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    ran = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    return name, time.monotonic() - started, ran.returncode, ran.stdout + ran.stderr


def main() -> int:
    """Run all; answer how many failed."""
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, seconds, code, output in pool.map(check, CHECKS.items()):
            sys.stdout.write(f"  {'ok    ' if code == 0 else 'FAILED'} {name} ({seconds:.1f} s)\n")
            if code:
                failed += 1
                sys.stdout.write(output.rstrip() + "\n\n")
            sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
