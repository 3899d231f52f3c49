"""People: who signs in, and the roles that they hold from when to when."""

import datetime as dt
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from backend.core.ids import new_id
from backend.core.reading import rows_by_key
from backend.trust import permits
from backend.trust.models.places import School, Site


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
    has_second_factor = models.BooleanField("signs in with a second step", default=False)
    second_factor_by = models.DateField("last day without the second step that the role asks for", null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    limited_to: frozenset[str] | None = None  # the permits of the token that was shown; None for everything

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
            held = rows_by_key(Appointment, [self.pk], by="person") if self.is_active else []
            kept[day] = [each for each in held if each.starts_on <= day and not each.over(day)]
        return kept[day]

    def permits_on(self, day: dt.date) -> set[str]:
        """Everything that they may do anywhere on `day`, as far as the token they came with allows."""
        held = {permit for each in self.appointments_on(day) for permit in permits.ROLES[each.role].permits}
        return held if self.limited_to is None else held & self.limited_to

    def has_access(self, day: dt.date) -> bool:
        """Whether they may come in on `day`: some appointment is in force. Asked at every request, so the day after the
        last appointment's last day nothing opens any more."""
        return bool(self.appointments_on(day))


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments by date."""

    def in_force(self, day: dt.date) -> Self:
        """Those that have begun and not ended on `day`. One that was ended within its last day is over on that day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day) | Q(ends_on=day, ended_at=None), starts_on__lte=day)


class Appointment(models.Model):
    """A person's role, where it counts (the whole trust, one school, or one site) and from when to when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=30, choices=[(key, role.name) for key, role in permits.ROLES.items()])
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    starts_on = models.DateField()
    ends_on = models.DateField("last day", null=True, blank=True)
    ended_at = models.DateTimeField("ended within its last day, at once", null=True, blank=True)

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

    def over(self, day: dt.date) -> bool:
        """Whether it has ended by `day`."""
        return self.ends_on is not None and (self.ends_on < day or (self.ends_on == day and self.ended_at is not None))
