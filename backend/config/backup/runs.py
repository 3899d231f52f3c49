"""What was made, proved and failed: noted, asked, told to the operators."""

import datetime as dt
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import DatabaseError
from django.utils import timezone

from backend.config.backup.making import Made
from backend.config.backup.models import BackupRun
from backend.config.backup.proving import Proof


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The latest backup that was made: when, its file, its size in bytes, when it was last proved and whether it is well.

    `ok`: the latest attempt worked, nothing was wrong with what it took, and no proof of it failed. `says`: what is not well.
    """

    at: dt.datetime
    file: str
    size: int
    verified_at: dt.datetime | None
    ok: bool
    says: str


def last_backup() -> LastBackup | None:
    """The latest backup; None when none was ever made. `verified_at` is of the latest one that was proved. Two queries."""
    latest = BackupRun.objects.order_by("-at").first()
    if latest is None:
        return None
    made = latest if latest.size else BackupRun.objects.filter(size__gt=0).order_by("-at").first()
    proved = BackupRun.objects.exclude(verified_at=None).order_by("-verified_at").first()
    shown = made or latest
    ok = latest.ok and (proved is None or proved.sound is True)
    says = latest.says or ("" if ok or not proved else proved.says)
    return LastBackup(shown.at, shown.file, shown.size, proved.verified_at if proved else None, ok, says)


def note_made(made: Made, file: str, *, scheduled: bool) -> BackupRun:
    """Note a backup that was made."""
    return BackupRun.objects.create(
        id=made.id,
        at=timezone.now(),
        file=file[-500:],
        size=made.size,
        seconds=made.seconds,
        scheduled=scheduled,
        ok=not made.faults,
        says="\n".join(made.faults[:50]),
    )


def note_failed(file: str, says: str, *, scheduled: bool) -> None:
    """Note an attempt that failed. That the database cannot take it is no reason to hide the failure itself."""
    try:
        BackupRun.objects.create(id=uuid.uuid4(), at=timezone.now(), file=file[-500:], scheduled=scheduled, ok=False, says=says)
    except DatabaseError:
        return


def note_proved(proof: Proof, file: str) -> None:
    """Note what a proof found, where this installation knows the backup.

    A copy that is sound says as much of the backup it was copied from; one that is damaged says nothing of it.
    """
    try:
        known = BackupRun.objects.filter(pk=proof.header["id"])
        (known if proof.sound else known.filter(file=file[-500:])).update(
            verified_at=timezone.now(), sound=proof.sound, says="\n".join(proof.faults[:50])
        )
    except DatabaseError:
        return


def tell_operators(subject: str, text: str) -> None:
    """Write to the operators (SITEWARD_OPERATORS). Does nothing when nobody is named."""
    if settings.OPERATORS:
        host = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "this installation"
        send_mail(f"Siteward ({host}): {subject}", text, None, list(settings.OPERATORS))


def place_of(path: Path) -> str:
    """How a backup that a person named is kept in mind."""
    return str(path.resolve())
