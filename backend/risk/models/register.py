"""The risk register: what could happen, why, what it would do; who owns it; how it was scored over time."""

from typing import Self

from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust import permits
from backend.trust.models import Person, School, Site
from backend.trust.scope import Appointed, reach


class RiskQuerySet(models.QuerySet["Risk"]):
    """Risks of schools and of the trust, whose rows."""

    def visible_to(self, person: Appointed, permit: str = permits.RISK_VIEW) -> Self:
        """Those of schools at which the permit is held, also at one site; the trust's own for who holds it for all of it."""
        found = reach(person, permit)
        if found.everywhere:
            return self
        of_sites = Site.objects.filter(pk__in=found.sites).values("school")
        return self.filter(Q(school__in=found.schools) | Q(school__in=of_sites))


class Risk(models.Model):
    """A risk on the register. `exposure` is the key of the exposure that it was put there from. Its scores are rows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField("what people call it by", unique=True)
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="risks")
    title = models.CharField(max_length=160)
    cause = models.CharField("because of what", max_length=500)
    event = models.CharField("what could happen", max_length=500)
    effect = models.CharField("what it would do", max_length=500)
    controls = models.CharField("what is done against it", max_length=1000, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="risks_owned")
    review_on = models.DateField("to be looked at again by")
    exposure = models.CharField("the exposure it came from", max_length=160, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True, blank=True)
    closed_why = models.CharField(max_length=500, blank=True)

    objects = RiskQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        triggers = [never_emptied("risk_never_emptied")]
        indexes = [models.Index(fields=["exposure"], condition=~Q(exposure=""), name="risk_of_exposure")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None, closed_why="") | Q(closed_on__isnull=False) & ~Q(closed_why=""),
                name="a_risk_closed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"R{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether it still stands."""
        return self.closed_on is None


class RiskScore(models.Model):
    """A score of a risk on a day: before anything is done against it, now, or as it should become. The newest counts."""

    class Kind(models.TextChoices):
        BEFORE = "before", "Before controls"
        NOW = "now", "Now"
        TARGET = "target", "Where it should be"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="scores")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    likelihood = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [append_only("risk_score_append_only"), never_emptied("risk_score_never_emptied")]
        constraints = [
            models.CheckConstraint(condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)), name="a_score_is_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.likelihood} x {self.impact}"

    @property
    def score(self) -> int:
        """1 to 25."""
        return self.likelihood * self.impact
