"""What people were told, when and how; how they wish to be told; and what they took on or put off."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import reach


def weekdays() -> list[int]:
    """Monday to Friday."""
    return [0, 1, 2, 3, 4]


class NoticeChoice(models.Model):
    """How somebody wishes to be told. Without a row, the defaults hold."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="notice_choice")
    digest = models.BooleanField("a letter on days with something new", default=True)
    hour = models.PositiveSmallIntegerField("at this hour, London", default=7)
    days = ArrayField(models.PositiveSmallIntegerField(), default=weekdays)
    in_holidays = models.BooleanField("in the school holidays too", default=True)
    quiet_from = models.PositiveSmallIntegerField(default=19)
    quiet_until = models.PositiveSmallIntegerField(default=7)
    without = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hour__lt=24, quiet_from__lt=24, quiet_until__lt=24), name="notice_hours_are_hours")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.hour}"


class Letter(models.Model):
    """One e-mail to one person: a day's digest, or something that could not wait. A day without a digest has its row too."""

    class Sort(models.TextChoices):
        DIGEST = "digest", "Daily letter"
        NOW = "now", "At once"

    class State(models.TextChoices):
        NOTHING = "nothing", "Nothing to say"
        WAITING = "waiting", "To be sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"
        DROPPED = "dropped", "Not sent any more"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    sort = models.CharField(max_length=10, choices=Sort.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    subject = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    wrong = models.CharField("why it could not be sent", max_length=300, blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], condition=Q(sort="digest"), name="one_digest_a_day"),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="letter_to_send")]

    def __str__(self) -> str:
        return self.subject or f"{self.sort} of {self.day}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, whose."""

    def visible_to(self, person: Person) -> Self:
        """One's own, without those about sites that are no longer one's own."""
        rows = self.filter(person=person)
        sites = Site.objects.visible_to(person).values("pk")
        return rows.filter(Q(site=None) | Q(site__in=sites)) if not everywhere(person) else rows


def everywhere(person: Person) -> bool:
    """Whether somebody sees the whole trust's estate."""
    return reach(person, permits.ESTATE_VIEW).everywhere


class Notice(models.Model):
    """Somebody was told of one thing, on one day, once. `step` is how far up the line it had come, where nobody had acted."""

    class Sort(models.TextChoices):
        DIGEST = "digest", "Daily letter"
        NOW = "now", "At once"
        STEP = "step", "Nobody had acted"
        QUIET = "quiet", "Gone quiet"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()
    sort = models.CharField(max_length=10, choices=Sort.choices)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    stage = models.PositiveSmallIntegerField("0 to come, 1 on its day, 2 past it", default=0)
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.CharField(max_length=500)
    path = models.CharField(max_length=300)
    weight = models.PositiveSmallIntegerField(default=3)
    due_on = models.DateField(null=True, blank=True)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.CASCADE, related_name="notices")
    together = models.CharField("what several are called in one line", max_length=300, default="", db_default="", blank=True)
    together_path = models.CharField(max_length=300, default="", db_default="", blank=True)

    over = models.BooleanField("what it tells of is done or gone", default=False, db_default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-weight", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key", "day"], name="one_notice_of_a_thing_a_day"),
            models.UniqueConstraint(
                fields=["person", "key", "step"], condition=Q(step__isnull=False), name="one_notice_of_a_step"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_of_person"),
            models.Index(fields=["person"], condition=Q(letter=None), name="notice_without_letter"),
        ]

    def __str__(self) -> str:
        return self.words


class TakenOn(models.Model):
    """Somebody has seen a thing and says by when it will be done, or puts it off to a day. One for a person and thing."""

    class Act(models.TextChoices):
        SEEN = "seen", "Seen, will be done by"
        LATER = "later", "Put off to"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    act = models.CharField(max_length=10, choices=Act.choices)
    until = models.DateField()
    words = models.CharField(max_length=500)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["until", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_to_a_notice")]
        indexes = [models.Index(fields=["key"], name="taken_on_by_key")]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.until}: {self.words}"
