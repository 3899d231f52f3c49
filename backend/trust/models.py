"""The trust, its schools, places and people."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from backend.core.ids import new_id
from backend.trust import permits
from backend.trust.scope import Appointed, SitedQuerySet, in_scope


class Trust(models.Model):
    """The one trust that this deployment serves."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    uid = models.CharField("trust UID (GIAS)", max_length=20, unique=True)
    made_up = models.BooleanField("an invented trust, for demonstration", default=False)

    def __str__(self) -> str:
        return self.name


class SchoolQuerySet(models.QuerySet["School"]):
    """Schools, whose rows."""

    def visible_to(self, person: Appointed, permit: str = permits.ESTATE_VIEW) -> Self:
        """The schools in which `person` holds `permit` for the school itself or one of its sites."""
        return in_scope(self, person, permit, school="id", site="sites__id")


class School(models.Model):
    """An academy, known to the Department for Education by its URN."""

    class Phase(models.TextChoices):
        PRIMARY = "primary", "Primary"
        SECONDARY = "secondary", "Secondary"
        SPECIAL = "special", "Special"
        ALL_THROUGH = "all-through", "All-through"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="schools")
    name = models.CharField(max_length=200)
    urn = models.PositiveIntegerField("URN", unique=True)
    phase = models.CharField(max_length=20, choices=Phase.choices)
    pupils = models.PositiveIntegerField(null=True, blank=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SiteQuerySet(SitedQuerySet["Site"]):
    """Sites, whose rows."""

    site_path = "id"
    school_path = "school_id"


class Site(models.Model):
    """A piece of land with buildings on it; nearly always one school's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    uprn = models.CharField("UPRN", max_length=12, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="site_named_once_per_school")]

    def __str__(self) -> str:
        return self.name


class BuildingQuerySet(SitedQuerySet["Building"]):
    """Buildings, whose rows."""


class Building(models.Model):
    """A building (a block, in DfE data)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=120)
    built = models.PositiveSmallIntegerField("year built", null=True, blank=True)
    floor_area_m2 = models.PositiveIntegerField("gross internal floor area, square metres", null=True, blank=True)
    floors = models.PositiveSmallIntegerField(null=True, blank=True)
    warning = models.CharField("warning before work starts", max_length=300, blank=True)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="building_named_once_per_site")]

    def __str__(self) -> str:
        return self.name


class SpaceQuerySet(SitedQuerySet["Space"]):
    """Spaces, whose rows."""

    site_path = "building__site_id"
    school_path = "building__site__school_id"


class Space(models.Model):
    """A room, corridor, roof or yard: the place a caretaker walks to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="spaces")
    name = models.CharField(max_length=120)
    floor = models.CharField(max_length=20, blank=True)
    warning = models.CharField("warning before work starts", max_length=300, blank=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["building", "name"], name="space_named_once_per_building")]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """How people are found: by e-mail, whatever the case of its letters."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in, or is named in the trust's records. What they may do comes from their appointments."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)  # and once whatever the case, below
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]

    def __str__(self) -> str:
        return self.name

    def appointments_on(self, day: dt.date) -> "list[Appointment]":
        """The appointments in force on `day`; read once per person and day, as every page asks several times."""
        kept: dict[dt.date, list[Appointment]] = self.__dict__.setdefault("_appointments", {})
        if day not in kept:
            kept[day] = list(self.appointments.in_force(day)) if self.is_active else []
        return kept[day]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments by date."""

    def in_force(self, day: dt.date) -> Self:
        """Those that have begun and not ended on `day`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Appointment(models.Model):
    """A person's role, where it counts (the whole trust, one school, or one site) and from when to when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=30, choices=[(key, role.name) for key, role in permits.ROLES.items()])
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(school=None) | Q(site=None), name="appointment_has_one_scope"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="appointment_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["person", "starts_on"], name="appointment_person")]

    def __str__(self) -> str:
        return f"{self.person} as {self.get_role_display()} of {self.site or self.school or 'the trust'}"


class Term(models.Model):
    """A school's term, first to last day with pupils in the calendar sense (half term lies inside)."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="terms")
    name = models.CharField(max_length=60)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="term_ends_after_it_starts"),
            models.UniqueConstraint(fields=["school", "first_day"], name="one_term_starts_on_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {self.name}"


class CalendarMark(models.Model):
    """Days of a school's year that differ: half term, INSET, closed, or occupied outside term (holiday club, lettings)."""

    class Kind(models.TextChoices):
        HALF_TERM = "half-term", "Half term"
        INSET = "inset", "INSET day"
        CLOSURE = "closure", "Closed"
        OCCUPIED = "occupied", "Occupied outside term"

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="calendar_marks")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["first_day"]
        constraints = [models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="mark_ends_after_it_starts")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first_day}"


class Token(models.Model):
    """An API token: stands for a session. Only its hash is kept; it is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"token of {self.person_id}"
