"""What may be wrong with an installation, said by every app in its `doctor.py` and asked by `manage.py doctor`.

An app adds to it by a list called CHECKS (empty where nothing can be installed wrongly: a missing file fails a test).
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.utils.dateparse import parse_datetime

from backend.core import guards, heads, signing
from backend.core.models import AuditEntry
from backend.core.problems import Problem

Level = Literal["ok", "warning", "wrong"]
SCARCE: Final = 5 * 2**30  # bytes free below which a warning is given
TOO_SCARCE: Final = 2**30
UNPUBLISHED: Final = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: one sentence, and how to mend it (empty when there is nothing to mend)."""

    level: Level
    says: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at. `look(now)` is read-only apart from probes that it removes again; it need not catch anything."""

    key: str
    about: str
    look: Callable[[dt.datetime], Finding]
    needs_database: bool = True
    asks_outside: bool = False  # another machine is asked, which may take its time: not on a page


def fine(says: str) -> Finding:
    """Nothing to mend."""
    return Finding("ok", says)


def all_checks() -> Iterator[Check]:
    """Those of every app of ours, the lowest app's first."""
    for app in apps.get_app_configs():
        if app.name.startswith("backend.") and find_spec(f"{app.name}.doctor"):
            yield from import_module(f"{app.name}.doctor").CHECKS


def looked(check: Check, now: dt.datetime) -> Finding:
    """What a check finds; that it failed is a finding too."""
    try:
        return check.look(now)
    except DatabaseError as wrong:
        first = str(wrong).strip().splitlines()[0] if str(wrong).strip() else type(wrong).__name__
        return Finding("wrong", f"It could not be looked at: {first}", "Mend the database first, then ask again.")
    except Exception as wrong:
        said = f"It could not be looked at: {type(wrong).__name__}: {wrong}"
        return Finding("wrong", said, "Read the log around this moment, and report it if it stays so.")


def files_writable(_now: dt.datetime) -> Finding:
    """A small file can be written to where files are kept (a folder or S3), read back and removed."""
    probe = ContentFile(b"Siteward was here.")
    where = str(getattr(default_storage, "location", "")) or "the object store"
    try:
        name = default_storage.save("doctor/probe.txt", probe)
        with default_storage.open(name) as file:
            same = file.read() == b"Siteward was here."
        default_storage.delete(name)
    except Exception as wrong:
        mend = (
            "Check that the folder exists and belongs to the user that Siteward runs as, or that endpoint, bucket, key "
            "and secret of the object store are right and it can be reached."
        )
        return Finding("wrong", f"Files cannot be written to {where}: {type(wrong).__name__}: {wrong}", mend)
    if not same:
        return Finding("wrong", f"What was written to {where} was not what could be read.", "Check the disk or the object store.")
    return fine(f"Files can be written to {where} and read back.")


def disk_space(_now: dt.datetime) -> Finding:
    """Room where Siteward keeps its own files."""
    folder = next(each for each in (Path(settings.MEDIA_ROOT), *Path(settings.MEDIA_ROOT).parents) if each.exists())
    free = shutil.disk_usage(folder).free
    says = f"{free / 2**30:.1f} GB are free on the disk of {folder}."
    mend = "Free some room or enlarge the disk: when it is full, photos and backups cannot be kept."
    if free < TOO_SCARCE:
        return Finding("wrong", says, mend)
    return Finding("warning", says, mend) if free < SCARCE else fine(says)


def triggers_present(_now: dt.datetime) -> Finding:
    """Every trigger that guards evidence is installed, as the code says it, and enabled."""
    lacking, count = list(guards.unguarded()), len(guards.wanted())
    if lacking:
        more = f", and {len(lacking) - 5} more" if len(lacking) > 5 else ""
        says = f"What guards evidence is not as it was made: {'; '.join(lacking[:5])}{more}."
        mend = "Find out who changed it, run `python manage.py pgtrigger install` and then `python manage.py verify`."
        return Finding("wrong", says, mend)
    return fine(f"All {count} triggers that guard evidence are in place.")


def signing_key(_now: dt.datetime) -> Finding:
    """The key that signs published heads and reports can be read, by nobody else on this machine."""
    path = Path(settings.SIGNING_KEY_FILE)
    try:
        signing.key()
    except Problem as wrong:
        return Finding("wrong", "There is no signing key, so nothing can be published or signed.", wrong.detail)
    if path.stat().st_mode & 0o004:
        return Finding("warning", f"Everybody on this machine may read the signing key {path}.", f"chmod o-r {path}")
    return fine("The signing key is in place.")


def head_published(now: dt.datetime) -> Finding:
    """The audit chain's head left this machine within the last two days, to somebody."""
    newest = AuditEntry.objects.order_by("-number").first()
    if newest is None:
        return fine("The audit chain is empty: there is nothing to publish yet.")
    said = [str(each.get("published_at", "")) for each in heads.lines(Path(settings.HEADS_FILE))]
    last = parse_datetime(said[-1]) if said else None
    mend = "Run: python manage.py heads publish. It is done every day by the worker: see whether that runs."
    if last is None:
        return Finding("wrong", "The audit chain's head was never published.", mend)
    if now - last > UNPUBLISHED:
        return Finding("wrong", f"The audit chain's head was last published on {last:%d %B %Y}.", mend)
    if not settings.HEAD_MAIL and not settings.DEMO:
        mend = "Name trustees in SITEWARD_HEAD_MAIL: a head that stays on this machine can be changed with the rest."
        return Finding("warning", "The audit chain's head is sent to nobody.", mend)
    return fine("The audit chain's head was published within two days.")


CHECKS = [
    Check("signing-key", "The signing key", signing_key, needs_database=False),
    Check("head-published", "The audit chain", head_published),
    Check("files", "Files", files_writable, needs_database=False, asks_outside=True),
    Check("disk", "Disk space", disk_space, needs_database=False),
    Check("triggers", "Evidence guarded", triggers_present),
]
