"""What was done: records, their photos and findings."""

from django.db import models
from django.db.models import F, Q

from backend.assets.models import Asset
from backend.checks.models.library import CheckRevision, CheckType
from backend.checks.models.plans import Plan
from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.maintenance.models import Defect
from backend.trust.models import Building, Person, Site
from backend.trust.scope import SitedQuerySet


class CheckRecordQuerySet(SitedQuerySet["CheckRecord"]):
    """Records, whose rows."""

    def counting(self) -> "CheckRecordQuerySet":
        """Those that count as completions: for a plan, not ad hoc, and not superseded by a correction."""
        return self.filter(plan__isnull=False, ad_hoc=False, correction__isnull=True)


class CheckRecord(models.Model):
    """A check that was done: append-only, by the phone's id, bound to the revision that was on the screen.

    A correction is a new record that names the one it supersedes, and why.
    """

    found_nothing = False  # true of one just made without a finding: none need be read for it. Not a column.

    class Outcome(models.TextChoices):
        SATISFACTORY = "satisfactory", "Satisfactory"
        UNSATISFACTORY = "unsatisfactory", "Unsatisfactory"

    class Presence(models.TextChoices):
        TYPED = "typed", "Typed in, place not proved"
        TAG = "tag", "Tag scanned"
        TAG_PHOTO = "tag_photo", "Tag scanned and photographed"
        NFC = "nfc", "Tag touched"
        OFFICE = "office", "Entered in the office"
        IMPORTED = "imported", "Imported"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="records", db_index=False)
    revision = models.ForeignKey(CheckRevision, on_delete=models.PROTECT, related_name="records", db_index=False)
    check_type = models.ForeignKey(CheckType, on_delete=models.PROTECT, related_name="records", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="records", db_index=False)
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="records", db_index=False)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    competence = models.JSONField("what the author held for this check on the day", default=list)
    done_on = models.DateField("London date of the corrected time")
    done_at = models.DateTimeField("corrected time")
    started_at = models.DateTimeField(null=True, blank=True)
    device_time = models.DateTimeField("the device's own time")
    device_offset_min = models.SmallIntegerField(default=0)
    device_zone = models.CharField(max_length=60, blank=True)
    device_id = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    skew_ms = models.BigIntegerField("device clock ahead of the server by", null=True, blank=True)
    uncertain_s = models.PositiveIntegerField("time uncertain by, seconds", null=True, blank=True)
    presence = models.CharField(max_length=12, choices=Presence.choices)
    tag = models.CharField("tag as scanned", max_length=8, blank=True)
    late_entry = models.BooleanField(default=False)
    ad_hoc = models.BooleanField("does not move the date", default=False)
    answers = models.JSONField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    stated_next = models.DateField("next date that the report states", null=True, blank=True)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="correction")
    reason = models.CharField("why it supersedes", max_length=500, blank=True)
    notes = models.JSONField("what was noticed on arrival, in words", default=list)
    together = models.UUIDField("answered in one go with the others that bear this", null=True, blank=True)

    objects = CheckRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-done_at", "id"]
        triggers = [append_only("check_record_append_only"), never_emptied("check_record_never_emptied")]
        indexes = [
            models.Index(fields=["plan", "-done_on"], name="record_of_plan"),
            models.Index(fields=["asset", "-done_at"], name="record_of_asset"),
            models.Index(fields=["site", "-done_at"], name="record_of_site"),
            models.Index(fields=["-done_at", "id"], name="record_by_time"),
            models.Index(fields=["check_type"], name="record_of_check"),
            models.Index(fields=["together"], condition=Q(together__isnull=False), name="record_together"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(supersedes=None) | ~Q(reason=""), name="a_correction_says_why"),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="no_record_supersedes_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.check_type_id} on {self.done_on}"


class RecordPhoto(models.Model):
    """A file that a record says it has: the record is incomplete until the server holds every one (core.StoredFile)."""

    record = models.ForeignKey(CheckRecord, on_delete=models.PROTECT, related_name="photos", db_index=False)
    field = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()

    class Meta:
        triggers = [append_only("record_photo_append_only"), never_emptied("record_photo_never_emptied")]
        indexes = [models.Index(fields=["sha256"], name="record_photo_file")]
        constraints = [models.UniqueConstraint(fields=["record", "field", "sha256"], name="photo_named_once_per_record")]

    def __str__(self) -> str:
        return self.sha256


class Finding(models.Model):
    """What a record found wrong, and the defect that was raised for it."""

    record = models.ForeignKey(CheckRecord, on_delete=models.PROTECT, related_name="findings")
    question = models.CharField(max_length=60)
    summary = models.CharField(max_length=500)
    severity = models.CharField(max_length=10)
    defect = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="findings")

    class Meta:
        triggers = [append_only("finding_append_only"), never_emptied("finding_never_emptied")]

    def __str__(self) -> str:
        return self.summary
