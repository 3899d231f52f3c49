"""What strangers report by a label: kept apart until somebody has looked at it."""

from django.db import models

from backend.assets.models import Asset
from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.maintenance.models.defects import Defect
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import SitedQuerySet


class FaultReportQuerySet(SitedQuerySet["FaultReport"]):
    """Reports from anybody, whose rows."""


class FaultReport(models.Model):
    """A fault as somebody without an account told it, by a label. It becomes a defect, joins one, or is refused with a reason."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        ACCEPTED = "accepted", "Taken on"
        REFUSED = "refused", "Not taken on"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="fault_reports")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    space = models.ForeignKey(Space, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="fault_reports")
    tag = models.CharField(max_length=8, blank=True)
    said = models.TextField("what is wrong", max_length=2000)
    unsafe = models.BooleanField("could hurt somebody", default=False)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    reported_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    defect = models.ForeignKey(Defect, null=True, blank=True, on_delete=models.PROTECT, related_name="fault_reports")
    reason = models.CharField("why it was not taken on", max_length=500, blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = FaultReportQuerySet.as_manager()

    class Meta:
        ordering = ["-unsafe", "received_at", "id"]
        indexes = [models.Index(fields=["site"], condition=models.Q(status="waiting"), name="fault_report_waiting")]

    def __str__(self) -> str:
        return self.reference


class FaultPhoto(models.Model):
    """A photo that came with such a report."""

    report = models.ForeignKey(FaultReport, on_delete=models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="fault_photo_file")]
        triggers = [append_only("fault_photo_append_only"), never_emptied("fault_photo_never_emptied")]

    def __str__(self) -> str:
        return self.sha256
