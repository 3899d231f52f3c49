"""What was decided about which checks apply: that one does not for a while, and what becomes of the library's new rules."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from backend.assets.models import Asset
from backend.checks.models.library import CheckRevision, CheckType
from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust.models import Building, Person, Site
from backend.trust.scope import SitedQuerySet


class NotApplicableQuerySet(SitedQuerySet["NotApplicable"]):
    """Decisions that a check does not apply, whose rows."""

    def in_force(self, today: dt.date) -> "NotApplicableQuerySet":
        """Those agreed, not ended, and not run out. Whether facts have changed since is worked out beside (queries/excused)."""
        return self.filter(agreed=True, ended_at=None, expires_on__gte=today)

    def waiting(self) -> "NotApplicableQuerySet":
        """Those that somebody has still to decide."""
        return self.filter(decided_at=None, ended_at=None)


class NotApplicable(models.Model):
    """That a check does not apply to a thing until a day: asked by one person, agreed by another, ended or run out at last.

    `basis` is what was known of the place when it was asked; when that has changed and the check would apply, it is open again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    check_type = models.ForeignKey(CheckType, on_delete=models.PROTECT, related_name="not_applicable")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="not_applicable")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="not_applicable")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="not_applicable")
    reason = models.CharField(max_length=1000)
    basis = models.JSONField(default=dict)
    expires_on = models.DateField("last day on which it holds")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(default=False, db_default=False)
    answer = models.CharField("what the one who decided said", max_length=1000, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    objects = NotApplicableQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [models.Index(fields=["site", "check_type"], condition=Q(ended_at=None), name="not_applicable_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="not_applicable_agreed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(agreed=False) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="not_applicable_agreed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["check_type", "site", "building", "asset"],
                condition=Q(decided_at=None, ended_at=None),
                nulls_distinct=False,
                name="one_not_applicable_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_type_id} does not apply until {self.expires_on}"


class LibraryDecision(models.Model):
    """What the trust decided about a check's new revision: to take it over into its plans, or to come back to it on a day."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        DEFERRED = "deferred", "Put off"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    revision = models.ForeignKey(CheckRevision, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=1000, blank=True)
    back_on = models.DateField("to be looked at again on", null=True, blank=True)
    plans = models.PositiveIntegerField("plans that took the new rule", default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_at", "id"]
        triggers = [append_only("library_decision_append_only"), never_emptied("library_decision_never_emptied")]
        constraints = [
            models.CheckConstraint(condition=Q(kind="accepted") | Q(back_on__isnull=False), name="put_off_until_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.revision_id}"
