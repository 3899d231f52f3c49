"""The nightly backup: made, put where backups go, old ones let go; and once a week the newest is proved.

Every job may run twice and act once: a second run on the same day finds the day's backup there. They are asked more often than
they are wanted, so that one that failed is tried again within hours.
"""

import datetime as dt
import fcntl
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from django.utils import timezone

from backend.config.backup import runs, stored
from backend.config.backup.keeping import kept
from backend.config.backup.making import Made, create
from backend.config.backup.models import BackupRun
from backend.config.backup.proving import Proof, prove
from backend.core.problems import Problem

NAME: Final = re.compile(r"siteward-(\d{8}T\d{6})Z\.backup")
NOT_SET_UP: Final = "no backups are set up (SITEWARD_BACKUP_FOLDER or SITEWARD_BACKUP_S3_BUCKET)"
JOB_SECONDS: Final = 600
ENOUGH_APART: Final = dt.timedelta(hours=20)
PROVED_EVERY: Final = dt.timedelta(days=7)
FORGET_RUNS: Final = dt.timedelta(days=800)


def back_up_now() -> str:
    """The job: `manage.py backup run` in a process of its own, since a large backup takes longer than any job may."""
    return apart("run") if settings.BACKUP_SCHEDULED else NOT_SET_UP


def prove_newest_now() -> str:
    """The job: `manage.py backup prove-newest` in a process of its own."""
    return apart("prove-newest") if settings.BACKUP_SCHEDULED else NOT_SET_UP


def apart(what: str) -> str:
    """Run one of the two and wait for it as long as a job may; longer ones go on by themselves. Raises Problem when it failed."""
    command = [sys.executable, str(settings.ROOT / "manage.py"), "backup", what]
    process = subprocess.Popen(command, cwd=settings.ROOT, start_new_session=True)  # noqa: S603  our own
    try:
        code = process.wait(JOB_SECONDS)
    except subprocess.TimeoutExpired:
        return "it is still going, in a process of its own"
    if code:
        raise Problem("backup", f"manage.py backup {what} failed; manage.py backup status says why.")
    return "done"


@contextmanager
def alone() -> Iterator[bool]:
    """Whether no other backup is being made or proved on this machine; none begins meanwhile."""
    with (Path(settings.VAR) / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def back_up() -> str:
    """Make a backup unless there is one of today, and let old ones go. Answers in words what was done.

    A failure is noted, sent to the operators, and raised, so that the queue shows it too.
    """
    if not settings.BACKUP_SCHEDULED:
        return NOT_SET_UP
    recent = BackupRun.objects.filter(scheduled=True, size__gt=0, at__gt=timezone.now() - ENOUGH_APART).exists()
    if recent:
        return "there is one of today"
    name = f"siteward-{timezone.now():%Y%m%dT%H%M%S}Z.backup"
    try:
        made = make(name)
    except Exception as wrong:
        failed(name, wrong.detail if isinstance(wrong, Problem) else f"{type(wrong).__name__}: {wrong}")
        raise
    runs.note_made(made, name, scheduled=True)
    if made.faults:
        runs.tell_operators("the backup found something wrong", "\n".join(made.faults[:100]))
    gone = prune()
    return f"{name}, {made.size:,} bytes, {made.seconds} s; {len(gone)} old ones let go"


def failed(name: str, says: str) -> None:
    """A backup that fails is loud: noted for the status page, sent to the operators."""
    runs.note_failed(name, says, scheduled=True)
    runs.tell_operators("the backup FAILED", f"{says}\n\nUntil this is mended nothing new is backed up. See docker/BACKUP.md.")


def make(name: str) -> Made:
    """Make the backup and put it under its name where backups go: straight into a folder, or by way of one into a bucket."""
    target = storages["backups"]
    if isinstance(target, FileSystemStorage):
        folder = Path(target.location)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return create(folder / name)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.VAR) as folder_name:
        made = create(Path(folder_name) / name)
        with made.path.open("rb") as file:
            target.save(name, File(file))
        if target.size(name) != made.size:
            raise Problem("upload", f"{name} did not arrive whole where backups go. It will be tried again.")
    return made


def there() -> dict[str, dt.datetime]:
    """The scheduled backups that lie where backups go: name -> when made. Anything else there is left alone."""
    return {
        name: dt.datetime.strptime(found.group(1), "%Y%m%dT%H%M%S").replace(tzinfo=dt.UTC)
        for name in stored.names(storages["backups"])
        if (found := NAME.fullmatch(name))
    }


def prune() -> list[str]:
    """Let go of what no rule keeps, and of nothing when the newest is not well; answers the names.

    The latest one that was proved sound is kept as well, whatever its age.
    """
    BackupRun.objects.filter(at__lt=timezone.now() - FORGET_RUNS).delete()
    made = there()
    if not made or not BackupRun.objects.filter(file=max(made, key=lambda name: made[name]), ok=True).exists():
        return []
    proved = BackupRun.objects.filter(sound=True, file__in=list(made)).order_by("-at").first()
    keep = kept(made) | ({proved.file} if proved else set())
    gone = sorted(set(made) - keep)
    for name in gone:
        storages["backups"].delete(name)
    return gone


@contextmanager
def on_disk(name: str) -> Iterator[Path]:
    """A scheduled backup as a file on this machine, fetched when it lies in a bucket."""
    target = storages["backups"]
    if isinstance(target, FileSystemStorage):
        yield Path(target.path(name))
        return
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.VAR) as folder:
        path = Path(folder) / name
        with target.open(name) as source, path.open("wb") as file:
            shutil.copyfileobj(source, file, stored.PIECE)
        yield path


def prove_newest() -> str:
    """Prove the newest backup by restoring it aside, once a week. Answers what came out; loud when it is not sound."""
    made = there()
    if not settings.BACKUP_SCHEDULED or not made:
        return "there is no backup to prove"
    if BackupRun.objects.filter(scheduled=True, verified_at__gt=timezone.now() - PROVED_EVERY + dt.timedelta(hours=4)).exists():
        return "one was proved this week"
    if settings.BACKUP_RECIPIENTS and not settings.BACKUP_IDENTITY_FILE:
        return "the secret key is not on this machine: prove backups where it is (manage.py backup verify FILE)"
    name = max(made, key=lambda each: made[each])
    with on_disk(name) as path:
        proof = prove(path)
    runs.note_proved(proof, name)
    if not proof.sound:
        runs.tell_operators(f"the backup {name} is NOT SOUND", "\n".join(proof.faults[:100]))
    return said(name, proof)


def said(name: str, proof: Proof) -> str:
    """A proof in one line."""
    what = f"sound: {proof.asked} invariants hold" if proof.sound else "NOT SOUND: " + "; ".join(proof.faults[:3])
    return f"{name} {what} ({proof.seconds} s)"
