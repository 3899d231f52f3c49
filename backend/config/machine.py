"""Sets a machine up for Siteward: virtual environment, Node from its wheel, the field app's build, a browser for tests.

Run by the Makefile with the system's Python, so it uses the standard library alone. Each step is skipped when what it
depends on has not changed; each way to fail gives one plain sentence. `machine.py demo|lint|test|stop`.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LOGS = ROOT / "var" / "log"
ROOM_NEEDED = 1_500_000_000  # bytes: virtual environment, node modules, database, with some air
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WEBKIT = ("WebKitWebDriver", "xvfb-run")
NPM = {  # an unreachable registry is told after a minute, not ten; the system's certificates are trusted, as pip does
    "npm_config_loglevel": "error",
    "npm_config_fetch_retries": "1",
    "npm_config_fetch_timeout": "60000",
    "NODE_USE_SYSTEM_CA": "1",
}
CAUSES = (
    (("No space left", "ENOSPC", "Disk quota"), "The disk is full. Free about 2 GB and run the same command again."),
    (
        ("name resolution", "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "unreachable", "Max retries",
         "Connection refused", "ConnectionError", "No matching distribution", "timed out"),
        "The package registry did not answer. Check the network (or proxy settings) and run the same command again.",
    ),
    (("gcc", "Python.h", "error: command", "compiler"), "A package had to be compiled and no compiler was found. "
     "Use Python 3.11 to 3.13 on Linux or macOS, for which ready-made packages exist, or install gcc."),
    (("do not match the hashes", "EINTEGRITY"), "A downloaded package is not the one that was locked. Try again; if it "
     "stays so, something between you and the registry changes files."),
)  # fmt: skip


def say(text: str) -> None:
    """One line of progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def fail(text: str) -> None:
    """Stop with a plain sentence."""
    sys.exit(f"\nSiteward cannot go on: {text}")


def digest(paths: Iterable[Path], *more: str) -> str:
    """One hash over files' names and contents (missing ones count as empty)."""
    found = hashlib.sha256("\n".join(more).encode())
    for path in sorted(paths):
        found.update(str(path.relative_to(ROOT)).encode())
        found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()


def files_below(folder: Path) -> list[Path]:
    """Every file below a folder, apart from what is built or installed."""
    return [each for each in folder.rglob("*") if each.is_file() and not {"dist", "node_modules"} & set(each.parts)]


