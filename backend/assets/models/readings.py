"""Values read off assets."""

from django.db import models

from backend.assets.models.register import Asset
from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust.models import Person
from backend.trust.scope import SitedQuerySet


class ReadingQuerySet(SitedQuerySet["Reading"]):
    """Readings, whose rows."""

    site_path = "asset__site_id"
    school_path = "asset__site__school_id"


class Reading(models.Model):
    """A value read off an asset (a meter, a gauge), by the phone's id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="readings")
    value = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=20)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at"]
        triggers = [append_only("reading_append_only"), never_emptied("reading_never_emptied")]
        indexes = [models.Index(fields=["asset", "-taken_at"], name="reading_latest")]

    def __str__(self) -> str:
        return f"{self.value.normalize()} {self.unit}"
