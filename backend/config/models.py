"""What the installation remembers about itself: when something was last seen to work, and in what words it last failed."""

import datetime as dt
from typing import Self

from django.db import models

from backend.config.backup.models import BackupRun as BackupRun


class SightingQuerySet(models.QuerySet["Sighting"]):
    """Sightings, by name."""

    def see(self, name: str, says: str = "", *, at: dt.datetime) -> None:
        """Note that `name` was seen at a moment. One statement; a later note replaces the earlier one."""
        self.bulk_create(
            [Sighting(name=name, says=says[:500], at=at)],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at", "says"],
        )

    def workers(self) -> Self:
        """The workers that have ever been heard on this database, latest first."""
        return self.filter(name__startswith="worker:").order_by("-at")


class Sighting(models.Model):
    """Something that was seen: "worker:host:pid", "jobs", "mail sent", "mail failed". Not evidence: it may be forgotten."""

    name = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField()
    says = models.CharField(max_length=500, blank=True)

    objects = SightingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
