"""The backend's half of the field protocol: devices, and every operation that ever arrived, word for word."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from backend.core.ids import new_id
from backend.core.models import append_only
from backend.trust.models import Person, Site


class Device(models.Model):
    """A phone's app: the public half of its key, and how far its own count of operations had come."""

    id = models.CharField(max_length=64, primary_key=True)
    public_key = models.TextField("SPKI, base64")
    label = models.CharField(max_length=120, blank=True)
    app = models.CharField(max_length=40, blank=True)
    registered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="devices")
    registered_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_push_at = models.DateTimeField(null=True, blank=True)
    highest_seq = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.label or self.id


class DeviceSignIn(models.Model):
    """A person who has signed in on a device: its signature then speaks for them."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="sign_ins")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "person"], name="signed_in_once_per_device")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.device_id}"


class Op(models.Model):
    """An operation from a phone, whole. Created first, in the same transaction as its effect, so twins queue on its key."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", "Done"
        HELD = "held", "The office is looking at it"

    id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    author_id = models.CharField("author as the phone named them", max_length=64)
    device_id = models.CharField(max_length=64)
    sent = models.JSONField("word for word")
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    waiting_for = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entry = models.BigIntegerField(null=True, blank=True)
    entry_hash = models.CharField(max_length=64, blank=True)
    notes = models.JSONField(default=list)
    pusher = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed = models.BooleanField(default=False)
    skew_ms = models.BigIntegerField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["outcome", "settled_at"], name="op_held"),
            models.Index(fields=["code"], condition=models.Q(outcome="held", code="waiting"), name="op_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"


class KeptAside(models.Model):
    """What arrived and could not become an operation: a same id with other content, or something without our shape."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    op_id = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    device_id = models.CharField(max_length=64, blank=True)
    index = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=40)
    sent = models.JSONField()
    received_at = models.DateTimeField()
    entry = models.BigIntegerField(null=True, blank=True)
    entry_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        triggers = [append_only("kept_aside_append_only")]
        constraints = [models.UniqueConstraint(fields=["op_id", "digest"], name="kept_aside_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.op_id}"


class LostWork(models.Model):
    """A phone came back below what it had announced: how many operations are missing, and when that was seen."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="losses")
    announced_seq = models.BigIntegerField()
    came_back_with = models.BigIntegerField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.announced_seq - self.came_back_with} operations"
