"""The labels' codes: what each is on, what was printed when and by whom, and what was taken out of use."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from backend.assets.models.register import Asset
from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust import permits
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import SitedQuerySet

ON_NOTHING = Q(asset=None, building=None, space=None)


class TagQuerySet(models.QuerySet["Tag"]):
    """Tags, whose."""

    def visible_to(self, person: Person, permit: str = permits.ESTATE_VIEW) -> Self:
        """Those on what `person` may know of; of those on nothing, the ones whose roll or former place they may know of."""
        on = Q(asset__in=Asset.objects.visible_to(person, permit).values("pk"))
        on |= Q(building__in=Building.objects.visible_to(person, permit).values("pk"))
        on |= Q(space__in=Space.objects.visible_to(person, permit).values("pk"))
        sites = Site.objects.visible_to(person, permit).values("pk")
        idle = Q(retirement__site__in=sites) | Q(retired_at=None, roll__site__in=sites)
        return self.filter(on | (ON_NOTHING & idle))


class LabelRunQuerySet(SitedQuerySet["LabelRun"]):
    """What was printed, whose."""


class LabelRun(models.Model):
    """Labels of one site that somebody had printed: which codes, on what, when. Printing for two sites makes two of these."""

    class Kind(models.TextChoices):
        ASSETS = "assets", "Labels of assets"
        PLACES = "places", "Labels of rooms and buildings"
        ROLL = "roll", "Labels to put up later"
        AGAIN = "again", "Printed again"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    codes = models.JSONField("the labels' codes, as they lie on the paper")
    stock = models.CharField("the paper, in words", max_length=120)
    printed_at = models.DateTimeField(auto_now_add=True)
    printed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = LabelRunQuerySet.as_manager()

    class Meta:
        ordering = ["-printed_at", "-id"]
        verbose_name = "printing of labels"
        triggers = [append_only("label_run_append_only"), never_emptied("label_run_never_emptied")]
        indexes = [
            models.Index(fields=["site", "-printed_at"], name="label_run_of_site"),
            GinIndex(fields=["codes"], name="label_run_codes", opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.site}"


class Tag(models.Model):
    """A label's code (see rules/tagcode.py): on an asset, a room or a building, or on nothing. It says nothing about it."""

    code = models.CharField(max_length=8, primary_key=True)
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="tags")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="tags")
    space = models.ForeignKey(Space, null=True, blank=True, on_delete=models.PROTECT, related_name="tags")
    roll = models.ForeignKey(
        LabelRun,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tags",
        verbose_name="printed before it was on anything",
    )
    made_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "code"]
        verbose_name = "label"
        constraints = [
            models.CheckConstraint(
                condition=Q(asset=None, building=None) | Q(asset=None, space=None) | Q(building=None, space=None),
                name="tag_on_one_thing",
            ),
            models.CheckConstraint(condition=Q(retired_at=None) | ON_NOTHING, name="tag_retired_is_on_nothing"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def thing(self) -> Asset | Space | Building | None:
        """What it is on."""
        return self.asset or self.space or self.building

    @property
    def site(self) -> Site | None:
        """Where it belongs: where the thing is, else where it was, else where its roll was printed for."""
        for place in (self.asset, self.building, self.space and self.space.building):
            if place:
                return place.site
        gone = TagRetirement.objects.select_related("site__school").filter(tag=self).first()
        return gone.site if gone else self.roll.site if self.roll else None


class TagRetirementQuerySet(SitedQuerySet["TagRetirement"]):
    """Labels taken out of use, whose."""


class TagRetirement(models.Model):
    """A label was taken out of use: what it was on, why, by whom, and which label came in its place."""

    class Why(models.TextChoices):
        LOST = "lost", "Lost"
        DAMAGED = "damaged", "Damaged: it cannot be read"
        WRONG = "wrong", "Put on the wrong thing"
        GONE = "gone", "The thing is gone"
        SPOILT = "spoilt", "Spoilt before it was put up"

    tag = models.OneToOneField(Tag, primary_key=True, on_delete=models.PROTECT, related_name="retirement")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="old_labels")
    building = models.ForeignKey(Building, null=True, on_delete=models.PROTECT, related_name="+")
    space = models.ForeignKey(Space, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why.choices)
    note = models.CharField(max_length=300, blank=True)
    replaced_by = models.OneToOneField(Tag, null=True, on_delete=models.PROTECT, related_name="replaces")
    retired_at = models.DateTimeField()
    retired_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = TagRetirementQuerySet.as_manager()

    class Meta:
        ordering = ["-retired_at"]
        verbose_name = "label taken out of use"
        verbose_name_plural = "labels taken out of use"
        triggers = [append_only("tag_retirement_append_only"), never_emptied("tag_retirement_never_emptied")]
        indexes = [models.Index(fields=["site", "-retired_at"], name="tag_retirement_of_site")]

    def __str__(self) -> str:
        return self.tag_id

    @property
    def thing(self) -> Asset | Space | Building | None:
        """What it was on."""
        return self.asset or self.space or self.building
