"""The condition of buildings: surveys, what each found, and how what was found came to an end."""

from typing import Self

from django.db import models
from django.db.models import Q

from backend.assets.models import Asset
from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust import permits
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import Appointed, SitedQuerySet


class SurveyQuerySet(SitedQuerySet["ConditionSurvey"]):
    """Surveys, whose rows."""

    def visible_to(self, person: Appointed, permit: str = permits.RISK_VIEW) -> Self:
        """Those at sites where risk may be seen."""
        return super().visible_to(person, permit)


class ConditionSurvey(models.Model):
    """A look at the condition of a site by somebody on a day; its items are what was found. A later one replaces it.

    `priced_on` is the day of the prices in it. A survey entered by mistake is withdrawn with a reason, and stays.
    """

    class Source(models.TextChoices):
        SURVEY = "survey", "Condition survey by a professional"
        CDC = "cdc", "The department's condition data collection"
        OWN = "own", "Our own look"
        IMPORTED = "imported", "From an earlier spreadsheet"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="condition_surveys")
    done_on = models.DateField()
    surveyor = models.CharField("who looked", max_length=160)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.SURVEY)
    priced_on = models.DateField("day of its prices")
    note = models.CharField(max_length=1000, blank=True)
    sha256 = models.CharField("the report itself", max_length=64, blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField(default=0)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_why = models.CharField(max_length=500, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-entered_at", "id"]
        indexes = [models.Index(fields=["site", "-done_on"], name="condition_survey_list")]
        triggers = [never_emptied("condition_survey_never_emptied")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_why="") | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                name="a_survey_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} by {self.surveyor}"


class ItemQuerySet(SitedQuerySet["ConditionItem"]):
    """Items of surveys, whose rows."""

    site_path = "survey__site_id"
    school_path = "survey__site__school_id"

    def visible_to(self, person: Appointed, permit: str = permits.RISK_VIEW) -> Self:
        """Those at sites where risk may be seen."""
        return super().visible_to(person, permit)


class ConditionItem(models.Model):
    """One element of one place as a survey found it: grade A to D, priority 1 to 4, what it costs, by which year."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    survey = models.ForeignKey(ConditionSurvey, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField("its number in the survey")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    space = models.ForeignKey(Space, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="condition_items")
    element = models.CharField("key of the element", max_length=30)
    words = models.CharField("what was found", max_length=500)
    grade = models.CharField(max_length=1, choices=[(each, each) for each in "ABCD"])
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    cost_pence = models.BigIntegerField("what it costs, at the survey's prices", null=True, blank=True)
    year = models.PositiveSmallIntegerField("to be done by the end of this year", null=True, blank=True)
    photos = models.JSONField("SHA-256 of its photos", default=list)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["survey", "number"]
        triggers = [append_only("condition_item_append_only"), never_emptied("condition_item_never_emptied")]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="one_item_per_number"),
            models.CheckConstraint(condition=Q(priority=None) | Q(priority__range=(1, 4)), name="a_priority_is_1_to_4"),
            models.CheckConstraint(condition=Q(grade__in=list("ABCD")), name="a_grade_is_a_to_d"),
            models.CheckConstraint(condition=Q(cost_pence=None) | Q(cost_pence__gte=0), name="a_cost_of_condition_is_no_debt"),
            models.CheckConstraint(
                condition=Q(grade__in=["A", "B"]) | Q(priority__isnull=False), name="what_is_poor_has_a_priority"
            ),
        ]

    def __str__(self) -> str:
        return self.words


class ItemEnding(models.Model):
    """An item came to its end: put right (with what it cost), or not to be done. Taken back by a further row."""

    class Kind(models.TextChoices):
        PUT_RIGHT = "put-right", "Put right"
        NOT_TO_BE_DONE = "not-to-be-done", "Not to be done"
        TAKEN_BACK = "taken-back", "Open again"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(ConditionItem, on_delete=models.PROTECT, related_name="endings")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    on = models.DateField()
    why = models.CharField("what was done, or why not", max_length=500)
    cost_pence = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [append_only("item_ending_append_only"), never_emptied("item_ending_never_emptied")]
        constraints = [
            models.CheckConstraint(condition=Q(cost_pence=None) | Q(cost_pence__gte=0), name="an_ending_costs_no_debt"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on}"
