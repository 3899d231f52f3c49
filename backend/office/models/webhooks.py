"""Other systems that are told what happens: to which address, of what, how far that has come, and each time it was tried."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import Appointed, reach


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Webhooks, whose."""

    def visible_to(self, person: Appointed) -> Self:
        """Those that are not removed, for who follows the whole trust."""
        standing = self.exclude(state=Webhook.State.REMOVED)
        return standing if reach(person, permits.EVENTS_FOLLOW).everywhere else standing.none()


class Webhook(models.Model):
    """An address that is sent what happens, as far as whoever looks after it may know.

    Its secret is not kept: it is worked out from the server's key and `salt` (see events/secrets.py); `mark` shows whether it
    is still the one that was shown. `upto` is the number of the audit chain's entry up to which all was put into deliveries,
    `upto_hash` that entry's hash: a database put back from a backup is told by it.
    """

    class State(models.TextChoices):
        ON = "on", "On"
        PAUSED = "paused", "Paused"
        OFF = "off", "Switched off"
        REMOVED = "removed", "Removed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    sites = ArrayField(models.UUIDField(), default=list, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ON)
    why = models.CharField("why it is switched off", max_length=200, blank=True)
    salt = models.CharField(max_length=64)
    mark = models.CharField("of the secret that was shown", max_length=16)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    upto = models.BigIntegerField()
    upto_hash = models.CharField(max_length=64)
    failing_since = models.DateTimeField(null=True, blank=True)
    taken_until = models.DateTimeField("a worker has it until", null=True, blank=True)
    served_at = models.DateTimeField("its last turn ended", null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=~Q(state="removed"), name="one_webhook_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """What is sent to a webhook at once: the events of the chain's entries after `after` up to `upto`, or a test.

    It is sent again under the same id until it is taken, so a receiver can drop what it has had. Its text is not kept: it is
    made anew each time from what its webhook may know then.
    """

    class Sort(models.TextChoices):
        EVENTS = "events", "Events"
        TEST = "test", "Test"
        AGAIN = "again", "Sent again"

    class State(models.TextChoices):
        WAITING = "waiting", "To be sent"
        TAKEN = "taken", "Taken"
        FAILED = "failed", "Not taken"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    sort = models.CharField(max_length=10, choices=Sort.choices, default=Sort.EVENTS)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    after = models.BigIntegerField(default=0)
    upto = models.BigIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField("HTTP status of the answer", null=True, blank=True)
    wrong = models.CharField(max_length=200, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook"], condition=Q(sort="events", state="waiting"), name="one_delivery_of_events_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "-made_at"], name="delivery_of_webhook"),
            models.Index(fields=["made_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()} {self.get_state_display()}"
