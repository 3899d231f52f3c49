"""Schemes of delegation, what was put to whom under them, and what was decided. Nothing of it is ever changed."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.rules.delegation import Band
from backend.trust.models import CostCentre, Person


class SchemeQuerySet(models.QuerySet["Scheme"]):
    """Schemes: everybody may read them."""

    def in_force(self, day: dt.date) -> "Scheme | None":
        """The one that the board approved last, of those that count from `day` or earlier."""
        return self.filter(approved_at__isnull=False, starts_on__lte=day).order_by("-starts_on", "-number").first()


class Scheme(models.Model):
    """A written scheme of financial delegation. It counts once the board approved it (a trustee says so, with the minute)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=160)
    starts_on = models.DateField("counts from")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    minute = models.CharField("the board's minute", max_length=160, blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        triggers = [never_emptied("scheme_never_emptied")]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None, minute="")
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(minute="")),
                name="a_scheme_is_approved_by_somebody_with_a_minute",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="nobody_approves_the_scheme_they_proposed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def bands(self) -> tuple[Band, ...]:
        """Its limits, from the lowest to the highest."""
        return tuple(
            Band(each.upper_pence, tuple(each.roles), each.quotes, each.tender, each.consult_heads)
            for each in self.limits.order_by(F("upper_pence").asc(nulls_last=True))
        )


class Limit(models.Model):
    """Up to and with so many pence (none: any amount) these roles agree, one after the other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="limits")
    upper_pence = models.BigIntegerField("up to and with", null=True, blank=True)
    roles: models.Field = ArrayField(models.CharField(max_length=30))  # type: ignore[type-arg]  # the stubs ask how an array is set
    quotes = models.PositiveSmallIntegerField(default=0)
    tender = models.BooleanField(default=False)
    consult_heads = models.BooleanField(default=False)

    class Meta:
        triggers = [append_only("limit_append_only"), never_emptied("limit_never_emptied")]
        constraints = [
            models.UniqueConstraint("scheme", "upper_pence", nulls_distinct=False, name="one_rule_per_limit"),
            models.CheckConstraint(condition=Q(upper_pence=None) | Q(upper_pence__gt=0), name="a_limit_is_more_than_nothing"),
            models.CheckConstraint(condition=Q(roles__len__gte=1), name="somebody_agrees_to_each_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: up to {self.upper_pence}"


class Chain(models.Model):
    """Something that was put before those who have to agree: how it was then, under the scheme of that day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField("what is asked, as kind:id", max_length=80, db_index=True)
    what = models.CharField(max_length=300)
    amount_pence = models.BigIntegerField("what it comes to")
    judged_pence = models.BigIntegerField("what it is judged by: it, and what was asked for beside it")
    centre = models.ForeignKey(CostCentre, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField("who is to get the money", max_length=200, blank=True)
    company_number = models.CharField(max_length=12, blank=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["submitted_at", "id"]
        triggers = [append_only("chain_append_only"), never_emptied("chain_never_emptied")]

    def __str__(self) -> str:
        return self.what


class Step(models.Model):
    """Who has to agree in this place of the chain. Frozen when it was submitted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="steps")
    place = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=30)

    class Meta:
        ordering = ["chain", "place"]
        triggers = [append_only("step_append_only"), never_emptied("step_never_emptied")]
        constraints = [models.UniqueConstraint(fields=["chain", "place"], name="one_step_per_place")]

    def __str__(self) -> str:
        return f"{self.chain}: {self.place} {self.role}"


class Decision(models.Model):
    """What somebody decided, in which role, and for whom they stood in."""

    class Kind(models.TextChoices):
        AGREE = "agree", "Agreed"
        RETURN = "return", "Sent back"
        WITHDRAW = "withdraw", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="decisions")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stood_in_for = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("the role in which it was decided", max_length=30, blank=True)
    appointment = models.UUIDField("the appointment, or the holding of the cost centre", null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [append_only("decision_append_only"), never_emptied("decision_never_emptied")]
        constraints = [
            models.UniqueConstraint(fields=["step"], condition=Q(kind="agree"), name="a_step_is_agreed_once"),
            models.UniqueConstraint(fields=["chain"], condition=~Q(kind="agree"), name="a_chain_ends_once"),
            models.CheckConstraint(condition=~Q(kind="return") | ~Q(reason=""), name="who_sends_back_says_why"),
            models.CheckConstraint(condition=Q(kind="withdraw") | Q(step__isnull=False), name="what_is_decided_has_a_step"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.chain}"


class StandInQuerySet(models.QuerySet["StandIn"]):
    """Stand-ins by date."""

    def in_force(self, day: dt.date) -> Self:
        """Those that count on `day`."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, ended_at=None)


class StandIn(models.Model):
    """Who decides for somebody while they are away, from when to when (the last day counts)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    absent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stood_in_by")
    stands_in = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stands_in_for")
    starts_on = models.DateField()
    ends_on = models.DateField("last day")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = StandInQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="stand_in_ends_after_starting"),
            models.CheckConstraint(condition=~Q(absent=F("stands_in")), name="nobody_stands_in_for_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.stands_in} for {self.absent}"


class InterestQuerySet(models.QuerySet["Interest"]):
    """Interests by date."""

    def in_force(self, day: dt.date) -> Self:
        """Those that count on `day`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Interest(models.Model):
    """A tie of somebody, or of their close family, to an organisation, as they declared it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="interests")
    organisation = models.CharField(max_length=200)
    company_number = models.CharField(max_length=12, blank=True)
    nature = models.CharField(max_length=300)
    family = models.BooleanField("through close family", default=False)
    starts_on = models.DateField()
    ends_on = models.DateField("last day", null=True, blank=True)
    declared_at = models.DateTimeField()

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["person", "organisation"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="interest_ends_after_starting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.organisation}"
