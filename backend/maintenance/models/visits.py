"""When firms come, and what they send: visits, and reports handed in by a link."""

from typing import Any, Self

from django.db import models
from django.db.models import Q, Value

from backend.core.ids import new_id
from backend.maintenance.models.contractors import Contractor
from backend.maintenance.models.work import WorkOrder
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import Appointed, SitedQuerySet, in_scope, reach


class ContractorVisitQuerySet(SitedQuerySet["ContractorVisit"]):
    """Visits, whose rows."""


class ContractorVisit(models.Model):
    """A firm is to come to a site on a day: planned, arrived, left, or called off.

    That somebody came is written down whether they should have been let in or not; why they were is a second fact.
    """

    HOW = [("office", "Signed in by the office"), ("tag", "Signed in with a tag")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="contractor_visits")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="visits")
    purpose = models.CharField("what for", max_length=300)
    planned_on = models.DateField()
    planned_from = models.TimeField(null=True, blank=True)
    planned_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    work_order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="visits")
    booking_id = models.UUIDField("the booking in the calendar", null=True, blank=True)
    people = models.JSONField("who came, by the firm's list", default=list, db_default=Value([], models.JSONField()), blank=True)
    others = models.CharField("who else came", max_length=300, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_how = models.CharField(max_length=10, choices=HOW, blank=True)
    let_in_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    let_in_why = models.CharField("why they were let in all the same", max_length=300, blank=True)
    asbestos_seen = models.BooleanField("was shown the asbestos register", default=False, db_default=False)
    left_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)
    called_off_why = models.CharField(max_length=300, blank=True)

    objects = ContractorVisitQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_on", "planned_from", "id"]
        indexes = [
            models.Index(fields=["site", "-planned_on"], name="contractor_visit_list"),
            models.Index(fields=["contractor", "-planned_on"], name="contractor_visit_of_firm"),
            models.Index(fields=["site"], condition=Q(arrived_at__isnull=False, left_at=None), name="contractor_visit_here"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(arrived_at__isnull=False), name="nobody_leaves_who_did_not_come"
            ),
            models.CheckConstraint(
                condition=Q(called_off_at=None) | (Q(arrived_at=None) & ~Q(called_off_why="")), name="a_visit_called_off_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} on {self.planned_on}"

    @property
    def state(self) -> str:
        """One of: called off, left, here, planned."""
        if self.called_off_at:
            return "called off"
        if self.arrived_at is None:
            return "planned"
        return "left" if self.left_at else "here"


class HandedInQuerySet(models.QuerySet[Any]):
    """Reports asked for and handed in, for those who file them."""

    def visible_to(self, person: Appointed, permit: str = permits.CONTRACTOR_MANAGE) -> Self:
        """Those for sites where they look after contractors; of no site only for who does so for the whole trust."""
        rows = in_scope(self, person, permit, school="site__school_id", site="site_id")
        return rows if reach(person, permit).everywhere else rows.filter(site__isnull=False)


class ReportRequest(models.Model):
    """A report that a firm is asked to hand in, by a link of its own (`OnePurposeLink`, about this row)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="requests")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField("what is asked for", max_length=300)
    plan_ids = models.JSONField("the planned checks that it is about", default=list, db_default=Value([], models.JSONField()))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = HandedInQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "id"]

    def __str__(self) -> str:
        return self.words


class ReportUpload(models.Model):
    """A file that a firm handed in by its link. It is nothing but a file until the office files it, or does not use it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits to be filed"
        FILED = "filed", "Filed"
        REFUSED = "refused", "Not used"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(ReportRequest, on_delete=models.PROTECT, related_name="uploads")
    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="uploads")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    from_name = models.CharField("who handed it in, as they say", max_length=120, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    objects = HandedInQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "id"]
        indexes = [
            models.Index(fields=["site"], condition=Q(state="waiting"), name="report_upload_waiting"),
            models.Index(fields=["sha256"], name="report_upload_file"),
        ]

    def __str__(self) -> str:
        return f"{self.contractor_id} on {self.received_at:%Y-%m-%d}"
