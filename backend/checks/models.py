"""What is owed and what was done: check types in their revisions, plans, records, lapses."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q

from backend.assets.models import Asset
from backend.core.ids import new_id
from backend.core.models import Due, append_only, never_emptied
from backend.maintenance.models import Defect
from backend.trust.models import Building, Person, Site
from backend.trust.scope import SitedQuerySet


class CheckType(models.Model):
    """A check of the statutory library, by its code. What it says stands in its revisions; the newest one counts."""

    code = models.CharField(max_length=60, primary_key=True)
    title = models.CharField(max_length=160)
    discipline = models.CharField(max_length=40)
    tier = models.CharField(max_length=10)
    verified = models.BooleanField()
    weight = models.PositiveSmallIntegerField("risk weight, 1 paperwork to 5 life safety")
    minutes = models.PositiveSmallIntegerField("usual minutes", null=True, blank=True)
    current = models.ForeignKey("CheckRevision", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField("no longer in the library", default=False)

    class Meta:
        ordering = ["discipline", "title"]

    def __str__(self) -> str:
        return self.title


class CheckRevision(models.Model):
    """A check as it was published: law, rule, questions. Immutable; a change is a new revision."""

    check_type = models.ForeignKey(CheckType, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["check_type", "number"]
        constraints = [models.UniqueConstraint(fields=["check_type", "number"], name="revision_numbered_once")]
        triggers = [append_only("check_revision_append_only"), never_emptied("check_revision_never_emptied")]

    def __str__(self) -> str:
        return f"{self.check_type_id} revision {self.number}"

    def questions(self) -> list[dict[str, Any]]:
        """The questions in order, the shared form's first (see rules/answers.py)."""
        asked: list[dict[str, Any]] = self.content["questions"]
        return asked


class PlanQuerySet(SitedQuerySet["Plan"]):
    """Plans, whose rows."""


class Plan(Due):
    """A check owed on an asset, a building or a site, under a rule, from a day. `rule` is None for a one-off."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    check_type = models.ForeignKey(CheckType, on_delete=models.PROTECT, related_name="plans")
    discipline = models.CharField(max_length=40)  # the check type's, beside the dates so that counting needs one index
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="plans")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    rule = models.JSONField(null=True, blank=True)
    starts_on = models.DateField()
    active = models.BooleanField(default=True)
    sealed_to = models.DateField("lapses are sealed up to this day", null=True, blank=True)
    last_done_on = models.DateField(null=True, blank=True)
    last_outcome = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["site", "discipline", "due_on"],
                include=["overdue_from", "soon_from", "pauses"],
                condition=Q(active=True),
                name="plan_status",
            ),
            models.Index(fields=["overdue_from"], condition=Q(active=True), name="plan_overdue"),
            models.Index(fields=["asset"], name="plan_of_asset"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["check_type", "site", "building", "asset"],
                condition=Q(active=True, rule__isnull=False),
                nulls_distinct=False,
                name="one_plan_per_check_and_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_type_id} at {self.asset or self.building or self.site}"


class CheckRecordQuerySet(SitedQuerySet["CheckRecord"]):
    """Records, whose rows."""

    def counting(self) -> "CheckRecordQuerySet":
        """Those that count as completions: for a plan, not ad hoc, and not superseded by a correction."""
        return self.filter(plan__isnull=False, ad_hoc=False, correction__isnull=True)


class CheckRecord(models.Model):
    """A check that was done: append-only, by the phone's id, bound to the revision that was on the screen.

    A correction is a new record that names the one it supersedes, and why.
    """

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
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="records")
    revision = models.ForeignKey(CheckRevision, on_delete=models.PROTECT, related_name="records")
    check_type = models.ForeignKey(CheckType, on_delete=models.PROTECT, related_name="records")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="records")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="records")
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

    objects = CheckRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-done_at", "id"]
        triggers = [append_only("check_record_append_only"), never_emptied("check_record_never_emptied")]
        indexes = [
            models.Index(fields=["plan", "-done_on"], name="record_of_plan"),
            models.Index(fields=["asset", "-done_at"], name="record_of_asset"),
            models.Index(fields=["site", "-done_at"], name="record_of_site"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(supersedes=None) | ~Q(reason=""), name="a_correction_says_why"),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="no_record_supersedes_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.check_type_id} on {self.done_on}"


class RecordPhoto(models.Model):
    """A file that a record says it has: the record is incomplete until the server holds every one (core.StoredFile)."""

    record = models.ForeignKey(CheckRecord, on_delete=models.PROTECT, related_name="photos")
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


class NotDone(models.Model):
    """An attempt that came to nothing, with the reason. It never counts as done."""

    REASONS = [
        ("no-access", "Could not get in"),
        ("out-of-service", "Out of service"),
        ("part-missing", "A part is missing"),
        ("unsafe", "Not safe to do"),
        ("no-time", "No time"),
        ("other", "Another reason"),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="attempts")
    reason = models.CharField(max_length=20, choices=REASONS)
    note = models.CharField(max_length=1000, blank=True)
    try_again_on = models.DateField(null=True, blank=True)
    photos = models.JSONField(default=list)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        triggers = [append_only("not_done_append_only"), never_emptied("not_done_never_emptied")]

    def __str__(self) -> str:
        return self.get_reason_display()
