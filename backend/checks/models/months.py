"""How checks stood at the end of each month: figures kept for the trends, worked out from the records."""

from django.db import models

from backend.core.ids import new_id
from backend.trust.models import Site
from backend.trust.scope import SitedQuerySet


class MonthEndQuerySet(SitedQuerySet["MonthEnd"]):
    """Month ends, whose rows."""


class MonthEnd(models.Model):
    """How many plans of one discipline at a site stood how on a month's last day, by the records made by then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_index=False)
    discipline = models.CharField(max_length=40)
    day = models.DateField("the month's last day")
    in_date = models.PositiveIntegerField(default=0)
    due_soon = models.PositiveIntegerField(default=0)
    due = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    paused = models.PositiveIntegerField(default=0)
    unproved = models.PositiveIntegerField("of those in date or due soon, with nothing recorded by then", default=0, db_default=0)
    looked_at = models.DateTimeField("records that arrived up to then are counted")

    objects = MonthEndQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "day", "discipline"], name="month_end_once")]
        indexes = [models.Index(fields=["day"], name="month_end_day")]

    def __str__(self) -> str:
        return f"{self.discipline} at {self.site_id} on {self.day}"
