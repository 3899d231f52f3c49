"""Floor plans: pictures of a site or a floor, in their versions, and the pins that say where things are on them."""

from typing import Final, Self

from django.db import models
from django.db.models import Q

from backend.assets.models.register import Asset
from backend.core.ids import new_id
from backend.core.models import StoredFile, append_only, never_emptied
from backend.trust.models import Building, Site, Space
from backend.trust.scope import SitedQuerySet


class DrawingQuerySet(SitedQuerySet["Drawing"]):
    """Floor plans, whose rows."""

    def standing(self) -> Self:
        """Those not taken away, with what a page shows of them."""
        return self.filter(removed_at=None).select_related("site__school", "building", "current")


class Drawing(models.Model):
    """A floor plan, or a plan of the whole site (no building). Its picture is that of the version shown, `current`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="drawings")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="drawings")
    name = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField("place among the site's plans, from 1", default=1, db_default=1)
    current = models.OneToOneField("DrawingVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = DrawingQuerySet.as_manager()

    class Meta:
        verbose_name = "floor plan"
        ordering = ["rank", "name", "id"]
        indexes = [models.Index(fields=["site", "rank"], name="drawing_of_site")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "building", "name"], condition=Q(removed_at=None), nulls_distinct=False,
                name="floor_plan_named_once_per_place",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.building}, {self.name}" if self.building else self.name


class DrawingVersion(models.Model):
    """One picture of a floor plan. The next one is a further row; `width` and `height` in pixels, the right way up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    drawing = models.ForeignKey(Drawing, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        triggers = [append_only("drawing_version_append_only"), never_emptied("drawing_version_never_emptied")]
        constraints = [
            models.UniqueConstraint(fields=["drawing", "number"], name="floor_plan_version_numbered_once"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="a_floor_plan_has_a_size"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class PinQuerySet(SitedQuerySet["Pin"]):
    """Pins, whose rows."""

    site_path = "drawing__site_id"
    school_path = "drawing__site__school_id"

    def standing(self) -> Self:
        """Those on a plan that stands, without assets that have been retired."""
        rows = self.filter(removed_at=None, drawing__removed_at=None)
        return rows.exclude(asset__status=Asset.Status.RETIRED).select_related(
            "asset__type", "asset__building", "space__building"
        )


class Pin(models.Model):
    """Where something is on a floor plan: an asset, a room, or what firefighters and plumbers look for.

    `x` and `y` are fractions of the picture's width and height, from its upper left corner, so a newer picture of the same
    floor keeps them.
    """

    class Kind(models.TextChoices):
        ASSET = "asset", "Asset"
        SPACE = "space", "Room"
        WATER = "water", "Water stopcock"
        GAS = "gas", "Gas valve"
        POWER = "power", "Main electrical switch"
        OIL = "oil", "Oil valve"
        SOLAR = "solar", "Solar panels: switch"
        SPRINKLER = "sprinkler", "Sprinkler valve"
        RISER = "riser", "Dry riser inlet"
        HYDRANT = "hydrant", "Fire hydrant"
        ASSEMBLY = "assembly", "Assembly point"
        KEYS = "keys", "Key safe or fire box"
        ASBESTOS = "asbestos", "Asbestos"
        CHEMICAL = "chemical", "Chemicals or gas bottles"
        FRAGILE = "fragile", "Fragile roof"
        HAZARD = "hazard", "Other hazard"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    drawing = models.ForeignKey(Drawing, on_delete=models.PROTECT, related_name="pins")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="pins")
    space = models.ForeignKey(Space, null=True, blank=True, on_delete=models.PROTECT, related_name="pins")
    note = models.CharField("how to find or work it", max_length=200, blank=True)
    x = models.FloatField()
    y = models.FloatField()
    placed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PinQuerySet.as_manager()

    class Meta:
        ordering = ["placed_at", "id"]
        indexes = [models.Index(fields=["asset"], condition=Q(removed_at=None), name="pin_of_asset")]
        constraints = [
            models.CheckConstraint(condition=Q(x__gte=0, x__lte=1, y__gte=0, y__lte=1), name="a_pin_is_on_its_plan"),
            models.CheckConstraint(
                condition=Q(kind="asset", asset__isnull=False, space=None)
                | Q(kind="space", space__isnull=False, asset=None)
                | (~Q(kind__in=["asset", "space"]) & Q(asset=None, space=None)),
                name="a_pin_names_what_its_kind_says",
            ),
            models.UniqueConstraint(
                fields=["drawing", "asset"], condition=Q(removed_at=None), name="an_asset_has_one_pin_on_a_plan"
            ),
            models.UniqueConstraint(
                fields=["drawing", "space"], condition=Q(removed_at=None), name="a_room_has_one_pin_on_a_plan"
            ),
        ]

    def __str__(self) -> str:
        return str(self.asset or self.space or self.get_kind_display())


HAZARDS: Final = frozenset({Pin.Kind.ASBESTOS, Pin.Kind.CHEMICAL, Pin.Kind.FRAGILE, Pin.Kind.HAZARD})
"""Kinds of what may hurt; the other kinds that are no asset and no room are what is shut off or looked for in an emergency."""
LETTERS: Final = {
    Pin.Kind.WATER: "W", Pin.Kind.GAS: "G", Pin.Kind.POWER: "E", Pin.Kind.OIL: "O", Pin.Kind.SOLAR: "PV",
    Pin.Kind.SPRINKLER: "SP", Pin.Kind.RISER: "DR", Pin.Kind.HYDRANT: "H", Pin.Kind.ASSEMBLY: "AP", Pin.Kind.KEYS: "K",
    Pin.Kind.ASBESTOS: "ACM", Pin.Kind.CHEMICAL: "CH", Pin.Kind.FRAGILE: "FR", Pin.Kind.HAZARD: "!",
}  # fmt: skip
"""What stands beside the pin of each kind, and in the key."""
