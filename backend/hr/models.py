"""People at work. It begins with competence, since checks need it: who may be relied on for which kinds of check."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust.models import Person


class CompetenceQuerySet(models.QuerySet["Competence"]):
    """Competences by date."""

    def valid_on(self, day: dt.date) -> Self:
        """Those held and not expired on `day`."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=day), held_from__lte=day)


class Competence(models.Model):
    """A person's proven ability: a certificate, a course, a briefing; which checks it covers, and until when.

    `covers` names check codes ("fire-alarm-weekly-test") or whole disciplines ("fire").
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="competences")
    name = models.CharField(max_length=160)
    covers = ArrayField(models.CharField(max_length=60), default=list)
    awarded_by = models.CharField(max_length=120, blank=True)
    held_from = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    objects = CompetenceQuerySet.as_manager()

    class Meta:
        ordering = ["expires_on", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.person})"


class Viewing(models.Model):
    """Somebody looked at the personal details of somebody else, or of a whole list (`person` None). Added to, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    viewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="viewings")
    page = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        triggers = [append_only("viewing_append_only"), never_emptied("viewing_never_emptied")]
        indexes = [models.Index(fields=["person", "-at"], name="viewing_of_person")]

    def __str__(self) -> str:
        return f"{self.viewer_id} saw {self.person_id} on {self.page}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences by date."""

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(cancelled_at=None)

    def within(self, first: dt.date, last: dt.date) -> Self:
        """Those that stand and hold any day from `first` to `last`."""
        return self.standing().filter(first_day__lte=last, last_day__gte=first)


class Absence(models.Model):
    """Days on which somebody is not here, both included. No reason is asked for or kept: work only needs the dates."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "id"]
        indexes = [models.Index(fields=["last_day", "first_day"], name="absence_by_day")]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="absence_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} away {self.first_day} to {self.last_day}"


class WorkingWeek(models.Model):
    """How much of somebody's week there is for checks, in minutes. Without a row, or with 0, it is not known."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="working_week")
    minutes = models.PositiveIntegerField("minutes a week for checks", default=0)
    in_holidays = models.BooleanField("works in the school holidays", default=True)

    def __str__(self) -> str:
        return f"{self.minutes} minutes a week"
