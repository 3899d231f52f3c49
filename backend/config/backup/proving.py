"""Proving a backup: it is restored into a database server of its own, every invariant is asked there, and all is thrown away.

The installation itself is not touched and needs not even be reachable.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from backend.config.backup.archive import Reader
from backend.config.backup.moment import head, tables
from backend.config.backup.programs import Where
from backend.config.backup.sealing import alive, opened
from backend.config.database import scratch_server
from backend.core.problems import Problem

SCRATCH: Final = "proving-"
DATABASE: Final = "siteward"


@dataclass(frozen=True, slots=True)
class Proof:
    """What came out: the backup's header, what is wrong (one sentence each; none when it is sound), seconds taken."""

    header: dict[str, Any]
    faults: list[str]
    seconds: float
    asked: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def prove(path: Path, *, identity: str = "") -> Proof:
    """Restore a backup aside and ask whether all holds there. Raises Problem when there is no room to, or no key.

    Takes as much room below `var/` as the installation itself; files are read from the backup, none from here.
    """
    started = time.monotonic()
    forget_left()
    check_room(path)
    with opened(path, identity) as stream:
        header = Reader(stream).header
    with scratch() as (folder, where):
        done = manage(folder, where, "backup", "restore", str(path.resolve()), "--identity", identity)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()[-3:]
            why = " ".join(said).removeprefix("CommandError: ")
            return Proof(header, [f"It cannot be restored: {why}"], since(started))
        faults, asked = invariants(folder, where)
        return Proof(header, faults + compared(header, where), since(started), asked)


def since(started: float) -> float:
    """Seconds, to a tenth."""
    return round(time.monotonic() - started, 1)


def check_room(path: Path) -> None:
    """Raise Problem when the disk plainly has no room: twice the backup's size, for the tables are larger than their dump."""
    needed, free = path.stat().st_size * 2 if path.is_file() else 0, shutil.disk_usage(settings.VAR).free
    if free < needed:
        raise Problem(
            "full", f"To prove this backup takes about {needed >> 20} MB below {settings.VAR}, and {free >> 20} MB are free."
        )


@contextlib.contextmanager
def scratch() -> Iterator[tuple[Path, Where]]:
    """A folder and a database server of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-", dir=settings.VAR))
    try:
        (folder / "files").mkdir(mode=0o700)
        with scratch_server(folder / "postgres") as given:
            where = Where({"host": given["HOST"], "user": given["USER"], "dbname": given["NAME"]})
            with where.connect(autocommit=True) as database:
                database.execute(f"CREATE DATABASE {DATABASE}".encode())
            yield folder, Where({**where.params, "dbname": DATABASE})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def forget_left() -> None:
    """Stop and remove what a killed proof left behind."""
    for folder in Path(settings.VAR).glob(f"{SCRATCH}*"):
        owner = folder.name.removeprefix(SCRATCH).partition("-")[0]
        if alive(owner):
            continue
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = (folder / "postgres" / "postmaster.pid").read_text().splitlines()
            if Path(lines[1]).resolve() == (folder / "postgres").resolve():
                os.kill(int(lines[0]), signal.SIGQUIT)
                time.sleep(1)
        shutil.rmtree(folder, ignore_errors=True)


def manage(folder: Path, where: Where, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run one of Siteward's commands over the scratch installation."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("SITEWARD_S3", "PYTEST"))},
        "DATABASE_URL": f"postgres:///{DATABASE}?host={where.params['host']}&user={where.params['user']}",
        "SITEWARD_DATABASE": DATABASE,
        "SITEWARD_DIRECT_DATABASE_URL": "",
        "SITEWARD_POOLED": "false",
        "SITEWARD_S3_BUCKET": "",
        "SITEWARD_VAR": str(folder / "var"),
        "SITEWARD_FILES": str(folder / "files"),
        "SITEWARD_HEADS_FILE": str(folder / "var" / "heads.jsonl"),
        "SITEWARD_SIGNING_KEY_FILE": str(Path(settings.SIGNING_KEY_FILE).resolve()),
        "SITEWARD_SECRET_KEY": settings.SECRET_KEY,
        "SITEWARD_DEMO": str(settings.DEMO).lower(),
        "SITEWARD_BACKUP_IDENTITY_FILE": settings.BACKUP_IDENTITY_FILE,
    }
    command = [sys.executable, str(settings.ROOT / "manage.py"), *words]
    return subprocess.run(command, cwd=settings.ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603  ours


def invariants(folder: Path, where: Where) -> tuple[list[str], int]:
    """What `manage.py verify` finds over the scratch installation: its faults, and how many invariants it asked."""
    done = manage(folder, where, "verify", "--json")
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return ["verify did not answer: " + " ".join((done.stderr or done.stdout).strip().splitlines()[-3:])], 0
    faults = [f"{each['key']}: {fault}" for each in said["invariants"] for fault in each["faults"]]
    if done.returncode and not faults:
        faults = ["verify did not hold"]
    return faults, len(said["invariants"])


def compared(header: dict[str, Any], where: Where) -> list[str]:
    """The restored chain head and tables against the backup's own word."""
    with where.connect() as database:
        found = tables(database)
        newest = head(database, found)
    faults = [] if newest == header["head"] else [f"the audit chain ends at {newest}, the backup says {header['head']}"]
    return faults + [f"table {name} is missing" for name in header["tables"] if name not in found]
