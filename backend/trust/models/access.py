"""How people come in: sessions of browsers, tokens of programs, invitations, and the tries that are counted."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from backend.core.ids import new_id
from backend.trust.models.people import Appointment, Person


class Session(AbstractBaseSession):
    """A browser's session, which knows whose it is, so that it can be listed and ended. Its columns repeat what its data says."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    device_id = models.CharField("the phone that it belongs to", max_length=64, blank=True)
    browser = models.CharField("the browser's own name for itself", max_length=200, blank=True)
    began_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["device_id"], name="session_device", condition=~models.Q(device_id=""))]

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Django asks."""
        from backend.trust.sessions import SessionStore

        return SessionStore


class Token(models.Model):
    """An API token: stands for a session, within its scope. Only its hash is kept; it is shown once."""

    class Scope(models.TextChoices):
        FULL = "full", "Everything that I may do"
        RECORD = "record", "Read, record checks and report problems"
        READ = "read", "Read only"
        CHOSEN = "chosen", "Only what is chosen below"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.FULL)
    permits = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_on = models.DateField("last used on, London", null=True, blank=True)

    def __str__(self) -> str:
        return f"token of {self.person_id}"


class Invitation(models.Model):
    """A letter that lets somebody set their first password. Its link works once; only the link's hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    invited_by_name = models.CharField(max_length=200)
    hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    times_sent = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"invitation of {self.person_id}"


class Tries(models.Model):
    """How often something was tried within one span of time, counted for all web processes together."""

    key = models.CharField(primary_key=True, max_length=120)
    span = models.BigIntegerField("number of the span since 1970")
    times = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.times}"
