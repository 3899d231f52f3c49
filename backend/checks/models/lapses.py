"""What was missed: lapses, sealed, and what was said of them later."""

import uuid

from django.db import models

from backend.checks.models.plans import Plan
from backend.core.models import append_only, never_emptied
from backend.trust.models import Person


class Lapse(models.Model):
    """A miss, sealed: the slot or date that closed with nothing done. Once per plan and date, never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lapses")
    due_on = models.DateField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["-due_on"]
        triggers = [append_only("lapse_append_only"), never_emptied("lapse_never_emptied")]
        constraints = [models.UniqueConstraint(fields=["plan", "due_on"], name="one_lapse_per_plan_and_date")]
        indexes = [models.Index(fields=["due_on"], name="lapse_by_date")]

    def __str__(self) -> str:
        return f"missed {self.due_on}"


class LapseNote(models.Model):
    """A further row about a lapse: withdrawn (a late arrival, a snow day entered afterwards), restored, or excused."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", "Withdrawn"
        RESTORED = "restored", "Stands again"
        EXCUSED = "excused", "Excused"

    lapse = models.ForeignKey(Lapse, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [append_only("lapse_note_append_only"), never_emptied("lapse_note_never_emptied")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"
