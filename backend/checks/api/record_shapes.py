"""How a record is sent and received."""

import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from rest_framework import serializers

from backend.checks.models import CheckRecord, Finding, RecordPhoto
from backend.core.api.bodies import Body, LineField, MomentField, TextField
from backend.core.models import StoredFile

BESIDE: Final = ("check_type", "revision", "site", "building", "asset", "correction")
UNSHOWN: Final = (
    "revision__content",
    "correction__answers",
    "correction__competence",
    "correction__notes",
    "asset__facts",
    "asset__note",
)
"""Of what is loaded beside a record, what is large and shown nowhere."""
MOST_PHOTOS: Final = 100
LARGEST_FILE: Final = 12 * 1024 * 1024
FROM_A_PROGRAM: Final = [choice for choice in CheckRecord.Presence.choices if choice[0] in {"typed", "office", "imported"}]


class RecordRow(serializers.Serializer[Any]):
    """A record in a list. `awaiting_photos`: how many of its files have not arrived; it is incomplete until none is missing."""

    id = serializers.UUIDField()
    plan = serializers.UUIDField(allow_null=True)
    check_type = serializers.CharField()
    title = serializers.CharField()
    verified = serializers.BooleanField()
    revision = serializers.IntegerField()
    site = serializers.UUIDField()
    site_name = serializers.CharField()
    building = serializers.UUIDField(allow_null=True)
    building_name = serializers.CharField(allow_null=True)
    asset = serializers.UUIDField(allow_null=True)
    asset_name = serializers.CharField(allow_null=True)
    author = serializers.UUIDField()
    author_name = serializers.CharField()
    done_on = serializers.DateField()
    done_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(CheckRecord.Outcome.choices)
    presence = serializers.ChoiceField(CheckRecord.Presence.choices)
    late_entry = serializers.BooleanField()
    ad_hoc = serializers.BooleanField()
    stated_next = serializers.DateField(allow_null=True)
    supersedes = serializers.UUIDField(allow_null=True)
    corrected_by = serializers.UUIDField(allow_null=True)
    awaiting_photos = serializers.IntegerField()
    together = serializers.UUIDField(allow_null=True, help_text="Shared by the records that were answered in one go.")


class FindingRow(serializers.ModelSerializer[Finding]):
    """What a record found wrong, and the defect raised for it."""

    class Meta:
        model = Finding
        fields = ["question", "summary", "severity", "defect"]
        read_only_fields = fields


class FileRow(serializers.Serializer[Any]):
    """A file that the record says it has; `held` once the server has it whole."""

    field = serializers.CharField()
    sha256 = serializers.CharField()
    type = serializers.CharField()
    size = serializers.IntegerField()
    held = serializers.BooleanField()


class RecordAlone(RecordRow):
    """One record with its answers, findings and files, as it was made."""

    answers = serializers.DictField()
    findings = FindingRow(many=True)
    photos = FileRow(many=True)
    competence = serializers.ListField(child=serializers.DictField())
    notes = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    tag = serializers.CharField()
    started_at = serializers.DateTimeField(allow_null=True)
    device_time = serializers.DateTimeField()
    skew_ms = serializers.IntegerField(allow_null=True)
    uncertain_s = serializers.IntegerField(allow_null=True)


