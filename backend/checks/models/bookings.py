"""Booked: which checks are to be done on which day, by whom; rounds, who stands in, and private calendar feeds."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from backend.checks.models.plans import Plan
from backend.checks.models.records import CheckRecord
from backend.core.ids import new_id
from backend.hr.models import Absence
from backend.maintenance.models import Contractor
from backend.trust.models import Person, Site
from backend.trust.scope import SitedQuerySet


class BookingQuerySet(SitedQuerySet["Booking"]):
    """Bookings, whose rows."""

    def standing(self) -> Self:
        """Those that were not cancelled."""
        return self.filter(cancelled_at=None)


class Booking(models.Model):
    """A visit: one or several checks of a site to be done on a day, by a person or a firm. Cancelled ones stay, with the reason.

    `late_reason` says why nothing earlier could be had, where the day lies after what the law allows. `sequence` counts the
    changes, for calendars elsewhere. Whether it was done is read from the records.
    """

    class Part(models.TextChoices):
        DAY = "day", "All day"
        MORNING = "am", "Morning"
        AFTERNOON = "pm", "Afternoon"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    day = models.DateField()
    part = models.CharField(max_length=3, choices=Part.choices, default=Part.DAY)
    starts_at = models.TimeField("London time, where one is agreed", null=True, blank=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings")
    contractor = models.ForeignKey(Contractor, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings")
    note = models.CharField(max_length=500, blank=True)
    late_reason = models.CharField("why nothing earlier can be had", max_length=500, blank=True)
    sequence = models.PositiveIntegerField(default=0, db_default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=500, blank=True)
    lines: "list[BookedCheck]"  # no columns: what queries.booked.with_checks reads
    done: bool

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["day", "id"]
        indexes = [
            models.Index(fields=["site", "day"], name="booking_of_site"),
            models.Index(fields=["day"], condition=Q(cancelled_at=None), name="booking_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(person=None) | Q(contractor=None), name="booking_of_a_person_or_a_firm"),
            models.CheckConstraint(condition=Q(cancelled_at=None) | ~Q(cancelled_reason=""), name="a_cancelled_booking_says_why"),
        ]

    def __str__(self) -> str:
        return f"booked for {self.day}"

    @property
    def who(self) -> str:
        """Who is to come, by name; "" while nobody is named."""
        return str(self.person or self.contractor or "")


class BookedCheckQuerySet(models.QuerySet["BookedCheck"]):
    """What was booked."""

    def standing(self) -> Self:
        """Those that were not taken off again."""
        return self.filter(dropped_at=None)

    def with_done(self) -> Self:
        """Each with `done`: whether a record that counts has arrived since work for it began to count."""
        records = CheckRecord.objects.counting().filter(plan=models.OuterRef("plan"), done_on__gte=models.OuterRef("counts_from"))
        return self.annotate(done=models.Exists(records))

    def to_come(self) -> Self:
        """Those of them that stand and are not done yet."""
        return self.standing().with_done().filter(done=False)


class BookedCheck(models.Model):
    """One check of a booking, for what it owes by `owed_on`. A record on or after `counts_from` is what was booked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="checks")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="booked")
    owed_on = models.DateField("owed by")
    counts_from = models.DateField("from when a record is the one that was booked")
    late = models.BooleanField("later than its clock allows")
    dropped_at = models.DateTimeField(null=True, blank=True)
    done: bool  # no column: what with_done() reads

    objects = BookedCheckQuerySet.as_manager()

    class Meta:
        ordering = ["owed_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "owed_on"], condition=Q(dropped_at=None), name="one_booking_per_check_and_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} owed by {self.owed_on}"


class RoundQuerySet(SitedQuerySet["Round"]):
    """Rounds, whose rows."""


class Round(models.Model):
    """An ordered walk of checks at one site. `stops` are plans in the order of the walk; `days` the weekdays, Monday is 1."""

    class Often(models.TextChoices):
        DAILY = "day", "Daily"
        WEEKLY = "week", "Weekly"
        MONTHLY = "month", "Monthly"
        TERMLY = "term", "Termly"
        YEARLY = "year", "Less often"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=120)
    often = models.CharField(max_length=5, choices=Often.choices)
    days: models.Field = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # type: ignore[type-arg]  # the stubs ask how an array is set
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="rounds")
    stops: models.Field = ArrayField(models.UUIDField(), default=list, blank=True)  # type: ignore[type-arg]  # the stubs ask how an array is set
    sequence = models.PositiveIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["site", "name"]
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], condition=Q(ended_at=None), name="round_named_once_per_site"),
        ]

    def __str__(self) -> str:
        return self.name


class Cover(models.Model):
    """Who stands in while somebody is away: for one round, for everything at one site, or (neither given) for everything."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    absence = models.ForeignKey(Absence, on_delete=models.PROTECT, related_name="covers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="covering")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="covers")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(site=None) | Q(round=None), name="cover_of_a_round_or_a_site"),
            models.UniqueConstraint(fields=["absence", "site", "round"], nulls_distinct=False, name="one_cover_for_one_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} stands in"


class CalendarFeed(models.Model):
    """A person's private calendar address. Only the hash of its secret is kept; a new one replaces it."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="calendar_feed")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
