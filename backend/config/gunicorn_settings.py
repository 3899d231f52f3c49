"""How gunicorn runs the web process: read by `gunicorn --config python:backend.config.gunicorn_settings`.

HUP replaces the workers one after another while the port stays open; TERM lets requests end for GRACE seconds.
"""

import gc
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

GRACE = 25  # seconds; a container is killed after 30
CANNOT_BEGIN = 3  # the exit code, also gunicorn's own
MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  where a worker shows that it lives, never on a slow disk

for unused in ("rich", "greenlet", "jinja2", "pygments"):  # other libraries load them where they are installed, and no page
    sys.modules.setdefault(unused, None)  # type: ignore[arg-type]  # needs them: 7 MB of every worker. To Python they are not there.

os.environ.setdefault("SITEWARD_PROCESS", "web")
FIGURES = os.environ.get("PROMETHEUS_MULTIPROC_DIR") or tempfile.mkdtemp(prefix="siteward-figures-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = FIGURES  # before any worker imports the client; kept through HUP

bind = os.environ.get("SITEWARD_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("SITEWARD_WEB_PROCESSES", "2"))
worker_class = "gthread"
threads = int(os.environ.get("SITEWARD_WEB_THREADS", "4"))
timeout = 120
graceful_timeout = GRACE
keepalive = 75  # longer than the proxy keeps its side open
max_requests = 20_000  # a slow leak ends here; jitter, so that not all end at once
max_requests_jitter = 4_000
loglevel = "warning"
accesslog = None  # every request is one structured line of our own
control_socket_disable = True
worker_tmp_dir = str(MEMORY_FOLDER) if MEMORY_FOLDER.is_dir() and os.access(MEMORY_FOLDER, os.W_OK) else None
limit_request_line = 8190
forwarded_allow_ips = ""  # Django alone reads X-Forwarded-Proto, and only behind a proxy (SITEWARD_BEHIND_PROXY)


def on_starting(_server: Any) -> None:
    """Ask the settings once before any worker is born: what cannot stand ends here, with one sentence and one exit code.

    In a process of its own, so that after HUP new workers read the settings anew. Two workers dying of it together would
    make the master end with a traceback instead.
    """
    child = os.fork()
    if not child:
        code = 0
        try:
            importlib.import_module("backend.config.settings")
        except SystemExit as refused:
            code = CANNOT_BEGIN
            sys.stderr.write(f"{refused.code}\n")
            sys.stderr.flush()
        finally:
            os._exit(code)  # never back into gunicorn, whatever it was: a worker will say it
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == CANNOT_BEGIN:
        sys.exit(CANNOT_BEGIN)


def post_worker_init(_worker: Any) -> None:
    """A worker is about to begin. What is loaded by now stays for ever: the collector need not look through it again and again.

    Otherwise it does so whenever much is made, which was a third of the CPU of a push of 500 operations. What a request makes
    is let go of without the collector; it looks for rings every 10,000 objects, not every 700.
    """
    from django.urls import get_resolver

    _ = get_resolver().url_patterns  # every address is loaded first
    if sys.modules.get("requests", gc) is None:
        del sys.modules["requests"]  # kept out while all was loaded (settings.py); whoever wants it now may have it
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def child_exit(_server: Any, worker: Any) -> None:
    """A worker has gone: its counts stay, its gauges go."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """The web process ends: its figures' files go."""
    shutil.rmtree(FIGURES, ignore_errors=True)
