"""Decisions about a defect: the risk of living with it for a while, and that it is the same as another."""

from django.db import models
from django.db.models import F, Q

from backend.core.ids import new_id
from backend.maintenance.models.defects import Defect
from backend.trust.models import Person
from backend.trust.scope import SitedQuerySet


class AcceptedRiskQuerySet(SitedQuerySet["AcceptedRisk"]):
    """Accepted risks, whose rows."""

    site_path = "defect__site_id"
    school_path = "defect__site__school_id"


class AcceptedRisk(models.Model):
    """Asked by one person, agreed or not by another: live with a defect until a day, because of what is done meanwhile."""

    class Decision(models.TextChoices):
        WAITING = "waiting", "Waiting for a decision"
        AGREED = "agreed", "Agreed"
        REFUSED = "refused", "Not agreed"
        ENDED = "ended", "Ended early"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    defect = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="risks")
    reason = models.TextField(max_length=2000)
    meanwhile = models.TextField("what is done meanwhile", max_length=2000, blank=True)
    until = models.DateField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.WAITING)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField("what the decider said", max_length=2000, blank=True)

    objects = AcceptedRiskQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="risk_not_agreed_by_who_asked"
            ),
            models.CheckConstraint(
                condition=~Q(decision="agreed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="risk_agreed_by_somebody",
            ),
            models.UniqueConstraint(fields=["defect"], condition=Q(decision="waiting"), name="one_risk_asked_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} until {self.until}"


class Merge(models.Model):
    """That one defect is the same as another. `took` is what the survivor took over from it: column -> [before, after]."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    survivor = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="merges")
    duplicate = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="merged")
    took = models.JSONField(default=dict)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["duplicate"], condition=Q(undone_at=None), name="merged_into_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} into {self.survivor_id}"