def run(title: str, command: list[str], *, env: dict[str, str] | None = None) -> None:
    """Run one step: its output goes to a log, the terminal shows the title and the seconds; a failure is explained."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / (title.split()[0].lower() + ".log")
    started = time.monotonic()
    done = threading.Event()
    ticker = threading.Thread(target=tick, args=(title, started, done), daemon=True)
    ticker.start()
    with log.open("w") as out:
        result = subprocess.run(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=env, check=False)  # noqa: S603
    done.set()
    ticker.join()
    seconds = time.monotonic() - started
    if result.returncode == 0:
        say(f"  {title}: done in {seconds:.0f} s")
        return
    text = log.read_text(errors="replace")
    for words, sentence in CAUSES:
        if any(word in text for word in words):
            fail(f"{sentence}\n(What happened is in {log.relative_to(ROOT)}.)")
    tail = "\n".join(text.splitlines()[-15:])
    fail(f"the step “{title}” failed. Its last lines:\n\n{tail}\n\n(All of it is in {log.relative_to(ROOT)}.)")


def tick(title: str, started: float, done: threading.Event) -> None:
    """Say every ten seconds that a step is still going."""
    while not done.wait(10):
        say(f"  {title}: {time.monotonic() - started:.0f} s …")


def stamped(stamp: Path, wanted: str) -> bool:
    """Whether a step was done for exactly this."""
    return stamp.is_file() and stamp.read_text() == wanted


def python_environment(requirements: str) -> None:
    """The virtual environment with the locked packages of a requirements file."""
    if sys.version_info < (3, 11):  # noqa: UP036  the system's own Python runs this file
        fail(f"it needs Python 3.11 or later; this is {sys.version.split()[0]}. Name another one: make demo PYTHON=python3.12")
    lock = ROOT / requirements
    wanted = digest([lock], sys.version)
    enough = {requirements, "requirements-dev.txt"}  # the developers' set holds the other
    if any(stamped(VENV / f"installed-{name}", digest([ROOT / name], sys.version)) for name in enough):
        return
    if shutil.disk_usage(ROOT).free < ROOM_NEEDED:
        fail("the disk is nearly full. Free about 2 GB and run the same command again.")
    if not (BIN / "python").exists():
        try:
            venv.create(VENV, with_pip=True, clear=VENV.exists())
        except (subprocess.CalledProcessError, OSError) as problem:
            fail(f"the virtual environment could not be made ({problem}). On Debian: apt-get install python3-venv")
    run(
        f"Python packages ({requirements})",
        [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
         "--require-hashes", "-r", requirements],
    )  # fmt: skip
    (VENV / f"installed-{requirements}").write_text(wanted)


def compiled() -> None:
    """The installed packages, compiled once: under PYTHONDONTWRITEBYTECODE pip may leave that out, and every start does it anew.

    That costs each start some seconds, and each web worker 5 MB that it never gives back.
    """
    stamp = VENV / "compiled"
    wanted = digest(sorted(VENV.glob("installed-*")), sys.version)
    if not stamped(stamp, wanted):
        compiling = [str(BIN / "python"), "-m", "compileall", "-q", "-j", "0", str(VENV / "lib")]
        run("Compiling the Python packages", compiling)
        stamp.write_text(wanted)


def node_env() -> dict[str, str]:
    """The environment in which Node from the wheel comes first."""
    return {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "CI": "1",
        "npm_config_loglevel": "error",
    }


def node_modules() -> None:
    """The npm packages, as locked."""
    wanted = digest([ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"])
    stamp = ROOT / "node_modules" / ".siteward"
    if not stamped(stamp, wanted):
        run("Node packages", [str(BIN / "npm"), "ci", "--no-audit", "--no-fund"], env=node_env())
        stamp.write_text(wanted)


def field_app() -> None:
    """The phone's app, built into fieldapp/dist."""
    wanted = digest([*files_below(ROOT / "fieldapp"), ROOT / "package.json", ROOT / "package-lock.json"])
    stamp = ROOT / "fieldapp" / "dist" / ".built-from"
    if not stamped(stamp, wanted):
        run("Field app build", [str(BIN / "npm"), "run", "build"], env=node_env())
        stamp.write_text(wanted)


def browser() -> None:
    """Chromium and WebKit for the browser tests: the system's, installed when we may."""
    if any(shutil.which(name) for name in BROWSERS) and all(shutil.which(name) for name in WEBKIT):
        return
    advice = "apt-get install -y --no-install-recommends chromium fonts-dejavu-core ffmpeg webkit2gtk-driver xvfb xauth"
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    may = shutil.which("apt-get") and (not prefix or subprocess.run([*prefix, "true"], check=False).returncode == 0)  # noqa: S603
    if not may:
        fail(f"the browser tests need Chromium and WebKit. Install it with: {advice}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("Package lists for the browser", [*prefix, "apt-get", "update", "-qq"], env=quiet)
    run("Browser for the tests", [*prefix, *advice.split()], env=quiet)


def stop() -> None:
    """Stop the embedded database by its own pid file, if it was left running."""
    pid_file = ROOT / "var" / "postgres" / "postmaster.pid"
    if not pid_file.exists():
        say("No embedded database is running.")
        return
    pid = int(pid_file.read_text().splitlines()[0])
    try:
        os.kill(pid, signal.SIGINT)
        say("The embedded database was told to stop.")
    except ProcessLookupError:
        say("The embedded database is not running (it left a pid file behind, which it will tidy at its next start).")


def main(what: str) -> None:
    """Do the steps for `demo`, `lint` or `test`."""
    if what == "stop":
        return stop()
    python_environment("requirements.txt" if what == "demo" else "requirements-dev.txt")
    compiled()
    node_modules()
    if what != "lint":
        field_app()
    if what == "test":
        browser()
    return None


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "demo")
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
    except OSError as problem:
        fail("the disk is full. Free about 2 GB and run the same command again." if problem.errno == 28 else str(problem))
