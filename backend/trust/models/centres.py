"""Cost centres: names, whose they are, and who holds them. Their budgets stand in finance."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from backend.core.days import today
from backend.core.ids import new_id
from backend.trust import permits
from backend.trust.models.people import Person
from backend.trust.models.places import School
from backend.trust.scope import Appointed, reach


class CostCentreQuerySet(models.QuerySet["CostCentre"]):
    """Cost centres, whose rows."""

    def visible_to(self, person: Appointed, permit: str = permits.FINANCE_VIEW) -> Self:
        """Those of the schools whose money may be seen, the trust's own for who sees everything, and those that they hold."""
        found = reach(person, permit)
        if found.everywhere:
            return self.all()
        return self.filter(Q(school__in=found.schools) | Q(pk__in=held_by(person)))


class CostCentre(models.Model):
    """What money is spent for: a department of a school, or (without a school) the trust's own services."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="cost_centres")
    closed_on = models.DateField("nothing is spent here since", null=True, blank=True)

    objects = CostCentreQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def holders_on(self, day: dt.date) -> "models.QuerySet[CentreHolder]":
        """Who holds it on a day."""
        return self.holders.in_force(day)


class CentreHolderQuerySet(models.QuerySet["CentreHolder"]):
    """Holders by date."""

    def in_force(self, day: dt.date) -> Self:
        """Those that have begun and not ended on `day`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class CentreHolder(models.Model):
    """Who answers for a cost centre, from when to when (the last day counts)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    centre = models.ForeignKey(CostCentre, on_delete=models.PROTECT, related_name="holders")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="centres_held")
    starts_on = models.DateField()
    ends_on = models.DateField("last day", null=True, blank=True)

    objects = CentreHolderQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="holder_ends_after_starting"),
        ]

    def __str__(self) -> str:
        return f"{self.person} holds {self.centre}"


def held_by(person: Appointed) -> models.QuerySet[CentreHolder, Any]:
    """The ids of the centres that somebody holds today."""

    return CentreHolder.objects.in_force(today()).filter(person=getattr(person, "pk", None)).values("centre")
