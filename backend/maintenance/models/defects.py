"""What is wrong: defects, how far each has come, by when, and whether the thing may be used meanwhile."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import Q

from backend.assets.models import Asset
from backend.core.ids import new_id
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import SitedQuerySet


class Severity(models.TextChoices):
    """How bad a defect is."""

    LOW = "low", "Minor"
    MEDIUM = "medium", "Needs mending"
    HIGH = "high", "Serious"


class Stage(models.TextChoices):
    """How far an open defect has come."""

    NEW = "new", "New"
    TRIAGED = "triaged", "Looked at"
    IN_HAND = "in-hand", "Work in hand"
    PUT_RIGHT = "put-right", "Put right, to be checked"
    ACCEPTED = "accepted", "Risk accepted"


class Proof(models.TextChoices):
    """What must be shown before a defect is closed."""

    WORDS = "", "Words"
    PHOTO = "photo", "A photo"
    CERTIFICATE = "certificate", "A certificate or report"


def barred(day: dt.date, prefix: str = "") -> Q:
    """SQL: the defects because of which the thing must not be used on a day; `prefix` is the path to them ("defects__")."""
    said = Q(**{f"{prefix}unsafe": True}) | Q(**{f"{prefix}do_not_use_from__lte": day})
    return Q(**{f"{prefix}status": "open"}) & said


def deadline_kept() -> pgtrigger.Trigger:
    """The trigger that refuses to move or loosen a deadline that a competent person or the law has set, also by SQL."""
    return pgtrigger.Trigger(
        name="defect_deadline_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF OLD.deadline_fixed AND (NEW.target_on IS DISTINCT FROM OLD.target_on OR NOT NEW.deadline_fixed) THEN
                RAISE EXCEPTION 'this deadline was set by a competent person and cannot be moved';
            END IF;
            RETURN NEW;
        """,
    )


class DefectQuerySet(SitedQuerySet["Defect"]):
    """Defects, whose rows."""

    def barring(self, day: dt.date) -> "DefectQuerySet":
        """Those because of which something must not be used on a day."""
        return self.filter(barred(day))

    def accepted(self, day: dt.date) -> "DefectQuerySet":
        """Open ones whose risk is accepted on a day."""
        return self.filter(status="open", stage=Stage.ACCEPTED, accepted_until__gte=day)

    def run_out(self, day: dt.date) -> "DefectQuerySet":
        """Open ones whose accepted risk has run out: they wait for somebody again."""
        return self.filter(status="open", stage=Stage.ACCEPTED, accepted_until__lt=day)


class Defect(models.Model):
    """Something wrong with an asset or a place. Found by a check or a report, or told by anybody; its id may be a phone's.

    `status` says whether it still stands; `stage` how far an open one has come (read it by `standing(today)`: an accepted risk
    runs out by itself); `ending` how a closed one ended. Two dates: made safe by `safe_by`, put right by `target_on`, which
    nobody can move once `deadline_fixed`. From `do_not_use_from` on the thing must not be used.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class Ending(models.TextChoices):
        """How it ended."""

        MENDED = "mended", "Put right"
        REJECTED = "rejected", "Not a problem"
        MERGED = "merged", "The same as another"
        WITHDRAWN = "withdrawn", "Found by mistake"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="defects")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    space = models.ForeignKey(Space, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="defects")
    summary = models.CharField(max_length=500)
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.MEDIUM)
    discipline = models.CharField(max_length=40, blank=True)
    unsafe = models.BooleanField(default=False)
    made_safe = models.CharField("what was done to make it safe", max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    found_on = models.DateField()
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.NEW, db_default=Stage.NEW.value)
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True, default="", db_default="")
    scheme = models.CharField("scheme of codes", max_length=40, blank=True, default="", db_default="")
    code = models.CharField("code in the report", max_length=20, blank=True, default="", db_default="")
    location = models.CharField("where exactly", max_length=200, blank=True, default="", db_default="")
    source = models.CharField("which report", max_length=200, blank=True, default="", db_default="")
    safe_by = models.DateField("to be made safe by", null=True, blank=True)
    made_safe_on = models.DateField(null=True, blank=True)
    target_on = models.DateField("to be put right by", null=True, blank=True)
    deadline_fixed = models.BooleanField("set by a competent person", default=False, db_default=False)
    do_not_use_from = models.DateField("not to be used from", null=True, blank=True)
    proof = models.CharField(max_length=12, choices=Proof.choices, blank=True, default=Proof.WORDS, db_default="")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates", db_index=False
    )
    accepted_until = models.DateField(null=True, blank=True)

    objects = DefectQuerySet.as_manager()

    class Meta:
        ordering = ["-found_on", "id"]
        indexes = [
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="defect_merged_into"),
            models.Index(fields=["site", "status", "-found_on"], name="defect_list"),
            models.Index(fields=["asset"], condition=models.Q(status="open"), name="defect_of_asset"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(deadline_fixed=False) | Q(target_on__isnull=False), name="defect_fixed_deadline_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(status="closed", ending="merged"), name="defect_merged_is_closed"
            ),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="defect_not_merged_into_itself"),
            models.CheckConstraint(
                condition=~Q(stage="accepted") | Q(accepted_until__isnull=False), name="defect_accepted_until_a_day"
            ),
        ]
        triggers = [deadline_kept()]

    def __str__(self) -> str:
        return self.summary

    @property
    def is_open(self) -> bool:
        """Whether it still stands."""
        return self.status == self.Status.OPEN

    def standing(self, today: dt.date) -> str:
        """How it stands on a day, one of `Stage`, or "closed". An accepted risk that has run out is as if just looked at."""
        if not self.is_open:
            return "closed"
        ran_out = self.stage == Stage.ACCEPTED and self.accepted_until is not None and self.accepted_until < today
        return Stage.TRIAGED.value if ran_out else str(self.stage)

    def bars_use(self, today: dt.date) -> bool:
        """Whether the thing must not be used today because of it."""
        return self.is_open and (self.unsafe or (self.do_not_use_from is not None and self.do_not_use_from <= today))
