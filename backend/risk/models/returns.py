"""The annual return: what is said of each statement, and the return as it was signed."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.rules.standards import POSITIONS
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import Appointed, reach


class ReturnAnswer(models.Model):
    """What somebody says of a statement for a year: the position, whose it is, what is missing and what is done about it.

    The newest of a statement and year counts; none is ever changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.PositiveSmallIntegerField("the autumn of")
    statement = models.CharField("key in schedules/estate/standards.yaml", max_length=60)
    position = models.CharField(max_length=8, choices=[(key, POSITIONS[key]) for key in ("met", "partly", "not-met")])
    gap = models.CharField("what is missing, and what is done about it", max_length=1000, blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["year", "statement", "made_at", "id"]
        triggers = [append_only("return_answer_append_only"), never_emptied("return_answer_never_emptied")]
        indexes = [models.Index(fields=["year", "statement", "-made_at"], name="return_answer_newest")]

    def __str__(self) -> str:
        return f"{self.statement} {self.year}: {self.position}"


class AnnualReturnQuerySet(models.QuerySet["AnnualReturn"]):
    """Returns: the whole trust's."""

    def visible_to(self, person: Appointed, permit: str = permits.RISK_VIEW) -> Self:
        """All for who may see the risk of the whole trust; none for others."""
        return self.all() if reach(person, permit).everywhere else self.none()


class AnnualReturn(models.Model):
    """The return of a year as it was signed: every statement with its position, evidence and gap."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.PositiveSmallIntegerField("the autumn of")
    version = models.PositiveIntegerField(default=1)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")
    reason = models.CharField("why it was signed again", max_length=500, blank=True)
    edition = models.CharField("of the statements", max_length=200)
    level = models.CharField("level reached", max_length=20, blank=True)
    figures = models.JSONField()
    figures_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = AnnualReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-version", "id"]
        triggers = [append_only("annual_return_append_only"), never_emptied("annual_return_never_emptied")]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="one_return_per_year_and_version"),
            models.CheckConstraint(
                condition=Q(version=1, supersedes=None) | Q(version__gt=1, supersedes__isnull=False) & ~Q(reason=""),
                name="a_return_signed_again_says_why",
            ),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="no_return_supersedes_itself"),
        ]

    def __str__(self) -> str:
        return f"Return of {self.year}, version {self.version}"
