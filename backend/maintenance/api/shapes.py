"""How a defect is sent and received."""

from typing import Any

from rest_framework import serializers

from backend.core.api.bodies import Body, DayField, LineField, TextField
from backend.maintenance.models import Defect, DefectNote, DefectPhoto, Severity, WorkOrder

MOST_MINUTES = 60 * 24 * 30
MOST_PHOTOS = 50
LARGEST_PHOTO = 12 * 1024 * 1024


class DefectRow(serializers.ModelSerializer[Defect]):
    """A defect in a list."""

    site_name = serializers.CharField(source="site.name")
    asset_name = serializers.CharField(source="asset.name", default=None, allow_null=True)
    building_name = serializers.CharField(source="building.name", default=None, allow_null=True)
    space_name = serializers.CharField(source="space.name", default=None, allow_null=True)
    reported_by_name = serializers.CharField(source="reported_by.name", default="")

    class Meta:
        model = Defect
        fields = [
            "id", "site", "site_name", "building", "building_name", "space", "space_name", "asset", "asset_name", "summary",
            "severity", "discipline", "unsafe", "status", "found_on", "reported_at", "reported_by_name", "closed_at",
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
        fields = ["id", "title", "assigned_to_name", "target_on", "status", "done_at", "minutes"]
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
    """What was done about it."""

    note = TextField(allow_blank=False)
