"""Makes and models apart from single assets: what is true of every one of them is kept once."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from backend.assets.models.types import AssetType
from backend.core.ids import new_id
from backend.trust import permits
from backend.trust.scope import Appointed, reach


class AssetModelQuerySet(models.QuerySet["AssetModel"]):
    """Makes and models: the whole trust's, known to everybody who sees the estate."""

    def visible_to(self, person: Appointed, permit: str = permits.ESTATE_VIEW) -> "AssetModelQuerySet":
        """All of them for who holds the permit anywhere; none for others."""
        return self.none() if reach(person, permit).nowhere() else self.all()


class AssetModel(models.Model):
    """A make and model of a kind of asset: how long it lasts, its manual. One that was a double says into which it went.

    What an asset's own plate says stands on the asset (`make`, `model`) and is never overwritten by this.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type = models.ForeignKey(AssetType, on_delete=models.PROTECT, related_name="models")
    make = models.CharField(max_length=80)
    model = models.CharField(max_length=80)
    expected_life = models.PositiveSmallIntegerField("expected life, in years", null=True, blank=True)
    details = models.TextField("what to know of it", max_length=2000, blank=True)
    manual_sha256 = models.CharField(max_length=64, blank=True)
    manual_type = models.CharField(max_length=80, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="doubles")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = AssetModelQuerySet.as_manager()

    class Meta:
        ordering = ["make", "model", "id"]
        verbose_name = "make and model"
        verbose_name_plural = "makes and models"
        constraints = [
            models.UniqueConstraint(
                "type", Lower("make"), Lower("model"), condition=Q(merged_into=None), name="asset_model_once_per_type"
            )
        ]

    def __str__(self) -> str:
        return f"{self.make} {self.model}"
