"""What is wrong and who mends it: defects and work orders."""

from django.db import models

from backend.assets.models import Asset
from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import SitedQuerySet


class Severity(models.TextChoices):
    """How bad a defect is."""

    LOW = "low", "Minor"
    MEDIUM = "medium", "Needs mending"
    HIGH = "high", "Serious"


class DefectQuerySet(SitedQuerySet["Defect"]):
    """Defects, whose rows."""


class Defect(models.Model):
    """Something wrong with an asset or a place. Found by a check or reported by anybody; its id may be a phone's."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="defects")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    space = models.ForeignKey(Space, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="defects")
    summary = models.CharField(max_length=500)
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.MEDIUM)
    discipline = models.CharField(max_length=40, blank=True)
    unsafe = models.BooleanField(default=False)
    made_safe = models.CharField("what was done to make it safe", max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    found_on = models.DateField()
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = DefectQuerySet.as_manager()

    class Meta:
        ordering = ["-found_on", "id"]
        indexes = [
            models.Index(fields=["site", "status", "-found_on"], name="defect_list"),
            models.Index(fields=["asset"], condition=models.Q(status="open"), name="defect_of_asset"),
        ]

    def __str__(self) -> str:
        return self.summary


class WorkOrderQuerySet(SitedQuerySet["WorkOrder"]):
    """Work orders, whose rows."""


class WorkOrder(models.Model):
    """Work to be done about a defect, by whom and until when."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="work_orders")
    defect = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="work_orders")
    title = models.CharField(max_length=200)
    assigned_to = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="work_orders")
    target_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        ordering = ["target_on", "id"]

    def __str__(self) -> str:
        return self.title


class DefectNote(models.Model):
    """What happened to a defect afterwards: an update or work done, word for word, with the photos it came with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    defect = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="notes")
    work_order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=[("update", "Update"), ("work", "Work done"), ("closed", "Closed")])
    note = models.TextField(max_length=4000, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [append_only("defect_note_append_only"), never_emptied("defect_note_never_emptied")]

    def __str__(self) -> str:
        return self.note[:60]


class DefectPhoto(models.Model):
    """A photo that a defect, or a note on it, came with; shown once the file has arrived."""

    defect = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="photos")
    note = models.ForeignKey(DefectNote, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="defect_photo_file")]
        triggers = [append_only("defect_photo_append_only"), never_emptied("defect_photo_never_emptied")]

    def __str__(self) -> str:
        return self.sha256
