"""How a defect is sent and received."""

from typing import Any

from rest_framework import serializers

from backend.core.api.bodies import Body, DayField, LineField, TextField
from backend.maintenance.models import Defect, DefectNote, DefectPhoto, Proof, Severity, WorkOrder

MOST_MINUTES = 60 * 24 * 30
MOST_PHOTOS = 50
LARGEST_PHOTO = 12 * 1024 * 1024


class DefectRow(serializers.ModelSerializer[Defect]):
    """A defect in a list."""

    site_name = serializers.CharField(source="site.name")
    asset_name = serializers.CharField(source="asset.name", default=None, allow_null=True)
    building_name = serializers.CharField(source="building.name", default=None, allow_null=True)
    space_name = serializers.CharField(source="space.name", default=None, allow_null=True)
    ending = serializers.ChoiceField(Defect.Ending.choices, allow_blank=True, read_only=True, help_text="Empty while it is open.")
    reported_by_name = serializers.CharField(source="reported_by.name", default="")

    class Meta:
        model = Defect
        fields = [
            "id", "site", "site_name", "building", "building_name", "space", "space_name", "asset", "asset_name", "summary",
            "severity", "discipline", "unsafe", "status", "found_on", "reported_at", "reported_by_name", "closed_at",
            "stage", "ending", "scheme", "code", "safe_by", "made_safe_on", "target_on", "deadline_fixed", "do_not_use_from",
            "accepted_until", "merged_into",
        ]  # fmt: skip
        read_only_fields = fields


class NoteRow(serializers.ModelSerializer[DefectNote]):
    """What happened to a defect afterwards."""

    by = serializers.CharField(source="made_by.name", default="")

    class Meta:
        model = DefectNote
        fields = ["id", "kind", "note", "minutes", "made_at", "by"]
        read_only_fields = fields


class WorkOrderRow(serializers.ModelSerializer[WorkOrder]):
    """Work to be done about a defect."""

    assigned_to_name = serializers.CharField(source="assigned_to.name", default=None, allow_null=True)

    class Meta:
        model = WorkOrder
        fields = ["id", "title", "assigned_to_name", "target_on", "status", "done_at", "minutes", "priority"]
        read_only_fields = fields


class WorkOrderAlone(WorkOrderRow):
    """A work order with its place, its problem and who has it."""

    site_name = serializers.CharField(source="site.name")
    contractor_name = serializers.CharField(source="contractor.name", default=None, allow_null=True)

    class Meta(WorkOrderRow.Meta):
        fields = [
            *WorkOrderRow.Meta.fields, "site", "site_name", "defect", "assigned_to", "contractor", "contractor_name",
            "instructions", "proof", "cost_pence", "parts", "given_at", "started_at", "checked_at",
        ]  # fmt: skip
        read_only_fields = fields


class PhotoRow(serializers.ModelSerializer[DefectPhoto]):
    """A photo that is expected, by its SHA-256; /api/v1/field/files says whether it has arrived."""

    type = serializers.CharField(source="content_type")

    class Meta:
        model = DefectPhoto
        fields = ["sha256", "type", "size"]
        read_only_fields = fields


class DefectAlone(DefectRow):
    """One defect with its history."""

    notes = NoteRow(many=True)
    work_orders = WorkOrderRow(many=True)
    photos = PhotoRow(many=True)

    class Meta(DefectRow.Meta):
        fields = [*DefectRow.Meta.fields, "made_safe", "notes", "work_orders", "photos"]
        read_only_fields = fields


class Photo(serializers.Serializer[Any]):
    """A photo that will follow, through the phone's file addresses."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z")
    type = LineField(max_length=80)
    size = serializers.IntegerField(min_value=1, max_value=LARGEST_PHOTO)


class NewDefect(Body):
    """A problem to be reported, with an asset or a place. With an `id` of your own it may be sent again: it is kept once."""

    id = serializers.UUIDField(required=False)
    asset = serializers.UUIDField(required=False, allow_null=True)
    site = serializers.UUIDField(required=False, help_text="Needed unless an asset is named.")
    building = serializers.UUIDField(required=False, allow_null=True)
    space = serializers.UUIDField(required=False, allow_null=True)
    summary = LineField(max_length=500)
    severity = serializers.ChoiceField(Severity.choices, default=Severity.MEDIUM.value)
    unsafe = serializers.BooleanField(default=False)
    made_safe = TextField(max_length=500, default="")
    found_on = DayField(required=False, help_text="Today unless said; not in the future.")
    photos = serializers.ListField(child=Photo(), required=False, max_length=MOST_PHOTOS)


class Note(Body):
    """What happened."""

    note = TextField(allow_blank=False)
    minutes = serializers.IntegerField(min_value=0, max_value=MOST_MINUTES, required=False, allow_null=True)


class Closing(Body):
    """What was done about it, and the files that show it where they are needed."""

    note = TextField(allow_blank=False)
    photos = serializers.ListField(child=Photo(), required=False, max_length=MOST_PHOTOS)
    without = TextField(max_length=500, default="", help_text="Why there is no photo. A certificate is never done without.")


class Triage(Body):
    """How bad it is, and by when."""

    severity = serializers.ChoiceField(Severity.choices)
    unsafe = serializers.BooleanField()
    target_on = DayField(required=False, allow_null=True, help_text="The usual day for how bad it is unless said.")
    safe_by = DayField(required=False, allow_null=True, help_text="To be made safe by; today unless said, when unsafe.")
    note = TextField(max_length=500, default="")


class Merging(Body):
    """Which problems are the same as this one."""

    same = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=20)


class AskingRisk(Body):
    """Why it can wait."""

    reason = TextField(max_length=2000, allow_blank=False)
    meanwhile = TextField(max_length=2000, default="")
    until = DayField()


class DecidingRisk(Body):
    """Whether it may wait."""

    agree = serializers.BooleanField()
    until = DayField(required=False, allow_null=True, help_text="The day asked for, or an earlier one.")
    answer = TextField(max_length=2000, default="")


class Giving(Body):
    """Who is to do the work, and what. What is left unsaid follows from the problem: its words, how urgent, until when."""

    person = serializers.UUIDField(required=False, allow_null=True, help_text="One of the trust's people.")
    contractor = serializers.UUIDField(required=False, allow_null=True, help_text="Or a firm; neither: nobody yet.")
    title = LineField(allow_blank=True, default="")
    instructions = TextField(max_length=2000, default="")
    priority = serializers.ChoiceField(WorkOrder.Priority.choices, required=False)
    target_on = DayField(required=False, allow_null=True)
    proof = serializers.ChoiceField(Proof.choices, required=False, allow_blank=True, help_text="To be shown when it is done.")
    cost_pence = serializers.IntegerField(min_value=0, max_value=100_000_000, required=False, allow_null=True)
    despite = TextField(max_length=300, default="", help_text="Why a firm that should not work here is given it, and who agreed.")


class WorkDone(Body):
    """What was done."""

    note = TextField(allow_blank=False)
    minutes = serializers.IntegerField(min_value=0, max_value=MOST_MINUTES, required=False, allow_null=True)
    photos = serializers.ListField(child=Photo(), required=False, max_length=MOST_PHOTOS)
    parts = TextField(max_length=500, default="")
    cost_pence = serializers.IntegerField(min_value=0, max_value=100_000_000, required=False, allow_null=True)


class Checking(Body):
    """What was looked at."""

    note = TextField(default="")
    without = TextField(max_length=500, default="", help_text="Why there is no photo.")


class Reason(Body):
    """Why."""

    reason = TextField(max_length=500, allow_blank=False)
