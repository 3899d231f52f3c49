"""The shapes of the phone's documents, for the OpenAPI document (from which the field app's types are made)."""

from typing import Any

from rest_framework import serializers as s

Shape = s.Serializer[Any]


class ReceiptShape(Shape):
    """The audit entry made for an operation."""

    entry = s.IntegerField()
    hash = s.CharField()


class ResultShape(Shape):
    """How one operation of a push ended."""

    id = s.CharField(allow_null=True)
    index = s.IntegerField(required=False, help_text="Its place in the push, when it has no id.")
    outcome = s.ChoiceField(["applied", "again", "held", "conflict"])
    was = s.ChoiceField(["applied", "held", "conflict"], required=False, help_text="How an operation seen before ended.")
    code = s.CharField(required=False, help_text="Why it is held.")
    detail = s.CharField(required=False)
    receipt = ReceiptShape(allow_null=True)
    notes = s.ListField(child=s.CharField())


class PushAnswerShape(Shape):
    """The answer to a push: a result for every operation, in order."""

    server_time = s.DateTimeField()
    results = ResultShape(many=True)
    update = s.BooleanField(required=False, help_text="True when the app is old.")  # type: ignore[assignment]


class OperationShape(Shape):
    """An operation. Its body depends on its kind (FIELD_PROTOCOL 'Kinds')."""

    id = s.UUIDField()
    kind = s.CharField(max_length=40)
    author = s.UUIDField()
    made_at = s.DateTimeField()
    offset_min = s.IntegerField(required=False)
    zone = s.CharField(required=False, allow_blank=True)
    mono_ms = s.FloatField(required=False, allow_null=True)
    boot = s.CharField(required=False, allow_null=True)
    seq = s.IntegerField(required=False, allow_null=True)
    prev = s.CharField(required=False, allow_blank=True)
    hash = s.CharField(required=False, allow_blank=True)
    body = s.DictField()


class PushShape(Shape):
    """A push."""

    device = s.CharField(max_length=64)
    app = s.CharField(max_length=40, required=False, allow_blank=True)
    sent_at = s.DateTimeField()
    seq = s.IntegerField(required=False, allow_null=True, help_text="The phone's highest count.")
    head = s.CharField(required=False, allow_blank=True, help_text="The phone's chain head.")
    ops = OperationShape(many=True)


class HaveAnswerShape(Shape):
    """SHA-256 -> how many bytes are here."""

    offsets = s.DictField(child=s.IntegerField())


class ArrivedShape(Shape):
    """How far a file has come."""

    offset = s.IntegerField()
    length = s.IntegerField(required=False)
    complete = s.BooleanField(required=False)


class DeviceShape(Shape):
    """A phone."""

    id = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    app = s.CharField()
    registered_at = s.DateTimeField()
    revoked = s.BooleanField()


class PersonNameShape(Shape):
    """Somebody."""

    id = s.UUIDField()
    name = s.CharField()


class SiteRefShape(Shape):
    """A site."""

    id = s.UUIDField()
    name = s.CharField()
    school = s.CharField()


class MeShape(Shape):
    """Who is signed in."""

    person = PersonNameShape()
    permits = s.ListField(child=s.CharField())
    sites = SiteRefShape(many=True)
    server_time = s.DateTimeField()
    minimum_app = s.CharField()
    label_hosts = s.ListField(child=s.CharField())
    demo = s.BooleanField()