class File(serializers.Serializer[Any]):
    """A file that will follow, through the phone's file addresses: its SHA-256, and the question it answers."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z")
    type = LineField(max_length=80)
    size = serializers.IntegerField(min_value=1, max_value=LARGEST_FILE)
    field = LineField(max_length=60)


class NewRecordBody(Body):
    """A check that was done. With an `id` of your own the same body may be sent again: it is kept once.

    Name the `plan`; only for a check done on an event name its `check_type` and the `asset`, `building` or `site`.
    """

    id = serializers.UUIDField(required=False)
    plan = serializers.UUIDField(required=False, allow_null=True)
    check_type = LineField(max_length=60, required=False, help_text="The check's code; the plan's unless said.")
    revision = serializers.IntegerField(
        min_value=1, max_value=1_000_000, required=False, help_text="The revision that was answered; the current one unless said."
    )
    site = serializers.UUIDField(required=False, allow_null=True)
    building = serializers.UUIDField(required=False, allow_null=True)
    asset = serializers.UUIDField(required=False, allow_null=True)
    answers = serializers.DictField(help_text="The answer to each question, by the question's key.")
    photos = serializers.ListField(child=File(), required=False, max_length=MOST_PHOTOS)
    presence = serializers.ChoiceField(FROM_A_PROGRAM, default=CheckRecord.Presence.TYPED.value)
    done_at = MomentField(required=False, help_text="When it was done: now unless said.")
    started_at = MomentField(required=False, allow_null=True)
    late_entry = serializers.BooleanField(default=False)
    ad_hoc = serializers.BooleanField(default=False, help_text="Kept, but moves no date.")
    supersedes = serializers.UUIDField(required=False, allow_null=True, help_text="The record that this one corrects.")
    reason = TextField(max_length=500, default="", help_text="Why it corrects that one.")


def record_rows(records: Sequence[CheckRecord]) -> list[dict[str, Any]]:
    """Records (with BESIDE loaded) as they are sent. Two queries, however many."""
    expected = list(RecordPhoto.objects.filter(record__in=[each.pk for each in records]).values_list("record_id", "sha256"))
    held = set(StoredFile.objects.filter(pk__in={sha for _, sha in expected}).values_list("pk", flat=True)) if expected else set()
    missing = Counter(record_id for record_id, sha in expected if sha not in held)
    return [record_row(each, missing[each.pk]) for each in records]


def record_row(record: CheckRecord, missing: int) -> dict[str, Any]:
    """One record; `missing` is how many of its files have not arrived."""
    return {
        "id": record.pk,
        "plan": record.plan_id,
        "check_type": record.check_type_id,
        "title": record.check_type.title,
        "verified": record.check_type.verified,
        "revision": record.revision.number,
        "site": record.site_id,
        "site_name": record.site.name,
        "building": record.building_id,
        "building_name": record.building.name if record.building else None,
        "asset": record.asset_id,
        "asset_name": record.asset.name if record.asset else None,
        "author": record.author_id,
        "author_name": record.author_name,
        "done_on": record.done_on,
        "done_at": record.done_at,
        "received_at": record.received_at,
        "outcome": record.outcome,
        "presence": record.presence,
        "late_entry": record.late_entry,
        "ad_hoc": record.ad_hoc,
        "stated_next": record.stated_next,
        "supersedes": record.supersedes_id,
        "corrected_by": corrected_by(record),
        "awaiting_photos": missing,
        "together": record.together,
    }


def corrected_by(record: CheckRecord) -> uuid.UUID | None:
    """The record that corrects this one, if any."""
    correction = getattr(record, "correction", None)
    return correction.pk if correction else None


def alone(record: CheckRecord) -> dict[str, Any]:
    """One record with everything."""
    files = sorted(record.photos.all(), key=lambda each: each.pk)
    held = set(StoredFile.objects.filter(pk__in=[each.sha256 for each in files]).values_list("pk", flat=True)) if files else set()
    plain = ("answers", "competence", "notes", "reason", "tag", "started_at", "device_time", "skew_ms", "uncertain_s")
    return {
        **record_row(record, sum(each.sha256 not in held for each in files)),
        **{name: getattr(record, name) for name in plain},
        "findings": [] if record.found_nothing else FindingRow(record.findings.order_by("id"), many=True).data,
        "photos": [
            {
                "field": each.field,
                "sha256": each.sha256,
                "type": each.content_type,
                "size": each.size,
                "held": each.sha256 in held,
            }
            for each in files
        ],
    }
