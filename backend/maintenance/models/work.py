"""Who mends it: work orders."""

import datetime as dt

from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.maintenance.models.contractors import Contractor
from backend.maintenance.models.defects import Defect, Proof
from backend.trust.models import Person, Site
from backend.trust.scope import SitedQuerySet


class WorkOrderQuerySet(SitedQuerySet["WorkOrder"]):
    """Work orders, whose rows."""

    def running(self) -> "WorkOrderQuerySet":
        """Those that are still to be done."""
        return self.filter(status__in=WorkOrder.RUNNING)

    def of(self, defect: Defect) -> "WorkOrderQuerySet":
        """Those of a problem, and of the problems that are the same."""
        return self.filter(Q(defect=defect) | Q(defect__merged_into=defect))

    def out(self) -> "WorkOrderQuerySet":
        """Those that are not over: given out, begun, or done and not checked."""
        return self.exclude(status__in=WorkOrder.OVER)

    def late(self, day: dt.date) -> "WorkOrderQuerySet":
        """Those still to be done whose day has passed."""
        return self.running().filter(target_on__lt=day)


class WorkOrder(models.Model):
    """Work to be done about a defect, by whom (one of the trust's people, or a firm) and until when."""

    class Status(models.TextChoices):
        OPEN = "open", "Given out"
        STARTED = "started", "Begun"
        DONE = "done", "Done, to be checked"
        CHECKED = "checked", "Checked and closed"
        CANCELLED = "cancelled", "Cancelled"

    class Priority(models.TextChoices):
        EMERGENCY = "emergency", "Emergency"
        URGENT = "urgent", "Urgent"
        ROUTINE = "routine", "Routine"
        PLANNED = "planned", "Planned"

    RUNNING = (Status.OPEN, Status.STARTED)
    OVER = (Status.CHECKED, Status.CANCELLED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="work_orders")
    defect = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="work_orders")
    title = models.CharField(max_length=200)
    assigned_to = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="work_orders")
    target_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    contractor = models.ForeignKey(Contractor, null=True, blank=True, on_delete=models.PROTECT, related_name="work_orders")
    priority = models.CharField(
        max_length=10, choices=Priority.choices, default=Priority.ROUTINE, db_default=Priority.ROUTINE.value
    )
    instructions = models.TextField(max_length=2000, blank=True, default="", db_default="")
    proof = models.CharField(max_length=12, choices=Proof.choices, blank=True, default=Proof.WORDS, db_default="")
    cost_pence = models.PositiveIntegerField(null=True, blank=True)
    parts = models.CharField("parts used", max_length=500, blank=True, default="", db_default="")
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        ordering = ["target_on", "id"]
        indexes = [models.Index(fields=["site", "status", "target_on"], name="work_order_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(assigned_to__isnull=True) | Q(contractor__isnull=True), name="work_order_for_a_person_or_a_firm"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def whose(self) -> str:
        """Who has it to do, by name."""
        return str(self.contractor or self.assigned_to or "nobody yet")

    @property
    def is_running(self) -> bool:
        """Whether it is still to be done."""
        return self.status in self.RUNNING

    @property
    def is_out(self) -> bool:
        """Whether it is not over: still to be done, or to be checked."""
        return self.status not in self.OVER

    def is_late(self, today: dt.date) -> bool:
        """Whether its day has passed and it is still to be done."""
        return self.is_running and self.target_on is not None and self.target_on < today
