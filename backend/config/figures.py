"""Figures about the installation that the database knows: for /metrics and for the operators' page. Counts only."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from backend.checks.models import Lapse
from backend.config import job_queue
from backend.config.backup.models import BackupRun
from backend.config.models import Sighting
from backend.core.models import AuditEntry
from backend.sync.models import KeptAside, Op

COUNTED: Final = 200_000  # rows up to which a table is counted; beyond, PostgreSQL's own estimate is good enough


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what it says, its values by label ("" when it has no label), and the label's name."""

    says: str
    values: dict[str, float]
    label: tuple[str, ...] = field(default=())


def about_how_many(model: type[models.Model]) -> int:
    """How many rows a table has: counted while it is small, then estimated from PostgreSQL's statistics."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        (estimate,) = cursor.fetchone()
    return int(estimate) if estimate > COUNTED else model._default_manager.count()


def database_bytes() -> int:
    """The size of this database on disk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def free_bytes() -> int:
    """The room left on the disk where Siteward keeps its own files (with an object store: what it keeps beside it)."""
    folder = next(each for each in (Path(settings.MEDIA_ROOT), *Path(settings.MEDIA_ROOT).parents) if each.exists())
    return shutil.disk_usage(folder).free


def chain_number() -> int:
    """The number of the audit chain's newest entry; 0 before the first."""
    return AuditEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0


def stored_figures() -> dict[str, Figure]:
    """Every figure by its Prometheus name. About a dozen quick queries."""
    now = timezone.now()
    jobs = job_queue.look(now)
    held = Op.objects.filter(outcome="held", settled_at=None).count()
    found = {
        "siteward_jobs_waiting": Figure("Jobs that no worker has taken.", {"": jobs.waiting}),
        "siteward_jobs_running": Figure("Jobs that a worker has taken.", {"": jobs.taken}),
        "siteward_jobs_oldest_seconds": Figure("How long the oldest job waits.", {"": jobs.oldest_waits().total_seconds()}),
        "siteward_timetable_late_seconds": Figure("How late the timetable is.", {"": jobs.kept_waiting().total_seconds()}),
        "siteward_audit_chain_number": Figure("Number of the audit chain's newest entry.", {"": chain_number()}),
        "siteward_lapses": Figure("Missed checks sealed.", {"": about_how_many(Lapse)}),
        "siteward_operations": Figure(
            "Operations from phones by outcome.",
            {"applied": max(about_how_many(Op) - held, 0), "held": held, "kept_aside": about_how_many(KeptAside)},
            ("outcome",),
        ),
        "siteward_database_bytes": Figure("Size of the database.", {"": database_bytes()}),
    }
    return found | since_seen(now)


def since_seen(now: Any) -> dict[str, Figure]:
    """Seconds since jobs were last done, mail was last sent or failed, and a backup was made; only those ever seen."""
    seen = dict(Sighting.objects.exclude(name__startswith="worker:").values_list("name", "at"))
    backup = BackupRun.objects.filter(ok=True, size__gt=0).order_by("-at").first()
    if backup:
        seen["backup"] = backup.at
    ages = {name: (now - at).total_seconds() for name, at in seen.items()}
    said = "Seconds since it was last seen: jobs done, mail sent, mail failed, backup made."
    return {"siteward_since_seconds": Figure(said, dict(ages), ("what",))} if ages else {}
