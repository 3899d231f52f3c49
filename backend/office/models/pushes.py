"""Phones and browsers that may be told of things, and what went to them."""

from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.office.models.notices import Letter
from backend.trust.models import Person, Session


class PushDevice(models.Model):
    """A browser that somebody switched on. It lasts as long as they are signed in there: who signs out is told nothing more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField("its address at the push service", max_length=1000, unique=True)
    key = models.CharField("its public key, base64", max_length=100)
    secret = models.CharField("what it shares with us, base64", max_length=30)
    name = models.CharField("Firefox on Android", max_length=60)
    made_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True, blank=True)
    wrong = models.CharField("what the service answered last, when it refused", max_length=100, blank=True)

    class Meta:
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return self.name


class Push(models.Model):
    """A letter's line on its way to a device, once."""

    class State(models.TextChoices):
        WAITING = "waiting", "To be sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"
        DROPPED = "dropped", "Not sent any more"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="pushes")
    device = models.ForeignKey(PushDevice, on_delete=models.CASCADE, related_name="pushes")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    wrong = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["next_try_at", "id"]
        constraints = [models.UniqueConstraint(fields=["letter", "device"], name="one_push_of_a_letter")]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="push_to_send")]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.letter_id}"
