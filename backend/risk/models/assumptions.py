"""Figures that the trust assumes, in place of the ones that Siteward begins with."""

from django.db import models

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust.models import Person


class AssumptionSet(models.Model):
    """A figure from a day on, by whom and why. The newest of a key counts; none is ever changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField("key in schedules/estate/risk.yaml", max_length=40)
    value = models.BigIntegerField()
    since = models.DateField()
    why = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["key", "-since", "-made_at"]
        triggers = [append_only("assumption_append_only"), never_emptied("assumption_never_emptied")]
        indexes = [models.Index(fields=["key", "-since"], name="assumption_of_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"
