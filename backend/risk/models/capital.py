"""Capital projects, and plans of which are done when under a budget."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import Appointed, SitedQuerySet, reach

MOST_YEARS = 10


class ProjectQuerySet(SitedQuerySet["Project"]):
    """Projects, whose rows."""

    def visible_to(self, person: Appointed, permit: str = permits.RISK_VIEW) -> Self:
        """Those at sites where risk may be seen."""
        return super().visible_to(person, permit)


class Project(models.Model):
    """Large works at a site that put items of condition right. `works_pence` None: the sum of its items, at today's prices."""

    class Stage(models.TextChoices):
        IDEA = "idea", "Idea"
        AGREED = "agreed", "Agreed"
        BID = "bid", "Money asked for"
        FUNDED = "funded", "Money given"
        UNDER_WAY = "under-way", "Under way"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField("what people call it by", unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="projects")
    title = models.CharField(max_length=160)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.IDEA)
    items: models.Field = ArrayField(models.UUIDField(), default=list)  # type: ignore[type-arg]  # the stubs ask how an array is set
    works_pence = models.BigIntegerField("its own price of the works, at the prices of its day", null=True, blank=True)
    priced_on = models.DateField("day of that price", null=True, blank=True)
    need = models.TextField(max_length=4000, blank=True)
    cost = models.TextField(max_length=4000, blank=True)
    planning = models.TextField(max_length=4000, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stage_on = models.DateField("in this stage since")
    stage_why = models.CharField("what was said to that", max_length=500, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        triggers = [never_emptied("project_never_emptied")]
        constraints = [
            models.CheckConstraint(condition=Q(works_pence=None) | Q(works_pence__gte=0), name="works_cost_no_debt"),
            models.CheckConstraint(
                condition=Q(works_pence=None, priced_on=None) | Q(works_pence__isnull=False, priced_on__isnull=False),
                name="a_price_of_works_has_a_day",
            ),
            models.CheckConstraint(condition=~Q(stage="dropped") | ~Q(stage_why=""), name="a_project_dropped_says_why"),
        ]

    def __str__(self) -> str:
        return f"P{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.stage not in CLOSED


CLOSED = frozenset({Project.Stage.DONE, Project.Stage.DROPPED})


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    """Scenarios: the whole trust's."""

    def visible_to(self, person: Appointed, permit: str = permits.RISK_VIEW) -> Self:
        """All for who may see the risk of the whole trust; none for others."""
        return self.all() if reach(person, permit).everywhere else self.none()


class Scenario(models.Model):
    """So much money in each year of a plan, from a year beginning in September on. What was chosen for it are runs."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField("what people call it by", unique=True)
    title = models.CharField(max_length=160)
    first_year = models.PositiveSmallIntegerField("the year in whose September it begins")
    budgets: models.Field = ArrayField(models.BigIntegerField())  # type: ignore[type-arg]  # the stubs ask how an array is set
    carry = models.BooleanField("what is left over may be spent in the next year", default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True, blank=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        triggers = [never_emptied("scenario_never_emptied")]
        constraints = [
            models.CheckConstraint(
                condition=Q(budgets__len__gte=1, budgets__len__lte=MOST_YEARS), name="a_scenario_has_1_to_10_years"
            ),
        ]

    def __str__(self) -> str:
        return f"S{self.number} {self.title}"


class ScenarioChoice(models.Model):
    """What somebody decided about a project over the solver's head. The newest of a scenario and project counts."""

    class Kind(models.TextChoices):
        IN = "in", "In the plan"
        OUT = "out", "Not in the plan"
        FREE = "free", "As it is worked out"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="choices")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="choices")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    year = models.PositiveSmallIntegerField("in the year that begins in this September", null=True, blank=True)
    why = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [append_only("scenario_choice_append_only"), never_emptied("scenario_choice_never_emptied")]
        constraints = [
            models.CheckConstraint(condition=Q(year=None) | Q(kind="in"), name="only_what_is_in_has_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.get_kind_display()}"


class ScenarioRun(models.Model):
    """What was worked out for a scenario at a moment: every figure that it rested on and every project that was chosen."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="runs")
    figures = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]
        triggers = [append_only("scenario_run_append_only"), never_emptied("scenario_run_never_emptied")]

    def __str__(self) -> str:
        return f"{self.scenario} on {self.made_at:%d %B %Y}"
