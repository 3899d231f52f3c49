"""School calendars: terms, and the days that differ."""

from django.db import models
from django.db.models import Q

from backend.trust.models.places import School


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
