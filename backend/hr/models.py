"""People at work. It begins with competence, since checks need it: who may be relied on for which kinds of check."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
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
