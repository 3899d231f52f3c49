"""What becomes of an asset in its time: what was changed, its papers and pictures, its warranties, how it went."""

from typing import Final, TypeVar

from django.db import models
from django.db.models import Q

from backend.assets.models.register import Asset
from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust.models import Person
from backend.trust.scope import SitedQuerySet

PLACED: Final = ("building_id", "space_id")
"""The columns that say where it is at its site."""


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class OfAssetQuerySet(SitedQuerySet[Row_co]):
    """What belongs to an asset, whose."""

    site_path = "asset__site_id"
    school_path = "asset__site__school_id"


class AssetChangeQuerySet(OfAssetQuerySet["AssetChange"]):
    """Changes of assets, whose."""


class AssetPaperQuerySet(OfAssetQuerySet["AssetPaper"]):
    """Papers of assets, whose."""


class WarrantyQuerySet(OfAssetQuerySet["Warranty"]):
    """Warranties, whose."""


class DisposalQuerySet(OfAssetQuerySet["Disposal"]):
    """How assets went, whose."""


class AssetChange(models.Model):
    """A change of an asset: which columns, what they were and what they became (as JSON), when, by whom and why.

    One asset that went to another site goes on there as another row of the register: `onward` is that one.
    """

    class Kind(models.TextChoices):
        DETAILS = "details", "Changed"
        MOVED = "moved", "Moved"
        PARTED = "parted", "Made part of something, or taken out of it"
        AWAY = "away", "Gone to another site"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    why = models.CharField(max_length=300, blank=True)
    onward = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="came_by")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = AssetChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = "change of an asset"
        verbose_name_plural = "changes of assets"
        triggers = [append_only("asset_change_append_only"), never_emptied("asset_change_never_emptied")]
        indexes = [models.Index(fields=["asset", "-made_at"], name="asset_change_of")]

    def __str__(self) -> str:
        return self.get_kind_display()


class AssetPaper(models.Model):
    """A photo, a manual or a paper of an asset, by the SHA-256 of its bytes. One that is wrong is taken back, never deleted."""

    class Kind(models.TextChoices):
        PLATE = "plate", "Photo of the rating plate"
        PHOTO = "photo", "Photo"
        MANUAL = "manual", "Manual"
        WARRANTY = "warranty", "Warranty"
        WASTE = "waste", "Waste or disposal certificate"
        OTHER = "other", "Other paper"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AssetPaperQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]
        verbose_name = "paper of an asset"
        verbose_name_plural = "papers of assets"
        indexes = [models.Index(fields=["sha256"], name="asset_paper_file")]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown as a picture."""
        return self.content_type.startswith("image/")


class Warranty(models.Model):
    """Who stands for an asset, from when until when (both days included), on which terms."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="warranties")
    supplier = models.CharField(max_length=160)
    starts_on = models.DateField("from")
    ends_on = models.DateField("until")
    terms = models.TextField(max_length=1000, blank=True)
    paper = models.ForeignKey(AssetPaper, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = WarrantyQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "id"]
        verbose_name_plural = "warranties"
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="warranty_ends_after_start")]
        indexes = [models.Index(fields=["ends_on"], condition=Q(withdrawn_at=None), name="warranty_ends")]

    def __str__(self) -> str:
        return self.supplier


class Disposal(models.Model):
    """How an asset went: sold, scrapped … for how much (pence), with which paper. `owed` are the plans that ended with it.

    A part that went with its whole names the whole's row in `went_with`. `out_before` is [day, why] of what was out of service.

    One that was a slip is undone: the row stays, and says so.
    """

    class Method(models.TextChoices):
        SCRAPPED = "scrapped", "Scrapped or recycled"
        SOLD = "sold", "Sold"
        GIVEN = "given", "Given away"
        RETURNED = "returned", "Returned to its owner"
        STOLEN = "stolen", "Stolen"
        LOST = "lost", "Lost"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="disposals")
    method = models.CharField(max_length=10, choices=Method.choices)
    gone_on = models.DateField("day it went")
    to_whom = models.CharField("to whom", max_length=160, blank=True)
    value_pence = models.BigIntegerField("received for it, in pence", null=True, blank=True)
    reason = models.CharField(max_length=300)
    paper = models.ForeignKey(AssetPaper, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owed = models.JSONField("plans that ended with it, each with the day it was due", default=list)
    went_with = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="went_along")
    out_before = models.JSONField("since when and why it was out of service when it went", default=list, db_default=[])
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = DisposalQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["asset"], condition=Q(undone_at=None), name="asset_goes_once"),
            models.CheckConstraint(condition=Q(value_pence=None) | Q(value_pence__gte=0), name="disposal_value_is_no_debt"),
        ]

    def __str__(self) -> str:
        return self.get_method_display()
