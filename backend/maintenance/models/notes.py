"""What happened to a defect afterwards, and the photos."""

from django.db import models

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.maintenance.models.contractors import Contractor
from backend.maintenance.models.defects import Defect
from backend.maintenance.models.work import WorkOrder
from backend.trust.models import Person

KINDS = [
    ("update", "Update"),
    ("work", "Work done"),
    ("closed", "Closed"),
    ("triage", "Looked at"),
    ("made-safe", "Made safe"),
    ("merged", "Merged"),
    ("unmerged", "Taken apart"),
    ("risk", "Accepted risk"),
    ("order", "Work order"),
    ("chased", "Chased"),
    ("reopened", "Opened again"),
    ("again", "Found again"),
    ("paper", "Certificate filed"),
]

SENT_BACK = "Sent back: "
"""What a note begins with by which work was sent back to whoever said that it was done."""


class DefectNote(models.Model):
    """What happened to a defect afterwards: an update or work done, word for word, with the photos it came with.

    `firm` is the contractor that said it through its link, where no person of the trust did.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    defect = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="notes")
    work_order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=KINDS)
    note = models.TextField(max_length=4000, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey(Contractor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

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
