"""Runs web and worker side by side until told to stop: what `manage.py serve` is made of."""

import contextlib
import errno
import hashlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from backend.core.problems import Problem

POLITE_SECONDS = 12
COLLECTED = "collected-from"  # beside the collected files: what they were collected from


def free_or_explain(host: str, port: int) -> None:
    """Raise Problem when the port cannot be listened on, saying what to do."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EACCES:
                raise Problem("port", f"Port {port} needs administrator rights. Choose another: make demo PORT=8000") from problem
            raise Problem(
                "port",
                f"Port {port} is in use by another program (perhaps another Siteward). "
                f"Stop that one, or choose another port: make demo PORT={port + 1}",
            ) from problem


def static_sources() -> str:
    """A digest of the static files that there are to collect: their names, sizes and times."""
    found = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = Path(storage.path(name)).stat()
            found.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return found.hexdigest()


def static_collected() -> str:
    """The digest of what was collected last; "" when nothing was, or not whole."""
    with contextlib.suppress(OSError):
        return (settings.STATIC_ROOT / COLLECTED).read_text()
    return ""


def note_static(digest: str) -> None:
    """Note what was collected, so that it is not done again under a server that is running."""
    (settings.STATIC_ROOT / COLLECTED).write_text(digest)


def own_address() -> str:
    """This machine's address on the local network; 127.0.0.1 when it has none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # an address reserved for documentation: only the routing table is asked
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def web_command(bind: str, *, workers: int, certificate: tuple[Path, Path] | None = None) -> list[str]:
    """The web server as in production (gunicorn_settings), but stopping sooner: threads in a few processes."""
    command = [
        sys.executable, "-m", "gunicorn", "backend.config.wsgi:application",
        "--config", "python:backend.config.gunicorn_settings",
        "--bind", bind, "--workers", str(workers), "--worker-class", "gthread", "--threads", "4",
        "--graceful-timeout", "8",
    ]  # fmt: skip
    if certificate:
        command += ["--certfile", str(certificate[0]), "--keyfile", str(certificate[1])]
    return command


class Stopped(Exception):  # noqa: N818  not a fault
    """The person, or the system, asked us to stop."""


def stop_on_signals() -> None:
    """Turn the ways of being asked to stop into one."""

    def asked(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked)


def run_together(commands: Sequence[list[str]], cwd: Path) -> int:
    """Run the commands until one ends or we are asked to stop; then end them all. Answers the exit code for the shell."""
    running = [subprocess.Popen(command, cwd=cwd, start_new_session=True) for command in commands]  # noqa: S603  our own
    code = 0
    try:
        while all(each.poll() is None for each in running):
            time.sleep(0.3)
        code = next((each.returncode for each in running if each.returncode), 1)
    except Stopped:
        pass
    finally:
        end(running)
    return code


def end(running: Sequence["subprocess.Popen[bytes]"]) -> None:
    """Ask each to stop, and insist after a while."""
    for each in running:
        each.terminate()
    deadline = time.monotonic() + POLITE_SECONDS
    for each in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            each.wait(max(0.1, deadline - time.monotonic()))
        if each.poll() is None:
            each.kill()
