"""The backend's half of the field protocol: devices, and every operation that ever arrived, word for word."""

from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import Appointed, reach


def kept_word_for_word(name: str, *columns: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to delete a row or to change what it says; how it was settled may still be added."""
    changes = pgtrigger.UpdateOf(*columns)  # type: ignore[no-untyped-call]
    return [
        pgtrigger.Protect(name=f"{name}_append_only", operation=pgtrigger.Delete),
        pgtrigger.Protect(name=f"{name}_word_for_word", operation=changes),
        never_emptied(f"{name}_never_emptied"),
    ]


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
    last_sent_at = models.DateTimeField("the device's own time of its latest push", null=True, blank=True)
    skew_ms = models.BigIntegerField("device clock ahead of the server by, at its latest push", null=True, blank=True)
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


class OpQuerySet(models.QuerySet["Op"]):
    """Operations, whose to settle."""

    def for_office(self, person: Appointed) -> Self:
        """Those that `person` may settle: at their sites; those of no known place only with the permit for the whole trust."""
        found = reach(person, permits.OFFICE_SETTLE)
        if found.everywhere:
            return self
        return self.filter(Q(site__school_id__in=found.schools) | Q(site_id__in=found.sites))

    def waiting(self) -> Self:
        """Those held only because what they are about has not arrived yet."""
        return self.filter(outcome="held", code="waiting", settled_at=None)


class Op(models.Model):
    """An operation from a phone, whole. Created first, in the same transaction as its effect, so twins queue on its key.

    Its receipt is the audit entry whose subject is "op:<id>". `sent` is JSON as text: PostgreSQL's own JSON has no room
    for everything that JSON may hold (NUL characters, for one).
    """

    class Outcome(models.TextChoices):
        APPLIED = "applied", "Done"
        HELD = "held", "The office is looking at it"

    class Doubt(models.TextChoices):
        NONE = "", "None"
        CHAIN = "chain", "The phone's own chain does not add up"
        TWICE = "twice", "Two people did the same check"
        PACE = "pace", "Quicker than it can be done"
        BACK = "back", "A meter reads less than last time"
        PART = "part", "Something on its list was left out"

    id = models.UUIDField(primary_key=True)
    push = models.UUIDField("the push that brought it")
    digest = models.CharField("of its canonical form", max_length=64)
    kind = models.CharField(max_length=40)
    author_id = models.CharField("author as the phone named them", max_length=64)
    device_id = models.CharField(max_length=64)
    seq = models.BigIntegerField("the phone's count", null=True, blank=True)
    chain_hash = models.CharField("the phone's own hash", max_length=64, blank=True)
    about = models.UUIDField("the asset that it changes", null=True, blank=True)
    sent = models.TextField("word for word, JSON")
    received_at = models.DateTimeField()
    happened_at = models.DateTimeField("corrected time", null=True, blank=True)
    skew_ms = models.BigIntegerField(null=True, blank=True)
    uncertain_s = models.PositiveIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    waiting_for = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    notes = models.JSONField("what was noticed on arrival, in words", default=list)
    doubt = models.CharField(
        "what the office should look at although it was applied", max_length=20, blank=True, choices=Doubt.choices
    )
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pusher = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    signed = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    settled_reason = models.CharField(max_length=500, blank=True)

    objects = OpQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], condition=Q(outcome="held", settled_at=None), name="op_held"),
            models.Index(fields=["received_at"], condition=~Q(doubt="") & Q(settled_at=None), name="op_doubtful"),
            models.Index(fields=["code"], condition=Q(outcome="held", code="waiting"), name="op_waiting"),
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="op_about"),
            models.Index(fields=["device_id", "seq"], name="op_chain"),
            models.Index(fields=["site", "settled_at"], condition=Q(settled_at__isnull=False), name="op_settled"),
        ]
        triggers = kept_word_for_word("op", "id", "digest", "kind", "author_id", "device_id", "sent", "received_at")

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"


class KeptAside(models.Model):
    """What arrived and could not become an operation: a same id with other content, or something without our shape.

    Its receipt is the audit entry whose subject is "kept:<id>".
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    op_id = models.CharField("the operation's id that is taken already; empty when it had none", max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    device_id = models.CharField(max_length=64, blank=True)
    author_id = models.CharField(max_length=64, blank=True)
    index = models.PositiveIntegerField("its place in the push", default=0)
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=500, blank=True)
    sent = models.TextField("word for word, JSON")
    received_at = models.DateTimeField()
    pusher = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        triggers = kept_word_for_word("kept", "id", "op_id", "digest", "code", "sent", "received_at")
        constraints = [models.UniqueConstraint(fields=["op_id", "digest"], name="kept_aside_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.op_id}"


class LostWork(models.Model):
    """A phone came back below what it had announced: how many operations are missing, and when that was seen."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="losses")
    announced_seq = models.BigIntegerField()
    came_back_with = models.BigIntegerField()
    last_heard_at = models.DateTimeField("when it had announced more", null=True, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        triggers = [append_only("lost_work_append_only"), never_emptied("lost_work_never_emptied")]

    def __str__(self) -> str:
        return f"{self.announced_seq - self.came_back_with} operations"
