"""What is owed: plans, and attempts that came to nothing."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Least

from backend.assets.models import Asset
from backend.checks.models.library import CheckType
from backend.checks.plan_rows import PlanQuerySet
from backend.core.ids import new_id
from backend.core.models import Due, append_only, never_emptied
from backend.trust.models import Building, Person, Site

NO_RULES: Any = {"default": list, "db_default": Value([], models.JSONField()), "blank": True}


class Plan(Due):
    """A check owed on an asset, a building or a site, under a rule, from a day. `rule` is None for a one-off."""

    class Origin(models.TextChoices):
        EARLIER = "", "Not kept"
        PROPOSED = "proposed", "Proposed from what is there, and accepted"
        BY_HAND = "by-hand", "Made by hand"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    check_type = models.ForeignKey(CheckType, on_delete=models.PROTECT, related_name="plans", db_index=False)
    discipline = models.CharField(max_length=40)  # the check type's, beside the dates so that counting needs one index
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="plans")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="plans", db_index=False)
    rule = models.JSONField(null=True, blank=True)
    starts_on = models.DateField()
    active = models.BooleanField(default=True)
    sealed_to = models.DateField("lapses are sealed up to this day", null=True, blank=True)
    last_done_on = models.DateField(null=True, blank=True)
    last_done_at = models.DateTimeField(null=True, blank=True)
    last_outcome = models.CharField(max_length=20, blank=True)
    basis = models.CharField("digest of what its dates were reckoned by (rules.due.basis)", max_length=32, blank=True)
    note = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, blank=True, default="", db_default="")
    why = models.CharField("why it applies here", max_length=300, blank=True, default="", db_default="")
    rule_since = models.DateField("under this rule since: what was missed before stays as it was sealed", null=True, blank=True)
    earlier_rules = models.JSONField("rules before this one, each with the day it ended", **NO_RULES)
    ended_on = models.DateField("no longer planned since", null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True, default="", db_default="")
    own_minutes = models.PositiveSmallIntegerField("minutes it takes here, where the office says so", null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(  # what counting reads, and nothing else: of each discipline at a site, what is not simply in date
                "site",
                "discipline",
                Least("soon_from", "due_on", "overdue_from"),
                "soon_from",
                "due_on",
                "overdue_from",
                "last_done_on",
                condition=Q(active=True),
                name="plan_not_in_date",
            ),
            models.Index(
                fields=["site", "discipline"],
                include=["overdue_from", "due_on", "soon_from", "pauses"],
                condition=Q(active=True) & ~Q(pauses=[]),
                name="plan_paused",
            ),
            models.Index(
                fields=["site", "discipline"],
                condition=Q(active=True, last_outcome="unsatisfactory"),
                name="plan_unsatisfactory",
            ),
            models.Index(
                fields=["site", "discipline"],
                include=["overdue_from", "due_on", "pauses"],
                condition=Q(active=True, last_done_on=None),
                name="plan_never_recorded",
            ),
            models.Index(fields=["due_on", "id"], condition=Q(active=True), name="plan_in_order"),
            models.Index(fields=["overdue_from"], condition=Q(active=True), name="plan_overdue"),
            models.Index(fields=["asset"], name="plan_of_asset"),
            models.Index(fields=["check_type"], name="plan_of_check"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["check_type", "site", "building", "asset"],
                condition=Q(active=True, rule__isnull=False),
                nulls_distinct=False,
                name="one_plan_per_check_and_thing",
            ),
        ]

    def __str__(self) -> str:
        check = self.check_type.title if "check_type" in self._state.fields_cache else self.check_type_id
        return f"{check}, {self.asset or self.building or self.site}"

    @property
    def minutes(self) -> int | None:
        """How many minutes it takes: what the office says of it here, else what the library says. None: not known."""
        return self.own_minutes or self.check_type.minutes

    def rule_on(self, day: dt.date) -> Any:
        """The rule that it was under on a day, as far back as changes were kept. None: a one-off."""
        return next((rule for until, rule in self.earlier_rules if day.isoformat() < until), self.rule)


class NotDone(models.Model):
    """An attempt that came to nothing, with the reason. It never counts as done."""

    REASONS = [
        ("no-access", "Could not get in"),
        ("out-of-service", "Out of service"),
        ("part-missing", "A part is missing"),
        ("unsafe", "Not safe to do"),
        ("no-time", "No time"),
        ("other", "Another reason"),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="attempts")
    reason = models.CharField(max_length=20, choices=REASONS)
    note = models.CharField(max_length=1000, blank=True)
    try_again_on = models.DateField(null=True, blank=True)
    photos = models.JSONField(default=list)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        triggers = [append_only("not_done_append_only"), never_emptied("not_done_never_emptied")]

    def __str__(self) -> str:
        return self.get_reason_display()
